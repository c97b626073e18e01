"""Which edition of a course holds for whom."""

from functools import lru_cache

from django.db.models import F, Q

from training import progress
from training.models import CourseVersion, Enrolment


@lru_cache(maxsize=128)
def _value(key: str, body: str) -> progress.Version:
    return progress.version_of(key, body)


def value_of(version: CourseVersion) -> progress.Version:
    """Return a version as the engines take it."""
    return _value(str(version.public_id), version.body)


def newest(course: int, country: str | None) -> CourseVersion | None:
    """Return the newest edition of a course for a country, else for all countries together."""
    fits = Q(country=None) | Q(country=country) if country else Q(country=None)
    own_first = F("country").asc(nulls_last=True)
    return CourseVersion.objects.filter(fits, course=course).order_by(own_first, "-number").first()


def newest_by_country(course: int) -> dict[str, str]:
    """Return the public id of the newest edition of each country; "" stands for all countries together."""
    rows = CourseVersion.objects.filter(course=course).order_by("number").values_list("country", "public_id")
    return {country or "": str(key) for country, key in rows}


def pinned(enrolment: Enrolment, state: progress.State) -> list[progress.Version]:
    """Return the editions an enrolment was pinned to, the present one last."""
    earlier = [key for key in state["pinned"] if key != str(enrolment.version.public_id)]
    rows = CourseVersion.objects.filter(public_id__in=earlier) if earlier else []
    return [*(value_of(row) for row in rows), value_of(enrolment.version)]
