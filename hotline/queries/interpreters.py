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
    if contact.kind != ContactKind.CALL or not contact.is_live or not contact.language or not contact.line:
        return []
    if contact.language in user.speaks:
        return []
    shifts = [shift for shift in on_duty(contact.line, at) if shift.duty == Duty.INTERPRETER]
    people = dict.fromkeys(shift.user for shift in shifts if shift.user != user)
    return [one for one in people if contact.language in one.speaks]
