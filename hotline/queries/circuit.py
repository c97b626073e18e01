"""Whether an account at the provider answers: rows that web and worker share (hotline.telephony.circuit)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from hotline.models import SweepMark
from hotline.queries.marks import is_ahead
from hotline.telephony.circuit import OPEN_AFTER, asked_again_at

KIND = "circuit"
LATE = timedelta(minutes=5)


def held_until(account: str, at: datetime, *, is_urgent: bool = False) -> datetime | None:
    """Return until when an account is not asked, None where it may be asked now."""
    row = failing(account=account).first()
    return _until(row.failures, row.mark_at, at, is_urgent=is_urgent) if row else None


def _until(failures: int, failed_at: datetime, at: datetime, *, is_urgent: bool = False) -> datetime | None:
    if is_ahead(failed_at, at):
        return None
    until = asked_again_at(failures, failed_at, is_urgent=is_urgent)
    return until if until > at else None


def failing(**which: object) -> QuerySet[SweepMark]:
    """Return the marks of accounts whose last answers failed to come, as many as open the circuit."""
    return SweepMark.objects.filter(kind=KIND, failures__gte=OPEN_AFTER, **which)


def is_held(failures: int | None, failed_at: datetime | None, at: datetime) -> bool:
    """Tell whether an account with so many failures, the last one at an instant, is left alone now; None: no failure."""
    return failures is not None and failed_at is not None and _until(failures, failed_at, at) is not None


def held_accounts(accounts: Iterable[str], at: datetime) -> frozenset[str]:
    """Return which of some accounts are left alone now: no telephone is rung there but by a probe."""
    rows = failing(account__in=set(accounts)).values_list("account", "failures", "mark_at")
    return frozenset(account for account, failures, failed_at in rows if is_held(failures, failed_at, at))


def silent_accounts(at: datetime) -> list[str]:
    """Return the accounts that do not answer, and were tried lately."""
    return sorted(failing(mark_at__gte=at - LATE).values_list("account", flat=True))
