"""What became of a course since a learner's edition of it: lessons that changed, came or went.

What is asked of her is what her edition asks and the course has. A lesson that the course has beyond her edition was
added, and is asked of nobody who follows an earlier one.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from training import progress
from training.models import Enrolment
from training.queries import versions
from training.queries.course_rows import CourseRow, Outline, Story
from training.queries.lessons import Place, read_before
from training.queries.moments import instant, milliseconds
from training.queries.standing import Files

TOLD_FOR = dt.timedelta(days=7)  # also who goes on at once by a link of her own meets it


def changed_lessons(
    enrolment: Enrolment, course: CourseRow, place: Place, chain: list[progress.Edition]
) -> tuple[Outline, ...]:
    """Return the lessons she has done of which law, procedure or an answer changed since she did them.

    It does not matter which edition she follows: a move to the newest one has read nothing for her.
    """
    return tuple(lesson for lesson in course.lessons if _is_risen(lesson.id, place, chain))


def changed_stories(course: CourseRow, place: Place, chain: list[progress.Edition]) -> tuple[Story, ...]:
    """Return the stories asked of her that she has played and that changed as lessons do."""
    return tuple(story for story in course.stories if story.required and _is_risen(story.id, place, chain))


def _is_risen(key: str, place: Place, chain: list[progress.Edition]) -> bool:
    return bool(chain) and key in place.done and bool(read_before(key, chain[-1].version.id, place))


def added_lessons(enrolment: Enrolment, course: CourseRow, place: Place) -> tuple[Outline, ...]:
    """Return the lessons of her track that she has not done and her edition did not hold; once finished, those beyond
    what she finished."""
    known = {lesson.id for lesson in versions.value_of(enrolment.version).lessons}
    if enrolment.progress.completed_at:
        known = _lessons_finished(enrolment, place) or known
    hers = (lesson for lesson in course.lessons if lesson.is_for(enrolment.progress.track))
    return tuple(lesson for lesson in hers if lesson.id not in known and lesson.id not in place.done)


def _lessons_finished(enrolment: Enrolment, place: Place) -> set[str]:
    """Return the lessons of the editions in which she did all that was asked of her."""
    track, editions = enrolment.progress.track, versions.pinned(enrolment, place.state)
    finished = [
        edition
        for edition in editions
        if all(one.id in place.done for one in edition.asked(track) if one.kind == "lesson")
    ]
    return {lesson.id for edition in finished for lesson in edition.lessons}


@dataclass(frozen=True)
class Moved:
    """How many of the lessons that somebody has not done came or went since an instant, by which her count moved."""

    lessons: int
    since: dt.datetime


@dataclass(frozen=True)
class Moves:
    """What a learner who is under way is told of lessons that are asked of her no more, again, or for the first time."""

    fewer: Moved | None = None
    again: Moved | None = None
    more: Moved | None = None

    def __bool__(self) -> bool:
        return bool(self.fewer or self.again or self.more)


def moves_of(enrolment: Enrolment, course: CourseRow, place: Place, files: Files, at: dt.datetime) -> Moves:
    """Return what moved the number of lessons asked of her since she last did something in the course; no query."""
    row = enrolment.progress
    if row.completed_at:
        return Moves()
    found = progress.moves(files.followed(enrolment), files.chain(enrolment), row.track)
    last = milliseconds(min(row.last_at or enrolment.started_at, at - TOLD_FOR))
    news = {key: move for key, move in found.items() if key not in place.done and move.at > last}
    there = {lesson.id for lesson in course.lessons}
    return Moves(
        fewer=_moved(news, lambda key, move: not move.is_asked and key not in there),
        again=_moved(news, lambda key, move: move.is_asked and move.again and key in there),
        more=_moved(news, lambda key, move: move.is_asked and not move.again and key in there),
    )


def _moved(news: dict[str, progress.Move], is_such: Callable[[str, progress.Move], bool]) -> Moved | None:
    found = [move.at for key, move in news.items() if is_such(key, move)]
    return Moved(len(found), instant(max(found))) if found else None
