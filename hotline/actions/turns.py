"""One turn of a call written down: contact, leg, timeline, answers and the inbox row with the document, all together."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from accounts import actions as accounts
from hotline import callstate, ivr, triage
from hotline.actions import direct, inbox
from hotline.actions.hastening import hastened
from hotline.actions.inbox import Hook
from hotline.actions.states import move
from hotline.actions.timeline import add_events, with_flags
from hotline.actions.typed import as_dialled, sealed_number
from hotline.choices import Answer
from hotline.choices.marks import WISHES
from hotline.ivr.callback import with_number
from hotline.models import Contact, KeyAnswer, Leg, WebhookEvent
from hotline.models.rows import Writing
from hotline.queries.caller_ids import caller_id
from hotline.queries.lines import LineFacts, line_of_contact
from hotline.queries.one_number import dated
from hotline.queries.spoken import cells_of
from hotline.telephony import twiml

BY_LINE = "line"
# From these steps a caller goes on waiting where she was; from any other she has begun to wait anew.
KEEPS_WAIT = frozenset({"waiting", "choices", "greeting", "phones", "asked"})


def place_of(contact: Contact, line: LineFacts | None, *, turn: int, account: str = "") -> twiml.Place:
    """Return where a document of a contact is answered; of one without a line, `account` is the provider's that asks."""
    return twiml.Place(
        base=settings.PUBLIC_URL, turn=turn, room=contact.room_name, caller_id=caller_id(line, account=account),
        duty_phone=line.duty_phone if line else settings.DUTY_PHONE, wait_turn=turn * 1000 + 1,
    )  # fmt: skip


def answer(hook: Hook, leg: Leg, turn: ivr.Turn, key: str) -> str:
    """Write one turn: contact, timeline, leg if its status grew, inbox row with the document; return the document."""
    contact, write = leg.contact, Writing()
    turn = read_again(contact, turn, at=hook.at)
    events, line = list(turn.events), line_of_contact(contact)
    changes = _changes(hook, contact, turn, events)
    telephone = direct.ring(contact, line, turn, changes, at=hook.at)
    telephone |= direct.ring_duty(contact, turn, account=hook.account, number=changes["turn"], at=hook.at, write=write)
    is_need = _store_answers(contact, events, hook.at) or "is_danger" in changes
    if is_need and contact.ended_at:  # told after the end of the call, it weighs as much as before it
        changes |= hastened(contact, since=contact.ended_at)
    for name, value in changes.items():
        setattr(contact, name, value)
    _grow(leg, hook, write)
    moved, lines = move(contact, _legs(contact, leg), at=hook.at)
    write.update(contact, changes | moved)
    add_events(contact, [*events, *lines], by=BY_LINE, at=hook.at, write=write)
    place = replace(place_of(contact, line, turn=contact.turn, account=hook.account), **telephone)
    reply = twiml.render(turn.heard, place, cells_of(line))
    write.insert(inbox_row(hook, key, leg, kept_reply(turn, reply), turn.flags), once=("key",))
    write.send()
    return reply


def kept_reply(turn: ivr.Turn, reply: str) -> str:
    """Return the document as the inbox keeps it in plain: none where it reads a typed number back."""
    return "" if turn.step == ivr.READ_BACK else reply


def read_again(contact: Contact, turn: ivr.Turn, *, at: datetime) -> ivr.Turn:
    """Return a turn with the number in it that is kept, where it reads that back and not one that this request brings."""
    is_read = contact.step == turn.step == ivr.READ_BACK and ("callback_typed", {}) not in turn.events
    return with_number(turn, _kept_number(contact, at)) if is_read and contact.callback_number is not None else turn


def _kept_number(contact: Contact, at: datetime) -> str:
    """Return the number that is read back once more, as it is dialled in the country of the contact."""
    number = accounts.reveal(contact, "callback_number", by=BY_LINE, at=at, reason="read back") or ""
    return as_dialled(number, contact)


def _changes(hook: Hook, contact: Contact, turn: ivr.Turn, events: list) -> dict[str, object]:
    """Return the columns of the contact that a turn changes; the first wait gets its time and its line in `events`."""
    changes = {"step": turn.step, "turn": contact.turn + 1, "changed_at": hook.at} | turn.changes
    if turn.step == "waiting" and contact.queued_at is None:
        changes["queued_at"] = hook.at
        events.append(("queued", {}))
    elif turn.step == "waiting" and contact.step not in KEEPS_WAIT:
        changes["waits_since"] = hook.at
    is_right = ("callback_number", {}) in events
    if ("callback_typed", {}) in events:
        changes["callback_number"] = sealed_number(hook.value("Digits", 24), contact)
    elif contact.step == ivr.READ_BACK and turn.step != ivr.READ_BACK and not is_right:
        changes["callback_number"] = None  # it was not said to be right
    if is_right and contact.ended_at is not None:  # it was forgotten with the end: `find_again`
        changes["callback_number"] = contact.callback_number
    if contact.chosen == "voicemail" and changes.get("outcome") in callstate.NOTHING_LEFT:
        del changes["outcome"]  # she left a message before: as where that is told of later (`recorded`)
    if chosen := changes.get("outcome"):
        changes["chosen"] = chosen
        if contact.ended_at is not None:  # how a call that is over ended is computed
            del changes["outcome"]
    _date_answers(contact, changes, hook.at)
    if less := _said_less(changes):
        events.append(("safety_changed", less | {"less": True, "untold": True}))
    if turn.flags or hook.flags:
        changes["flags"] = with_flags(_but_wish(contact.flags, turn.flags), *hook.flags, *turn.flags)
    return changes


def _but_wish(flags: str, new: tuple[str, ...]) -> str:
    """Return the flags of a contact without the wish that a new one takes the place of: the last one counts."""
    return " ".join(flag for flag in flags.split() if flag not in WISHES) if WISHES & set(new) else flags


def _date_answers(contact: Contact, changes: dict[str, object], at: datetime) -> None:
    """Let answers by key on calls and texts be the safety state from when they are said; with those on calls comes another number.

    No answer takes none away that was given.
    """
    for name in ("may_text", "may_voicemail", "shared_phone"):
        if changes.get(name) == Answer.UNKNOWN and getattr(contact, name) != Answer.NOT_ASKED:
            del changes[name]
    calls, texts = "may_call" in changes, "may_text" in changes
    if calls or texts:
        changes |= dated(contact, at, calls=calls, texts=texts)


def _said_less(changes: dict[str, object]) -> dict[str, str]:
    """Return what a turn says against messages to the telephone, which have no time of their own: the timeline keeps it."""
    less = {"may_voicemail": Answer.NO, "shared_phone": Answer.YES}
    return {name: str(no) for name, no in less.items() if changes.get(name) == no}


def _legs(contact: Contact, caller: Leg) -> list[Leg]:
    """Return a contact's legs that say where it stands, the caller's as it is in memory.

    While she is on the line these are hers and the operators'; how a call ended is told by telephones that documents rang too.
    """
    is_alone = contact.operator_count == 0 and caller.status not in callstate.CALL_FINAL
    return [caller] if is_alone else [caller, *contact.legs.exclude(pk=caller.pk)]


def _store_answers(contact: Contact, events: list, at: datetime) -> bool:
    """Keep what was answered by key, before the call's state is judged by it; tell whether it is a need of now."""
    answers = [detail for kind, detail in events if kind == "question_answered"]
    rows = [
        KeyAnswer(contact_id=contact.pk, question=one["question"], answer=Answer(one["answer"]), at=at)
        for one in answers
    ]
    said = [row for row in rows if row.answer != Answer.UNKNOWN]
    if said:
        KeyAnswer.objects.bulk_create(
            said, update_conflicts=True, unique_fields=["contact", "question"], update_fields=["answer", "at"]
        )
    if len(said) < len(rows):  # no answer takes none away that was given before
        KeyAnswer.objects.bulk_create([row for row in rows if row not in said], ignore_conflicts=True)
    return any(triage.PRESSING.get(row.question) == row.answer for row in said)


def inbox_row(hook: Hook, key: str, leg: Leg, reply: str, flags: tuple[str, ...] = ()) -> WebhookEvent:
    """Return the inbox row of a leg's request, not yet inserted."""
    contact, scope = leg.contact, leg.contact.country_id or "*"
    return inbox.inbox_row(hook, key, scope=scope, contact=contact, leg=leg, reply=reply, flags=flags)


def _grow(leg: Leg, hook: Hook, write: Writing) -> None:
    """Raise the caller leg's status to what this request says."""
    status = callstate.call_status(hook.value("CallStatus", 20))
    greatest = callstate.greater(callstate.CALL_ORDER, leg.status, status)
    if greatest == leg.status:
        return
    leg.status, leg.seen_statuses = greatest, with_flags(leg.seen_statuses, status)[:120]
    if greatest in callstate.CALL_FINAL:
        leg.ended_at = hook.at
    write.update(leg, {"status": leg.status, "seen_statuses": leg.seen_statuses, "ended_at": leg.ended_at})
