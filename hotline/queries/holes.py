"""Reads of what the worker's last proof of the roster found, and of the swaps that wait for somebody."""

from datetime import datetime, timedelta

from accounts.models import User
from hotline.choices import SwapState
from hotline.models import RosterProof, Swap
from hotline.queries.absences import swaps_asked_of
from hotline.rules import ON_SHIFT

SOON = timedelta(hours=24)


def is_near(hole: list[str], at: datetime) -> bool:
    """Tell whether a hole, as it is kept, is one within a day, of whatever kind: in one language, or in all."""
    _language, _kind, starts, ends = hole
    return datetime.fromisoformat(starts) < at + SOON and datetime.fromisoformat(ends) > at


def is_soon(hole: list[str], at: datetime) -> bool:
    """Tell whether a hole, as it is kept, is one within a day in which nobody at all would answer."""
    return hole[1] == "nobody" and is_near(hole, at)


def roster_count(user: User, at: datetime) -> int:
    """Return how much of the roster waits for a person: shifts that colleagues ask her to take.

    For a supervisor the times within a day with a hole, and the swaps to approve, as well; holes of several languages
    at the same time are one.
    """
    if not user.country_id or not user.has_role(*ON_SHIFT):
        return 0
    if not user.has_role("supervisor"):
        return swaps_asked_of(user, at).count()
    waiting = (swaps_asked_of(user, at).order_by() | swaps_to_decide(user, at).order_by()).count()
    proofs = RosterProof.objects.filter(line__country_id=user.country_id, line__is_active=True)
    kept = proofs.values_list("holes", flat=True)
    return waiting + sum(len({(hole[2], hole[3]) for hole in found if is_near(hole, at)}) for found in kept)


def swaps_to_decide(user: User, at: datetime):
    """Return the swaps of a country's lines that both people agreed to and that wait for a supervisor."""
    rows = Swap.objects.filter(
        shift__line__country_id=user.country_id, state=SwapState.AGREED, shift__starts_at__gt=at
    )
    return rows.select_related("shift__line", "asked_by", "to").order_by("shift__starts_at")


def lines_unanswered_soon(at: datetime) -> int:
    """Return how many lines that callers can reach have a time within a day in which nobody would answer."""
    proofs = RosterProof.objects.filter(line__is_active=True, line__is_practice=False)
    return sum(any(is_soon(hole, at) for hole in found) for found in proofs.values_list("holes", flat=True))
