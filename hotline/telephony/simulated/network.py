"""What people and the product's orders do to the simulated network, and what becomes due with time."""

import datetime as dt
from collections.abc import Callable

from hotline.telephony.simulated.documents import Documents
from hotline.telephony.simulated.faults import Chance, Faults
from hotline.telephony.simulated.parts import Behaviour, Heard, SimCall, rung_by_worker


class Simulator(Documents):
    """A telephone network with one account."""

    def dial(self, from_: str, to: str, *, sid: str = "", faults: Faults | None = None) -> SimCall:
        """Call a number of the line, with faults of this call's own if wanted; return the leg."""
        call = SimCall(sid or self.new_sid("CA"), from_, to, "inbound", chance=Chance(faults) if faults else None)
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

    def speak_on(self, sid: str) -> None:
        """Be heard on a telephone, with words that follow: no silence ends the recording meanwhile."""
        self._live(sid).spoken_at = self.clock()

    def answer(self, sid: str) -> None:
        """Pick up a telephone that rings."""
        call = self._live(sid)
        if call.status == "ringing" and call.pick_up is not None:
            call.due = call.then = None
            call.pick_up()

    def hang_up(self, sid: str) -> None:
        """Hang up a telephone; one that rings is not picked up, and the network says that it is busy."""
        call = self._live(sid)
        rings = call.status == "ringing" and call.direction.startswith("outbound")
        self._end(call, "busy" if rings else "completed")

    def cut(self, sid: str) -> None:
        """Lose a telephone's line, as when its battery ends; the network reports it like a hang-up."""
        self._end(self._live(sid), "completed")

    def lost(self, sid: str, from_: str, to: str) -> None:
        """Report the end of a call that an earlier process began and this one does not know."""
        call = SimCall(
            sid, from_, to, "inbound", status="completed", status_url=f"{self.base_url}/hotline/twilio/status/"
        )
        self._callback(call.status_url, self._call_fields(call) | {"SequenceNumber": "900"}, call)

    def go_wrong(self, faults: Faults) -> None:
        """Let faults happen on the whole network from now on."""
        self.chance = Chance(faults)

    def text(self, from_: str, to: str, body: str, *, by_whatsapp: bool = False, has_picture: bool = False) -> str:
        """Send a text message to the line, by SMS or WhatsApp, with a picture if wanted; return its SID."""
        sid, prefix = self.new_sid("MM" if has_picture else "SM"), "whatsapp:" if by_whatsapp else ""
        fields = {"MessageSid": sid, "From": prefix + from_, "To": prefix + to, "Body": body, "NumMedia": "0"}
        if has_picture:
            address = (
                f"https://api.twilio.com/2010-04-01/Accounts/{self.account}/Messages/{sid}/Media/{self.new_sid('ME')}"
            )
            fields |= {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "image/png"}
        self._request(f"{self.base_url}/hotline/twilio/message/", fields, None)
        return sid

    def order(self, payload: dict) -> None:
        """Carry out an order of the worker, as the provider's REST interface would."""
        orders = {
            "dial": self._order_dial, "redirect": self._order_redirect, "hang_up": self._order_hang_up,
            "hold": self._order_hold, "unhold": self._order_hold, "mute": self._order_mute, "unmute": self._order_mute,
            "message": self._order_message, "announce": self._order_announce, "room_end": self._order_room_end,
            "coach": self._order_coach,
        }  # fmt: skip
        orders[payload["order"]](payload)

    def _order_dial(self, payload: dict) -> None:
        call = SimCall(payload["sid"], payload["from_"], payload["to"], "outbound-api", status="queued")
        is_by_hand = payload.get("by_hand", False)
        call.behaviour = Behaviour(answers=False) if is_by_hand else rung_by_worker(payload["to"])
        call.status_url = payload["status_url"]
        self.calls[call.sid] = call
        if "/voice/self/" in payload["url"]:
            self._call_own_line(call, payload["url"])
            return
        heard = {}
        if payload.get("detects_machine"):
            heard = {"AnsweredBy": "machine_start" if payload["to"].endswith("8") else "human"}
        self._ring(call, lambda: self._go(call, payload["url"], heard), payload.get("seconds", 20))

    def _call_own_line(self, call: SimCall, url: str) -> None:
        """Let a line call itself: the other end is a caller like any, and hears the keys that this end plays."""
        call.peer = self.dial(call.from_, call.to)
        self._status(call, "in-progress" if call.peer.status == "in-progress" else "failed")
        if call.is_live:
            self._go(call, url, {})

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

    def _order_announce(self, payload: dict) -> None:
        room = next((one for one in self.rooms.values() if one.sid == payload["room_sid"]), None)
        if room is not None:
            self._announce(room, payload["url"])

    def _order_room_end(self, payload: dict) -> None:
        """Set whether a leg ends its room; a leg on hold keeps what it had, and nothing tells so."""
        call = self.calls.get(payload["sid"])
        if call is not None and call.room is not None and not call.held:
            call.ends_room = payload["ends"]
            self._room_event(call.room, "participant-modify", call)

    def _order_coach(self, payload: dict) -> None:
        """Let a leg be heard by one other alone, or by everybody."""
        call = self.calls.get(payload["sid"])
        if call is not None and call.room is not None:
            call.coaches = payload["coached"]
            self._room_event(call.room, "participant-modify", call)

    def _order_message(self, payload: dict) -> None:
        self.texts[payload["sid"]] = payload["body"]
        number = payload["to"].removeprefix("whatsapp:")
        by_whatsapp = number != payload["to"]
        self._observe(Heard(number, self.clock(), "text", payload["body"], by_whatsapp=by_whatsapp))
        for status in ("queued", "sent", "delivered"):
            fields = {
                "MessageSid": payload["sid"],
                "MessageStatus": status,
                "To": payload["to"],
                "From": payload["from_"],
            }
            self._callback(payload["status_url"], fields, None)

    def tick(self) -> None:
        """Do everything that is due at the clock's instant, in order of time."""
        while True:
            now = self.clock()
            ready = [call for call in self.calls.values() if call.due is not None and call.due <= now]
            aside = [call for call in self.calls.values() if call.side_due is not None and call.side_due <= now]
            overdue = sorted((one for one in self.later if one[0] <= now), key=lambda one: one[:2])
            if not ready and not aside and not overdue:
                return
            for one in overdue:
                self.later.remove(one)
                one[2]()
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
        instants += [due for due, _number, _then in self.later]
        return min(instants, default=None)

    def _live(self, sid: str) -> SimCall:
        call = self.calls[sid]
        if not call.is_live:
            raise KeyError(f"{sid} has hung up.")
        return call

    def _ring(self, call: SimCall, answered: Callable[[], None], seconds: float) -> None:
        self._status(call, "initiated")
        self._status(call, "ringing")
        behaviour = call.behaviour
        call.pick_up = lambda: self._answered(call, answered)
        if behaviour.answers and behaviour.after <= seconds:
            self._after(call, behaviour.after, lambda: self._answered(call, answered))
        else:
            self._after(call, seconds, lambda: self._end(call, "no-answer"))

    def _answered(self, call: SimCall, answered: Callable[[], None]) -> None:
        self._status(call, "in-progress")
        call.will_press = call.behaviour.presses
        answered()

    def _status(self, call: SimCall, status: str) -> None:
        call.status = status
        if status == "in-progress":
            call.picked_up_at = self.clock()
        if call.status_url:
            word = "answered" if status == "in-progress" and call.direction != "inbound" else status
            fields = self._call_fields(call) | {"CallStatus": word, "SequenceNumber": str(next(call.sequence))}
            fields["Timestamp"] = self._said_at()
            if status == "completed":
                fields["CallDuration"] = str(call.seconds)
            self._callback(call.status_url, fields, call)

    def _end(self, call: SimCall, status: str) -> None:
        if not call.is_live:
            return
        verb, was_recording = call.verb, call.verb is not None and call.verb.tag == "Record"
        call.due = call.then = call.side_due = None
        if was_recording and verb is not None:
            self._keep_recording(call, verb)
        in_room = call.room is not None
        call.status, call.ended_at = status, self.clock()
        self._leave(call, ended=True)
        if in_room and verb is not None and verb.get("action") and call.direction == "inbound":
            self._request(verb.get("action", ""), self._call_fields(call) | {"DialCallStatus": "answered"}, call)
        self._tell(call, "hung_up")
        for child in [one for one in self.calls.values() if one.parent is call and one.is_live]:
            self._end(child, "completed" if child.status == "in-progress" else "canceled")
        call.verb = None
        self._status(call, status)
        if call.peer is not None and call.peer.is_live:
            self._end(call.peer, "completed")
        if call.parent is not None and call.parent.is_live:
            self._dialled(call.parent, call)
