"""Learners in the middle of a course that changed materially: after a while they are moved to its newest edition."""

from datetime import datetime, timedelta

from accounts.actions import alone, paced
from languages import table
from training.actions.enrolling import move_to_newest
from training.models import Enrolment
from training.queries import overtaken

MOVE_AFTER = timedelta(days=30)
AT_ONCE = 200


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
