"""What became of a course since a learner's edition of it: lessons that changed, lessons that were added."""

from training import progress
from training.models import Enrolment
from training.queries import versions
from training.queries.lessons import Place
from training.queries.reading import CourseRow, Outline


def changed_lessons(
    enrolment: Enrolment, course: CourseRow, place: Place, chain: list[progress.Edition]
) -> tuple[Outline, ...]:
    """Return the lessons she has done of which law, procedure or an answer changed since her edition."""
    if not chain or chain[-1].version.id == str(enrolment.version.public_id):
        return ()
    before = {activity.id: activity.material for activity in versions.value_of(enrolment.version).activities}
    risen = {
        activity.id
        for activity in chain[-1].version.lessons
        if activity.material > before.get(activity.id, activity.material)
    }
    return tuple(lesson for lesson in course.lessons if lesson.id in risen and lesson.id in place.done)


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
