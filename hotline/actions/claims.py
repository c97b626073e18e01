"""Claims that ran out: the call goes back to the head of the queue, the text to those who wait."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.answering import release_lapsed_answers
from hotline.actions.states import hang_up_coming
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import add_events
from hotline.choices import Presence
from hotline.models import Contact, OperatorState
from hotline.models.people import MISSED_OFFERS
from hotline.queries.contacts import lapsed_claims
from hotline.queries.heartbeat import is_cut, is_silent
from hotline.queries.telephones import account_of


def release_lapsed_claims(*, at: datetime, among: Q | None = None) -> int:
    """Put back to the head of the queue the calls whose operator's telephone did not join in time, and to the texts
    those whose answerer's console is closed.

    The worker does so each second; so does everybody who looks at the console or acts there, should it be silent.
    """
    lapsed = lapsed_claims(at).filter(among or Q())
    return (_release(lapsed, at) if lapsed.exists() else 0) + release_lapsed_answers(at=at, among=among)


@transaction.atomic
def _release(lapsed: QuerySet[Contact], at: datetime) -> int:
    released = 0
    for contact in lapsed.select_for_update(no_key=True).order_by("pk"):
        was_answered = contact.connected_at is not None
        rows = Contact.objects.filter(pk=contact.pk, state="offered", claimed_until__lt=at)
        if not rows.update(
            claimed_by=None, claimed_until=None, state="returned" if was_answered else "waiting", changed_at=at
        ):
            continue
        released += 1
        add_events(contact, [("claim_lapsed", {})], by="worker", at=at)
        _miss(contact, at)
    return released


def give_back(contact: Contact, *, at: datetime) -> None:
    """Put a call that was taken and not joined back to the queue before its claim is over: no offer was missed.

    The contact is locked.
    """
    changes = {"claimed_by_id": None, "claimed_until": None, "changed_at": at}
    changes["state"] = "waiting" if contact.connected_at is None else "returned"
    for name, value in changes.items():
        setattr(contact, name, value)
    Contact.objects.filter(pk=contact.pk).update(**changes)
    hang_up_coming(contact.legs.all(), at)
    rows = OperatorState.objects.filter(contact=contact, state=Presence.OFFERED)
    rows.update(state=Presence.READY, contact=None, since=at)


def _miss(contact: Contact, at: datetime) -> None:
    """Hang up the telephone that did not join; after two missed offers the operator is away, and who supervises is told.

    Offers of calls that are played so that staff practise do not count.
    """
    hang_up_coming(contact.legs.all(), at)
    for row in OperatorState.objects.filter(contact=contact, state=Presence.OFFERED):
        is_rung = not (is_silent(at) or is_cut(account_of(contact), at))  # else no telephone of hers rang
        row.missed_offers += is_rung and not contact.is_rehearsed
        row.state = Presence.OFF if row.missed_offers >= MISSED_OFFERS else Presence.READY
        row.contact, row.since = None, at
        row.save(update_fields=["missed_offers", "state", "contact", "since"])
        if row.was_set_off:
            tell_supervisors(contact, partial(_write_to, row=row, at=at), at)


def _write_to(person: User, *, row: OperatorState, at: datetime) -> None:
    with translation.override(person.language):
        subject = _("Somebody was set to “Off”")
        text = _(
            "Somebody on your line took two calls and did not answer them, and was set to “Off”. Sign in and look at the"
            " board:\n%(address)s"
        ) % {"address": settings.PUBLIC_URL + reverse("hotline:board")}
    accounts.queue_letter(
        key=f"set_off:{row.public_id}:{at:%Y%m%d%H%M%S}:{person.public_id}", to=person.email, language=person.language,
        subject=subject, text=text, at=at, receiver=person,
    )  # fmt: skip
