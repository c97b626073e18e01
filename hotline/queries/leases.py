"""Leases and times to wait that a wrong clock wrote: no right one writes them so far ahead."""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet

from accounts.models import Letter
from hotline.models import Command, Contact, Message
from hotline.queries.answering import HELD_OPEN
from referral.models import Escalation, Notice

# Which rows wait for which time, and twice the longest that each is ever held or put off.
LONGEST: tuple[tuple[type[Model], str, Q, timedelta], ...] = (
    (Contact, "claimed_until", Q(state="offered"), timedelta(minutes=2)),
    (Contact, "claimed_until", Q(kind__in=HELD_OPEN), timedelta(minutes=10)),
    (Command, "claimed_until", Q(done_at=None, failed_at=None), timedelta(minutes=2)),
    (Command, "due_at", Q(done_at=None, failed_at=None), timedelta(days=2)),
    (Message, "claimed_until", Q(state="outbox"), timedelta(hours=1)),
    (Notice, "claimed_until", Q(taken_at=None), timedelta(hours=1)),
    (Notice, "due_at", Q(taken_at=None), timedelta(hours=1)),
    (Escalation, "claimed_until", Q(), timedelta(hours=1)),
    (Letter, "claimed_until", Q(sent_at=None, failed_at=None), timedelta(hours=6)),
)


def wrong_leases(at: datetime) -> list[tuple[str, QuerySet]]:
    """Return, by the field that is too far ahead, the rows that wait for such a time."""
    return [
        (field, model._default_manager.filter(is_open, **{f"{field}__gt": at + longest}))
        for model, field, is_open, longest in LONGEST
    ]


def count_wrong_leases(at: datetime) -> int:
    """Return how many rows wait for such a time."""
    return sum(rows.count() for _field, rows in wrong_leases(at))
