"""Working out since when people are trained: by the worker, soon after something changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts.actions import first_due
from accounts.models import User
from training import progress
from training.actions.folding import instant_of
from training.actions.places import lock_enrolments
from training.models import Counted, CourseVersion, Enrolment, Progress, TrainedSpan
from training.queries.spans import spans_of

AT_ONCE = 200
EDITIONS = "editions of "


def fill_due_spans(*, at: datetime) -> int:
    """Work out the spans of those for whom something changed, a batch at a time; return how many were done."""
    _mark_overtaken(at)
    due = Enrolment.objects.filter(progress__spans_due=True).order_by("pk").values_list("pk", flat=True)
    return first_due("spans_not_filled", due, lambda key: fill_spans(enrolment=key), most=AT_ONCE)


@transaction.atomic
def fill_spans(*, enrolment: int) -> bool:
    """Write the spans of one enrolment anew; one that is being learned in waits. Return that it was done.

    The enrolment and its progress are held first and read after that: what somebody wrote who was waited for is seen.
    """
    rows = Enrolment.objects.filter(pk=enrolment)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    Progress.objects.filter(enrolment=enrolment).update(spans_due=False)
    row = rows.select_related("progress", "version", "learner__user").get()
    TrainedSpan.objects.filter(enrolment=row).delete()
    if row.learner.user_id is not None:
        TrainedSpan.objects.bulk_create(_span(row, one) for one in spans_of(row))
    return True


def _span(row: Enrolment, one: progress.Span) -> TrainedSpan:
    return TrainedSpan(
        enrolment=row,
        course_id=row.course_id,
        user_id=row.learner.user_id,
        language=one.language,
        state=one.state,
        begins=instant_of(one.begins),
        ends=instant_of(one.ends),
        minutes=one.minutes,
    )


def mark_spans(*, enrolment: int) -> None:
    """Let the spans of an enrolment be worked out again: a certificate of it was issued or withdrawn."""
    Progress.objects.filter(enrolment=enrolment).update(spans_due=True)


def mark_moved(*, user: User) -> None:
    """Let the spans of somebody who moved to another country be worked out again: other editions hold for her there."""
    lock_enrolments(Enrolment.objects.filter(learner__user=user).values("pk"))
    Progress.objects.filter(enrolment__learner__user=user).update(spans_due=True)


@transaction.atomic
def _mark_overtaken(at: datetime) -> None:
    """Let the spans of everybody who finished a course be worked out again once it has an edition more.

    The editions of each course are counted, and none goes away: one that commits late changes the number all the same.
    """
    seen = dict(Counted.objects.filter(what__startswith=EDITIONS).values_list("what", "seen"))
    for course, many in CourseVersion.objects.order_by().values_list("course").annotate(many=Count("pk")):
        what = f"{EDITIONS}{course}"
        if seen.get(what) != many:
            finished = Progress.objects.filter(completed_at__isnull=False, enrolment__course=course)
            lock_enrolments(finished.values("enrolment"))
            finished.update(spans_due=True)
            Counted.objects.update_or_create(what=what, defaults={"at": at, "seen": many})
