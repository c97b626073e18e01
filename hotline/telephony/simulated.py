"""The simulated provider: it runs the product's own voice documents leg by leg, with rooms, keys, holds and recordings.

It signs every request it posts. Time is given to it: `tick()` does what is due at the clock's instant, so the same
engine serves a screen in real time and a script that plays a day of calls in a second. What it does not know of the
provider's documents fails loudly (hotline.telephony.grammar).
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from hotline.telephony import grammar, signature

Transport = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], str]]
PACE = 1 / 15
WRITTEN = "written"


class NetworkDown(Exception):
    """Raised by a transport that got no answer; the simulated provider then uses the fallback document."""


@dataclass(frozen=True)
class Heard:
    """One thing that happened on a telephone."""

    call_sid: str
    at: dt.datetime
    kind: str
    text: str = ""
    language: str = ""
    written: bool = False


@dataclass(frozen=True)
class Asked:
    """One request that the provider posted, and the status it got."""

    call_sid: str
    at: dt.datetime
    path: str
    fields: dict[str, str]
    status: int
    repeat: bool = False
    degraded: bool = False


@dataclass(frozen=True)
class Behaviour:
    """How a called telephone behaves: rings so long, then answers (and talks so long), or not."""

    answers: bool = True
    after: float = 1.0
    talks: float | None = None
    presses: str = ""


@dataclass(eq=False)
class SimCall:
    """One leg."""

    sid: str
    from_: str
    to: str
    direction: str
    status: str = "ringing"
    status_url: str = ""
    parent: "SimCall | None" = None
    program: list[Element] = field(default_factory=list)
    verb: Element | None = None
    due: dt.datetime | None = None
    then: Callable[[], None] | None = None
    keys: str = ""
    spoken: str = ""
    spoken_at: dt.datetime | None = None
    room: "SimRoom | None" = None
    side: list[Element] = field(default_factory=list)
    side_url: str = ""
    side_due: dt.datetime | None = None
    held: bool = False
    muted: bool = False
    behaviour: Behaviour = field(default_factory=Behaviour)
    sequence: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def is_live(self) -> bool:
        """Tell whether the telephone is ringing or talking."""
        return self.status in {"queued", "initiated", "ringing", "in-progress"}


@dataclass(eq=False)
class SimRoom:
    """One conference."""

    sid: str
    name: str
    url: str = ""
    started: bool = False
    members: dict[str, SimCall] = field(default_factory=dict)
    sequence: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


class Simulator:
    """A telephone network with one account."""

    def __init__(
        self, transport: Transport, *, account: str, token: str, base_url: str, clock: Callable[[], dt.datetime],
        observer: Callable[[Heard | Asked], None] | None = None, seed: object = 0, pace: float = PACE,
        fallback: str = "", behaviours: Callable[[str], Behaviour] | None = None,
    ):  # fmt: skip
        self.transport, self.account, self.token, self.clock = transport, account, token, clock
        self.base_url, self.observer, self.pace, self.fallback = base_url.rstrip("/"), observer, pace, fallback
        self.behaviours = behaviours or (lambda to: Behaviour(answers=to.startswith("client:")))
        self.calls: dict[str, SimCall] = {}
        self.rooms: dict[str, SimRoom] = {}
        self.recordings: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.twice = False
        self.late = 0.0
        self._seed, self._count = seed, itertools.count(1)

    # What people do ---------------------------------------------------------------------------------------------

    def dial(self, from_: str, to: str, *, sid: str = "") -> SimCall:
        """Call a number of the line; return the leg."""
        call = SimCall(sid or self.new_sid("CA"), from_, to, "inbound")
        call.status_url = f"{self.base_url}/hotline/twilio/status/"
        self.calls[call.sid] = call
        self._tell(call, "ringing", to)
        self._go(call, f"{self.base_url}/hotline/twilio/voice/", {})
        return call

    def press(self, sid: str, digits: str) -> None:
        """Press keys on a telephone."""
        call = self._live(sid)
        for key in digits:
            self._tell(call, "key", key)
            self._press(call, key)

    def say(self, sid: str, words: str) -> None:
        """Speak into a telephone; it is recorded only while a message is being recorded."""
        call = self._live(sid)
        call.spoken = f"{call.spoken} {words}".strip()
        call.spoken_at = self.clock()
        self._tell(call, "words", words)

    def hang_up(self, sid: str) -> None:
        """Hang up a telephone."""
        self._end(self._live(sid), "completed")

    def cut(self, sid: str) -> None:
        """Lose a telephone's line, as when its battery ends; the network reports it like a hang-up."""
        self._end(self._live(sid), "completed")

    def lost(self, sid: str, from_: str, to: str) -> None:
        """Report the end of a call that an earlier process began and this one does not know."""
        call = SimCall(
            sid, from_, to, "inbound", status="completed", status_url=f"{self.base_url}/hotline/twilio/status/"
        )
        self._callback(call.status_url, self._call_fields(call) | {"SequenceNumber": "900"}, call)

    def text(self, from_: str, to: str, body: str) -> str:
        """Send a text message to the line; return its SID."""
        sid = self.new_sid("SM")
        fields = {"MessageSid": sid, "From": from_, "To": to, "Body": body, "NumMedia": "0"}
        self._request(f"{self.base_url}/hotline/twilio/message/", fields, None)
        return sid

    # What the product orders ------------------------------------------------------------------------------------

    def order(self, payload: dict) -> None:
        """Carry out an order of the worker, as the provider's REST interface would."""
        orders = {
            "dial": self._order_dial, "redirect": self._order_redirect, "hang_up": self._order_hang_up,
            "hold": self._order_hold, "unhold": self._order_hold, "mute": self._order_mute, "unmute": self._order_mute,
            "message": self._order_message,
        }  # fmt: skip
        orders[payload["order"]](payload)

    def _order_dial(self, payload: dict) -> None:
        call = SimCall(payload["sid"], payload["from_"], payload["to"], "outbound-api", status="queued")
        call.status_url, call.behaviour = payload["status_url"], self.behaviours(payload["to"])
        self.calls[call.sid] = call
        self._ring(call, lambda: self._go(call, payload["url"], {}), payload.get("seconds", 20))

    def _order_redirect(self, payload: dict) -> None:
        call = self.calls.get(payload["sid"])
        if call is not None and call.is_live:
            self._leave(call, ended=False)
            call.due = call.then = None
            self._go(call, payload["url"], {})

    def _order_hang_up(self, payload: dict) -> None:
        call = self.calls.get(payload["sid"])
        if call is not None and call.is_live:
            self._end(call, "canceled" if call.status == "ringing" else "completed")

    def _order_hold(self, payload: dict) -> None:
        call = self.calls.get(payload["sid"])
        if call is None or call.room is None:
            return
        call.held = payload["order"] == "hold"
        call.side, call.side_url, call.side_due = [], payload.get("url", "") if call.held else "", None
        self._room_event(call.room, "participant-hold" if call.held else "participant-unhold", call)
        self._side(call)

    def _order_mute(self, payload: dict) -> None:
        if call := self.calls.get(payload["sid"]):
            call.muted = payload["order"] == "mute"

    def _order_message(self, payload: dict) -> None:
        self.texts[payload["sid"]] = payload["body"]
        self._observe(Heard(payload["to"], self.clock(), "text", payload["body"]))
        for status in ("queued", "sent", "delivered"):
            fields = {
                "MessageSid": payload["sid"],
                "MessageStatus": status,
                "To": payload["to"],
                "From": payload["from_"],
            }
            self._callback(payload["status_url"], fields, None)

    # Time -------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Do everything that is due at the clock's instant, in order of time."""
        while True:
            now = self.clock()
            ready = [call for call in self.calls.values() if call.due is not None and call.due <= now]
            aside = [call for call in self.calls.values() if call.side_due is not None and call.side_due <= now]
            if not ready and not aside:
                return
            for call in sorted(ready, key=lambda one: one.due or now):
                then, call.then, call.due = call.then, None, None
                if then is not None:
                    then()
            for call in aside:
                if call.side_due is not None and call.side_due <= now:
                    call.side_due = None
                    self._side(call)

    def next_due(self) -> dt.datetime | None:
        """Return when something is due next."""
        instants = [one for call in self.calls.values() for one in (call.due, call.side_due) if one is not None]
        return min(instants, default=None)

    def _after(self, call: SimCall, seconds: float, then: Callable[[], None]) -> None:
        call.due, call.then = self.clock() + dt.timedelta(seconds=seconds), then

    # Legs -------------------------------------------------------------------------------------------------------

    def _live(self, sid: str) -> SimCall:
        call = self.calls[sid]
        if not call.is_live:
            raise KeyError(f"{sid} has hung up.")
        return call

    def _ring(self, call: SimCall, answered: Callable[[], None], seconds: float) -> None:
        self._status(call, "initiated")
        self._status(call, "ringing")
        behaviour = call.behaviour
        if behaviour.answers and behaviour.after <= seconds:
            self._after(call, behaviour.after, lambda: self._answered(call, answered))
        else:
            self._after(call, seconds, lambda: self._end(call, "no-answer"))

    def _answered(self, call: SimCall, answered: Callable[[], None]) -> None:
        self._status(call, "in-progress")
        answered()
        if call.behaviour.presses and call.is_live:
            for key in call.behaviour.presses:
                self._press(call, key)

    def _status(self, call: SimCall, status: str) -> None:
        call.status = status
        if call.status_url:
            word = "answered" if status == "in-progress" and call.direction != "inbound" else status
            fields = self._call_fields(call) | {"CallStatus": word, "SequenceNumber": str(next(call.sequence))}
            fields["Timestamp"] = format_datetime(self.clock())
            self._callback(call.status_url, fields, call)

    def _end(self, call: SimCall, status: str) -> None:
        if not call.is_live:
            return
        verb, was_recording = call.verb, call.verb is not None and call.verb.tag == "Record"
        call.due = call.then = call.side_due = None
        if was_recording and verb is not None:
            self._keep_recording(call, verb)
        in_room = call.room is not None
        call.status = status
        self._leave(call, ended=True)
        if in_room and verb is not None and verb.get("action") and call.direction == "inbound":
            self._request(verb.get("action", ""), self._call_fields(call) | {"DialCallStatus": "answered"}, call)
        self._tell(call, "hung_up")
        for child in [one for one in self.calls.values() if one.parent is call and one.is_live]:
            self._end(child, "completed" if child.status == "in-progress" else "canceled")
        call.verb = None
        self._status(call, status)
        if call.parent is not None and call.parent.is_live:
            self._dialled(call.parent, call)

    def _call_fields(self, call: SimCall) -> dict[str, str]:
        fields = {
            "CallSid": call.sid, "From": call.from_, "To": call.to, "CallStatus": call.status,
            "Direction": call.direction, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        if call.parent is not None:
            fields["ParentCallSid"] = call.parent.sid
        return fields

    # Documents --------------------------------------------------------------------------------------------------

    def _go(self, call: SimCall, url: str, fields: dict[str, str]) -> None:
        """Ask an address for a document and run it."""
        if self.late and fields:
            seconds, self.late = self.late, 0.0
            self._after(call, seconds, lambda: self._go(call, url, fields))
            return
        status, text = self._request(url, self._call_fields(call) | fields, call)
        if not call.is_live:
            return
        if status != 200 or not text:
            self._fall_back(call, f"{status}")
            return
        if call.status == "ringing" and call.direction == "inbound":
            call.status = "in-progress"
        call.program, call.keys = grammar.read(text), ""
        self._run(call)

    def _fall_back(self, call: SimCall, reason: str) -> None:
        self._tell(call, "error", reason)
        if not self.fallback:
            self._end(call, "failed")
            return
        call.status = "in-progress"
        call.program = grammar.read(self.fallback)
        self._run(call)

    def _run(self, call: SimCall) -> None:
        while call.is_live and call.program:
            verb = call.verb = call.program.pop(0)
            if getattr(self, f"_verb_{verb.tag.lower()}")(call, verb):
                return
        if call.is_live and not call.program:
            self._end(call, "completed")

    def _verb_say(self, call: SimCall, verb: Element) -> bool:
        self._after(call, self._speak(call, verb), lambda: self._run(call))
        return True

    _verb_play = _verb_say

    def _speak(self, call: SimCall, verb: Element) -> float:
        """Let a telephone hear one verb; return how long that takes."""
        words = verb.text or ""
        if verb.tag == "Pause":
            return float(verb.get("length", "1"))
        if verb.tag == "Play":
            self._tell(call, "play", words)
            return 2.0
        language = verb.get("language", "")
        self._tell(call, "say", words, language, written=verb.get("voice") == WRITTEN)
        return len(words) * self.pace

    def _verb_pause(self, call: SimCall, verb: Element) -> bool:
        self._after(call, float(verb.get("length", "1")), lambda: self._run(call))
        return True

    def _verb_redirect(self, call: SimCall, verb: Element) -> bool:
        self._go(call, verb.text or "", {})
        return True

    def _verb_hangup(self, call: SimCall, verb: Element) -> bool:
        self._end(call, "completed")
        return True

    _verb_reject = _verb_hangup

    def _verb_gather(self, call: SimCall, verb: Element) -> bool:
        seconds = sum(self._speak(call, child) for child in verb)
        call.keys = ""
        self._tell(call, "gather")
        self._after(call, seconds + float(verb.get("timeout", "5")), lambda: self._gathered(call, verb))
        return True

    def _gathered(self, call: SimCall, verb: Element) -> None:
        if call.keys or verb.get("actionOnEmptyResult") == "true":
            self._go(call, verb.get("action", ""), {"Digits": call.keys})
        else:
            self._run(call)

    def _press(self, call: SimCall, key: str) -> None:
        verb = call.verb
        if verb is None or not call.is_live:
            return
        if verb.tag == "Gather":
            self._press_in_gather(call, verb, key)
        elif verb.tag == "Record" and key in verb.get("finishOnKey", "1234567890*#"):
            self._recorded(call, verb)
        elif verb.tag == "Dial" and key == "*" and verb.get("hangupOnStar") == "true" and not call.held:
            self._leave(call, ended=False)
            self._go(call, verb.get("action", ""), {"DialCallStatus": "answered"})

    def _press_in_gather(self, call: SimCall, verb: Element, key: str) -> None:
        if key == verb.get("finishOnKey", "#"):
            call.due = call.then = None
            self._gathered(call, verb)
            return
        call.keys += key
        if verb.get("numDigits") and len(call.keys) >= int(verb.get("numDigits", "0")):
            call.due = call.then = None
            self._gathered(call, verb)
        else:
            self._after(call, float(verb.get("timeout", "5")), lambda: self._gathered(call, verb))

    # Recorded messages ------------------------------------------------------------------------------------------

    def _verb_record(self, call: SimCall, verb: Element) -> bool:
        call.spoken, call.spoken_at = "", None
        self._tell(call, "record")
        self._after(call, float(verb.get("timeout", "5")), lambda: self._silence(call, verb))
        return True

    def _silence(self, call: SimCall, verb: Element) -> None:
        pause = dt.timedelta(seconds=float(verb.get("timeout", "5")))
        if call.spoken_at is not None and self.clock() - call.spoken_at < pause:
            self._after(
                call, (call.spoken_at + pause - self.clock()).total_seconds(), lambda: self._silence(call, verb)
            )
            return
        self._recorded(call, verb)

    def _recorded(self, call: SimCall, verb: Element) -> None:
        call.due = call.then = None
        if not call.spoken:
            self._run(call)
            return
        sid, seconds = self._keep_recording(call, verb)
        self._go(call, verb.get("action", ""), {"RecordingSid": sid, "RecordingDuration": str(seconds), "Digits": ""})

    def _keep_recording(self, call: SimCall, verb: Element) -> tuple[str, int]:
        if not call.spoken:
            return "", 0
        sid, seconds = self.new_sid("RE"), max(2, round(len(call.spoken) * self.pace))
        self.recordings[sid] = call.spoken
        if url := verb.get("recordingStatusCallback"):
            for status in ("in-progress", "completed"):
                fields = {
                    "CallSid": call.sid, "RecordingSid": sid, "RecordingStatus": status,
                    "RecordingDuration": str(seconds) if status == "completed" else "0",
                    "Timestamp": format_datetime(self.clock()),
                }  # fmt: skip
                self._callback(url, fields, call)
        return sid, seconds

    # Dialling and rooms -----------------------------------------------------------------------------------------

    def _verb_dial(self, call: SimCall, verb: Element) -> bool:
        inner = next(iter(verb), None)
        if inner is None:
            return False
        if inner.tag == "Conference":
            self._join(call, inner)
            return True
        to = (inner.text or "").strip() if inner.tag == "Number" else f"client:{(inner.text or '').strip()}"
        child = SimCall(self.new_sid("CA"), call.to, to, "outbound-dial", status="queued", parent=call)
        child.status_url, child.behaviour = inner.get("statusCallback", ""), self.behaviours(to)
        self.calls[child.sid] = child
        self._tell(call, "ringing", to)
        self._ring(child, lambda: self._bridge(child), float(verb.get("timeout", "30")))
        return True

    def _bridge(self, child: SimCall) -> None:
        if child.parent is not None:
            self._tell(child.parent, "joined", child.to)
        if child.behaviour.talks is not None:
            self._after(child, child.behaviour.talks, lambda: self._end(child, "completed"))

    def _dialled(self, call: SimCall, child: SimCall) -> None:
        verb = call.verb
        fields = {"DialCallStatus": child.status, "DialCallSid": child.sid}
        if verb is not None and verb.get("action"):
            self._go(call, verb.get("action", ""), fields)
        else:
            self._run(call)

    def _join(self, call: SimCall, noun: Element) -> None:
        name = (noun.text or "").strip()
        room = self.rooms.get(name)
        if room is None:
            room = self.rooms[name] = SimRoom(self.new_sid("CF"), name, noun.get("statusCallback", ""))
        label = noun.get("participantLabel", call.sid)
        if label in room.members:
            raise grammar.BadDocument("16025", f"the label {label} is in the room already")
        room.members[label], call.room = call, room
        call.side_url = noun.get("waitUrl", "")
        self._room_event(room, "participant-join", call)
        self._tell(call, "joined", label)
        if noun.get("startConferenceOnEnter", "true") == "true" and not room.started:
            room.started = True
            self._room_event(room, "conference-start", None)
        if room.started:
            for member in room.members.values():
                member.side, member.side_due = [], None
                if member is not call:
                    self._tell(member, "joined", label)
        else:
            call.side_due = self.clock()

    def _leave(self, call: SimCall, *, ended: bool) -> None:
        """Take a leg out of its room; when the main operator leaves, the room ends for all."""
        room = call.room
        if room is None:
            return
        label = next(name for name, member in room.members.items() if member is call)
        del room.members[label]
        call.room, call.side, call.side_due, call.held = None, [], None, False
        self._room_event(room, "participant-leave", call, label)
        noun = call.verb[0] if call.verb is not None and len(call.verb) else None
        ends = noun is not None and noun.get("endConferenceOnExit") == "true"
        if ends or not room.members:
            self.rooms.pop(room.name, None)
            others, room.members = list(room.members.items()), {}
            for other, member in others:
                member.room, member.side, member.side_due, member.held = None, [], None, False
                self._room_event(room, "participant-leave", member, other)
            self._room_event(room, "conference-end", None)
            for _other, member in others:
                self._tell(member, "left", label)
                verb = member.verb
                if member.is_live and verb is not None and verb.get("action"):
                    self._go(member, verb.get("action", ""), {"DialCallStatus": "answered"})
                elif member.is_live:
                    self._run(member)
        else:
            for member in room.members.values():
                self._tell(member, "left", label)

    def _room_event(self, room: SimRoom, event: str, call: SimCall | None, label: str = "") -> None:
        if not room.url:
            return
        fields = {
            "ConferenceSid": room.sid, "FriendlyName": room.name, "StatusCallbackEvent": event,
            "SequenceNumber": str(next(room.sequence)), "Timestamp": format_datetime(self.clock()),
        }  # fmt: skip
        if call is not None:
            known = next((name for name, member in room.members.items() if member is call), label)
            fields |= {"CallSid": call.sid, "ParticipantLabel": known, "Hold": str(call.held).lower()}
        self._callback(room.url, fields, call)

    def _side(self, call: SimCall) -> None:
        """Let a leg hear its waiting or hold document, which may only speak, play, pause and redirect."""
        if call.room is None or (call.room.started and not call.held) or not call.side_url:
            return
        if not call.side:
            status, text = self._request(call.side_url, self._call_fields(call), call)
            if status != 200:
                return
            call.side = grammar.read(text, in_room=True)
        verb = call.side.pop(0)
        if verb.tag == "Redirect":
            call.side, call.side_url, seconds = [], verb.text or "", 0.0
        else:
            seconds = self._speak(call, verb)
        call.side_due = self.clock() + dt.timedelta(seconds=max(seconds, 0.01))

    # The wire ---------------------------------------------------------------------------------------------------

    def new_sid(self, prefix: str) -> str:
        """Return the next SID of this network: the same seed gives the same ones."""
        text = f"{self._seed}|{prefix}|{next(self._count)}"
        return prefix + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    def _callback(self, url: str, fields: dict[str, str], call: SimCall | None) -> None:
        self._request(url, fields, call)

    def _request(self, url: str, fields: dict[str, str], call: SimCall | None) -> tuple[int, str]:
        """Post one signed request, twice where that was asked for; return status and text of the last."""
        bare = url.partition("#")[0]
        pairs = fields | {"AccountSid": self.account}
        text = signature.signed_text(bare, {name: [value] for name, value in pairs.items()})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signature.signature(self.token, text),
            "I-Twilio-Idempotency-Token": hashlib.sha256(f"{bare}{text}".encode()).hexdigest()[:36],
        }
        twice, self.twice = (self.twice, False) if "Digits" in fields else (False, self.twice)
        answer = (0, "")
        for repeat in (False, True)[: 2 if twice else 1]:
            answer = self._post(bare, headers, urlencode(pairs).encode(), fields, call, repeat)
        return answer

    def _post(
        self, url: str, headers: dict[str, str], body: bytes, fields: dict, call, repeat: bool
    ) -> tuple[int, str]:
        degraded = False
        try:
            status, found, text = self.transport("POST", url, headers, body)
            degraded = any(name.lower() == "x-fanal-degraded" for name in found)
        except NetworkDown:
            status, text = 0, ""
        path = urlsplit(url).path + (f"?{urlsplit(url).query}" if urlsplit(url).query else "")
        self._observe(Asked(call.sid if call else "", self.clock(), path, dict(fields), status, repeat, degraded))
        return status, text

    def _tell(self, call: SimCall, kind: str, text: str = "", language: str = "", written: bool = False) -> None:
        self._observe(Heard(call.sid, self.clock(), kind, text, language, written))

    def _observe(self, what: Heard | Asked) -> None:
        if self.observer is not None:
            self.observer(what)
