"""Conferences of the simulated network: joining, leaving, waiting, holding."""

import datetime as dt
from xml.etree.ElementTree import Element

from hotline.telephony import grammar
from hotline.telephony.simulated.parts import WRITTEN, NetworkDown, SimCall, SimRoom
from hotline.telephony.simulated.wire import Wire

SOUND = 2.0  # seconds that a recording is taken to last


class Rooms(Wire):
    """The rooms of a network, and what is heard in them."""

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
        call.ends_room = noun.get("endConferenceOnExit") == "true"
        call.coaches = noun.get("coach", "")
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
        ends, call.ends_room = call.ends_room, False
        call.room, call.side, call.side_due, call.held = None, [], None, False
        self._room_event(room, "participant-leave", call, label)
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
            "SequenceNumber": str(next(room.sequence)), "Timestamp": self._said_at(),
        }  # fmt: skip
        if call is not None:
            known = next((name for name, member in room.members.items() if member is call), label)
            fields |= {
                "CallSid": call.sid, "ParticipantLabel": known, "Hold": str(call.held).lower(),
                "EndConferenceOnExit": str(call.ends_room).lower(),
            }  # fmt: skip
        self._callback(room.url, fields, call)

    def _announce(self, room: SimRoom, url: str) -> None:
        """Let everybody in a room hear one document; it may only speak, play and pause, and interrupts nobody."""
        status, text = self._request(url, {"ConferenceSid": room.sid, "FriendlyName": room.name}, None)
        if status != 200:
            return
        for verb in grammar.read(text, in_room=True):
            for member in room.members.values():
                self._speak(member, verb)

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

    def _speak(self, call: SimCall, verb: Element) -> float:
        """Let a telephone hear one verb; return how long that takes."""
        words = verb.text or ""
        if verb.tag == "Pause":
            return float(verb.get("length", "1"))
        if verb.tag == "Play":
            return self._play(call, words)
        language = verb.get("language", "")
        self._tell(call, "say", words, language, written=verb.get("voice") == WRITTEN)
        return len(words) * self.pace

    def _play(self, call: SimCall, url: str) -> float:
        """Fetch a recording of ours and let a telephone hear it; one that is missing is not heard, and the call goes on.

        (Confirm on a real account what a caller hears then.)
        """
        path = url.removeprefix(self.base_url)
        if path == url:
            self._tell(call, "play", url)
            return SOUND
        try:
            status, found, _sound = self.transport("GET", url, {}, b"")
        except NetworkDown:
            status = 0
            found = {}
        kind = next((value for name, value in found.items() if name.lower() == "content-type"), "")
        if status != 200 or not kind.startswith("audio/"):
            self._tell(call, "missing", url)
            return 0.0
        self._tell(call, "play", url)
        return SOUND
