"""A second call of one leg: a dial that nobody answered in time is made again, so a telephone may be rung twice.

A leg has one call. Who was let into the room has it for good; until then the first that was heard of has it, and another
one takes it over by the key that lets it in, or once the first is over without that. Whatever else is told of another
call changes nothing of the leg, and that call is hung up: at once where the leg's own was let in or is not wanted any
more, else when nobody can come by it. Its row, `SecondCall`, says what is known of it; one that takes the leg over has no
row any more. An order to hang it up is left for each instant until which somebody may come, and does nothing before the
last one.
"""

from datetime import datetime, timedelta

from django.db import transaction

from hotline import callstate
from hotline.actions.inbox import Hook
from hotline.actions.operators import LEASE, PHONE_LEASE
from hotline.actions.orders import leave, new_order
from hotline.choices import CommandKind, LegRole
from hotline.models import Command, Contact, Leg, SecondCall
from hotline.queries.legs import locked_legs
from hotline.queries.second_calls import BY_DOCUMENT, is_open, is_other, may_come, other_call, standing

LATEST = timedelta(seconds=60)  # after the last that is told of a telephone that rings or was picked up
RECORD_KEPT = timedelta(hours=48).total_seconds()  # then the provider's record of it goes, as of every call
UNHEARD = timedelta(seconds=10)  # in which a call is heard of that was dialled and of which nothing is known
PICKED_UP = "in-progress"
UNREACHED = frozenset({"busy", "no-answer", "failed", "canceled"})
DIALS = (CommandKind.DIAL, CommandKind.DIAL_THIRD)


def is_sent_away(leg: Leg, sid: str) -> bool:
    """Tell whether the telephone that asks for a step is another call, by which nobody may come any more."""
    return is_other(leg, sid) and not may_come(leg, other_call(leg, sid))


def pick_up(leg: Leg, sid: str, *, at: datetime) -> None:
    """Note which call hears what calls: the leg's own, the one in its place, or another one while the first still rings."""
    if not is_other(leg, sid):
        leg.call_sid = sid
        Leg.objects.filter(pk=leg.pk).update(call_sid=sid)
    elif leg.status in callstate.CALL_FINAL:
        _take_over(leg, other_call(leg, sid), at)
    else:
        _note(other_call(leg, sid), PICKED_UP, at=at, until=at + LATEST)


def let_in(leg: Leg, sid: str, *, at: datetime) -> None:
    """Give a leg for good to the call that is let into the room; each other one is hung up at once.

    An offer stands while she is on her way into the room: she hears words first, and has missed nothing.
    """
    if is_other(leg, sid):
        _take_over(leg, other_call(leg, sid), at)
    hang_up_others(leg, at)
    if leg.role == LegRole.OPERATOR:
        _stands_until(leg, at + LEASE)


def hang_up_others(leg: Leg, at: datetime) -> None:
    """Have the other calls of a leg hung up now."""
    calls = list(standing(leg).filter(until__gt=at))
    for call in calls:
        call.until = at
    if calls:
        SecondCall.objects.bulk_update(calls, ["until"])
        leave([_hanging_up(call, at) for call in calls])


def has_leg(leg: Leg, sid: str, status: str, *, at: datetime) -> bool:
    """Tell whether a report is of the call that has the leg, or of one that takes it over by it; else nothing changes.

    One takes over that is no dead end, once the leg's own is over and was not let in.
    """
    if not is_other(leg, sid):
        return True
    call = other_call(leg, sid)
    is_awaited = may_come(leg, call)
    if is_awaited and leg.status in callstate.CALL_FINAL and status not in UNREACHED:
        _take_over(leg, call, at, is_alive=status not in callstate.CALL_FINAL)
        return True
    _note(call, status, at=at, until=at + LATEST if is_awaited else at)
    return False


def in_room(leg: Leg, hook: Hook) -> Leg | None:
    """Return the leg of whom a room speaks; None where that is another call than the leg's own, which is hung up."""
    if not is_other(leg, hook.call_sid):
        return leg
    if hook.value("StatusCallbackEvent", 30) != "participant-join":
        return None
    call = other_call(leg, hook.call_sid)
    if may_come(leg, call):
        let_in(leg, hook.call_sid, at=hook.at)
        return leg
    call.room_sid = hook.value("ConferenceSid", 34)
    _note(call, PICKED_UP, at=hook.at, until=hook.at)
    return None


def goes_on(leg: Leg, status: str, *, at: datetime) -> str:
    """Return the status that a leg is raised to: of another call that still rings, once its own is over and nobody came."""
    is_over = status in callstate.CALL_FINAL and status != "canceled"
    if not is_over or leg.role in BY_DOCUMENT or leg.joined_at is not None:
        return status
    return leg.status or "ringing" if hands_on(leg, status, at=at) else status


def hands_on(leg: Leg, status: str, *, at: datetime) -> bool:
    """Give the leg of a call by which nobody came to another one that still rings; tell whether there is one.

    `status`: how it stands with the first.
    """
    call = standing(leg).first()
    if call is None or not is_open(leg):
        return False
    leg.status = status
    _take_over(leg, call, at)
    return True


def may_ring_unheard(leg: Leg) -> bool:
    """Tell whether a telephone that was not reached was dialled more than once, and nothing is known of another call."""
    if not Command.objects.filter(leg=leg, kind__in=DIALS, tries__gt=1).exists():
        return False
    return not leg.second_calls.exists()


@transaction.atomic
def note_dialled(key: int, sid: str, *, at: datetime) -> None:
    """Give a leg the call that was just dialled for it, unless it has one: then this is its second."""
    leg = locked_legs().get(pk=key)
    if leg.call_sid:
        has_leg(leg, sid, "", at=at)
    else:
        Leg.objects.filter(pk=key).update(call_sid=sid)


def _take_over(leg: Leg, call: SecondCall, at: datetime, *, is_alive: bool = True) -> None:
    """Let another call have the leg, with what was reported of it before; what is left of the first is hung up."""
    first, status = other_call(leg, leg.call_sid), leg.status
    leg.call_sid, leg.status, leg.seen_statuses, leg.ended_at = call.call_sid, call.status, call.status, None
    leg.save(update_fields=["call_sid", "status", "seen_statuses", "ended_at"])
    SecondCall.objects.filter(leg=leg, mark=call.mark).delete()
    _note(first, status, at=at, until=at)
    if is_alive and leg.role == LegRole.OPERATOR:
        _stands_until(leg, leg.made_at + PHONE_LEASE)  # it ended early with the first call


def _stands_until(leg: Leg, until: datetime) -> None:
    """Let an offer stand at least until then."""
    offered = Contact.objects.filter(pk=leg.contact_id, state="offered", claimed_by=leg.user_id)
    offered.filter(claimed_until__lt=until).update(claimed_until=until)


def _note(call: SecondCall, status: str, *, at: datetime, until: datetime) -> None:
    """Keep what is told of a call that has not the leg, and until when somebody may come by it; then it is hung up."""
    if call.ended_at is not None:
        return
    is_new, is_moved = call.pk is None, call.until != until
    call.heard_at, call.until = call.heard_at or at, until
    call.status = callstate.greater(callstate.CALL_ORDER, call.status, status)
    call.ended_at = at if status in callstate.CALL_FINAL else None
    call.save()
    orders = [_forgetting(call, at)] if is_new else []
    if is_moved and not call.is_gone:
        orders.append(_hanging_up(call, at))
    leave(orders)


def _hanging_up(call: SecondCall, at: datetime) -> Command:
    """Return the order to hang up a call once nobody may come by it any more."""
    key, delay = f"second_call:{call.pk}:{call.until:%Y%m%d%H%M%S%f}", (call.until - at).total_seconds()
    return new_order(CommandKind.HANG_UP, leg=call.leg, key=key, at=at, delay=delay, second_call=call.pk)


def _forgetting(call: SecondCall, at: datetime) -> Command:
    """Return the order to delete the provider's record of a call."""
    key, delay = f"log_second_call:{call.pk}", 0 if call.leg.contact.erased_at else RECORD_KEPT
    return new_order(CommandKind.DELETE_CALL, leg=call.leg, key=key, at=at, delay=delay, second_call=call.pk)
