"""What became of a text that was handed over: its state rises, what did not arrive is told, the provider's copy goes."""

from datetime import datetime, timedelta

from django.db import transaction

from hotline import callstate
from hotline.actions.given_up import tell_lost
from hotline.actions.orders import order
from hotline.choices import CommandKind, Direction
from hotline.models import Command, Contact, Message, Opposition
from hotline.telephony.base import MessageFacts, Provider
from hotline.telephony.providers import is_simulated

STOPPED_CODE = "21610"
LOST = frozenset({"failed", "undelivered"})
COPY_KEPT = timedelta(seconds=60)  # once its end is known
COPY_KEPT_UNHEARD = timedelta(hours=20)  # when the carrier never says what became of a text
EARLIER = timedelta(minutes=5)  # the carrier's clock may be behind ours


def handed_since(carrier: Provider, at: datetime) -> list[MessageFacts]:
    """Return what a carrier was handed since an instant of our clock: an earlier try may have gone through unheard."""
    return carrier.messages_since(at - EARLIER)


@transaction.atomic
def settle_text(key: int, *, status: str, code: str, at: datetime, sid: str = "") -> bool:
    """Raise an outgoing text along its lattice; one that did not arrive is told as one that was refused is."""
    contact = Contact.objects.select_for_update(no_key=True).get(messages=key)
    message = Message.objects.select_for_update(of=("self",)).get(pk=key)
    state = callstate.greater(callstate.MESSAGE_ORDER, message.state, status)
    is_lost = state in LOST and message.state not in LOST and message.direction == Direction.OUT
    is_changed = state != message.state
    message.state, message.sid, message.error_code = state, sid or message.sid, (code or message.error_code)[:10]
    message.save(update_fields=["state", "sid", "error_code"])
    if is_lost and contact.erased_at is None:
        tell_lost(message, code=message.error_code or state, at=at)
        if message.error_code == STOPPED_CODE:
            oppose(contact, at)
    if message.direction == Direction.OUT:
        order_copy_deleted(message, contact, at=at)
    return is_changed


def order_copy_deleted(message: Message, contact: Contact, *, at: datetime) -> None:
    """Order the deletion of the provider's copy of a text: at once of an erased contact, soon once its end is known."""
    if not message.sid or message.redacted_at is not None:
        return
    facts = {"account": message.account, "contact": contact.pk, "message": message.pk}
    if contact.erased_at is not None:
        order(CommandKind.DELETE_MESSAGE, key=f"erase:{message.sid}", at=at, **facts)
    elif not is_simulated(message.account):
        is_over = message.state in callstate.MESSAGE_FINAL
        due = at + (COPY_KEPT if is_over else COPY_KEPT_UNHEARD)
        key = f"delete:{message.sid}"
        order(CommandKind.DELETE_MESSAGE, key=key, at=at, delay=(due - at).total_seconds(), **facts)
        if is_over:
            Command.objects.filter(key=key, tries=0, due_at__gt=due).update(due_at=due)


def oppose(contact: Contact, at: datetime, account: str = "") -> None:
    """Note that a number told the line to stop writing by the channel of this contact.

    Said to a number of no line, it holds for each line of that account which could write: those that know the number.
    Said again it holds from the later time: only a START after the last STOP undoes it.
    """
    if not contact.number_index:
        return
    for line in [contact.line_id] if contact.line_id else _lines_that_know(contact, account):
        where = {"line_id": line, "number_index": contact.number_index, "channel": contact.texted_by}
        row, is_new = Opposition.objects.get_or_create(**where, defaults={"at": at})
        if not is_new:
            Opposition.objects.filter(pk=row.pk, at__lt=at).update(at=at)


def _lines_that_know(contact: Contact, account: str) -> list[int]:
    rows = Contact.objects.filter(number_index=contact.number_index, line__account=account)
    return list(rows.order_by("line_id").values_list("line_id", flat=True).distinct())
