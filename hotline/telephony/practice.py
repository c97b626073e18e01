"""The simulated provider as the worker sees it: orders are rows that the simulator's process carries out.

The worker never waits for it, and the simulator knows a call by the SID that was made here.
"""

import base64
import datetime as dt
import secrets

from django.utils import timezone

from hotline.choices import ActKind
from hotline.models import SimulatorAct, SimulatorCall
from hotline.telephony.base import Audio, CallFacts, Door, MessageFacts, NotOver, ProviderRefused, RecordingFacts
from hotline.telephony.tones import tone

# One grey point, as PNG.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
LIVE = ("queued", "initiated", "ringing", "in-progress", "answered")


def new_sid(prefix: str) -> str:
    """Return a SID as the provider would make one."""
    return prefix + secrets.token_hex(16)


class PracticeProvider:
    """The simulated account."""

    def __init__(self, account: str):
        self.account = account

    def _order(self, order: str, **values: object) -> None:
        SimulatorAct.objects.create(kind=ActKind.REST, payload={"order": order, **values}, made_at=timezone.now())

    def dial(
        self, *, to: str, from_: str, url: str, status_url: str, seconds: int, detects_machine: bool = False
    ) -> str:
        """Ring a telephone; return the SID of the call. It tells a machine that answers, if asked to."""
        sid, where = new_sid("CA"), {"url": url, "status_url": status_url}
        self._order("dial", sid=sid, to=to, from_=from_, seconds=seconds, detects_machine=detects_machine, **where)
        return sid

    def redirect(self, sid: str, url: str) -> None:
        """Send a live call to another address."""
        self._order("redirect", sid=sid, url=url)

    def hang_up(self, sid: str) -> None:
        """End a call."""
        self._order("hang_up", sid=sid)

    def hold(self, room_sid: str, sid: str, *, held: bool, url: str = "") -> None:
        """Put a leg of a room on hold, or take it back."""
        self._order("hold" if held else "unhold", room_sid=room_sid, sid=sid, url=url)

    def mute(self, room_sid: str, sid: str, *, muted: bool) -> None:
        """Shut or open the microphone of a leg."""
        self._order("mute" if muted else "unmute", room_sid=room_sid, sid=sid)

    def announce(self, room_sid: str, url: str) -> None:
        """Let everybody in a room hear the document at an address, once."""
        self._order("announce", room_sid=room_sid, url=url)

    def set_room_end(self, room_sid: str, sid: str, *, ends: bool) -> None:
        """Set whether a room ends when this leg leaves it; of a leg that is on hold nothing changes."""
        self._order("room_end", room_sid=room_sid, sid=sid, ends=ends)

    def set_coach(self, room_sid: str, sid: str, *, coached: str) -> None:
        """Let a leg be heard by one other alone, who is named by its call, or by everybody ("")."""
        self._order("coach", room_sid=room_sid, sid=sid, coached=coached)

    def send_message(self, *, to: str, from_: str, body: str, status_url: str, template: str = "") -> str:
        """Send a text message; return its SID."""
        sid = new_sid("SM")
        self._order("message", sid=sid, to=to, from_=from_, body=body, status_url=status_url, template=template)
        return sid

    def call(self, sid: str) -> CallFacts:
        """Return what the simulator wrote down of a call."""
        row = SimulatorCall.objects.filter(sid=sid).first()
        if row is None:
            raise ProviderRefused("20404")
        return CallFacts(sid, row.status)

    def message(self, sid: str) -> MessageFacts:
        """Return a text message: a simulated one that was handed over is delivered."""
        return MessageFacts(sid, "delivered")

    def recording(self, sid: str) -> Audio:
        """Return a recorded message: a tone, since nobody spoke."""
        return Audio(tone(), "audio/wav")

    def attachment(self, message_sid: str, sid: str) -> bytes:
        """Return the file of a message: a small picture, since nobody sent one."""
        return PICTURE

    def delete_attachment(self, message_sid: str, sid: str) -> None:
        """Forget a file; the simulator keeps none."""

    def delete_recording(self, sid: str) -> None:
        """Forget a recorded message; the simulator keeps none."""

    def delete_message(self, sid: str) -> None:
        """Forget a text message; the simulator keeps none."""

    def delete_call(self, sid: str) -> None:
        """Forget a call that is over."""
        rows = SimulatorCall.objects.filter(sid=sid)
        if rows.filter(status__in=LIVE).exists():
            raise NotOver("The call is not over.")
        rows.delete()

    def calls_since(self, at: dt.datetime) -> list[CallFacts]:
        """Return no calls: the simulator lives in one process and loses none."""
        return []

    def messages_since(self, at: dt.datetime) -> list[MessageFacts]:
        """Return the messages that were ordered since an instant."""
        rows = SimulatorAct.objects.filter(kind=ActKind.REST, made_at__gte=at).values_list("payload", flat=True)
        return [
            MessageFacts(one["sid"], "delivered", one["to"], one["from_"], "outbound-api", one["body"])
            for one in rows
            if one["order"] == "message"
        ]

    def recordings_since(self, at: dt.datetime) -> list[RecordingFacts]:
        """Return no recordings: the simulator reports each one."""
        return []

    def files_of(self, message_sid: str) -> list[str]:
        """Return no files: the simulator reports each text."""
        return []

    def doors(self) -> list[Door]:
        """Return no door: the simulator reads the addresses of its calls from the lines themselves."""
        return []

    def application(self, sid: str) -> Door:
        """Return an application that leads nowhere: no browser calls through the practice network."""
        return Door("app", sid)
