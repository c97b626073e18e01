"""Contacts that are over while their sheet is open: whom a person has in hand herself, and whose sheet nobody finishes.

Nobody finishes that of a call whose operator left the desk or the line, or once a day has passed; of what no telephone
brought, that which nobody has open.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from hotline.choices import OFFLINE, REHEARSED, Presence, State
from hotline.models import Contact, OperatorState
from hotline.queries.contacts import contacts_of_desk, contacts_visible_to
from hotline.queries.pressing import pressing_first
from hotline.queries.serving import has_role
from hotline.queries.standing import with_standing
from hotline.rules import DESK

SHEET_TIME = timedelta(hours=24)
_OPEN = Q(state=State.WRAP_UP, erased_at=None)


def is_unfinished(at: datetime) -> Q:
    """Return the condition of a contact that its sheet waits for somebody else than the operator who has it in hand.

    What no telephone brought is in hand while somebody has it open, however old it is (hotline.queries.in_hand). The sheet of a call that was played so that staff practise is hers alone.
    """
    waits = Q(ended_at__lte=at - SHEET_TIME) | ~_is_at_hand()
    return _OPEN & waits & ~_stands_open(at) & ~Q(flags__contains=REHEARSED)


def own_sheets(user: User, at: datetime) -> QuerySet[Contact]:
    """Return the contacts that are over and whose sheet this person has in hand now, also where another page is before her.

    None of them is among the unfinished ones; it is once she has it in hand no more.
    """
    in_hand = Q(ended_at__gt=at - SHEET_TIME) & _is_at_hand()
    rows = contacts_of_desk(user).filter(_OPEN, in_hand | _stands_open(at), claimed_by=user.pk)
    return rows.order_by("ended_at", "id")


def _is_at_hand() -> Exists:
    """Return the condition that an operator of the contact's country has the call at hand, to wrap it up."""
    rows = OperatorState.objects.filter(
        has_role(*DESK), contact=OuterRef("pk"), state=Presence.WRAP_UP, user__country=OuterRef("country")
    )
    return Exists(rows)


def _stands_open(at: datetime) -> Q:
    """Return the condition that somebody has open what no telephone brought, or had it a few minutes ago."""
    return Q(kind__in=OFFLINE, claimed_by__isnull=False, claimed_until__gte=at)


def open_sheets(user: User, at: datetime) -> int:
    """Return how many calls of a person's country are over while their sheet is open, also in the hands of their operator.

    They are those that the log shows by that state.
    """
    rows = with_standing(contacts_visible_to(user).filter(state=State.WRAP_UP), at)
    return rows.filter(standing=State.WRAP_UP).count()


def unfinished_contacts(user: User, at: datetime) -> QuerySet[Contact]:
    """Return the contacts of a person's country whose sheet nobody finishes, danger first, then who is in another need of now, then the oldest."""
    rows = contacts_of_desk(user).filter(is_unfinished(at)).select_related("claimed_by")
    return pressing_first(rows).order_by("-is_danger", "-is_pressing", "ended_at", "id")
