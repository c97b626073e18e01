"""Claims that ran out: the call goes back to the head of the queue, the text to those who wait."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from hotline import callstate
from hotline.actions.answering import release_lapsed_answers
from hotline.actions.orders import order
from hotline.actions.timeline import add_events
from hotline.choices import CommandKind, Presence
from hotline.models import Contact, OperatorState
from hotline.queries.contacts import lapsed_claims
from hotline.queries.heartbeat import is_silent

MISSED_OFFERS = 2


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


def _miss(contact: Contact, at: datetime) -> None:
    """Hang up the telephone that did not join; after two missed offers the operator is away."""
    for leg in contact.legs.filter(role="operator", joined_at__isnull=True):
        if leg.status not in callstate.CALL_FINAL:
            order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)
    for row in OperatorState.objects.filter(contact=contact, state=Presence.OFFERED):
        row.missed_offers += not is_silent(at)  # no telephone of hers rang then
        row.state = Presence.OFF if row.missed_offers >= MISSED_OFFERS else Presence.READY
        row.contact, row.since = None, at
        row.save(update_fields=["missed_offers", "state", "contact", "since"])
