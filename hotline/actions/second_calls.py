"""A second call of one leg: a dial that nobody answered in time is made again, so a telephone may be rung twice.

A leg has one call. Who was let into the room has it for good; until then the first that was heard of has it, and another
one takes it over by the key that lets it in, or once the first is over without that. Whatever else is told of another
call changes nothing of the leg, and that call is hung up: at once where the leg's own was let in or is not wanted any
more, else when nobody can come by it. Its order to be hung up, one a call, is also how it is known meanwhile.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from hotline import callstate
from hotline.actions.inbox import Hook
from hotline.actions.operators import PHONE_LEASE
from hotline.actions.orders import order
from hotline.callers import call_mark
from hotline.choices import THIRD_RINGS, CommandKind, LegRole
from hotline.models import Command, Contact, Leg, ThirdCall
from hotline.queries.legs import locked_legs

LATEST = 60.0  # seconds after which no telephone that rings for a leg is waited for
RECORD_KEPT = timedelta(hours=48).total_seconds()  # then the provider's record of it goes, as of every call
UNHEARD = timedelta(seconds=10)  # in which a call is heard of that was dialled and of which nothing is known
UNREACHED = frozenset({"busy", "no-answer", "failed", "canceled"})
BY_DOCUMENT = frozenset({LegRole.CALLER, LegRole.DUTY})  # no order dials these
DIALS = (CommandKind.DIAL, CommandKind.DIAL_THIRD)


def is_other(leg: Leg, sid: str) -> bool:
    """Tell whether a call is another than that of a leg which has one; nothing is asked of legs that no order dials."""
    if leg.role in BY_DOCUMENT or not sid or not leg.call_sid or leg.call_sid == sid:
        return False
    return leg.call_sid != call_mark(sid)


def is_sent_away(leg: Leg, sid: str) -> bool:
    """Tell whether the telephone that asks for a step is another call of a leg whose own was let in, or is not wanted."""
    return is_other(leg, sid) and not _is_open(leg)


def pick_up(leg: Leg, sid: str, *, at: datetime) -> None:
    """Note which call hears what calls: the leg's own, the one in its place, or another one while the first still rings."""
    if not is_other(leg, sid):
        leg.call_sid = sid
        Leg.objects.filter(pk=leg.pk).update(call_sid=sid)
    elif leg.status in callstate.CALL_FINAL:
        _take_over(leg, sid, at)
    else:
        _note(leg, sid, at, status="in-progress")


def let_in(leg: Leg, sid: str, *, at: datetime) -> None:
    """Give a leg for good to the call that is let into the room; each other one is hung up at once."""
    if is_other(leg, sid):
        _take_over(leg, sid, at)
    hang_up_others(leg, at)


def hang_up_others(leg: Leg, at: datetime) -> None:
    """Have the other calls of a leg hung up now."""
    _alive(leg).update(due_at=at)


def has_leg(leg: Leg, sid: str, status: str, *, at: datetime) -> bool:
    """Tell whether a report is of the call that has the leg, or of one that takes it over by it; else nothing changes.

    One takes over that is no dead end, once the leg's own is over and was not let in.
    """
    if not is_other(leg, sid):
        return True
    is_news = status not in UNREACHED and not _rows(leg, sid).filter(done_at__isnull=False).exists()
    is_open = _is_open(leg)
    if is_open and is_news and leg.status in callstate.CALL_FINAL:
        _take_over(leg, sid, at, is_alive=status not in callstate.CALL_FINAL)
        return True
    _note(leg, sid, at, status=status, is_now=not is_open)
    return False


def in_room(leg: Leg, hook: Hook) -> Leg | None:
    """Return the leg of whom a room speaks; None where that is another call than the leg's own, which is hung up."""
    if not is_other(leg, hook.call_sid):
        return leg
    if hook.value("StatusCallbackEvent", 30) != "participant-join":
        return None
    if _is_open(leg):
        let_in(leg, hook.call_sid, at=hook.at)
        return leg
    _note(leg, hook.call_sid, hook.at, status="in-progress", is_now=True, room=hook.value("ConferenceSid", 34))
    return None


def goes_on(leg: Leg, status: str, *, at: datetime) -> str:
    """Return the status that a leg is raised to: of another call that still rings, once its own is over and nobody came."""
    is_over = status in callstate.CALL_FINAL and status != "canceled"
    if not is_over or leg.role in BY_DOCUMENT or leg.joined_at is not None:
        return status
    row = _alive(leg).first()
    if row is None or not _is_open(leg):
        return status
    leg.status = status
    _take_over(leg, row.arguments["second"], at)
    return leg.status or "ringing"


def may_ring_unheard(leg: Leg) -> bool:
    """Tell whether a telephone that was not reached was dialled more than once, and nothing is known of another call."""
    if not Command.objects.filter(leg=leg, kind__in=DIALS, tries__gt=1).exists():
        return False
    return not Command.objects.filter(leg=leg, key__startswith=_key(leg)).exists()


@transaction.atomic
def note_dialled(key: int, sid: str, *, at: datetime) -> None:
    """Give a leg the call that was just dialled for it, unless it has one: then this is its second."""
    leg = locked_legs().get(pk=key)
    if is_other(leg, sid):
        _note(leg, sid, at, status="", is_now=not _is_open(leg))
    elif not leg.call_sid:
        Leg.objects.filter(pk=key).update(call_sid=sid)


def is_had_by(leg: Leg, sid: str) -> bool:
    """Tell whether a call has the leg now, also where only its mark is left."""
    return leg.call_sid in (sid, call_mark(sid))


def _is_open(leg: Leg) -> bool:
    """Tell whether another call may still come by this leg: it is wanted, and nobody was let in by it."""
    return _is_wanted(leg) and not _is_let_in(leg)


def _is_let_in(leg: Leg) -> bool:
    connected = Q(step="phone-key") & ~Q(reply__contains="<Hangup")
    return leg.joined_at is not None or leg.inbox.filter(Q(reply__contains="<Conference") | connected).exists()


def _is_wanted(leg: Leg) -> bool:
    if leg.contact.ended_at is not None:
        return False
    if leg.role != LegRole.OPERATOR:
        return ThirdCall.objects.filter(leg=leg, state__in=THIRD_RINGS).exists()
    if leg.contact.claimed_by_id is None or leg.contact.claimed_by_id != leg.user_id:
        return False
    return not Leg.objects.filter(contact=leg.contact_id, role=LegRole.OPERATOR, pk__gt=leg.pk).exists()


def _take_over(leg: Leg, sid: str, at: datetime, *, is_alive: bool = True) -> None:
    """Let another call have the leg, with what was reported of it before; what is left of the first is hung up."""
    old, status = leg.call_sid, leg.status
    row = _rows(leg, sid).first()
    known = row.arguments["status"] if row else ""
    leg.call_sid, leg.status, leg.seen_statuses, leg.ended_at = sid, known, known, None
    Leg.objects.filter(pk=leg.pk).update(call_sid=sid, status=known, seen_statuses=known, ended_at=None)
    _rows(leg, sid).filter(done_at=None).update(done_at=at)
    _note(leg, old, at, status=status, is_now=True)
    if is_alive and leg.role == LegRole.OPERATOR:
        _regain(leg, at)


def _regain(leg: Leg, at: datetime) -> None:
    """Let an offer that ended early with the first call stand as long as it was meant to."""
    until = leg.made_at + PHONE_LEASE
    if until > at:
        offered = Contact.objects.filter(pk=leg.contact_id, state="offered", claimed_by=leg.user_id)
        offered.filter(claimed_until__lt=until).update(claimed_until=until)


def _note(leg: Leg, sid: str, at: datetime, *, status: str, is_now: bool = False, room: str = "") -> None:
    """Keep what is known of a call that has not the leg: its order to be hung up, done where it is over by itself."""
    arguments = {"second": sid, "status": status} | ({"room": room} if room else {})
    delay = 0 if is_now else LATEST
    order(CommandKind.HANG_UP, leg=leg, key=_key(leg, sid), at=at, delay=delay, **arguments)
    order(CommandKind.DELETE_CALL, leg=leg, key=f"log_{_key(leg, sid)}", at=at, delay=RECORD_KEPT, second=sid)
    row = _rows(leg, sid).get()
    if row.done_at is not None:
        return
    row.arguments |= arguments | {"status": callstate.greater(callstate.CALL_ORDER, row.arguments["status"], status)}
    row.done_at = at if status in callstate.CALL_FINAL else None
    row.due_at = at if is_now else row.due_at
    row.save(update_fields=["arguments", "done_at", "due_at"])


def _alive(leg: Leg) -> QuerySet[Command]:
    return Command.objects.filter(leg=leg, key__startswith=_key(leg), done_at=None, failed_at=None)


def _rows(leg: Leg, sid: str) -> QuerySet[Command]:
    return Command.objects.filter(key=_key(leg, sid))


def _key(leg: Leg, sid: str = "") -> str:
    return f"second_call:{leg.pk}:{call_mark(sid) if sid else ''}"
