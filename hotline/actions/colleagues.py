"""A call that one operator hands to another: asked by name, taken over by a yes, introduced, then hers with its sheet.

The caller is never between two: the first operator stays until the network confirmed that the room goes on without her.
"""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.operators import NobodyRings, NotReady
from hotline.actions.own_rows import locked_for
from hotline.actions.persons import take_person
from hotline.actions.talking import NotInRoom
from hotline.actions.thirds import NobodyToRing, close_third, in_talk, note_third, ring_next, standing
from hotline.actions.timeline import note
from hotline.choices import LegRole, Presence, ThirdState
from hotline.models import Contact, ThirdCall
from hotline.queries.colleagues import colleagues_to_ask
from hotline.queries.heartbeat import is_silent


@transaction.atomic
def ask_colleague(*, contact: Contact, person: User, by: User, at: datetime) -> ThirdCall:
    """Ask a colleague who is ready to take a call over: she sees it in her console, and nothing rings before her yes."""
    if is_silent(at):
        raise NobodyRings
    contact = in_talk(contact, by)
    if (third := standing(contact, LegRole.COLLEAGUE)) is not None:
        return third
    if person not in colleagues_to_ask(contact, by, at):
        raise NobodyToRing
    third = ThirdCall.objects.create(
        contact=contact, role=LegRole.COLLEAGUE, state=ThirdState.ASKED, person=person, asked_by=by, asked_at=at
    )
    note(contact, "colleague_asked", by=by, at=at)
    accounts.record(by=by, verb="hotline.colleague_asked", thing=contact, at=at, country=contact.country_id or "")
    return third


def _asked(contact: Contact, by: User) -> ThirdCall:
    third = standing(contact, LegRole.COLLEAGUE)
    if third is None or third.state != ThirdState.ASKED or third.person_id != by.pk:
        raise NotInRoom
    third.contact = contact
    return third


@transaction.atomic
def take_over(*, contact: Contact, by: User, at: datetime) -> None:
    """Say yes to a colleague: the telephone rings, and key 1 brings it into her room; the call is still hers then."""
    contact = locked_for(contact, by)
    third = _asked(contact, by)
    take_person(third, by, at=at)
    if third.before != Presence.READY:
        raise NotReady
    note(contact, "colleague_agreed", by=by, at=at)
    note_third(third, at, asked_at=at)
    ring_next(third, at=at)


@transaction.atomic
def not_now(*, contact: Contact, by: User, at: datetime) -> None:
    """Say no to a colleague, who reads that nobody came; her call goes on."""
    close_third(_asked(locked_for(contact, by), by), ThirdState.NOBODY, "colleague_refused", at)
