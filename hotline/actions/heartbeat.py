"""The sign of life of whoever carries out orders of calls; hotline.queries.heartbeat reads it."""

from datetime import datetime, timedelta

from hotline.models import SweepMark
from hotline.queries.heartbeat import KIND

EVERY = timedelta(seconds=5)


def note_alive(*, at: datetime) -> None:
    """Note that orders of calls are carried out now, every five seconds at most."""
    row = SweepMark.objects.filter(account="", kind=KIND)
    heard = row.values_list("mark_at", flat=True).first()
    if heard is None:
        SweepMark.objects.bulk_create([SweepMark(account="", kind=KIND, mark_at=at)], ignore_conflicts=True)
    elif at - heard >= EVERY:
        row.filter(mark_at__lt=at).update(mark_at=at)
