"""The caller's leg: first request and steps. One transaction: inbox row, contact, TwiML; then the reply."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction

from hotline import callers, callstate, ivr
from hotline.actions import arrivals, direct, inbox
from hotline.actions.inbox import Hook
from hotline.actions.states import facts_of
from hotline.actions.timeline import add_events, with_flags
from hotline.actions.turns import BY_LINE, answer, inbox_row, kept_reply, place_of, read_again
from hotline.actions.typed import find_again, typed_number
from hotline.choices import Answer, LegRole, ThirdState
from hotline.choices.blocks import BLOCKED
from hotline.models import Contact, KeyAnswer, Leg, Recording, WebhookEvent
from hotline.models.rows import RowExists, Writing, insert
from hotline.queries.duty import OnDuty
from hotline.queries.heartbeat import is_cut, is_silent
from hotline.queries.legs import leg_of_call
from hotline.queries.limit import is_left_in_danger, is_offered, is_over_limit, orders_out, waits_alone
from hotline.queries.lines import LineFacts, line_of_contact
from hotline.queries.spoken import cells_of, closed_words, greeting_of
from hotline.telephony import twiml

FIRST_MENU = ("language", 1)
STAYS = timedelta(minutes=30)  # how long somebody who cannot speak stays on the line with nobody there


def flow_line(
    line: LineFacts | None, at: datetime, began: datetime | None = None, contact: Contact | None = None
) -> ivr.Line:
    """Return the line as the flow of a call sees it; a number of no line has one language and is never open.

    A call that `began` before the line was switched off goes on as if it were not; without it the call begins now. Who is
    named by the `contact` is not on duty for it.
    """
    if line is None:
        return ivr.Line(languages=(("1", "en"),), is_open=False, target=lambda _language: "nobody")
    duty = OnDuty(line, at, contact)
    return ivr.Line(
        languages=line.languages, is_open=line.is_open(at), mode=line.mode,
        target=lambda language: duty.targets(language).kind, other_number=line.other_number,
        police_number=line.police_number, greeting=greeting_of(line), closed=partial(closed_words, line, at),
        is_off=line.is_off_for(began or at),
        can_ring=lambda: not (is_silent(at) or is_cut(line.account, at) or duty.is_left_to_nobody()),
        phones=lambda language: len(duty.telephones(language)),
        plan=line.plan, forward_number=line.forward_number,
    )  # fmt: skip


def _with_retry(act, hook: Hook) -> str:
    """Run an act; when a copy of the same request won the race, run it again to give its answer."""
    try:
        with transaction.atomic():
            return act(hook)
    except (RowExists, IntegrityError):
        with transaction.atomic():
            return act(hook)


def receive_call(*, hook: Hook) -> str:
    """Answer the first request of a call; a repeat gets the same document.

    Nearly every call is new, so it is written without looking first; what was there already is found by its unique row.
    """
    try:
        with transaction.atomic():
            return _receive(hook)
    except (RowExists, IntegrityError):
        return _with_retry(_receive_again, hook)


def advance_call(*, hook: Hook) -> str:
    """Answer a step of a call."""
    return _with_retry(_advance, hook)


def trouble_call(*, hook: Hook) -> str:
    """Mark a call that a fault stopped, and send it to the duty phone: the second attempt after a rolled-back one."""
    return _with_retry(_trouble, hook)


def _start_key(hook: Hook) -> str:
    return f"{hook.account}:{hook.call_mark}:start"


def _receive(hook: Hook) -> str:
    """Write down a new call; raise RowExists when it was heard of before."""
    line = arrivals.line_of_hook(hook)
    turn = _first_turn(hook, line)
    values = {"state": ivr.state_of(turn.step, str(turn.changes.get("question", ""))), "step": turn.step, "turn": 1}
    if line is None:
        values |= {"question": "trouble"}
    write = Writing(Contact, Leg)
    contact = arrivals.new_contact(hook, line, write=write, flags=arrivals.marks_of(line), **values)
    status = callstate.call_status(hook.value("CallStatus", 20))
    leg = arrivals.leg_of(hook, contact, status=status if callstate.is_known(callstate.CALL_ORDER, status) else "")
    write.insert(leg, once=("account", "call_sid"), must_be_new=True)
    telephone = direct.ring_duty(contact, turn, account=hook.account, number=1, at=hook.at, write=write)
    place = replace(place_of(contact, line, turn=1, account=hook.account), **telephone)
    reply = twiml.render(turn.heard, place, cells_of(line))
    add_events(contact, turn.events, by=BY_LINE, at=hook.at, write=write)
    # Its leg may bear a mark only, because it was erased: the key is what tells that the call is known.
    write.insert(inbox_row(hook, _start_key(hook), leg, reply, turn.flags), once=("key",), must_be_new=True)
    if turn.flags:
        write.update(contact, {"flags": with_flags(contact.flags, *turn.flags)})
    write.send()
    return reply


def _receive_again(hook: Hook) -> str:
    """Answer the first request of a call that was heard of before: a repeat, or a stub that a callback made."""
    leg, key = _leg(hook), _start_key(hook)
    if leg is None:
        return _receive(hook)
    if leg.contact.step != "stub":
        return _stored(hook, leg, key) or answer(hook, leg, ivr.present(_call(hook, leg), _line(leg, hook.at)), key)
    line = arrivals.line_of_hook(hook)
    return _adopt(hook, leg, line, _first_turn(hook, line), key)


def _first_turn(hook: Hook, line: LineFacts | None) -> ivr.Turn:
    if line is not None:
        return ivr.start(ivr.Call(step="greeting"), flow_line(line, hook.at))
    call = ivr.Call(step="greeting")
    turn = ivr.duty(call, flow_line(None, hook.at), "trouble", "neutral")
    called = {"called": callers.called_number(hook.value("To"))}
    return turn.after(("call_started", called), flags=("unknown_number",))


def _adopt(hook: Hook, leg: Leg, line: LineFacts | None, turn: ivr.Turn, key: str) -> str:
    """Give a call that was heard of before its first request its line, its number and its first answer."""
    contact = leg.contact
    contact.line_id, contact.country_id = (line.id, line.country) if line else (None, None)
    contact.flow_id = line.flow_id if line else None
    contact.is_practice = bool(line and line.is_practice)
    if contact.number is None:
        write = Writing()
        arrivals.identify(contact, hook, line, write)
        write.send()
    contact.step = "greeting"
    if contact.ended_at is None:
        contact.started_at = hook.at
    known = " ".join(flag for flag in contact.flags.split() if flag != "unknown_call")
    contact.flags = with_flags(known, *arrivals.marks_of(line))
    contact.save()
    return answer(hook, leg, turn, key)


def _advance(hook: Hook) -> str:
    leg, key = _leg(hook), f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.turn}"
    if leg is None or leg.contact.step == "stub":
        return _unknown_call(hook, leg or arrivals.stub(hook), key)
    if hook.turn < leg.contact.turn or hook.turn == 0:
        return _old_turn(hook, leg, key)
    find_again(leg.contact)
    call, line = _call(hook, leg), _line(leg, hook.at)
    if call.nobody_took:
        direct.note_untaken(hook)
    if hook.turn > leg.contact.turn:
        return answer(hook, leg, ivr.trouble(call, line).after(flags=("not_now",)), key)
    if hook.step == "voicemail-done" and call.recorded:
        _note_recording(hook, leg, call.seconds)
    return answer(hook, leg, ivr.advance(hook.step, call, line), key)


def _note_recording(hook: Hook, leg: Leg, seconds: int) -> None:
    """Write down a recorded message; its callback may have done so before."""
    sid = hook.value("RecordingSid", 34)
    row = Recording(contact_id=leg.contact_id, account=hook.account, sid=sid, seconds=seconds, made_at=hook.at)
    row.public_id = uuid.uuid4()
    if not insert(row, once=("account", "sid")):
        Recording.objects.filter(account=hook.account, sid=sid, seconds__isnull=True).update(seconds=seconds)


def _trouble(hook: Hook) -> str:
    leg = _leg(hook) or arrivals.stub(hook)
    key = f"{hook.account}:{hook.call_mark}:{hook.step or 'start'}:{hook.turn}:trouble"
    call = ivr.Call(step=leg.contact.step, language=leg.contact.language)
    return _stored(hook, leg, key) or answer(hook, leg, ivr.trouble(call, _line(leg, hook.at)), key)


def _leg(hook: Hook) -> Leg | None:
    """Return the leg of a request with its contact, both locked until the answer is written."""
    return leg_of_call(hook.account, hook.call_sid, is_locked=True)


def _line(leg: Leg, at: datetime) -> ivr.Line:
    return flow_line(line_of_contact(leg.contact), at, leg.contact.started_at, leg.contact)


def _unknown_call(hook: Hook, leg: Leg, key: str) -> str:
    """Answer a step of a call whose first request was not heard of.

    Each call begins with the menu of languages, so a key that is pressed in it tells where the call stands; any other
    step goes to the duty phone.
    """
    line = arrivals.line_of_hook(hook)
    if line is None or (hook.step, hook.turn) != FIRST_MENU:
        return answer(hook, leg, ivr.trouble(ivr.Call(step="stub"), _line(leg, hook.at)), key)
    leg.contact.step, leg.contact.turn = "greeting", 1
    turn = ivr.advance(hook.step, _call(hook, leg), flow_line(line, hook.at))
    return _adopt(hook, leg, line, turn, key)


def _stored(hook: Hook, leg: Leg, key: str) -> str:
    """Return what a request of this key was answered, keeping a second one that says something else."""
    first = WebhookEvent.objects.filter(key=key).first()
    if first is None:
        return ""
    inbox.keep_second(hook, first, scope=leg.contact.country_id or "*", contact=leg.contact, leg=leg)
    return inbox.said(first)


def _old_turn(hook: Hook, leg: Leg, key: str) -> str:
    """Answer a turn that was answered before with the document of that turn."""
    if stored := _stored(hook, leg, key):
        return stored
    rows = WebhookEvent.objects.filter(contact_id=leg.contact_id, leg_id=leg.pk, turn=hook.turn).exclude(reply="")
    first = rows.exclude(step="wait").first()
    again = inbox.said(first) if first else ""
    reply, kept = (again, again) if again else _present(hook, leg, key)
    insert(inbox_row(hook, key, leg, kept, ("not_now",)), once=("key",))
    return reply


def _present(hook: Hook, leg: Leg, key: str) -> tuple[str, str]:
    """Return what the call stands at as a document, and as the inbox keeps it.

    A number that was read back stands in no stored document: it is read again, as it was typed to whoever repeats the
    request with it.
    """
    contact, line, typed = leg.contact, line_of_contact(leg.contact), _typed_again(hook, leg, key)
    call = ivr.Call(
        step=contact.step, language=contact.language, question=contact.question, is_withheld=_is_withheld(contact),
        digits=typed, number_is_kept=contact.callback_number is not None,
    )  # fmt: skip
    turn = ivr.present(call, flow_line(line, hook.at, contact.started_at, contact))
    if not typed:
        turn = read_again(contact, turn, at=hook.at)
    place = replace(place_of(contact, line, turn=contact.turn, account=hook.account), **direct.rung_duty(contact))
    reply = twiml.render(turn.heard, place, cells_of(line))
    return reply, kept_reply(turn, reply)


def _typed_again(hook: Hook, leg: Leg, key: str) -> str:
    """Return the number that a repeat of the last request brings with it, so that it need not be opened; else ""."""
    digits = _digits(hook)
    if hook.turn != leg.contact.turn - 1 or not ivr.is_number(digits):
        return ""
    first = WebhookEvent.objects.only("scope", "received_at", "digest").filter(key=key).first()
    return digits if first is not None and inbox.says_same(hook, first) else ""


def _digits(hook: Hook) -> str:
    return "".join(sign for sign in hook.value("Digits", 24) if sign in "0123456789*#")


def _is_withheld(contact: Contact) -> bool:
    return contact.caller_class != "phone"


def _call(hook: Hook, leg: Leg) -> ivr.Call:
    """Return where the call stands and what came in, as the flow sees it."""
    contact = leg.contact
    digits = _digits(hook)
    is_of_room = hook.step in ("left", "asked", "queue") or contact.step == "asked"
    was_answered, operator_left = _operators(contact) if is_of_room else (False, False)
    return ivr.Call(
        step=contact.step, language=contact.language, tries=contact.tries, question=contact.question,
        is_danger=contact.is_danger, cannot_speak=contact.cannot_speak, has_need=contact.priority == 0,
        answered=_answered(contact) if hook.step in ("silent", "stay") and digits else frozenset(),
        is_withheld=_is_withheld(contact),
        is_blocked=BLOCKED in contact.flag_codes,
        was_answered=was_answered, operator_left=operator_left, is_handed=hook.step in ("left", "asked") and _is_handed(contact),
        end_asked=contact.end_asked_at is not None, waited_too_long=_waited_too_long(contact, hook),
        is_offered=hook.step == "left" and _is_offered_since(contact, hook.at),
        stayed_too_long=contact.step == "stay" and hook.at - contact.started_at >= STAYS, digits=digits,
        dial_status=hook.value("DialCallStatus", 20), nobody_took=direct.has_nobody_taken(hook, contact), recorded=bool(hook.value("RecordingSid")),
        seconds=hook.sound_seconds or 0,
        number_is_valid=contact.step == "callback_number" and bool(typed_number(digits, contact)),
        number_is_kept=contact.callback_number is not None, is_agreed=contact.may_call == "yes",
    )  # fmt: skip


def _answered(contact: Contact) -> frozenset[str]:
    """Return the questions by keys that a caller answered with yes or no. One query, at these questions only."""
    said = KeyAnswer.objects.filter(contact_id=contact.pk).exclude(answer=Answer.UNKNOWN)
    return frozenset(said.values_list("question", flat=True))


def _operators(contact: Contact) -> tuple[bool, bool]:
    """Tell whether an operator is or was in the room with the caller, and whether the last one is known to have left."""
    if contact.operator_count == 0:
        return False, False
    facts = [one for one in facts_of(list(contact.legs.all())) if one.role == "operator" and one.joined]
    is_there = any(one.is_in_room for one in facts)
    was_answered = is_there or any(callstate.has_met(one) for one in facts)
    return was_answered, was_answered and not is_there


def _is_handed(contact: Contact) -> bool:
    """Tell whether the caller was left with a service that is still in the room, as far as is known. One query, then only.

    A colleague to whom a call is left is its operator.
    """
    if contact.end_asked_at is None:
        return False
    services = contact.thirds.filter(role=LegRole.AGENCY, state=ThirdState.JOINED, leg__left_at=None)
    there = services.filter(hand_confirmed_at__isnull=False)
    return there.exclude(leg__status__in=callstate.CALL_FINAL).exists()


def _waited_too_long(contact: Contact, hook: Hook) -> bool:
    """Tell whether a caller who leaves the room waited as long as the line lets her, or waits in danger for nobody."""
    if hook.step != "left" or not waits_alone(contact, hook.at):
        return False
    line = line_of_contact(contact)
    return is_over_limit(contact, line, hook.at) or is_left_in_danger(contact, line, hook.at)


def _is_offered_since(contact: Contact, at: datetime) -> bool:
    """Tell whether an operator took a call that was just ordered out of the room: then it goes back there. One query, then only."""
    if contact.step != "waiting" or not is_offered(contact, at):
        return False
    return orders_out(contact, "limit", "nobody").exists()
