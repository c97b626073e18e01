"""Running a voice document on one telephone, verb by verb."""

import datetime as dt
from xml.etree.ElementTree import Element

from hotline.telephony import grammar
from hotline.telephony.simulated.parts import SimCall, rung_by_worker
from hotline.telephony.simulated.rooms import Rooms

DUTY_PHONE = "/voice/duty-phone/"  # how it behaves is told as for every number that a document rings
STALL = 15.0  # seconds after which the provider gives up an answer


class Documents(Rooms):
    """The verbs of a document."""

    def _go(self, call: SimCall, url: str, fields: dict[str, str]) -> None:
        """Ask an address for a document and run it; chance may let the request time out, or the caller hang up after it."""
        status, text = self._request(url, self._call_fields(call) | fields, call)
        if not call.is_live:
            return
        chance, calls = self._chance(call), call.direction == "inbound"
        if calls and chance.of("hung_up"):
            self._later(chance.seconds(6), lambda: self._end(call, "completed"))
        if calls and chance.of("stalled"):
            self._after(call, STALL, lambda: self._fall_back(call, "11200"))
            return
        if status != 200 or not text:
            self._fall_back(call, f"{status}")
            return
        if call.status == "ringing" and calls:
            call.status, call.picked_up_at = "in-progress", self.clock()
        call.program, call.keys = grammar.read(text), ""
        self._run(call)

    def _fall_back(self, call: SimCall, reason: str) -> None:
        self._tell(call, "error", reason)
        if not self.fallback:
            self._end(call, "failed")
            return
        call.status, call.picked_up_at = "in-progress", call.picked_up_at or self.clock()
        call.program = grammar.read(self.fallback)
        self._run(call)

    def _run(self, call: SimCall) -> None:
        while call.is_live and call.program:
            verb = call.verb = call.program.pop(0)
            if getattr(self, f"_verb_{verb.tag.lower()}")(call, verb):
                return
        if call.is_live and not call.program:
            if call.is_screened:
                call.is_screened, call.verb = False, None
                self._bridge(call)
            else:
                self._end(call, "completed")

    def _verb_say(self, call: SimCall, verb: Element) -> bool:
        self._after(call, self._speak(call, verb), lambda: self._run(call))
        return True

    def _verb_play(self, call: SimCall, verb: Element) -> bool:
        if (digits := verb.get("digits")) is None:
            return self._verb_say(call, verb)
        for key in digits:
            if call.peer is not None and call.peer.is_live:
                self._press(call.peer, key)
        return False

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
        keys, call.will_press = call.will_press, ""
        for key in keys:
            self._press(call, key)
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
            self._recorded(call, verb, key)
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

    def _verb_record(self, call: SimCall, verb: Element) -> bool:
        call.spoken, call.spoken_at = "", None
        call.record_until = self.clock() + dt.timedelta(seconds=float(verb.get("maxLength", "3600")))
        self._tell(call, "record")
        self._after(call, float(verb.get("timeout", "5")), lambda: self._silence(call, verb))
        return True

    def _silence(self, call: SimCall, verb: Element) -> None:
        pause = dt.timedelta(seconds=float(verb.get("timeout", "5")))
        now = self.clock()
        goes_on = min(call.spoken_at + pause, call.record_until or now) - now if call.spoken_at else dt.timedelta()
        if goes_on > dt.timedelta():
            self._after(call, goes_on.total_seconds(), lambda: self._silence(call, verb))
            return
        self._recorded(call, verb)

    def _recorded(self, call: SimCall, verb: Element, key: str = "") -> None:
        """End a recording: silence asks for nothing, unless another key than # ended it."""
        call.due = call.then = None
        if not call.spoken and key in ("", "#"):
            self._run(call)
            return
        sid, seconds = self._keep_recording(call, verb)
        told = {"RecordingSid": sid, "RecordingDuration": str(seconds)} if sid else {}
        self._go(call, verb.get("action", ""), told | {"Digits": key})

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
                    "Timestamp": self._said_at(),
                }  # fmt: skip
                self._callback(url, fields, call)
        return sid, seconds

    def _verb_dial(self, call: SimCall, verb: Element) -> bool:
        inner = next(iter(verb), None)
        if inner is None:
            return False
        if inner.tag == "Conference":
            self._join(call, inner)
            return True
        to = (inner.text or "").strip() if inner.tag == "Number" else f"client:{(inner.text or '').strip()}"
        child = SimCall(
            self.new_sid("CA"), verb.get("callerId", call.from_), to, "outbound-dial", status="queued", parent=call
        )
        screen = inner.get("url", "")
        child.status_url = inner.get("statusCallback", "")
        is_duty = not screen or DUTY_PHONE in screen
        child.behaviour = self.behaviours(to) if is_duty else rung_by_worker(to)
        self.calls[child.sid] = child
        self._tell(call, "ringing", to)
        answered = (lambda: self._screen(child, screen)) if screen else (lambda: self._bridge(child))
        self._ring(child, answered, float(verb.get("timeout", "30")))
        return True

    def _screen(self, child: SimCall, url: str) -> None:
        """Let a called telephone hear a document first; it is connected when that has come to its end."""
        child.is_screened = True
        self._go(child, url, {})

    def _bridge(self, child: SimCall) -> None:
        if child.parent is not None:
            self._tell(child.parent, "joined", child.to)
        if child.behaviour.talks is not None:
            self._after(child, child.behaviour.talks, lambda: self._end(child, "completed"))

    def _dialled(self, call: SimCall, child: SimCall) -> None:
        verb = call.verb
        fields = {"DialCallStatus": child.status, "DialCallSid": child.sid}
        if child.picked_up_at is not None:
            fields["DialCallDuration"] = str(child.seconds)
        if verb is not None and verb.get("action"):
            self._go(call, verb.get("action", ""), fields)
        else:
            self._run(call)
