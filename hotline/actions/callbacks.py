"""Status callbacks of calls, rooms, recordings and messages. They may come in any order and any number of times."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from hotline import callstate
from hotline.actions import arrivals, called_back, checks, handing_over, hands, inbox, self_calls, taking_over, thirds
from hotline.actions.delivery import settle_text
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.second_calls import UNHEARD, goes_on, has_leg, in_room, may_ring_unheard
from hotline.actions.states import settle
from hotline.actions.timeline import add_events, with_flags
from hotline.callers import call_mark, caller_from, is_mark
from hotline.choices import REHEARSED, CallerClass, CommandKind, LegRole
from hotline.ivr.values import HEARD_SECONDS
from hotline.models import Contact, Leg, Message, Recording, Room
from hotline.queries.legs import legs_under_contact, locked_legs

THIRD_EVENTS = {"participant-join": "third_joined", "participant-leave": "third_left"}
MAY_LEAVE_HER = frozenset({"participant-leave", "participant-modify"})  # that the room may go on is told late, too
# After these a caller may be with nobody who could help, or on hold with nobody who could take her back.
UNSETTLING = frozenset({(LegRole.OPERATOR, "participant-leave"), (LegRole.CALLER, "participant-hold")})
BACK = frozenset({"participant-unhold", "participant-join"})  # from hold, or from a question by keys
UNREACHED = frozenset({"busy", "no-answer", "failed"})
SAID_WITHIN = timedelta(days=1)  # of its arrival: what is further away nobody can have meant
NOT_HEARD = (
    "silent", "abandoned", "nobody", "unanswered", "after_hours", "left_greeting", "failed", "no_number", "no_message",
)  # fmt: skip


@transaction.atomic
def receive_status(*, hook: Hook) -> None:
    """Keep a status callback and apply it: of a call, a conference or a recording."""
    if checks.is_of_check(hook):
        checks.receive_check_status(hook=hook)
    elif called_back.is_of_call_back(hook):
        called_back.receive_call_back_status(hook=hook)
    elif hook.value("ConferenceSid"):
        _receive_room(hook)
    elif hook.value("RecordingSid"):
        _receive_recording(hook)
    elif not self_calls.note_self_status(hook=hook):
        _receive_call_status(hook)


def _said_at(hook: Hook) -> datetime:
    """Return when the provider says it happened; when we heard of it, if that cannot be."""
    try:
        said = parsedate_to_datetime(hook.value("Timestamp", 60))
        said = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return hook.at
    return said if abs(said - hook.at) <= SAID_WITHIN else hook.at


def _leg_of(hook: Hook, rows: QuerySet[Leg] | None = None) -> Leg | None:
    """Return the leg that a callback speaks of, locked with its contact unless it is read from other rows."""
    rows = locked_legs() if rows is None else rows
    sids = [hook.call_sid, hook.call_mark]
    if hook.call_sid and (leg := rows.filter(account=hook.account, call_sid__in=sids).first()):
        return leg
    if hook.token and (leg := rows.filter(account=hook.account, token=int(hook.token)).first()):
        leg.call_sid = leg.call_sid or hook.call_sid or None
        return leg
    return None


def _child_of(hook: Hook) -> Leg | None:
    """Return the leg of a call that one of our documents dialled: a new one, or that of a duty phone which has no call yet.

    Its contact is locked: of one that is being erased the number is not kept, and the record of this call goes too.
    """
    sid = hook.value("ParentCallSid", 34)
    parent = legs_under_contact().filter(account=hook.account, call_sid__in=[sid, call_mark(sid)]).first()
    if parent is None:
        return None
    rows = Leg.objects.filter(contact_id=parent.contact_id, role=LegRole.DUTY)
    if waits := rows.filter(label__startswith=callstate.ASKED, call_sid=None).order_by("-pk").first():
        waits.contact, waits.call_sid = parent.contact, hook.call_sid
        return waits
    count = rows.count()
    return arrivals.new_leg(hook, parent.contact, status="", role=LegRole.DUTY, label=f"duty-{count + 1}")


def _keep(hook: Hook, key: str, leg: Leg | None, contact: Contact | None) -> bool:
    """Keep a callback; tell whether it is new."""
    scope = (contact.country_id if contact else None) or "*"
    return inbox.keep(hook, key, scope=scope, contact=contact, leg=leg, reply="") is not None


def _key_tail(hook: Hook) -> str:
    sequence = hook.value("SequenceNumber", 12)
    return sequence or hook.value("IdempotencyToken", 60) or inbox.digest_of(hook)[:32]


def _receive_call_status(hook: Hook) -> None:
    leg = _leg_of(hook)
    if leg is None and not hook.call_sid:
        arrivals.keep_unplaced(hook=hook)
        return
    if leg is None and hook.value("ParentCallSid"):
        leg = _child_of(hook)
    if leg is None and caller_from(hook.value("From")).kind == CallerClass.CLIENT:
        _keep(hook, f"{hook.account}:{hook.call_mark}:{hook.value('CallStatus', 20)}:{_key_tail(hook)}", None, None)
        called_back.note_browser_status(hook=hook)
        return  # a browser of the staff that calls somebody back, was only tried, or sent away: no contact
    facts = {"from_": hook.value("From"), "to": hook.value("To"), "sid": hook.call_sid}
    if leg is None and self_calls.is_lost_end(account=hook.account, at=hook.at, **facts):
        self_calls.note_self_status(hook=hook)
        return
    if leg is None:
        leg = arrivals.stub(hook)
        add_events(leg.contact, [("stub_made", {})], by="line", at=hook.at)
    status = callstate.call_status(hook.value("CallStatus", 20))
    call = hook.call_mark if hook.call_sid else f"leg-{leg.pk}"
    key = f"{hook.account}:{call}:{status}:{_key_tail(hook)}"
    if not _keep(hook, key, leg, leg.contact):
        return
    if leg.role == LegRole.DUTY and callstate.is_short(status, hook.whole("CallDuration")):
        Leg.objects.filter(pk=leg.pk, left_at=None).update(left_at=hook.at)
    if has_leg(leg, hook.call_sid, status, at=hook.at):
        raise_status(leg, status, at=hook.at)


def raise_status(leg: Leg, status: str, *, at: datetime) -> None:
    """Raise a leg's status along the lattice and let the contact follow."""
    status = goes_on(leg, status, at=at)
    seen = with_flags(leg.seen_statuses, status)[:120]
    greatest = callstate.greater(callstate.CALL_ORDER, leg.status, status)
    changes: dict[str, object] = {"seen_statuses": seen, "status": greatest, "call_sid": leg.call_sid}
    if greatest in callstate.CALL_FINAL and leg.ended_at is None:
        changes["ended_at"] = at
    Leg.objects.filter(pk=leg.pk).update(**changes)
    if callstate.is_conflict(callstate.CALL_ORDER, callstate.CALL_FINAL, seen.split()):
        _flag(leg.contact, "status_conflict")
        order(CommandKind.FETCH_CALL, leg=leg, key=f"conflict:{leg.pk}", at=at)
    if leg.contact.erased_at and leg.call_sid and not is_mark(leg.call_sid):
        order(CommandKind.DELETE_CALL, leg=leg, key=f"erase_call:{leg.pk}", at=at)
    if leg.role == LegRole.OPERATOR and greatest in callstate.CALL_FINAL:
        taking_over.promote_if_left(leg.contact, at=at)
    settle(leg.contact, at=at)
    is_missed = greatest in UNREACHED and leg.joined_at is None
    if leg.role in callstate.THIRD and not (is_missed and may_ring_unheard(leg)):
        thirds.follow(leg, at=at)
    if leg.role == "operator" and greatest in callstate.CALL_FINAL:
        handing_over.settle_room(leg.contact, at=at)
    if leg.role == "operator" and is_missed:
        _let_lapse(leg, at)
    hands.settle_hands(leg.contact, at=at)


def _let_lapse(leg: Leg, at: datetime) -> None:
    """End the lease of an operator whose telephone was busy, off or not picked up: the caller need not wait for it."""
    offered = Contact.objects.filter(pk=leg.contact_id, state="offered", claimed_by=leg.user_id, claimed_until__gt=at)
    if not Leg.objects.filter(contact=leg.contact_id, role="operator", pk__gt=leg.pk).exists():
        until = at + UNHEARD if may_ring_unheard(leg) else at
        offered.filter(claimed_until__gt=until).update(claimed_until=until)


def _flag(contact: Contact, flag: str) -> None:
    contact.flags = with_flags(contact.flags, flag)
    Contact.objects.filter(pk=contact.pk).update(flags=contact.flags)


def _receive_room(hook: Hook) -> None:
    contact = _contact_of_room(hook)
    leg = _leg_in_room(hook, contact)
    event = hook.value("StatusCallbackEvent", 30)
    key = f"{hook.account}:{hook.value('ConferenceSid', 34)}:{event}:{_key_tail(hook)}"
    name = _room_name(hook) if contact is None else ""
    if name and called_back.receive_room(hook=hook, room=name, key=key):
        return
    contact = contact or (leg.contact if leg else None)
    if not _keep(hook, key, leg, contact) or contact is None:
        return
    _note_room(hook, contact, event)
    if leg is not None:
        _note_participant(hook, leg, event)
    if leg is not None and leg.role == LegRole.OPERATOR and event in MAY_LEAVE_HER:
        taking_over.promote_if_left(contact, at=hook.at)
    settle(contact, at=hook.at)
    if leg is not None and leg.role in callstate.THIRD:
        thirds.follow(leg, at=hook.at)
    if leg is not None and (leg.role, event) in UNSETTLING:
        handing_over.settle_room(contact, at=hook.at)
    if leg is not None and leg.role == LegRole.CALLER and event in BACK:
        handing_over.leave_if_cold(contact, at=hook.at)
    hands.settle_hands(contact, at=hook.at)


def _room_name(hook: Hook) -> str:
    """Return the name of a room as ours are, 32 hexadecimal digits, or ""."""
    name = hook.value("FriendlyName", 40)
    return name if len(name) == 32 and all(sign in "0123456789abcdef" for sign in name) else ""


def _contact_of_room(hook: Hook) -> Contact | None:
    """Return the contact whose room this is; a room that another account names the same is none of ours."""
    if not (name := _room_name(hook)):
        return None
    rows = Contact.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(public_id=name, line__account=hook.account).first()


def _leg_in_room(hook: Hook, contact: Contact | None) -> Leg | None:
    """Return the leg that is meant; where its room tells the contact, that one is locked, and another's legs are not."""
    rows = Leg.objects.select_related("contact") if contact else None
    leg = _leg_of(hook, rows) if hook.call_sid else None
    if leg is None and contact is not None and hook.value("ParticipantLabel"):
        leg = contact.legs.filter(label=hook.value("ParticipantLabel", 20), account=hook.account).first()
    is_there = leg is not None and (contact is None or leg.contact_id == contact.pk)
    return in_room(leg, hook) if is_there else None


def _note_room(hook: Hook, contact: Contact, event: str) -> None:
    room, _made = Room.objects.get_or_create(
        account=hook.account, sid=hook.value("ConferenceSid", 34), defaults={"contact": contact, "seen_at": hook.at}
    )
    said = _said_at(hook)
    if event == "conference-start" and room.started_at is None:
        room.started_at = said
    if event == "conference-end" and room.ended_at is None:
        room.ended_at = said
    room.save(update_fields=["started_at", "ended_at"])


def _note_participant(hook: Hook, leg: Leg, event: str) -> None:
    said = _said_at(hook)
    number, room = hook.value("SequenceNumber", 8), hook.value("ConferenceSid", 34)
    changes = callstate.room_report(leg, event, said=said, number=number, room=room)
    if changes and event != "participant-leave":
        changes["room_sid"] = room
    if event in THIRD_EVENTS and leg.role in callstate.THIRD:
        add_events(leg.contact, [(THIRD_EVENTS[event], {"role": leg.role})], by="line", at=hook.at)
    mark = callstate.mark_of(said, number)
    if event == "participant-modify" and leg.role == LegRole.OPERATOR:
        handing_over.note_room_end(leg, ends=hook.value("EndConferenceOnExit", 5) != "false", mark=mark, at=hook.at)
    if leg.call_sid and hook.token:
        changes["call_sid"] = leg.call_sid
    if changes:
        Leg.objects.filter(pk=leg.pk).update(**changes)


def _receive_recording(hook: Hook) -> None:
    leg = _leg_of(hook)
    if leg is None and not hook.call_sid:
        arrivals.keep_unplaced(hook=hook)
        return
    if leg is None:
        leg = arrivals.stub(hook)
    status = hook.value("RecordingStatus", 12).lower()[:12]
    key = f"{hook.account}:{hook.value('RecordingSid', 34)}:{status}"
    if not _keep(hook, key, leg, leg.contact):
        return
    keep_recording(leg, hook, status)


def keep_recording(leg: Leg, hook: Hook, status: str) -> None:
    """Keep what is known of a recorded message; fetch it once it is whole."""
    recording, _made = Recording.objects.get_or_create(
        account=hook.account, sid=hook.value("RecordingSid", 34),
        defaults={"contact_id": leg.contact_id, "made_at": _said_at(hook), "status": status},
    )  # fmt: skip
    recording.status = callstate.greater(callstate.RECORDING_ORDER, recording.status, status)
    if (seconds := hook.sound_seconds) is not None:
        recording.seconds = max(recording.seconds or 0, seconds)
    recording.save(update_fields=["status", "seconds"])
    if recording.status == "completed" and recording.fetched_at is None:
        order(CommandKind.FETCH_RECORDING, leg=leg, key=f"fetch:{recording.sid}", at=hook.at, recording=recording.pk)
    Contact.objects.filter(pk=leg.contact_id).update(changed_at=hook.written_at)
    if recording.status == "completed" and (recording.seconds or 0) >= HEARD_SECONDS:
        _count_as_message(leg.contact_id)


def _count_as_message(contact: int) -> None:
    """Count a contact as a message left, although the caller hung up before the network could say so."""
    rows = Contact.objects.filter(pk=contact, erased_at=None)
    rows.filter(outcome="", ended_at=None).update(outcome="voicemail")
    rows.filter(outcome__in=NOT_HEARD).update(outcome="voicemail", is_missed=~Q(flags__contains=REHEARSED))


@transaction.atomic
def receive_message_status(*, hook: Hook) -> None:
    """Keep a message's status callback and settle the text by it: raised, told when it did not arrive, its copy deleted.

    The contact is locked first: while it is being erased nothing of it is kept.
    """
    sid, status = hook.value("MessageSid", 34), hook.value("MessageStatus", 20).lower()
    error = hook.value("ErrorCode", 10)
    rows = Message.objects.select_for_update(of=("contact",), no_key=True).select_related("contact")
    message = rows.filter(account=hook.account, sid=sid).first()
    if message is None and hook.token:
        message = rows.filter(pk=int(hook.token), account=hook.account, sid__isnull=True).first()
    contact = message.contact if message else None
    named = sid or f"{hook.token}:{arrivals.own_words(hook)}"
    if not _keep(hook, f"{hook.account}:{named}:{status}:{error}", None, contact) or message is None:
        return
    settle_text(message.pk, status=status, code=error, sid=sid, at=hook.at)
    Contact.objects.filter(pk=message.contact_id).update(changed_at=hook.at)
