"""Texts to a person that could not leave: given up, said in the contact's timeline, followed up, and told to people."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.reopening import opened
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import note, with_flags
from hotline.choices import LOST_TEXT, Duty, MessageState
from hotline.models import Contact, Message
from hotline.queries.serving import may_serve

LETTER = "text_given_up"


@transaction.atomic
def give_up(message: Message, *, code: str, at: datetime) -> bool:
    """Mark a text as one that cannot leave any more, and tell whoever can reach the person otherwise; once."""
    Contact.objects.select_for_update(no_key=True).get(pk=message.contact_id)
    waiting = Message.objects.filter(pk=message.pk, state=MessageState.OUTBOX)
    if not waiting.update(state=MessageState.FAILED, error_code=code[:10], claimed_until=None):
        return False
    tell_lost(message, code=code, at=at)
    return True


@transaction.atomic
def tell_lost(message: Message, *, code: str, at: datetime) -> None:
    """Open the follow-up of a text that did not arrive, and tell people: it was refused, or reported as not delivered."""
    rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("case__owner")
    contact = rows.get(pk=message.contact_id)
    open_follow_up(contact, LOST_TEXT, at)
    note(contact, "text_given_up", by="worker", at=at, code=code[:40])
    accounts.record(
        by="worker",
        verb="hotline.text_given_up",
        thing=message,
        at=at,
        country=contact.country_id or "",
        code=code[:40],
    )
    if not contact.is_rehearsed:
        _tell(contact, at)


def open_follow_up(contact: Contact, mark: str, at: datetime) -> None:
    """Open the follow-up of a contact with the mark that says why; the contact is locked.

    One that is open keeps its time, and of a call that goes on it opens at its end; of a practice call none is opened. A conversation by text is open with it.
    """
    changes: dict[str, object] = {"flags": with_flags(contact.flags, mark)}
    if not (contact.is_missed and contact.closed_at is None) and not contact.is_rehearsed:
        changes |= {"closed_at": None, "closing": ""} if contact.is_live else opened(contact, at)
    Contact.objects.filter(pk=contact.pk).update(**changes)


def _tell(contact: Contact, at: datetime) -> None:
    """Write to who supervises the line and to whoever serves the case: one letter a person and hour.

    An owner who moved, lost the role or is named by the contact reads it no more.
    """
    people: dict[int, User] = {}
    tell_supervisors(contact, lambda person: people.update({person.pk: person}), at)
    owner = contact.case.owner if contact.case else None
    if owner is not None and _may_read(owner, contact):
        people[owner.pk] = owner
    for person in people.values():
        _write_to(person, at)


def _may_read(owner: User, contact: Contact) -> bool:
    return (
        owner.is_active and may_serve(owner, Duty.OPERATOR, contact.country_id or "") and not contact.hides_from(owner)
    )


def _write_to(person: User, at: datetime) -> None:
    with translation.override(person.language):
        subject = _("A text message could not be sent")
        text = _(
            "A text message of your line could not be sent. Sign in and look at the missed contacts:\n%(address)s"
        ) % {"address": settings.PUBLIC_URL + reverse("hotline:missed")}
    key = f"{LETTER}:{at:%Y%m%d%H}:{person.public_id}"
    accounts.queue_letter(
        key=key, to=person.email, language=person.language, subject=subject, text=text, at=at, receiver=person
    )
