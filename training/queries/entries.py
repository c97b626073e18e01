"""Which country entry the readers of a course see, and what stood there before: one rule for pages, editions and foretelling.

An entry of the curriculum comes before one for every curriculum.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db.models import F, Q, QuerySet

from training.models import Course, CourseVersion, Overlay
from training.queries.said import said_by
from training.queries.versions import earlier_with


def entries_seen(course: Course, **where) -> list[Overlay]:
    """Return the entries that readers of a course see, one for each country and slot; one query."""
    in_order = ("country", "slot", F("curriculum").asc(nulls_first=True))
    rows = QuerySet(Overlay).filter(_fitting(course), **where).order_by(*in_order)
    return list({(one.country_id, one.slot): one for one in rows}.values())


def entries_read(entries: Sequence[Overlay]) -> list[Overlay]:
    """Return which of some entries, as they are stored, readers of a live course that is offered in their country see; one
    query for each live course."""
    place = {"country__in": {one.country_id for one in entries}, "slot__in": {one.slot for one in entries}}
    live = QuerySet(Course).filter(live=True)
    seen = {one.pk for course in live for one in entries_seen(course, **place, country__course=course)}
    return [one for one in entries if one.pk in seen]


def is_shown(entry) -> bool:
    """Tell whether readers are shown what the entry says that they see, compiled or as it is stored; False for None.

    What nobody in the country has confirmed is shown in the demo only, as a draft; in production its place says that it is
    not confirmed (training.md, country gate).
    """
    return entry is not None and (entry.confirmed or settings.DEMO)


def seen_in(entry: Overlay, courses: Iterable[Course]) -> list[Course]:
    """Return in which of these courses readers see an entry as it stands in hand; one query at most."""
    if entry.curriculum_id is not None:
        return list(courses)
    own = QuerySet(Overlay).filter(country=entry.country_id, slot=entry.slot, curriculum__isnull=False)
    paths = set(own.exclude(pk=entry.pk).values_list("curriculum__path", flat=True))
    return [one for one in courses if one.path[: -one.steplen] not in paths]


def seen_instead(entry: Overlay) -> Overlay | None:
    """Return the entry for every curriculum that readers see, or would see, without one of a curriculum; one query at most."""
    if entry.curriculum_id is None:
        return None
    return QuerySet(Overlay).filter(country=entry.country_id, slot=entry.slot, curriculum=None).first()


def other_text_behind(entry: Overlay) -> Overlay | None:
    """Return the entry that readers would see instead of one as it is stored, where it says something else; one query."""
    behind = seen_instead(entry)
    return behind if behind and said_by(behind) != said_by(entry) else None


def law_before(last: CourseVersion | None, skeleton: Mapping, slot: str) -> str | None:
    """Return the content of what readers last had in a slot, as the last edition with such an entry had it, or as it rests."""
    if found := _in_slot(skeleton, slot):
        return _seen_of(found, last, slot)
    rested = skeleton.get("resting", {}).get("slots", {})
    if slot in rested or last is None:
        return rested.get(slot)
    return _seen_of(_in_slot(earlier_with(last, f'"slot":"{slot}"'), slot), last, slot)


def _in_slot(skeleton: Mapping, slot: str) -> list[str]:
    return [one["content"] for one in skeleton.get("overlays", ()) if one["slot"] == slot]


def _seen_of(contents: list[str], last: CourseVersion, slot: str) -> str | None:
    """Return what was seen of what an edition holds of a slot: earlier ones held both entries, by their age, and not which."""
    if len(contents) < 2:
        return next(iter(contents), None)
    rows = QuerySet(Overlay).filter(_fitting(last.course), country=last.country_id, slot=slot)
    youngest = rows.order_by("-pk").first()
    return contents[0 if youngest and youngest.curriculum_id is None else -1]


def _fitting(course: Course) -> Q:
    return Q(curriculum=None) | Q(curriculum__path=course.path[: -course.steplen])
