"""Reads of who is away, and of the swaps that a person asks or is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext

from accounts.models import User
from accounts.queries import staff_of
from hotline.choices import SWAPS_OPEN, SwapState
from hotline.models import Absence, Shift, Swap
from hotline.queries.serving import ROLES
from hotline.roster import LONGEST, in_a_row

TOLD_FOR = timedelta(days=7)
NEAR = 2 * LONGEST  # no day of the roster has more of one person's: what goes on without a pause lies on two at most


def absences_of(user: User, at: datetime) -> QuerySet[Absence]:
    """Return when a person is away, now or later."""
    return Absence.objects.filter(user=user, ends_at__gt=at)


def absences_ahead(user: User, at: datetime) -> QuerySet[Absence]:
    """Return who of a person's country is away, now or later."""
    return Absence.objects.filter(user__country_id=user.country_id, ends_at__gt=at).select_related("user")


def own_swaps(user: User, at: datetime) -> QuerySet[Swap]:
    """Return the swaps that are open and that a person asked for, or is asked for."""
    rows = Swap.objects.filter(Q(asked_by=user) | Q(to=user), state__in=SWAPS_OPEN, shift__starts_at__gt=at)
    return rows.select_related("shift__line", "asked_by", "to").order_by("shift__starts_at")


def closed_swaps(user: User, at: datetime) -> QuerySet[Swap]:
    """Return how the swaps of the last week ended that a person asked for, or was asked for."""
    rows = Swap.objects.filter(Q(asked_by=user) | Q(to=user), changed_at__gt=at - TOLD_FOR).exclude(
        state__in=SWAPS_OPEN
    )
    return rows.select_related("shift__line", "asked_by", "to").order_by("-changed_at")


@dataclass(frozen=True)
class Stretch:
    """The other shifts of somebody that touch one that she would take, and how long she then works without a pause."""

    shifts: list[Shift]
    lasts: timedelta

    @property
    def is_too_long(self) -> bool:
        """Tell whether it is longer than a single shift may be."""
        return self.lasts > LONGEST

    @property
    def words(self) -> str:
        """Return how long it lasts, in hours and minutes."""
        minutes = int(self.lasts.total_seconds()) // 60
        template = pgettext("how long somebody has waited", "%(hours)s h %(minutes)s min")
        return template % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}


def with_stretches(swaps: Iterable[Swap]) -> list[tuple[Swap, Stretch | None]]:
    """Return swaps, each with what its shift makes together with those of who takes it; None where none touches.

    One query; it reads what lies within `NEAR` of the first of the shifts until the last, never a person's history.
    """
    rows = list(swaps)
    theirs: dict[int, list[Shift]] = {}
    for shift in _near(rows) if rows else ():
        theirs.setdefault(shift.user_id, []).append(shift)
    return [(one, _stretch(one.shift, theirs.get(one.to_id, []))) for one in rows]


def _near(swaps: list[Swap]) -> QuerySet[Shift]:
    """Return the shifts of who would take these that may touch them."""
    since, until = min(one.shift.starts_at for one in swaps) - NEAR, max(one.shift.ends_at for one in swaps) + NEAR
    near = Shift.objects.filter(user__in={one.to_id for one in swaps}, starts_at__lte=until, ends_at__gte=since)
    return near.select_related("line")


def _stretch(shift: Shift, theirs: list[Shift]) -> Stretch | None:
    others = [one for one in theirs if one.pk != shift.pk]
    first, last = in_a_row(shift.starts_at, shift.ends_at, [(one.starts_at, one.ends_at) for one in others])
    touching = [one for one in others if one.starts_at >= first and one.ends_at <= last]
    touching.sort(key=lambda one: one.starts_at)
    return Stretch(touching, last - first) if touching else None


def swaps_asked_of(user: User, at: datetime) -> QuerySet[Swap]:
    """Return the shifts that colleagues ask this person to take, and that wait for the answer."""
    return Swap.objects.filter(to=user, state=SwapState.ASKED, shift__starts_at__gt=at)


def colleagues_for(shift: Shift) -> list[User]:
    """Return who else may have the duty of a shift."""
    people = staff_of(shift.line.country_id, *ROLES[shift.duty]).exclude(pk=shift.user_id)
    return sorted(people, key=lambda person: person.get_full_name())
