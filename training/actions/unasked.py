"""A material change that no edition can hold yet: kept, so that whoever has finished is asked once one does.

The course or the module is off meanwhile, or the country is taken off the course.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models, transaction

from training.actions.numbering import Numbers
from training.models import Course, CourseVersion, UnaskedChange
from training.queries import unasked_of

Waiting = Mapping[str, set[str]]  # by country, "" for all together: activities, and `country:slot` of entries


@transaction.atomic
def ask_later(course: Course, material: str, *, at: datetime) -> None:
    """Keep what was said to be material in a course that is off, for each of its chains of editions."""
    models.QuerySet(Course).select_for_update(of=("self",), no_key=True).get(pk=course.pk)
    keep_unasked(course, unasked_of(course), {}, {material}, at=at)


def left_unasked(numbers: Numbers, overlays: Iterable[Mapping], named: set[str], country: str) -> set[str]:
    """Return what of what was said to be material an edition does not hold; in a first one nothing is asked anew."""
    if numbers.last is None:
        return set()
    return _of_chain(named, country) - numbers.held - {f"{country}:{entry['slot']}" for entry in overlays}


def keep_unasked(course: Course, waiting: Waiting, left: Waiting, material: set[str], *, at: datetime) -> None:
    """Keep what waits: what the new editions left, and in the chains that get no edition what is said now as well."""
    if not material and not waiting:
        return
    chains = CourseVersion.objects.filter(course=course).order_by().values_list("country", flat=True).distinct()
    new = []
    for country in chains:
        code = country or ""
        before = waiting.get(code, set())
        after = left[code] if code in left else before | _of_chain(material, code)
        if before - after:
            UnaskedChange.objects.filter(course=course, country=country, what__in=before - after).delete()
        new += [UnaskedChange(course=course, country_id=country, what=what, since=at) for what in after - before]
    UnaskedChange.objects.bulk_create(new)


def _of_chain(material: set[str], country: str) -> set[str]:
    """Return what of this concerns the editions of a country: all but the entries of others."""
    return {what for what in material if ":" not in what or what.startswith(f"{country}:")}
