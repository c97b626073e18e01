"""What an operator does in a call: hold, take back, shut the microphone, end."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.orders import order
from hotline.actions.own_rows import locked_for
from hotline.actions.standby import lead_out_soon
from hotline.actions.timeline import note
from hotline.choices import CommandKind, ThirdState
from hotline.models import Command, Contact, Leg
from hotline.queries.heartbeat import is_silent


class NotInRoom(Exception):
    """Raised when an act needs the call to be in conversation and it is not, or not any more."""


class CallerComing(NotInRoom):
    """Raised while the caller still hears the words before the room: the operator was quick. Wait a moment."""


def operator_leg(contact: Contact, by: User) -> Leg:
    """Return the leg of this operator that is in the room; none where the call is a colleague's by now."""
    if contact.claimed_by_id not in (None, by.pk):
        raise NotInRoom
    rows = contact.legs.filter(role="operator", user=by, joined_at__isnull=False, left_at__isnull=True)
    leg = rows.exclude(status__in=callstate.CALL_FINAL).order_by("-id").first()
    if leg is None:
        raise NotInRoom
    return leg


def caller_leg(contact: Contact) -> Leg:
    """Return the caller's leg, in the room with an operator: not while a question is asked by keys."""
    leg = contact.legs.get(role="caller")
    if leg.status in callstate.CALL_FINAL or contact.step == "asked":
        raise NotInRoom
    if not leg.room_sid:
        raise CallerComing
    return leg


@transaction.atomic
def hold(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the caller to be put on hold; it is on hold once the provider's callback says so."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    leg = caller_leg(contact)
    if contact.end_asked_at is not None:  # whom the operator leaves nobody could take back
        raise NotInRoom
    order(CommandKind.HOLD, leg=leg, key=f"hold:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)
    note(contact, "hold_asked", by=by, at=at)


@transaction.atomic
def unhold(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the caller to be taken back."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    leg = caller_leg(contact)
    order(CommandKind.UNHOLD, leg=leg, key=f"unhold:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)
    note(contact, "unhold_asked", by=by, at=at)


@transaction.atomic
def mute(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the operator's own microphone to be shut."""
    contact = locked_for(contact, by)
    leg = operator_leg(contact, by)
    order(CommandKind.MUTE, leg=leg, key=f"mute:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)


@transaction.atomic
def unmute(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask for the operator's own microphone to be opened."""
    contact = locked_for(contact, by)
    leg = operator_leg(contact, by)
    order(CommandKind.UNMUTE, leg=leg, key=f"unmute:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)


@transaction.atomic
def end_call(*, contact: Contact, by: User, at: datetime) -> None:
    """End a conversation: the operator's leg is hung up, the room ends with it, and the caller hears a goodbye.

    Asked for again, it is ordered anew only where the order was given up.
    """
    contact = locked_for(contact, by)
    leg = operator_leg(contact, by)
    Contact.objects.filter(pk=contact.pk).update(end_asked_at=at)
    given_up = Command.objects.filter(leg=leg, kind=CommandKind.HANG_UP, failed_at__isnull=False).count()
    order(CommandKind.HANG_UP, leg=leg, key=f"end:{leg.pk}:{given_up}" if given_up else f"end:{leg.pk}", at=at)
    _let_thirds_go(contact, at)
    _end_question(contact, at)
    end_without_worker(at=at)
    note(contact, "end_asked", by=by, at=at)
    accounts.record(by=by, verb="hotline.call_ended", thing=contact, at=at, country=contact.country_id or "")


def _let_thirds_go(contact: Contact, at: datetime) -> None:
    """Hang up everybody who is in a room that was to be handed over: it may not end with the operator's leg any more."""
    if not contact.thirds.filter(hand_asked_at__isnull=False).exists():
        return
    for third in contact.thirds.select_related("leg").filter(state=ThirdState.JOINED):
        order(CommandKind.HANG_UP, leg=third.leg, key=f"hang_up:{third.leg_id}", at=at)


def _end_question(contact: Contact, at: datetime) -> None:
    """Lead a caller who is asked by keys to the goodbye: she is in no room that would end for her."""
    caller = contact.legs.filter(role="caller").first()
    if contact.step == "asked" and caller is not None:
        key = f"end_question:{contact.pk}:{contact.turn}"
        order(CommandKind.REDIRECT, leg=caller, key=key, at=at, step="queue", turn=contact.turn)


def end_without_worker(*, at: datetime) -> None:
    """Let this process hang up what was ended, should the worker be silent; whoever looks at such a call asks again."""
    if is_silent(at):
        lead_out_soon()
