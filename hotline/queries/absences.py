"""Reads of who is away, and of the swaps that a person asks or is asked for."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.queries import staff_of
from hotline.choices import SWAPS_OPEN, SwapState
from hotline.models import Absence, Shift, Swap
from hotline.queries.serving import ROLES

TOLD_FOR = timedelta(days=7)


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


def swaps_asked_of(user: User, at: datetime) -> QuerySet[Swap]:
    """Return the shifts that colleagues ask this person to take, and that wait for the answer."""
    return Swap.objects.filter(to=user, state=SwapState.ASKED, shift__starts_at__gt=at)


def colleagues_for(shift: Shift) -> list[User]:
    """Return who else may have the duty of a shift."""
    people = staff_of(shift.line.country_id, *ROLES[shift.duty]).exclude(pk=shift.user_id)
    return sorted(people, key=lambda person: person.get_full_name())
