"""Whether an account at the provider answers: rows that web and worker share (hotline.telephony.circuit)."""

from datetime import datetime, timedelta

from hotline.models import SweepMark
from hotline.queries.marks import is_ahead
from hotline.telephony.circuit import OPEN_AFTER, asked_again_at

KIND = "circuit"
LATE = timedelta(minutes=5)


def held_until(account: str, at: datetime, *, is_urgent: bool = False) -> datetime | None:
    """Return until when an account is not asked, None where it may be asked now."""
    row = SweepMark.objects.filter(account=account, kind=KIND, failures__gte=OPEN_AFTER).first()
    if row is None or is_ahead(row.mark_at, at):
        return None
    until = asked_again_at(row.failures, row.mark_at, is_urgent=is_urgent)
    return until if until > at else None


def silent_accounts(at: datetime) -> list[str]:
    """Return the accounts that do not answer, and were tried lately."""
    rows = SweepMark.objects.filter(kind=KIND, failures__gte=OPEN_AFTER, mark_at__gte=at - LATE)
    return sorted(rows.values_list("account", flat=True))
