"""Who can interpret in a call that goes on: those on duty for its language, where its operator does not speak it."""

from datetime import datetime

from accounts.models import User
from hotline.choices import ContactKind, Duty
from hotline.models import Contact
from hotline.queries.duty import on_duty


def interpreters_for(user: User, contact: Contact, at: datetime) -> list[User]:
    """Return who is on duty as interpreter of a live call's language; nobody where this operator works in it herself.

    Nothing brings them into the call yet, and no number of theirs is kept: an interpreter has no telephone here, and
    what an operator entered as hers rings for calls alone.
    """
    if not contact.language or contact.language in user.speaks:
        return []
    return [one for one in interpreters_on_duty(contact, at) if one != user]


def interpreters_on_duty(contact: Contact, at: datetime) -> list[User]:
    """Return who is on duty as interpreter of a live call's language, in the order of their names."""
    if contact.kind != ContactKind.CALL or not contact.is_live or not contact.language or not contact.line:
        return []
    shifts = [shift for shift in on_duty(contact.line, at) if shift.duty == Duty.INTERPRETER]
    people = dict.fromkeys(shift.user for shift in shifts)
    return [one for one in people if contact.language in one.speaks]


def interpreters_to_ring(contact: Contact, at: datetime) -> list[User]:
    """Return those of them whose own telephone was verified, so that it may ring."""
    people = interpreters_on_duty(contact, at)
    return [one for one in people if (state := getattr(one, "operator_state", None)) and state.has_telephone]
