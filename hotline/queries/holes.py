"""Reads of the holes of the roster, as it stands and as the worker last proved it, and of the swaps that wait for somebody."""

from datetime import datetime, timedelta

from accounts.models import User
from hotline import roster
from hotline.choices import SwapState
from hotline.models import RosterProof, Swap
from hotline.queries.absences import swaps_asked_of
from hotline.queries.duty import gaps_of
from hotline.queries.lines import memory
from hotline.rules import ON_SHIFT

SOON = timedelta(hours=24)


def is_soon(hole: list[str], at: datetime) -> bool:
    """Tell whether a hole, as it is kept, is one within a day in which nobody at all would answer."""
    _language, kind, starts, ends = hole
    return kind == "nobody" and datetime.fromisoformat(starts) < at + SOON and datetime.fromisoformat(ends) > at


def holes_near(country: str, at: datetime) -> dict[int, int]:
    """Return how many holes each line of a country that is not switched off has within a day, by its key, as its roster stands.

    They are counted as the page of the roster lists them: what is missing in several languages at one time is one.
    """
    lines = {pk: line for pk, line in memory().by_id.items() if line.is_active and line.country == country}
    return {
        pk: sum(starts < at + SOON for starts, _ends, _kind in roster.together(gaps))
        for pk, gaps in gaps_of(lines, at).items()
    }


def roster_count(user: User, at: datetime) -> int:
    """Return how much of the roster waits for a person: shifts that colleagues ask her to take.

    For a supervisor the holes within a day of the lines of her country, and the swaps to approve, as well.
    """
    if not user.country_id or not user.has_role(*ON_SHIFT):
        return 0
    if not user.has_role("supervisor"):
        return swaps_asked_of(user, at).count()
    waiting = (swaps_asked_of(user, at).order_by() | swaps_to_decide(user, at).order_by()).count()
    return waiting + sum(holes_near(user.country_id, at).values())


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
