"""What became of people whom an operator spoke with: told back in numbers, never of one person."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import User
from hotline.queries.contacts import contacts_of_desk, counted_in
from referral.choices import CaseState, CloseReason
from referral.choices.states import PLACED_REFERRAL_STATES
from referral.models import Case, Referral

FEWEST = 5  # closed cases that are told together
LONGEST = dt.timedelta(days=366)
# How a closed case is told; one that was opened in error was nobody's.
KINDS = {
    CloseReason.COMPLETED: "helped", CloseReason.HELPED: "helped", CloseReason.INFORMATION_ONLY: "informed",
    CloseReason.NOT_TRAFFICKING: "informed", CloseReason.MOVED: "moved", CloseReason.WITHDRAWN: "ended",
    CloseReason.LOST_CONTACT: "ended",
}  # fmt: skip


@dataclass(frozen=True)
class Outcomes:
    """Some months together: how many cases were closed in them, how each kind ended, how many an agency took on.

    `placed` is None where it would say it of each of them.
    """

    first: dt.date
    last: dt.date
    closed: int
    kinds: dict[str, int]
    placed: int | None


def outcomes_for(user: User, at: dt.datetime) -> list[Outcomes]:
    """Return what became of the cases that began with a person's contacts, the newest months first.

    Months that are over are joined until five cases were closed in them and in more ways than one: what is told of all of
    them alike would be told of each.
    """
    hers = contacts_of_desk(user).filter(counted_in(user.country_id), claimed_by=user, case__isnull=False)
    cases = Case.objects.filter(
        pk__in=hers.order_by().values("case_id"), state=CaseState.CLOSED, close_reason__in=list(KINDS),
        closed_at__gt=at - LONGEST,
    )  # fmt: skip
    placed = set(
        Referral.objects.filter(case__in=cases, state__in=PLACED_REFERRAL_STATES).values_list("case_id", flat=True)
    )
    zone = ZoneInfo(user.country.time_zone) if user.country else timezone.get_current_timezone()
    this_month = at.astimezone(zone).date().replace(day=1)
    rows = [
        (closed.astimezone(zone).date().replace(day=1), KINDS[reason], key in placed)
        for key, closed, reason in cases.values_list("pk", "closed_at", "close_reason")
    ]
    return told([row for row in rows if row[0] < this_month])


def told(rows: Iterable[tuple[dt.date, str, bool]]) -> list[Outcomes]:
    """Return closed cases (month, kind, whether an agency took it on) in groups that tell of nobody alone."""
    found: list[Outcomes] = []
    group: list[tuple[dt.date, str, bool]] = []
    months = sorted(rows)
    for place, row in enumerate(months):
        group.append(row)
        is_last_of_month = place + 1 == len(months) or months[place + 1][0] != row[0]
        kinds = Counter(kind for _month, kind, _placed in group)
        if is_last_of_month and len(group) >= FEWEST and len(kinds) > 1:
            many = sum(is_placed for _month, _kind, is_placed in group)
            found.append(
                Outcomes(group[0][0], row[0], len(group), dict(kinds), many if 0 < many < len(group) else None)
            )
            group = []
    return found[::-1]
