"""Learners in the middle of a course that changed: who is moved to its newest edition, and when.

Thirty days after a material change everybody; at once who has done all but what was taken off.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from accounts.actions import alone, is_overrun, paced
from languages import table
from training.actions.enrolling import move_to_newest
from training.actions.recording import let_go
from training.models import Counted, CourseVersion, Enrolment
from training.queries import overtaken
from training.queries.gone import editions_overtaken

MOVE_AFTER = timedelta(days=30)
AT_ONCE = 200
GONE, PLACE = "gone from ", "gone, seen of "  # how many editions of a course were looked at, and up to whom


def move_overtaken(*, at: datetime) -> int:
    """Move who has had a month to do it herself; each is an event in her history. Return how many were moved."""
    moved = 0
    for enrolment, now in paced(overtaken(at - MOVE_AFTER)[:AT_ONCE], at):
        with alone("learner_not_moved", subject=str(enrolment.public_id)):
            moved += _move(enrolment, now)
    return moved


def _move(enrolment: Enrolment, at: datetime) -> bool:
    before = enrolment.version_id
    language = enrolment.learner.user.language if enrolment.learner.user else table.SOURCE
    return move_to_newest(enrolment=enrolment, language=language, at=at).pk != before


def let_go_all(*, at: datetime) -> int:
    """Once a course has an edition more, look at everybody under way of whom it asks less; return how many were moved.

    Some at a time: up to which one they were looked at is noted; one more edition meanwhile begins anew. Who does something
    later is looked at then.
    """
    seen = dict(Counted.objects.filter(what__startswith="gone").values_list("what", "seen"))
    moved = 0
    for course, many in CourseVersion.objects.order_by().values_list("course").annotate(many=Count("pk")):
        if seen.get(f"{GONE}{course}") != many:
            moved += _let_go(course, many, seen.get(f"{PLACE}{course}/{many}", 0), at)
    return moved


def _let_go(course: int, many: int, since: int, at: datetime) -> int:
    rows = Enrolment.objects.filter(
        course=course, version__public_id__in=editions_overtaken(course), merged_into=None, pk__gt=since,
        progress__completed_at=None, progress__last_at__isnull=False,
    )  # fmt: skip
    keys, moved = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]), 0
    for key, now in paced(keys, at):
        with alone("learner_not_let_go", subject=str(key)) as met:
            moved += _let_one_go(key, now)
        if met.error and is_overrun(met.error):
            break  # she was being worked on: she has nothing left to do, so nothing of hers would have her looked at again
        since = key
    is_all = len(keys) < AT_ONCE and since == (keys[-1] if keys else since)
    Counted.objects.filter(what__startswith=f"{PLACE}{course}/").delete()
    what, number = (f"{GONE}{course}", many) if is_all else (f"{PLACE}{course}/{many}", since)
    Counted.objects.update_or_create(what=what, defaults={"at": at, "seen": number})
    return moved


@transaction.atomic
def _let_one_go(key: int, at: datetime) -> bool:
    rows = Enrolment.objects.filter(pk=key)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return let_go(enrolment=rows.select_related("learner__user", "version", "progress").get(), at=at)
