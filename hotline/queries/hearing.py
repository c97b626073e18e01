"""Who heard from a person what is safe: only she may write that more is."""

from datetime import datetime

from django.db.models import Q

from accounts.chain import thing_id
from accounts.models import AuditEntry, User
from accounts.rules import allowed
from hotline.choices import ContactKind, LegRole
from hotline.choices.calling import CallBackState
from hotline.ivr.values import HEARD_SECONDS
from hotline.models import Contact
from hotline.queries.legs import is_told
from hotline.queries.unfinished import SHEET_TIME
from hotline.rules import RULES
from hotline.stays import is_apart

SPOKEN = (CallBackState.TALKING, CallBackState.REACHED)
MOST_MESSAGES = 50  # of one call


def has_heard(contact: Contact, user: User, at: datetime) -> bool:
    """Tell whether a person could tell this user what is safe, or left it said or written where this user heard or may read it.

    She talks with her or did within the last day, on the line or by calling back; she wrote down the visit, letter or report;
    or she played a recorded message of the person; or the person wrote: her words stand there for whoever may read them. To
    have taken a call, a sheet or a follow-up is not to have heard. None to four queries.
    """
    if contact.kind == ContactKind.MESSAGE:
        return allowed(user, RULES, "read_sheet", contact)
    if contact.kind != ContactKind.CALL:
        return contact.events.filter(kind="contact_written_down", by=str(user.public_id)).exists()
    return _talked(contact, user, at) or _called_back(contact, user, at) or _played(contact, user)


def _talked(contact: Contact, user: User, at: datetime) -> bool:
    """Tell whether a telephone of this user was with the person's: taking the call, or an empty room, is less."""
    if contact.ended_at is not None and contact.ended_at <= at - SHEET_TIME:
        return False
    legs = list(contact.legs.filter(Q(user=user, joined_at__isnull=False) | Q(role=LegRole.CALLER)))
    caller = next((leg for leg in legs if leg.role == LegRole.CALLER), None)
    mine = [leg for leg in legs if leg.role != LegRole.CALLER]
    return any(not (is_told(caller) and is_apart(leg.moves, caller.moves)) for leg in mine)


def _called_back(contact: Contact, user: User, at: datetime) -> bool:
    """Tell whether this user said, within a day, of who picked up that it is the person: it may be anybody before."""
    rows = contact.call_backs.filter(by=user, state__in=SPOKEN, confirmed_at__isnull=False)
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at - SHEET_TIME)).exists()


def _played(contact: Contact, user: User) -> bool:
    """Tell whether this user played a message of a length that can be heard: each hearing stands in the audit log."""
    left = contact.recordings.filter(fetched_at__isnull=False, seconds__gte=HEARD_SECONDS)
    things = [thing_id(one) for one in left.only("contact", "public_id")[:MOST_MESSAGES]]
    heard = AuditEntry.objects.filter(thing__in=things, actor=str(user.public_id), verb="sealed.revealed")
    return bool(things) and heard.exists()
