"""What became of a course since a learner's edition of it: lessons that changed, lessons that were added."""

from training.models import CourseVersion, Enrolment
from training.queries import versions
from training.queries.lessons import Place
from training.queries.reading import CourseRow, Outline


def changed_lessons(
    enrolment: Enrolment, course: CourseRow, place: Place, newest: CourseVersion | None
) -> tuple[Outline, ...]:
    """Return the lessons she has done of which law, procedure or an answer changed since her edition."""
    if newest is None or newest.pk == enrolment.version_id:
        return ()
    before = {activity.id: activity.material for activity in versions.value_of(enrolment.version).activities}
    risen = {
        activity.id
        for activity in versions.value_of(newest).lessons
        if activity.material > before.get(activity.id, activity.material)
    }
    return tuple(lesson for lesson in course.lessons if lesson.id in risen and lesson.id in place.done)


def added_lessons(enrolment: Enrolment, course: CourseRow, place: Place) -> tuple[Outline, ...]:
    """Return the lessons she has not done that her edition did not hold; once finished, those of what she finished."""
    known = {lesson.id for lesson in versions.value_of(enrolment.version).lessons}
    if enrolment.progress.completed_at:
        known = _lessons_finished(enrolment, place) or known
    return tuple(lesson for lesson in course.lessons if lesson.id not in known and lesson.id not in place.done)


def _lessons_finished(enrolment: Enrolment, place: Place) -> set[str]:
    """Return the lessons of the editions in which she did all that was required."""
    editions = versions.pinned(enrolment, place.state)
    finished = [
        edition for edition in editions if all(one.id in place.done for one in edition.lessons if one.required)
    ]
    return {lesson.id for edition in finished for lesson in edition.lessons}
