"""A call back as the network has it: what its telephones hear, and what is reported of them.

No recorded word is said to whoever picks up at the person's end, but the cover phrase when the operator asks for it; and
whatever fails there, that telephone is hung up. What the worker orders: hotline.actions.back_orders.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import User
from hotline import callstate
from hotline.actions import inbox, pins
from hotline.actions.call_back import (
    OWN,
    PERSON,
    close,
    ended_as,
    is_hidden,
    keep_room,
    let_go,
    locked_call_back,
    ring_person,
)
from hotline.actions.inbox import Hook
from hotline.actions.reported import keep, report_key
from hotline.actions.second_tries import STEP, is_lost
from hotline.choices.calling import SAID_BY_LINE, CallBackState
from hotline.models import CALL_BACK_TOKENS, CallBack
from hotline.queries.dialling import stuck_call_backs
from hotline.queries.lines import line_by_id
from hotline.queries.spoken import cells_of
from hotline.queries.telephones import pin_of
from hotline.telephony import twiml
from languages import table

RINGS, KEY, PICKED_UP, COVERS = "back", "back-key", "back-person", "back-cover"
WAITS = "back-wait"
STEPS = frozenset({RINGS, KEY, PICKED_UP, COVERS})
ALONE = timedelta(seconds=8)  # longer than the network takes to ask once more for what it was not given
HANG_UP = twiml.document("<Hangup/>")
MACHINES = ("machine", "fax")


def is_of_call_back(hook: Hook) -> bool:
    """Tell whether a request speaks of a telephone of a call back."""
    return bool(hook.token) and int(hook.token) in CALL_BACK_TOKENS


@transaction.atomic
def say_call_back(*, hook: Hook) -> str:
    """Answer a step of a call back; a repeat gets the same document."""
    token = int(hook.token) if is_of_call_back(hook) else 0
    is_own = hook.step in (RINGS, KEY)
    row = (
        locked_call_back(account=hook.account, **{"own_token" if is_own else "person_token": token}) if token else None
    )
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token}"
    if stored := inbox.said_to(key):
        return stored
    reply = HANG_UP if row is None or not _is_its_call(row, hook, is_own) else _ANSWERS[hook.step](row, hook)
    scope = (row.contact.country_id if row else None) or "*"
    inbox.keep(
        pins.without_digits(hook), key, scope=scope, contact=row.contact if row else None, leg=None, reply=reply
    )
    return reply


@transaction.atomic
def say_alone(*, hook: Hook) -> str:
    """Answer for who is alone in the room of a call back: nothing is said, and nothing told of the line.

    The operator starts the room, so for whoever picked up nothing is asked while she is in it. Asked again after ALONE, she
    is out of it, whatever was reported or not, and the call back ends.
    """
    reply = say_nothing(hook)
    row = locked_call_back(account=hook.account, person_token=int(hook.token)) if is_of_call_back(hook) else None
    if row is None or not _is_its_call(row, hook, is_own=False):
        return reply
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token}"
    is_new = inbox.keep(hook, key, scope=row.contact.country_id or "*", contact=row.contact, leg=None, reply=reply)
    if is_new is None and row.state == CallBackState.TALKING and row.ended_at is None:
        first = row.contact.inbox.values_list("received_at", flat=True).get(key=key)
        if hook.at - first >= ALONE:
            close(row, ended_as(row), hook.at)
    return reply


def say_nothing(hook: Hook) -> str:
    """Return what is heard in the room of a call back whatever fails: nothing, and ten seconds later the same is asked."""
    return twiml.silence_document(twiml.Place(base=settings.PUBLIC_URL, turn=hook.turn), WAITS)


def _is_its_call(row: CallBack, hook: Hook, is_own: bool) -> bool:
    return (row.own_sid if is_own else row.person_sid) in ("", hook.call_sid)


def _whisper(row: CallBack, hook: Hook) -> str:
    """Say to the operator that a call waits for key 1; of whom stands on her screen."""
    if not _may_come(row):
        return HANG_UP
    CallBack.objects.filter(pk=row.pk).update(own_sid=hook.call_sid)
    if hook.value("To").startswith("client:"):  # no voicemail answers there
        return _join(row, hook)
    line = line_by_id(row.contact.line_id)
    language = row.by.language if row.by else table.SOURCE
    place = twiml.Place(base=settings.PUBLIC_URL, turn=row.own_token)
    return pins.question(pin_of(row.by_id), place, line, (language, row.contact.language), KEY)


def _key(row: CallBack, hook: Hook) -> str:
    """Let the operator into the room with key 1, or her PIN; her voicemail presses nothing."""
    if not _may_come(row):
        return HANG_UP
    pin = pin_of(row.by_id)
    verdict = pins.verdict(hook, pin)
    if verdict == pins.FORCED:
        pins.tell_forced(pin, at=hook.at)
    if verdict not in (pins.RIGHT, pins.FORCED):
        close(row, CallBackState.NO_OPERATOR, hook.at)
        return HANG_UP
    return _join(row, hook)


def _may_come(row: CallBack) -> bool:
    """Tell whether who calls back is waited for: the call back goes on, and its contact was not hidden from her since."""
    return _waits_for_operator(row) and not is_hidden(row)


def _join(row: CallBack, hook: Hook, nth: int = 1) -> str:
    CallBack.objects.filter(pk=row.pk).update(own_sid=hook.call_sid)
    return _room(row, f"op-{nth}", row.own_token, starts=True)


@transaction.atomic
def receive_room(*, hook: Hook, room: str) -> bool:
    """Keep what a room reports, and have the person rung once the operator is in it; False where it is of no call back.

    `room` is its name of 32 hexadecimal digits. A report that she left ends the call back wherever it stands, also one that
    is heard before the one that she came: nobody is rung for, or left in, an empty room. A first call of her browser that comes in after the second took its place goes without ending the room.
    """
    row = locked_call_back(account=hook.account, public_id=UUID(room))
    if row is None:
        return False
    event = hook.value("StatusCallbackEvent", 30)
    key = report_key(hook, f"{hook.value('ConferenceSid', 34)}:{event}", row.contact)
    if not keep(hook, key, None, row.contact) or row.ended_at is not None:
        return True
    if hook.call_sid != row.own_sid:
        if event == "participant-join" and hook.call_sid != row.person_sid:
            keep_room(row, hook.call_sid, hook.value("ConferenceSid", 34), hook.at)
        return True
    has_come = event == "participant-join" and _waits_for_operator(row)
    if event == "participant-leave" or (has_come and row.own_status in callstate.CALL_FINAL):
        close(row, ended_as(row), hook.at)
    elif has_come:
        CallBack.objects.filter(pk=row.pk).update(state=CallBackState.PERSON)
        ring_person(row, hook.at)
    return True


def _waits_for_operator(row: CallBack) -> bool:
    return row.state == CallBackState.OPERATOR and row.ended_at is None


@transaction.atomic
def back_by_browser(*, hook: Hook, user: User) -> str | None:
    """Let the browser of who calls somebody back into that room; None where she calls nobody.

    A second call of her browser is sent away; where the first did not get into the room, it takes its place, once.
    """
    row = locked_call_back(account=hook.account, by=user, state=CallBackState.OPERATOR, ended_at=None)
    if row is None:
        return None
    asked = _asked_by_browser(row)
    if row.own_sid not in ("", hook.call_sid) and len(asked) == 1 and is_lost(row.own_status, asked[0], hook.at):
        let_go(row, hook.at)
    is_let_in = row.own_sid in ("", hook.call_sid) and _may_come(row)
    reply = _join(row, hook, len(asked) + 1) if is_let_in else HANG_UP
    key = f"{hook.account}:{hook.call_mark}:{hook.step}:{hook.token or hook.turn}"
    inbox.keep(hook, key, scope=row.contact.country_id or "*", contact=row.contact, leg=None, reply=reply)
    return reply


def _asked_by_browser(row: CallBack) -> list[datetime]:
    """Return when her browser was let into the room, the first time first; nothing where she has a telephone."""
    asked = row.contact.inbox.filter(step=STEP, leg=None, received_at__gte=row.made_at, reply__contains="<Conference")
    return list(asked.order_by("received_at").values_list("received_at", flat=True))


def _pick_up(row: CallBack, hook: Hook) -> str:
    """Bring whoever picked up to the operator without a word; a machine is left at once, with nothing said."""
    if row.state not in (CallBackState.PERSON, CallBackState.TALKING) or row.ended_at is not None:
        return HANG_UP
    CallBack.objects.filter(pk=row.pk).update(person_sid=hook.call_sid)
    if row.state == CallBackState.PERSON and is_hidden(row):
        close(row, CallBackState.CANCELLED, hook.at)
        return HANG_UP
    if hook.value("AnsweredBy", 30).startswith(MACHINES):
        close(row, CallBackState.MACHINE, hook.at)
        return HANG_UP
    CallBack.objects.filter(pk=row.pk).update(state=CallBackState.TALKING, picked_up_at=row.picked_up_at or hook.at)
    return _room(row, "person", row.person_token, starts=False)


def _room(row: CallBack, label: str, token: int, *, starts: bool) -> str:
    place = twiml.Place(
        base=settings.PUBLIC_URL, turn=token, room=row.room_name, label=label, wait_step=WAITS, wait_turn=token
    )
    return twiml.document(f"<Dial>{twiml.conference(place, starts=starts, ends=True)}</Dial><Hangup/>")


def _cover(row: CallBack, hook: Hook) -> str:
    """Say the cover phrase in the language of the contact; where another cover was agreed, the operator said it."""
    if row.state != CallBackState.STRANGE or row.contact.cover not in SAID_BY_LINE:
        return HANG_UP
    line = line_by_id(row.contact.line_id)
    language = row.contact.language or (line.first_language if line else table.SOURCE)
    return twiml.document(twiml.spoken(cells_of(line)("cover", language)), "<Hangup/>")


_ANSWERS = {RINGS: _whisper, KEY: _key, PICKED_UP: _pick_up, COVERS: _cover}


@transaction.atomic
def receive_call_back_status(*, hook: Hook) -> None:
    """Keep what the network reports of a telephone of a call back, and follow it."""
    token = int(hook.token)
    row = locked_call_back(account=hook.account, own_token=token)
    is_own = row is not None
    row = row or locked_call_back(account=hook.account, person_token=token)
    status = callstate.call_status(hook.value("CallStatus", 20))
    tail = hook.value("SequenceNumber", 12) or hook.value("IdempotencyToken", 60)
    key = f"{hook.account}:{hook.call_mark}:{status}:{tail}:{hook.token}"
    scope, contact = (row.contact.country_id or "*", row.contact) if row else ("*", None)
    if inbox.keep(hook, key, scope=scope, contact=contact, leg=None, reply="") is None or row is None:
        return
    if _is_its_call(row, hook, is_own):
        _follow(row, hook, "own" if is_own else PERSON, status)


@transaction.atomic
def note_browser_status(*, hook: Hook) -> bool:
    """Follow what is reported of the browser of who calls somebody back; False where its call is of no call back.

    One whose first call ended before the room has a second try: it is waited for as long as for any operator.
    """
    row = locked_call_back(account=hook.account, own_sid=hook.call_sid, ended_at=None)
    if row is not None:
        _follow(row, hook, OWN, callstate.call_status(hook.value("CallStatus", 20)))
    return row is not None


def _follow(row: CallBack, hook: Hook, name: str, status: str) -> None:
    greatest = callstate.greater(callstate.CALL_ORDER, getattr(row, f"{name}_status"), status)
    setattr(row, f"{name}_status", greatest)
    setattr(row, f"{name}_sid", getattr(row, f"{name}_sid") or hook.call_sid)
    row.save(update_fields=[f"{name}_status", f"{name}_sid"])
    is_over = row.ended_at is None and greatest in callstate.CALL_FINAL
    if is_over and not (name == OWN and _waits_for_operator(row) and len(_asked_by_browser(row)) == 1):
        close(row, ended_as(row), hook.at)


@transaction.atomic
def settle_own_call(*, key: int, status: str, at: datetime) -> bool:
    """End a call back of whose operator's call the provider tells, when it is asked, that it is over."""
    row = locked_call_back(pk=key, ended_at=None)
    found = callstate.call_status(status)
    if row is None or found not in callstate.CALL_FINAL:
        return False
    row.own_status = found
    row.save(update_fields=["own_status"])
    close(row, ended_as(row), at)
    return True


@transaction.atomic
def settle_call_back(*, key: int, at: datetime) -> bool:
    """End a call back of which nothing more is heard."""
    row = locked_call_back(pk=key)
    if row is None or not stuck_call_backs(at).filter(pk=key).exists():  # somebody picked up meanwhile
        return False
    close(row, ended_as(row), at)
    return True
