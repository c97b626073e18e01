"""The worker's notes of when its regular jobs were done."""

from datetime import datetime

from hotline.models import SweepMark


def note_done(kind: str, *, at: datetime, account: str = "") -> None:
    """Note that a job was done, also over a mark that a wrong clock set in the future."""
    SweepMark.objects.update_or_create(account=account, kind=kind, defaults={"mark_at": at})
