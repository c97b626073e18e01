"""A course in one more country: on offer at once, and in every draft that waits, so that none takes it off unawares."""

from django.db import models

from accounts.models import Country
from training.models import Course, CourseVersion


def was_offered(course: Course, country: Country) -> bool:
    """Tell whether a course was ever on offer in a country; editions of it stay when an editor takes it off."""
    return CourseVersion.objects.filter(course=course, country=country).exists()


def offer(course: Course, countries: list[Country]) -> None:
    """Put countries on a course. What an editor has in hand, a draft or a publish at a set time, keeps her words."""
    through = Course.countries.through
    through.objects.bulk_create(through(course_id=course.pk, country_id=country.pk) for country in countries)
    course = models.QuerySet(Course).get(pk=course.pk)
    if course.live and not course.has_unpublished_changes:
        course.go_live()
        return
    _plan(course, [country.pk for country in countries])
    draft = course.get_latest_revision_as_object()
    draft.countries = list({country.pk: country for country in [*draft.countries.all(), *countries]}.values())
    draft.save_revision(clean=False)


def _plan(course: Course, codes: list[str]) -> None:
    """Put countries into what is to be published at a set time."""
    for revision in course.revisions.filter(approved_go_live_at__isnull=False):
        revision.content["countries"] = sorted({*revision.content.get("countries", []), *codes})
        revision.save(update_fields=["content"])
