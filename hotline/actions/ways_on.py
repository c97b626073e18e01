"""What becomes of a person when her sheet closes: what it promises is kept, and what it leaves open is settled first."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline import triage
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import note, with_flags
from hotline.callstate import follow_up_by
from hotline.choices import CALL_PROMISED, CUT_IN_DANGER, HANDED_ON, After, Closing, ContactKind
from hotline.models import Contact
from hotline.queries.needs import is_pressing
from hotline.queries.sheets import newest_sheet
from hotline.queries.ways_on import ways_on


class NothingChosen(Exception):
    """Raised when a sheet is closed that asks what happens now, and none of the ways on was chosen that it leaves.

    `is_cut`: the call was cut in danger.
    """

    def __init__(self, code: str, *, is_cut: bool):
        super().__init__(code)
        self.is_cut = is_cut


def settle(contact: Contact, after: str, *, by: User, at: datetime) -> bool:
    """Write on a contact that is being wrapped up what happens now; tell whether somebody goes on. The caller saves it.

    A call that was promised is kept by who promised it. Whoever goes on has the person in the list of missed contacts, in
    danger, or another need of now, within the hour, until somebody closes it with an outcome. On a practice call the choice is practised too: it
    is noted, and nobody has work of it.
    """
    ways = ways_on(contact, at)
    if ways is None:
        return False
    if ways.asks and after not in ways:
        raise NothingChosen(contact.code, is_cut=ways.is_cut)
    after = after if ways.asks else After.CALL_BACK.value
    note(contact, CUT_IN_DANGER if ways.is_cut else "ways_on", by=by, at=at, after=after)
    if contact.is_rehearsed:
        return False
    if after == After.CALL_BACK:
        _keep_open(contact, ways.keeper or by, at, CALL_PROMISED)
    elif after == After.SUPERVISOR:
        hand_on(contact, at)
    elif not contact.is_missed or contact.kind == ContactKind.MESSAGE:
        contact.closing, contact.closed_at = (
            Closing(after),
            at,
        )  # else a follow-up is open for another reason, and stays so
    return after in After


def hand_on(contact: Contact, at: datetime) -> None:
    """Give the follow-up of somebody with whom to go on to the supervisors, and tell them; the caller saves it."""
    _keep_open(contact, None, at, HANDED_ON)
    tell_supervisors(contact, lambda person: _write_to(person, contact, at), at)


def _keep_open(contact: Contact, owner: User | None, at: datetime, mark: str) -> None:
    contact.is_missed = True
    contact.is_danger = contact.is_danger or triage.is_in_danger(newest_sheet(contact).answers)
    contact.due_at, contact.owner = follow_up_by(at, is_pressing=is_pressing(contact)), owner
    contact.closing, contact.closed_at = "", None
    was_cut = contact.events.filter(kind=CUT_IN_DANGER).exists()
    contact.flags = with_flags(contact.flags, mark, *([CUT_IN_DANGER] if was_cut else []))


def _write_to(person: User, contact: Contact, at: datetime) -> None:
    address = settings.PUBLIC_URL + reverse("hotline:missed")
    with translation.override(person.language):
        subject = _("A follow-up waits for a supervisor")
        if is_pressing(contact):
            text = _(
                "A follow-up of your line waits for a supervisor. It is due within the hour. Sign in and look at the missed"
                " contacts:\n%(address)s"
            ) % {"address": address}
        else:
            text = _(
                "A follow-up of your line waits for a supervisor. Sign in and look at the missed contacts:\n%(address)s"
            ) % {"address": address}
    key = f"{HANDED_ON}:{contact.public_id}:{person.public_id}:{at:%y%m%d%H%M%S}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
