"""Counting ahead for the reports: where people stop in a course, each course once a day."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef

from accounts.actions import alone, first_due
from languages import table
from training import progress
from training.actions.counting import AT_ONCE, begun, large_offices, note_count
from training.choices import Form
from training.models import Attempt, Counted, Course, LessonCount
from training.queries.course_rows import CourseRow
from training.queries.off import courses_known

LESSONS_EVERY = timedelta(days=1)
STILL = timedelta(days=30)  # who did nothing for so long has stopped


def count_due_lessons(*, at: datetime) -> int:
    """Count where people stop in one course that was not counted for a day; return how many courses were counted.

    Also of courses that were taken off: what was done in them is told. A course that cannot be counted is logged, and the next one is counted.
    """
    fresh = set(Counted.objects.filter(at__gt=at - LESSONS_EVERY, at__lte=at).values_list("what", flat=True))
    taught = models.QuerySet(Course).filter(models.Q(live=True) | models.Q(first_published_at__isnull=False))
    taught = taught.order_by("pk").values_list("pk", flat=True)
    due = taught.filter(pk__in=[key for key in taught if what_of(key) not in fresh])
    return first_due("lessons_not_counted", due, lambda key: count_lessons(course=key, at=at), most=1)


def what_of(course: int) -> str:
    """Return under which name the count of a course's lessons is noted."""
    return f"lessons {course}"


@transaction.atomic
def count_lessons(*, course: int, at: datetime) -> bool:
    """Count, by country, who opened and ended each lesson of a course, and where those stopped who went no further.

    People of small offices, and of none, are left out, as in the table of completion. Somebody whose progress cannot be
    read is logged and left out. Return that it was done.
    """
    note_count(what_of(course), at)
    LessonCount.objects.filter(course=course).delete()
    row = next(iter(courses_known(table.SOURCE, [course])), None)
    if row is None:
        return True
    counts: dict[tuple, LessonCount] = {}
    for enrolment, country, *facts in _learned(course).iterator(AT_ONCE):
        way: list[tuple] = []
        with alone("progress_not_counted", subject=enrolment):
            way.extend(list(_way(row, *facts, at=at)))
        for activity, opened, ended, stopped in way:
            place = (country, activity)
            one = counts.setdefault(
                place, LessonCount(course_id=course, country_id=country, activity=activity or None)
            )
            one.opened, one.ended, one.stopped = one.opened + opened, one.ended + ended, one.stopped + stopped
    LessonCount.objects.bulk_create(counts.values(), batch_size=AT_ONCE)
    return True


def _learned(course: int):
    """Return, of each official in a course: enrolment, country, state, track, when completed and passed, when last here, tested."""
    rows = begun().filter(enrolment__course=course, enrolment__learner__user__office__in=large_offices())
    tested = Exists(Attempt.objects.filter(enrolment=OuterRef("enrolment"), form=Form.POST))
    return rows.annotate(tested=tested, began=F("enrolment__started_at")).values_list(
        "enrolment",
        "enrolment__learner__user__country",
        "state",
        "track",
        "completed_at",
        "passed_at",
        "last_at",
        "began",
        "tested",
    )


def _way(
    row: CourseRow, text: str, track: str, completed_at, passed_at, last_at, began, tested: bool, *, at: datetime
):
    """Yield of each part of a course whether somebody opened it, ended it, and stopped before its end; "": of all."""
    state = progress.read_state(text)
    done = state["ended"].keys() | progress.waived(state).keys()
    read = [one for one in row.lessons if one.is_for(track)] + list(row.stories)
    parts = [(one.id, one.id in state["opened"], one.id in done, one.required) for one in read]
    if row.post:
        parts.append((row.post.id, tested, passed_at is not None, True))
    has_stopped = completed_at is None and (last_at or began) <= at - STILL
    left = [key for key, _opened, ended, required in parts if required and not ended] if has_stopped else []
    for key, opened, ended, _required in parts:
        yield key, opened or ended, ended, key in left[:1]
    yield "", True, completed_at is not None, bool(left)
