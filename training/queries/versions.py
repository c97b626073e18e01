"""Which edition of a course holds for whom."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q

from languages.revisions import Change
from languages.statements import ByKeys, Prepared
from training import progress
from training.models import CourseVersion, Enrolment
from training.queries.moments import milliseconds


@lru_cache(maxsize=128)
def _value(key: str, body: str) -> progress.Version:
    return progress.version_of(key, body)


_KNOWN: dict[str, progress.Version] = {}  # editions never change, so what was read once is true in every request
_MOST_KNOWN = 512


def values_of(keys: Iterable[str]) -> dict[str, progress.Version]:
    """Return editions by their public ids, as the engines take them; one query for those not in memory, else none."""
    keys = set(keys)
    missing = [key for key in keys if key not in _KNOWN]
    if len(_KNOWN) + len(missing) > _MOST_KNOWN:
        _KNOWN.clear()
        missing = list(keys)
    rows = CourseVersion.objects.filter(public_id__in=missing).values_list("public_id", "body") if missing else []
    _KNOWN.update((str(key), progress.version_of(str(key), body)) for key, body in rows)
    return {key: _KNOWN[key] for key in keys if key in _KNOWN}


def edition_of(version: CourseVersion) -> progress.Version:
    """Return an edition whose body was not read with its row, as the engines take it; from memory where it is known."""
    key = str(version.public_id)
    return values_of([key])[key]


def value_of(version: CourseVersion) -> progress.Version:
    """Return a version as the engines take it."""
    return _value(str(version.public_id), version.body)


def _numbered(*courses: int):
    columns = ("course", "country", "number", "published_at", "public_id")
    rows = CourseVersion.objects.filter(course__in=courses).order_by("course", "country", "number")
    return rows.values_list(*columns)


_NUMBERED = ByKeys(_numbered)


def editions_of(course: int) -> tuple[dict[str, list[progress.Edition]], dict[str, progress.Edition]]:
    """Return the editions of a course by country, "" for all together, and each of them by its id; one query."""
    rows, chains = editions({course}).get(course, []), {}
    for country, edition in rows:
        chains.setdefault(country, []).append(edition)
    return chains, {edition.version.id: edition for _country, edition in rows}


def editions(courses: set[int]) -> dict[int, list[tuple[str, progress.Edition]]]:
    """Return the editions of courses in their order, each with its country, "" for all together; one query."""
    rows = _NUMBERED.rows(courses)
    values = values_of(str(row[-1]) for row in rows)
    found: dict[int, list[tuple[str, progress.Edition]]] = {}
    for course, country, number, published_at, key in rows:
        edition = progress.Edition(number, milliseconds(published_at), values[str(key)])
        found.setdefault(course, []).append((country or "", edition))
    return found


def newest(course: int, country: str | None) -> CourseVersion | None:
    """Return the newest edition of a course for a country, else for all countries together."""
    found = _OF_COUNTRY.objects(course, country) if country else _OF_ALL.objects(course)
    return found[0] if found else None


def _newest(course: int, *countries: str):
    fits = Q(country=None) | Q(country__in=countries) if countries else Q(country=None)
    own_first = F("country").asc(nulls_last=True)
    return CourseVersion.objects.filter(fits, course=course).order_by(own_first, "-number")[:1]


_OF_ALL, _OF_COUNTRY = Prepared(_newest, -7), Prepared(_newest, -7, "code of a country")


def newest_by_country(course: int) -> dict[str, str]:
    """Return the public id of the newest edition of each country; "" stands for all countries together."""
    rows = CourseVersion.objects.filter(course=course).order_by("number").values_list("country", "public_id")
    return {country or "": str(key) for country, key in rows}


def for_test(enrolment: Enrolment, country: str | None, form: int) -> CourseVersion:
    """Return the edition from which a test is drawn: her own, so that it asks what her lessons taught.

    The newest, where hers has no such test, or where a right answer or the pass rule has changed since or a question
    was taken away.
    """
    last, own = newest(enrolment.course_id, country), enrolment.version
    before, now = progress.test_in(own.body, form)[0], progress.test_in(last.body, form)[0]
    if before is None or now is None or before["material"] != now["material"] or own.country_id != last.country_id:
        return last
    known = {entry["id"]: entry["version"] for entry in now["items"]}
    stands = all(known.get(entry["id"]) == entry["version"] for entry in before["items"])
    return own if stands else last


def earlier_with(version: CourseVersion, text: str) -> dict:
    """Return the newest edition before one of its chain in whose body a text stands; the database looks, one is read."""
    chain = CourseVersion.objects.filter(course=version.course_id, country=version.country_id)
    found = chain.filter(number__lt=version.number, body__contains=text).order_by("-number")
    body = found.values_list("body", flat=True).first()
    return progress.read(body) if body else {}


def overtaken(until: dt.datetime):
    """Return the unfinished enrolments whose edition a material change overtook before an instant, oldest first."""
    newer = CourseVersion.objects.filter(
        course=OuterRef("course"),
        number__gt=OuterRef("version__number"),
        change_class=Change.MATERIAL,
        published_at__lte=until,
    )
    own, international = newer.filter(country=OuterRef("version__country")), newer.filter(country=None)
    unfinished = Enrolment.objects.filter(progress__isnull=False, progress__completed_at=None)
    return (
        unfinished.filter(Exists(own) | Q(version__country=None) & Exists(international))
        .select_related("learner__user", "version", "progress")
        .order_by("pk")
    )


def pinned(enrolment: Enrolment, state: progress.State) -> list[progress.Version]:
    """Return the editions an enrolment was pinned to, the present one last."""
    earlier = values_of(key for key in state["pinned"] if key != str(enrolment.version.public_id))
    return [*(earlier[key] for key in sorted(earlier)), value_of(enrolment.version)]
