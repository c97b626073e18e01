"""What became of a course since a learner's edition of it: lessons that changed, lessons that were added."""

from training import progress
from training.models import Enrolment
from training.queries import versions
from training.queries.course_rows import CourseRow, Outline, Story
from training.queries.lessons import Place, read_before


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
