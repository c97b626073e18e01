"""A call that its operator leaves to a third person in the room: who ends the room is moved first, confirmed by the network.

The operator's leg ends the room when it leaves, so that a caller is never alone in it. On a leg that is not held that can
be changed; only once the network says so may the operator leave, and then the third person's leg ends the room.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import actions as accounts
from accounts.models import User
from hotline.actions import taking_over
from hotline.actions.orders import order
from hotline.actions.own_rows import locked_for
from hotline.actions.standby import lead_out_soon
from hotline.actions.talking import NotInRoom, caller_leg, operator_leg
from hotline.actions.timeline import add_events, note
from hotline.choices import SHIELDED, THIRD_RINGS, CommandKind, JoinMode, LegRole, ThirdState
from hotline.models import Command, Contact, Leg, ThirdCall
from hotline.queries.asking import is_ordered
from hotline.queries.confirming import is_unconfirmed
from hotline.queries.heartbeat import is_silent
from hotline.queries.legs import locked_contact
from hotline.queries.shields import agencies_named


class NotConfirmed(Exception):
    """Raised when an operator would leave before the network confirmed that the room does not end with it; wait for it."""


class OnHold(Exception):
    """Raised when an operator would leave a caller who is on hold, or is being asked by keys; take the caller back first."""


TO_WHOM = (LegRole.COLLEAGUE, LegRole.AGENCY)  # a call is handed, a colleague first where both are there
NO_COMPANY = frozenset({LegRole.CALLER, LegRole.INTERPRETER})  # who alone are in a room that goes nowhere


def _there(contact: Contact) -> ThirdCall:
    """Return to whom in the room the call can be handed: to nobody whom it names."""
    rows = contact.thirds.select_related("leg", "person", "agency").filter(role__in=TO_WHOM, state=ThirdState.JOINED)
    named = agencies_named(contact.shields.all()) if SHIELDED in contact.flag_codes else frozenset()
    free = [one for one in rows if one.agency is None or one.agency.organisation_id not in named]
    free = [one for one in free if one.person is None or not contact.hides_from(one.person)]
    found = sorted(free, key=lambda one: TO_WHOM.index(one.role))
    if not found:
        raise NotInRoom
    return found[0]


@transaction.atomic
def hand_over(*, contact: Contact, by: User, at: datetime) -> None:
    """Ask the network not to end the room when the operator leaves it; asked for again it is ordered anew."""
    contact = locked_for(contact, by)
    leg = operator_leg(contact, by)
    begin(_there(contact), leg, at=at)
    note(contact, "hand_over_asked", by=by, at=at)


def begin(third: ThirdCall, leg: Leg, *, at: datetime) -> None:
    """Order that the room does not end with this operator's leg, and note that it is asked for."""
    if not third.lets_go(leg):
        ThirdCall.objects.filter(pk=third.pk).update(hand_asked_at=at, hand_confirmed_at=None)
        _order_end(leg, ends=False, at=at)


def _order_end(leg: Leg, *, ends: bool, at: datetime) -> None:
    order(CommandKind.ROOM_END, leg=leg, key=f"room_end:{leg.pk}:{ends}:{at:%Y%m%d%H%M%S%f}", at=at, ends=ends)


def _ends_again(operator: Leg, *, at: datetime) -> None:
    """Order that the room ends with its operator's telephone again: nobody in it has been let go on with any more."""
    joined = ThirdCall.objects.filter(contact_id=operator.contact_id, state=ThirdState.JOINED)
    joined.update(hand_confirmed_at=None)
    _order_end(operator, ends=True, at=at)


def keep_hold(third: ThirdCall, *, at: datetime) -> None:
    """Take back that the call would be handed to somebody in the room: it ends with its operator's telephone again.

    Where the operator has left it already, nobody else is there for the caller, and it stays as it is.
    """
    if third.hand_asked_at is None or third.contact.end_asked_at is not None:
        return
    ThirdCall.objects.filter(pk=third.pk).update(hand_confirmed_at=None, is_cold=False)
    operator = _operator_in_room(third.contact)
    if operator is not None:
        _ends_again(operator, at=at)


def note_room_end(leg: Leg, *, ends: bool, mark: str, at: datetime) -> None:
    """Note what the network says of an operator's leg, the newest of its reports; a cold transfer lets her go at once."""
    rows = ThirdCall.objects.select_related("leg", "contact").filter(contact_id=leg.contact_id, role__in=TO_WHOM)
    there = Q(state=ThirdState.JOINED) | Q(state=ThirdState.OVER, asked_by=leg.user_id)  # it may be told of late
    rows = rows.filter(there, hand_asked_at__isnull=False).exclude(leg_id=leg.pk)
    third = rows.order_by("-hand_asked_at").first()
    if third is None or mark <= third.hand_mark:
        return
    ThirdCall.objects.filter(pk=third.pk).update(hand_confirmed_at=None if ends else at, hand_mark=mark)
    if ends:
        rows.filter(state=ThirdState.JOINED, hand_mark__lt=mark).update(hand_confirmed_at=None)
    Contact.objects.filter(pk=leg.contact_id).update(changed_at=at)
    contact, is_first = third.contact, third.hand_confirmed_at is None and not ends
    goes = third.state == ThirdState.JOINED and contact.end_asked_at is None
    if is_first and third.is_cold and goes and not _is_away(contact, at):
        _go(contact, leg, third, by="line", at=at)


def _is_away(contact: Contact, at: datetime) -> bool:
    """Tell whether the caller is on hold or out of the room for a question by keys, or either was ordered a moment ago."""
    caller = contact.legs.get(role=LegRole.CALLER)
    return contact.step == "asked" or caller.is_held or is_ordered(contact, at) or _is_held_soon(caller, at)


def _is_held_soon(caller: Leg, at: datetime) -> bool:
    orders = Command.objects.filter(leg=caller, kind__in=[CommandKind.HOLD, CommandKind.UNHOLD])
    last = orders.order_by("-pk").first()
    is_hold = last is not None and last.kind == CommandKind.HOLD and last.failed_at is None
    return is_hold and not is_unconfirmed(last.made_at, at)


@transaction.atomic
def leave_call(*, contact: Contact, by: User, at: datetime) -> None:
    """Leave a call to the third person in the room: the operator's telephone is hung up, the room goes on without it.

    Asked for again by who left it to a colleague, it is ordered anew only where the order was given up.
    """
    contact = locked_for(contact, by)
    if (leg := _still_in(contact, by)) is not None:
        _hang_up_anew(leg, at=at)
        return
    leg, third = operator_leg(contact, by), _there(contact)
    if _is_away(contact, at):
        raise OnHold
    caller_leg(contact)
    if not third.lets_go(leg):
        raise NotConfirmed
    if third.role == LegRole.COLLEAGUE:
        taking_over.promote(third, contact, at=at)
        order(CommandKind.HANG_UP, leg=leg, key=f"leave:{leg.pk}", at=at)
        return
    _go(contact, leg, third, by=by, at=at)


def _still_in(contact: Contact, by: User) -> Leg | None:
    """Return the telephone, in the room still, of who left the call to a colleague that has it by now; None for anybody else."""
    if contact.ended_at is not None or contact.claimed_by_id in (None, by.pk):
        return None
    mine = [leg for leg in _in_room(contact) if leg.role == LegRole.OPERATOR and leg.user_id == by.pk]
    return next((leg for leg in mine if _leaving(leg).exists()), None)


def _leaving(leg: Leg) -> QuerySet[Command]:
    return Command.objects.filter(leg=leg, kind=CommandKind.HANG_UP, key__startswith="leave:")


def _hang_up_anew(leg: Leg, *, at: datetime) -> None:
    given_up = _leaving(leg).filter(failed_at__isnull=False).count()
    if given_up:
        order(CommandKind.HANG_UP, leg=leg, key=f"leave:{leg.pk}:{given_up}", at=at)


def _go(contact: Contact, leg: Leg, third: ThirdCall, *, by: User | str, at: datetime) -> None:
    """Let the third person's leg end the room, then hang up the operator's; the caller hears a goodbye at the end."""
    _order_end(third.leg, ends=True, at=at)
    given_up = _leaving(leg).filter(failed_at__isnull=False).count()
    order(CommandKind.HANG_UP, leg=leg, key=f"leave:{leg.pk}:{given_up}", at=at)
    _let_coach_go(contact, at)
    Contact.objects.filter(pk=contact.pk).update(end_asked_at=at, changed_at=at)
    if contact.end_asked_at is not None:  # asked for again
        return
    add_events(contact, [("handed_over", {"role": third.role})], by=accounts.actor_id(by), at=at)
    accounts.record(by=by, verb="hotline.handed_over", thing=contact, at=at, country=contact.country_id or "")


@transaction.atomic
def stay_in(*, contact: Contact, by: User, at: datetime) -> None:
    """Stay in a call that would have been left as soon as the service has joined."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    rows = contact.thirds.filter(role=LegRole.AGENCY, state__in=[*THIRD_RINGS, ThirdState.JOINED], is_cold=True)
    if contact.end_asked_at is None and rows.update(is_cold=False):
        note(contact, "stays_in", by=by, at=at)


def leave_if_cold(contact: Contact, *, at: datetime) -> None:
    """Let the operator go who was to leave as soon as the service is there, once the caller is back from hold or a question."""
    rows = contact.thirds.select_related("leg").filter(role=LegRole.AGENCY, state=ThirdState.JOINED, is_cold=True)
    third, operator = rows.first(), _operator_in_room(contact)
    if third is None or operator is None or not third.lets_go(operator):
        return
    if contact.end_asked_at is None and not _is_away(contact, at):
        _go(contact, operator, third, by="line", at=at)


def take_again(third: ThirdCall, *, at: datetime) -> None:
    """When a third person left: the room that was to be hers ends with its operator again; a caller who is alone is led out."""
    operator = _operator_in_room(third.contact)
    if operator is not None and third.hand_asked_at is not None:
        _ends_again(operator, at=at)
    settle_room(third.contact, at=at)


def _operator_in_room(contact: Contact) -> Leg | None:
    return next((leg for leg in _in_room(contact) if leg.role == LegRole.OPERATOR), None)


def _in_room(contact: Contact) -> list[Leg]:
    return [leg for leg in contact.legs.all() if leg.joined_at and not leg.left_at and not leg.ended_at]


@transaction.atomic
def look_at_handed(*, key: int, at: datetime) -> bool:
    """Settle a room that was to be handed over, where no report brought that about."""
    return settle_room(locked_contact(key), at=at)


def settle_room(contact: Contact, *, at: datetime) -> bool:
    """See to a caller in a room that may not have ended with its operator, and in which there is none: tell whether she
    needed anything.

    Nobody who coached listens on. Who is with somebody who helps is taken off hold; who is alone is led out, since she would
    hear nothing: an interpreter is no help then, and is let go. Asked whenever somebody left or was put on hold, in whatever
    order that is told, and by the worker. Where the room did end, the caller's own step has come before, and the order
    finds the call elsewhere.
    """
    there = _in_room(contact)
    caller = next((leg for leg in there if leg.role == LegRole.CALLER), None)
    if contact.ended_at is not None or contact.step != "waiting" or caller is None:
        return False
    # Since the call was to be handed over she may have been led out by herself, and wait in a room anew.
    handed = contact.thirds.filter(hand_asked_at__isnull=False, leg__room_sid=caller.room_sid)
    if any(leg.role == LegRole.OPERATOR for leg in there) or not handed.exists():
        return False
    coaches = {leg.pk for leg in _let_coach_go(contact, at)}
    if all(leg.role in NO_COMPANY or leg.pk in coaches for leg in there):
        _lead_out(contact, caller, there, at)
        return True
    return bool(coaches) | _take_off_hold(caller, at)


def _let_coach_go(contact: Contact, at: datetime) -> list[Leg]:
    """Hang up who coached an operator that is gone, or goes: nobody listens in private. Return their telephones."""
    coaches = contact.thirds.filter(role=LegRole.SUPERVISOR, state=ThirdState.JOINED, mode=JoinMode.COACH)
    legs = [third.leg for third in coaches.select_related("leg")]
    for leg in legs:
        order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)
    return legs


def _lead_out(contact: Contact, caller: Leg, there: list[Leg], at: datetime) -> None:
    for leg in there:
        if leg.role == LegRole.INTERPRETER:
            order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)
    key, failed = f"alone:{contact.pk}:{contact.turn}", Command.objects.filter(leg=caller, failed_at__isnull=False)
    given_up = failed.filter(Q(key=key) | Q(key__startswith=f"{key}:")).count()
    key = f"{key}:{given_up}" if given_up else key
    order(CommandKind.REDIRECT, leg=caller, key=key, at=at, step="left", turn=contact.turn)
    if is_silent(at):
        lead_out_soon()


def _take_off_hold(caller: Leg, at: datetime) -> bool:
    """Order that a caller whom nobody could take back is taken off hold; once for each hold that was told."""
    if caller.is_held:
        order(CommandKind.UNHOLD, leg=caller, key=f"unhold_left:{caller.pk}:{caller.hold_mark}", at=at)
    return caller.is_held
