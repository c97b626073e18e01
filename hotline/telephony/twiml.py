"""What the flow says, written as the provider's voice documents (TwiML). Pure text in, text out.

A prompt is played from its recording; without one it is spoken by a voice *of that language*; with neither nothing is
said. On the simulated account alone words are shown, marked with the voice "written", which no other provider knows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hotline import ivr

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
EMPTY = f"{HEAD}<Response/>"
WRITTEN = "written"
VOICE_PATH = "/hotline/twilio/voice"
CALL_EVENTS = "initiated ringing answered completed"
ROOM_EVENTS = "start end join leave hold modify"
VOICE_FRAGMENT = "#ct=2000&rt=6000&rc=1&rp=ct"
STATUS_FRAGMENT = "#ct=2000&rt=5000&rc=3&rp=ct,rt,5xx"


@dataclass(frozen=True)
class Cell:
    """A prompt in one language: its words, the address of its recording, or the voice that may speak it."""

    text: str
    language: str
    recording: str = ""
    voice: str = ""
    voice_language: str = ""


Cells = Callable[[str, str], Cell]
Values = Sequence[tuple[str, ivr.Value]]


@dataclass(frozen=True)
class Place:
    """Where a document is answered: public base, next turn, room name, label, numbers, what a room is told."""

    base: str
    turn: int
    room: str = ""
    label: str = "caller"
    duty_phone: str = ""
    caller_id: str = ""
    wait_turn: int = 0
    wait_step: str = "wait"
    phone: str = ""
    phone_token: int = 0


def address(place: Place, step: str, turn: int | None = None) -> str:
    """Return the address of a step with its turn."""
    number = place.turn if turn is None else turn
    return f"{place.base}{VOICE_PATH}/{step}/?t={number}{VOICE_FRAGMENT}"


def status_address(base: str, token: int = 0) -> str:
    """Return the address of status callbacks; of a telephone that we know by its number, with that."""
    return f"{base}/hotline/twilio/status/{f'?t={token}' if token else ''}{STATUS_FRAGMENT}"


def _attributes(**values: object) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in values.items() if value != "")


def document(*parts: str) -> str:
    """Return a whole document."""
    return f"{HEAD}<Response>{''.join(parts)}</Response>"


def spoken(cell: Cell, values: Values = (), cells: Cells | None = None) -> str:
    """Return the verb that lets a prompt be heard, with its values filled in or played as pieces after it; "" where
    neither a recording nor a voice lets it be heard.
    """
    if cell.recording:
        tail = "".join(_pieces(value, cell.language, cells) for _name, value in values) if cells else ""
        return f"<Play>{escape(cell.recording)}</Play>{tail}"
    if not cell.voice:
        return ""
    words = filled(cell.text, [(name, _told(value, cell.language, cells)) for name, value in values])
    return f"<Say{_attributes(language=cell.voice_language or cell.language, voice=cell.voice)}>{escape(words)}</Say>"


def filled(text: str, values: Sequence[tuple[str, str]]) -> str:
    """Return the words with their values; numbers are read digit by digit."""
    for name, value in values:
        text = text.replace("{" + name + "}", apart(value))
    return text


def apart(value: str) -> str:
    """Return a number with its digits apart, so that a voice reads them one by one; other words as they are."""
    bare = value.lstrip("+")
    return " ".join(bare) if bare.isdigit() and len(bare) > 1 else value


def _pieces(value: ivr.Value, language: str, cells: Cells) -> str:
    """Return what is played for a value: its pieces, or the digits of a number one by one."""
    keys = value if isinstance(value, tuple) else [f"digit_{sign}" for sign in value if sign.isdigit()]
    return "".join(spoken(cells(key, language)) for key in keys)


def _told(value: ivr.Value, language: str, cells: Cells | None) -> str:
    """Return a value as words: the words of its pieces, or the value itself."""
    if isinstance(value, str):
        return value
    return " ".join(cells(key, language).text for key in value) if cells else ""


def render(heard: Iterable[ivr.Heard], place: Place, cells: Cells) -> str:
    """Return the document of one turn."""
    return document(*(_VERBS[type(item)](item, place, cells) for item in heard))


def _say(item: ivr.Say, place: Place, cells: Cells) -> str:
    return spoken(cells(item.prompt, item.language), item.values, cells)


def _gather(item: ivr.Gather, place: Place, cells: Cells) -> str:
    to = address(place, item.to)
    attributes = _attributes(
        input="dtmf", action=to, method="POST", timeout=item.seconds, actionOnEmptyResult="" if item.goes_on else "true",
        numDigits="" if item.finish else item.digits, finishOnKey=item.finish,
    )  # fmt: skip
    says = "".join(_say(say, place, cells) for say in item.says)
    silence = "" if item.goes_on else f'<Redirect method="POST">{escape(to)}</Redirect>'
    return f"<Gather{attributes}>{says}</Gather>{silence}"


def _queue(item: ivr.Queue, place: Place, cells: Cells) -> str:
    dial = _attributes(action=address(place, item.to), method="POST", hangupOnStar="true")
    return f"<Dial{dial}>{conference(place, starts=False, ends=False)}</Dial>"


def conference(place: Place, *, starts: bool, ends: bool, coach: str = "") -> str:
    """Return the room as one leg joins it; only the main operator's leg starts and ends it."""
    attributes = _attributes(
        startConferenceOnEnter=str(starts).lower(), endConferenceOnExit=str(ends).lower(), beep="false",
        participantLabel=place.label, maxParticipants=8, record="do-not-record", coach=coach,
        waitUrl=address(place, place.wait_step, place.wait_turn), waitMethod="POST",
        statusCallback=status_address(place.base), statusCallbackMethod="POST", statusCallbackEvent=ROOM_EVENTS,
    )  # fmt: skip
    return f"<Conference{attributes}>{escape(place.room)}</Conference>"


def _dial(item: ivr.Dial, place: Place, cells: Cells) -> str:
    """Return the call to a telephone; where none is known the flow goes on as if it had not answered.

    Whoever picks up a telephone of those on shift, or the duty phone, first hears what calls and presses 1: a voicemail
    presses nothing. A number that belongs to somebody else is not asked.
    """
    is_own = item.nth is not None
    step = "phone" if is_own else "duty-phone" if place.phone_token and not item.number else ""
    to = place.phone if is_own else item.number or place.duty_phone
    if not to:
        return f'<Redirect method="POST">{escape(address(place, item.to))}</Redirect>'
    dial = _attributes(
        action=address(place, item.to), method="POST", timeout=item.seconds, callerId=place.caller_id, answerOnBridge="true"
    )  # fmt: skip
    screen = {"url": address(place, step, place.phone_token), "method": "POST"} if step else {}
    number = _attributes(
        **screen, statusCallback=status_address(place.base, place.phone_token if step else 0),
        statusCallbackMethod="POST", statusCallbackEvent=CALL_EVENTS,
    )  # fmt: skip
    return f"<Dial{dial}><Number{number}>{escape(to)}</Number></Dial>"


def _record(item: ivr.Record, place: Place, cells: Cells) -> str:
    to = address(place, item.to)
    attributes = _attributes(
        action=to, method="POST", maxLength=item.seconds, timeout=8, finishOnKey=f"#{item.danger_key}", playBeep="true", trim="do-not-trim",
        recordingStatusCallback=status_address(place.base), recordingStatusCallbackMethod="POST",
        recordingStatusCallbackEvent="in-progress completed absent",
    )  # fmt: skip
    return f'<Record{attributes}/><Redirect method="POST">{escape(to)}</Redirect>'


def _hang_up(item: ivr.HangUp, place: Place, cells: Cells) -> str:
    return "<Hangup/>"


_VERBS = {
    ivr.Say: _say,
    ivr.Gather: _gather,
    ivr.Queue: _queue,
    ivr.Dial: _dial,
    ivr.Record: _record,
    ivr.HangUp: _hang_up,
}


def wait_document(says: Iterable[ivr.Say], place: Place, cells: Cells, seconds: int) -> str:
    """Return what is heard while waiting: only Say, Play, Pause and Redirect may stand here (error 13238)."""
    spoken_parts = "".join(_say(say, place, cells) for say in says)
    again = escape(address(place, "wait", place.wait_turn))
    return document(spoken_parts, f'<Pause length="{seconds}"/>', f'<Redirect method="POST">{again}</Redirect>')


def hold_document(place: Place, cells: Cells, language: str) -> str:
    """Return what is heard on hold, repeated: never silence longer than fifteen seconds."""
    again = escape(address(place, "hold"))
    words = _say(ivr.Say("hold", language), place, cells)
    return document(words, '<Pause length="12"/>', f'<Redirect method="POST">{again}</Redirect>')


def silence_document(place: Place, step: str) -> str:
    """Return ten seconds without a word, after which the same is asked."""
    redirect = f'<Redirect method="POST">{escape(address(place, step))}</Redirect>'
    return document('<Pause length="10"/>', redirect)


def join_document(place: Place, first: str = "") -> str:
    """Return how the main operator's leg joins: it starts the room and ends it when it leaves; `first` what is `said` before."""
    return document(first, f"<Dial>{conference(place, starts=True, ends=True)}</Dial><Hangup/>")


def trial_document(cell: Cell) -> str:
    """Return what an operator's browser hears that is tried as a telephone: words, then a line that stays open a while."""
    return document(spoken(cell), '<Pause length="10"/>', "<Hangup/>")


def said(place: Place, cells: Cells, language: str, prompts: Sequence[str]) -> str:
    """Return prompts as they are heard one after the other, to their end."""
    return "".join(_say(ivr.Say(one, language), place, cells) for one in prompts)


def third_document(place: Place, coach: str = "", first: str = "") -> str:
    """Return how a third person's leg joins: it neither starts the room nor ends it; as `coach` of one call it is heard there alone.

    `first`: what is `said` before.
    """
    return document(first, f"<Dial>{conference(place, starts=False, ends=False, coach=coach)}</Dial><Hangup/>")


def whisper_document(
    place: Place, cells: Cells, language: str, caller_language: str, to: str = "softphone", prompt: str = "whisper",
    times: int = 1, digits: int = 1, before: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return what is heard on an ordinary phone before the caller: purpose, language, "press 1", so many times.

    Where it asks for a PIN, that has so many `digits`. The prompts of `before` come first, each time; no key cuts the first
    of them short.
    """
    says = (ivr.Say(prompt, language, (("language", caller_language),)),)
    again = (*(ivr.Say(one, language) for one in before), *says)
    asks = ivr.Gather(to, says + again * (times - 1), digits, seconds=8)
    return _asked(asks, place, cells, said(place, cells, language, before))


def pin_again_document(place: Place, cells: Cells, language: str, to: str, digits: int) -> str:
    """Return what an operator hears after a wrong PIN."""
    return _asked(ivr.Gather(to, (ivr.Say("pin_again", language),), digits, seconds=8), place, cells)


def _asked(gather: ivr.Gather, place: Place, cells: Cells, first: str = "") -> str:
    """Return a question on the telephone of the staff, after what is heard `first`: nothing pressed ends it."""
    return document(first, _gather(gather, place, cells).partition("<Redirect")[0], "<Hangup/>")


def duty_document(words: str, duty_phone: str, caller_id: str, after: str = "") -> str:
    """Return the way out when even the flow is away: ready-made words, the duty phone, which is shown `caller_id`, and
    what is said `after` it: when nobody answered, and when who answered hung up first, since nothing is asked between.
    """
    dial = _attributes(timeout=25, callerId=caller_id)
    call = f"<Dial{dial}><Number>{escape(duty_phone)}</Number></Dial>" if duty_phone else ""
    return document(words, call, after or ("" if duty_phone else words), "<Hangup/>")
