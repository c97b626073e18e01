"""What an operator asks by keys of a caller who cannot speak, in the middle of their call.

The question waits on the contact; an order leads the caller out of the room, the call flow asks and leads her back.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hotline import callstate
from hotline.actions.orders import order
from hotline.actions.own_rows import locked_for
from hotline.actions.standby import lead_out_soon
from hotline.actions.talking import NotInRoom, operator_leg
from hotline.actions.timeline import note
from hotline.choices import TALK_STATES, CommandKind
from hotline.ivr import QUESTIONS
from hotline.models import Contact, Leg
from hotline.queries.asking import is_ordered, last_order
from hotline.queries.heartbeat import is_silent


class NoSuchQuestion(LookupError):
    """Raised for a question that the line has not recorded; choose one of those shown."""


class StillAsked(Exception):
    """Raised when a question is asked while the caller answers another one; wait for the answer, or go back to voice."""


@transaction.atomic
def ask_by_keys(*, contact: Contact, question: str, by: User, at: datetime) -> None:
    """Ask the caller one recorded question by keys. A second press on the same question is the same order.

    She may still hear what is said before the room: from there too the order leads her to the question.
    """
    if question not in QUESTIONS:
        raise NoSuchQuestion(question)
    row = _in_conversation(contact, by)
    leg = row.legs.get(role="caller")
    is_asked = row.step == "asked" or is_ordered(row, at)
    if is_asked and row.question != question:
        raise StillAsked(row.question)
    if is_asked:
        return
    if leg.is_held or leg.status in callstate.CALL_FINAL:
        raise NotInRoom
    Contact.objects.filter(pk=row.pk).update(question=question)
    _lead(row, leg, "asked", at)
    note(row, "question_asked", by=by, at=at, question=question)


@transaction.atomic
def back_to_voice(*, contact: Contact, by: User, at: datetime) -> None:
    """Bring a caller who is asked by keys back into the room at once; the question stays open."""
    row = _in_conversation(contact, by)
    if row.step != "asked" or is_ordered(row, at):
        return
    _lead(row, row.legs.get(role="caller"), "queue", at)
    note(row, "voice_asked", by=by, at=at)


def _in_conversation(contact: Contact, by: User) -> Contact:
    """Return the contact, locked, while this operator speaks with the caller."""
    row = locked_for(contact, by)
    operator_leg(row, by)
    if row.state not in TALK_STATES or row.step not in ("waiting", "asked") or row.end_asked_at or row.ended_at:
        raise NotInRoom
    return row


def _lead(contact: Contact, leg: Leg, step: str, at: datetime) -> None:
    """Order the caller's telephone to a step, once a turn; anew only where an order led nowhere."""
    sent = last_order(contact)
    number = int(sent.key.rpartition(":")[2]) + bool(sent.done_at or sent.failed_at) if sent else 0
    key = f"ask:{contact.pk}:{contact.turn}:{number}"
    order(CommandKind.REDIRECT, leg=leg, key=key, at=at, step=step, turn=contact.turn)
    if is_silent(at):
        lead_out_soon()
