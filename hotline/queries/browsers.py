"""Whose browser is known to serve as a telephone: what the proof of the roster counts on, and of whom it warns."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.models import User
from hotline.choices import Duty, TrialResult
from hotline.models import BrowserTrial, Line, Shift
from hotline.queries.serving import serves
from hotline.queries.telephones import COMING, HAS_TELEPHONE, rings_by_itself
from hotline.telephony.providers import browser_access

TRIED_DAYS = 14  # as long as the proof looks ahead
TRIED = timedelta(days=TRIED_DAYS)
PASSED = (TrialResult.GOOD, TrialResult.WEAK)  # one on the practice network says nothing of a live line


def tried_lately(people: Iterable[int], at: datetime) -> frozenset[int]:
    """Return the keys of those of some people whose browser passed its last trial, within the last fourteen days.

    No query where there is nobody. That somebody worked in a browser once says nothing of the one she has now.
    """
    wanted = set(people)
    if not wanted:
        return frozenset()
    rows = BrowserTrial.objects.filter(operator__user__in=wanted, result__in=PASSED, ended_at__gt=at - TRIED)
    return frozenset(rows.values_list("operator__user", flat=True))


def untried_by_line(lines: Iterable[Line], at: datetime, within: timedelta = COMING) -> dict[int, list[User]]:
    """Return who stands on the roster of live lines for the coming days and has but a browser that was not tried lately."""
    live = {line.pk: line for line in lines if not rings_by_itself(line) and browser_access(line.account)}
    if not live:
        return {}
    shifts = Shift.objects.filter(line__in=list(live), duty=Duty.OPERATOR, ends_at__gt=at, starts_at__lt=at + within)
    shifts = shifts.filter(serves(), user__operator_state__in_browser=True).exclude(HAS_TELEPHONE)
    rows = list(shifts.select_related("user").order_by("user__name", "user"))
    tried = tried_lately((row.user_id for row in rows), at)
    found: dict[int, dict[int, User]] = {}
    for row in rows:
        if row.user_id not in tried:
            found.setdefault(row.line_id, {})[row.user_id] = row.user
    return {line: list(people.values()) for line, people in found.items()}
