"""Reads of a sheet that its operator has just closed: which it is, whether she may open it again, who did what in it since."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from hotline.choices import OFFLINE, ContactKind, State
from hotline.models import Contact, ContactEvent
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.of_desk import OfDesk

OPEN_AGAIN = timedelta(minutes=10)  # longer ago, others have counted on what it was closed with
JUST = timedelta(seconds=5)
HELD = (ContactKind.CALL, *OFFLINE)  # a conversation by text is given back as it is closed: its follow-up opens again


def closing_of(contact: Contact) -> ContactEvent | None:
    """Return the line of the timeline that says that a contact's sheet was closed, the newest; None of one that never was."""
    return contact.events.filter(kind="wrapped_up").order_by("-at", "-id").first()


def is_hers(contact: Contact, closing: ContactEvent | None, user: User, at: datetime) -> bool:
    """Tell whether this person had a contact and closed its sheet, so lately that she may open it again."""
    if closing is None or contact.kind not in HELD or contact.erased_at is not None or contact.state != State.DONE:
        return False
    is_own = closing.by == str(user.public_id) and contact.claimed_by_id == user.pk
    return is_own and closing.at > at - OPEN_AGAIN


def changed_since(contact: Contact, closing: ContactEvent, user: User) -> ContactEvent | None:
    """Return the first line of a contact's timeline that another person wrote after a closing; None where nobody did.

    Of who tried to open what is hidden from her nothing is told.
    """
    later = contact.events.filter(at__gte=closing.at, pk__gt=closing.pk).exclude(kind="shield_met").order_by("id")
    return next((event for event in later if len(event.by) == 36 and event.by != str(user.public_id)), None)


def _last_closed(user: User, at: datetime) -> QuerySet[Contact]:
    rows = contacts_of_desk(user).filter(claimed_by=user.pk, kind__in=HELD, state=State.DONE, erased_at=None)
    rows = rows.filter(changed_at__gt=at - OPEN_AGAIN, wrapped_up_at__gt=at - OPEN_AGAIN)
    return rows.order_by("-wrapped_up_at", "-id")[:1]


_LAST = OfDesk(_last_closed)


def closed_sheet(user: User, at: datetime) -> Contact | None:
    """Return the contact whose sheet an operator closed last, if she may open it again; None else.

    It bears the mark of that closing (`sheet_mark`), and whether it was a moment ago (`is_just_closed`).
    """
    contact = next(iter(_LAST.objects(user, at=at)), None)
    closing = closing_of(contact) if contact is not None else None
    if contact is None or not is_hers(contact, closing, user, at):
        return None
    contact.sheet_mark, contact.is_just_closed = str(closing.pk), at - closing.at < JUST
    return contact
