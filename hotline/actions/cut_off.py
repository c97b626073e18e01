"""What happens after a call that was cut while the person was in danger: its operator chooses before the sheet closes."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import note, with_flags
from hotline.callstate import follow_up_by
from hotline.choices import CUT_IN_DANGER, After, Closing
from hotline.models import Contact
from hotline.queries.cut_off import ways_on

LETTER = "cut_in_danger"


class NothingChosen(Exception):
    """Raised when such a call is wrapped up and none of the ways on was chosen that its safety state leaves."""


def settle_cut(contact: Contact, after: str, *, by: User, at: datetime) -> None:
    """Write on a contact that is being wrapped up what happens now, if it was cut in danger; the caller saves it.

    Whoever goes on has it in the list of missed contacts, due within the hour, until somebody closes it with an outcome.
    On a practice call the choice is practised too: it is noted, and nobody has work of it.
    """
    ways = ways_on(contact, at)
    if ways is None:
        return
    if after not in ways:
        raise NothingChosen(contact.code)
    note(contact, "cut_in_danger", by=by, at=at, after=after)
    if contact.is_rehearsed:
        return
    if after == After.CALL_BACK:
        _keep_open(contact, by, at)
    elif after == After.SUPERVISOR:
        hand_on(contact, at)
    elif not contact.is_missed:  # a follow-up that is open for another reason stays so
        contact.closing, contact.closed_at = Closing(after), at


def hand_on(contact: Contact, at: datetime) -> None:
    """Give the follow-up of a call that was cut in danger to the supervisors, and tell them; the caller saves it."""
    _keep_open(contact, None, at)
    tell_supervisors(contact, lambda person: _write_to(person, contact, at), at)


def _keep_open(contact: Contact, owner: User | None, at: datetime) -> None:
    contact.is_missed = contact.is_danger = True
    contact.due_at, contact.owner = follow_up_by(at, is_danger=True), owner
    contact.closing, contact.closed_at = "", None
    contact.flags = with_flags(contact.flags, CUT_IN_DANGER)


def _write_to(person: User, contact: Contact, at: datetime) -> None:
    with translation.override(person.language):
        subject = _("A follow-up waits for a supervisor")
        text = _(
            "A follow-up of your line waits for a supervisor. It is due within the hour. Sign in and look at the missed"
            " contacts:\n%(address)s"
        ) % {"address": settings.PUBLIC_URL + reverse("hotline:missed")}
    key = f"{LETTER}:{contact.public_id}:{person.public_id}:{at:%y%m%d%H%M%S}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
