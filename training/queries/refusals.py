"""What a learner sent and was not counted, with the reason."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from languages.statements import Prepared
from training.choices import REFUSED_KEPT, Reason, Verb
from training.models import RefusedEvent
from training.queries.course_rows import Words
from training.queries.holders import WHOSE, is_holder, key_of, own
from training.queries.learning import CourseProgress

SHOWN = 10


@dataclass(frozen=True)
class Refusal:
    """One record that was not counted: what it said, of which lesson, why, when it came."""

    what: str
    lesson: Words | None
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class Refusals:
    """The newest records that were not counted, and how many there are in all."""

    rows: tuple[Refusal, ...]
    total: int

    @property
    def older(self) -> int:
        """Return how many are not shown."""
        return self.total - len(self.rows)


def refused_of(user, found: Iterable[CourseProgress], *, at: dt.datetime) -> Refusals:
    """Return what of a person's own records was not counted; `found` are her courses, whose lessons have names."""
    since = at - REFUSED_KEPT
    lessons = {lesson.id: lesson.heading for one in found for lesson in one.course.lessons}
    newest = _NEWEST[is_holder(user)].objects(key_of(user), since)
    rows = RefusedEvent.objects.filter(**own(user), received_at__gte=since)
    total = len(newest) if len(newest) < SHOWN else rows.count()
    return Refusals(tuple(refusal_of(row, lessons) for row in newest), total)


def _newest(whose: str, learner: int, since: dt.datetime):
    return RefusedEvent.objects.filter(**{whose: learner}, received_at__gte=since)[:SHOWN]


_LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_NEWEST = {holds: Prepared(partial(_newest, whose), -7, _LONG_AGO) for holds, whose in WHOSE.items()}


def refusal_of(row: RefusedEvent, lessons: dict[str, Words]) -> Refusal:
    """Return a refused record in words; `lessons` are the headings of lessons by their ids. Of an answer it says nothing."""
    told = _told(row.body)
    verb, lesson = told.get("verb"), told.get("activity")
    return Refusal(
        what=Verb(verb).label if verb in Verb.values else "",
        lesson=lessons.get(lesson) if isinstance(lesson, str) else None,
        reason=Reason(row.reason).label if row.reason in Reason.values else row.reason,
        at=row.received_at,
    )


def _told(body: str) -> dict:
    """Return what a refused record says; it may be anything, also cut short."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
