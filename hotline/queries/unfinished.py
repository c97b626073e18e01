"""Contacts that are over and whose sheet nobody finishes: of a call, its operator left the desk or the line, or a day has
passed; of what no telephone brought, nobody has it open."""

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


def is_unfinished(at: datetime) -> Q:
    """Return the condition of a contact that its sheet waits for somebody else than the operator who has it in hand.

    What no telephone brought is in hand while somebody has it open, however old it is (hotline.queries.in_hand). The sheet of a call that was played so that staff practise is hers alone.
    """
    in_hand = OperatorState.objects.filter(
        has_role(*DESK), contact=OuterRef("pk"), state=Presence.WRAP_UP, user__country=OuterRef("country")
    )
    waits = Q(ended_at__lte=at - SHEET_TIME) | ~Exists(in_hand)
    is_open = Q(kind__in=OFFLINE, claimed_by__isnull=False, claimed_until__gte=at)
    return Q(state=State.WRAP_UP, erased_at=None) & waits & ~is_open & ~Q(flags__contains=REHEARSED)


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
