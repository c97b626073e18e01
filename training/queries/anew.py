"""Whom publishing an edit asks anew of those who have finished, and who of them has done that already."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from django.db import models

from training import changing, progress
from training.choices import Form, Track
from training.models import Course, CourseVersion, Lesson, Question, Scenario
from training.queries.counted import FINISHED, certified_by, officials_in, with_certified
from training.queries.proposals import blocks_of
from training.queries.said import is_asked, kept_text, newly_asked, said_by
from training.queries.tree import activity_of
from training.queries.unasked import unasked_of
from training.queries.versions import editions_of


@dataclass(frozen=True)
class Anew:
    """What an edit asks anew: for each thing the groups of readers, "" for who chose none; no thing: nobody is asked.

    Beside the groups stands the lesson or story that only those are asked for who have not done it as it stands, or "".
    `is_work`: lessons or stories, which who has completion alone is asked for as well; a test is asked of who passed one.
    """

    parts: tuple[tuple[tuple[str, ...], str], ...] = ()
    is_work: bool = True

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the groups of which something is asked."""
        return tuple(dict.fromkeys(one for groups, _key in self.parts for one in groups))

    def __bool__(self) -> bool:
        return bool(self.groups)


ALL = Anew(((("", *Track.values), ""),), is_work=False)


class Place(NamedTuple):
    """Where somebody is counted: by home, group of readers, and whether she has finished or has completion alone."""

    home: str
    track: str
    is_finished: bool


def asked_anew(live: models.Model | None, draft: models.Model, course: Course | None, change: str, later: str) -> Anew:
    """Return whom publishing a thing asks anew of those who have finished, now or once an edition holds it (`later`).

    Only what is material does; an optional lesson or story or another paper does not, nor what leaves the work as it is.
    An earlier material change that waits counts as well, whatever this one is.
    """
    if course is None:
        return Anew()
    is_material = change == changing.MATERIAL
    if isinstance(draft, Lesson | Scenario):
        return _of_activity(draft, course) if is_material or _waits(draft, course) else Anew()
    is_asked_anew = is_material and _is_other_work(live, draft) or later and _waits(draft, course)
    return ALL if is_asked_anew else Anew()


def asked_with(lessons: list[Lesson], course: Course | None) -> tuple[Anew, int]:
    """Return whom lessons ask that come back with their module, for what waits in them, and how long it takes."""
    waiting = unasked_of(course).get("", set()) if course and lessons else set()
    found = [(one, _of_activity(one, course)) for one in lessons if activity_of(one) in waiting]
    asking = [(one, anew) for one, anew in found if anew]
    return Anew(tuple(part for _one, anew in asking for part in anew.parts)), sum(one.minutes for one, _anew in asking)


def _waits(draft: models.Model, course: Course) -> bool:
    """Tell whether an earlier material change of a thing waits for the edition that holds it."""
    return activity_of(draft) in unasked_of(course).get("", ())


def _of_activity(draft: Lesson | Scenario, course: Course) -> Anew:
    """Return whom a material change of a lesson or story asks: all of its readers for other content, else the new ones."""
    entry = {"required": draft.required, "tracks": list(getattr(draft, "tracks", ()))}
    readers, last = tuple(one for one in ALL.groups if is_asked(entry, one)), _last(course, activity_of(draft))
    if last is None or last["content"] != kept_text(said_by(draft))[0]:
        return Anew(((readers, ""),))
    return Anew(((newly_asked(last, entry), activity_of(draft)),))


def _last(course: Course, key: str) -> dict | None:
    """Return a lesson or story as an edition last held it, or as it rests."""
    rows = CourseVersion.objects.filter(course=course.pk, country=None).order_by("-number")
    body = rows.values_list("body", flat=True).first()
    skeleton = progress.read(body) if body else {}
    lessons = [one for module in skeleton.get("modules", ()) for one in module["lessons"]]
    standing = {one["id"]: one for one in [*lessons, *skeleton.get("scenarios", ())]}
    resting = skeleton.get("resting", {}).get("activities", {})
    return standing.get(key) or resting.get(key)


def _is_other_work(live: models.Model | None, draft: Course | Question) -> bool:
    """Tell whether another test is drawn or passed after the course than before."""
    if isinstance(draft, Question) and draft.form != Form.POST:
        return False
    before = live or (_last_of(draft) if isinstance(draft, Course) else None)
    return before is None or _work(before) != _work(draft)


def _last_of(draft: Course) -> Course | None:
    """Return a course that is off as readers last had it."""
    return models.QuerySet(Course).filter(pk=draft.pk, first_published_at__isnull=False).first()


def _work(thing: Course | Question) -> object:
    """Return what of a course or question changes the test."""
    if isinstance(thing, Course):
        return thing.pass_minimum, [row for row in thing.plan() if row[0] == Form.POST]
    body = progress.canonical(blocks_of(thing))
    names = ("form", "critical", "objective", "tracks", "position", "course_id")
    return [getattr(thing, name) for name in names], body


def done_by(course: int, key: str, at: dt.datetime) -> dict[int, Place]:
    """Return who has finished a course, or has its completion, and did a lesson or story as it stands, with where she counts.

    Two queries; the states of those are read who began it.
    """
    chains, known = editions_of(course)
    rows = with_certified(officials_in([course]).filter(state__contains=f'"{key}/'))
    rows = rows.filter(FINISHED | certified_by(at))
    found = {}
    for pk, home, track, ended, state in rows.values_list("pk", "home", "track", "completed_at", "state").iterator():
        chain = chains.get(home or "") or chains.get("", [])
        if progress.done_as_it_stands(progress.read_state(state), key, chain, known):
            found[pk] = Place(home or "", track, ended is not None)
    return found


def spared(course: int, anew: Anew, at: dt.datetime) -> Counter[tuple[str, bool]]:
    """Return how many of those groups are not asked anew, since they have done all of it: by home, and whether they finished."""
    done = {key: done_by(course, key, at) for _groups, key in anew.parts if key}
    places = {pk: place for found in done.values() for pk, place in found.items()}
    found = Counter()
    for pk, place in places.items():
        hers = [key for groups, key in anew.parts if place.track in groups]
        found[place.home, place.is_finished] += bool(hers) and all(pk in done.get(key, {}) for key in hers)
    return found
