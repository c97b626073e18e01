"""The sign of life of whoever carries out orders of calls; hotline.queries.heartbeat reads it."""

from datetime import datetime, timedelta

from django.db.models import Q

from hotline.models import SweepMark
from hotline.queries.heartbeat import KIND
from hotline.queries.marks import AHEAD, is_ahead

EVERY = timedelta(seconds=5)


def note_alive(*, at: datetime) -> None:
    """Note that orders of calls are carried out now, every five seconds at most; over a sign from the future at once."""
    row = SweepMark.objects.filter(account="", kind=KIND)
    heard = row.values_list("mark_at", flat=True).first()
    if heard is None:
        SweepMark.objects.bulk_create([SweepMark(account="", kind=KIND, mark_at=at)], ignore_conflicts=True)
    elif at - heard >= EVERY or is_ahead(heard, at):
        row.filter(Q(mark_at__lt=at) | Q(mark_at__gt=at + AHEAD)).update(mark_at=at)
