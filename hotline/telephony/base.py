"""What the hotline asks of a telephone provider. Two things answer: Twilio, and the simulated provider."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


class ProviderDown(Exception):
    """Raised when the provider did not answer in time or has a fault of its own; the order is tried again."""


class ProviderBusy(ProviderDown):
    """Raised when the provider asks us to come more slowly."""


class NotOver(ProviderDown):
    """Raised when what is to be deleted still goes on; the order is tried again."""


class ProviderRefused(Exception):
    """Raised when the provider understood an order and refused it; `code` is its error number."""

    def __init__(self, code: str, message: str = ""):
        super().__init__(message or f"The provider refused the order ({code}).")
        self.code = code


@dataclass(frozen=True)
class CallFacts:
    """What the provider knows of a call."""

    sid: str
    status: str
    to: str = ""
    from_: str = ""
    direction: str = ""
    started_at: dt.datetime | None = None


@dataclass(frozen=True)
class MessageFacts:
    """What the provider knows of a text message."""

    sid: str
    status: str
    to: str = ""
    from_: str = ""
    direction: str = ""
    body: str = ""
    error_code: str = ""
    made_at: dt.datetime | None = None
    files: int = 0


@dataclass(frozen=True)
class RecordingFacts:
    """What the provider knows of a recorded message."""

    sid: str
    call_sid: str
    status: str
    seconds: int = 0
    made_at: dt.datetime | None = None


@dataclass(frozen=True)
class Audio:
    """A recorded message: bytes and their true content type."""

    content: bytes
    content_type: str


@dataclass(frozen=True)
class Door:
    """One way by which calls come in at the provider, and where it sends them: a number, a SIP domain or a trunk.

    `kind` is number, domain, trunk or app (browsers call through it); `app` is the application whose settings stand above the door's own.
    """

    kind: str
    name: str
    voice_url: str = ""
    voice_method: str = ""
    fallback_url: str = ""
    fallback_method: str = ""
    status_url: str = ""
    status_method: str = ""
    text_url: str = ""
    text_method: str = ""
    app: str = ""


class Provider(Protocol):
    """One account at a provider. Every method may raise ProviderDown or ProviderRefused."""

    def dial(
        self, *, to: str, from_: str, url: str, status_url: str, seconds: int, detects_machine: bool = False
    ) -> str:
        """Ring a telephone; return the SID of the call. It tells a machine that answers, if asked to."""

    def redirect(self, sid: str, url: str) -> None:
        """Send a live call to another address."""

    def hang_up(self, sid: str) -> None:
        """End a call."""

    def hold(self, room_sid: str, sid: str, *, held: bool, url: str = "") -> None:
        """Put a leg of a room on hold, or take it back."""

    def mute(self, room_sid: str, sid: str, *, muted: bool) -> None:
        """Shut or open the microphone of a leg."""

    def announce(self, room_sid: str, url: str) -> None:
        """Let everybody in a room hear the document at an address, once."""

    def set_room_end(self, room_sid: str, sid: str, *, ends: bool) -> None:
        """Set whether a room ends when this leg leaves it; of a leg that is on hold nothing changes."""

    def set_coach(self, room_sid: str, sid: str, *, coached: str) -> None:
        """Let a leg be heard by one other alone, who is named by its call, or by everybody ("")."""

    def send_message(self, *, to: str, from_: str, body: str, status_url: str, template: str = "") -> str:
        """Send a text message, or approved words by their name at the provider; return its SID."""

    def call(self, sid: str) -> CallFacts:
        """Return what is known of a call."""

    def message(self, sid: str) -> MessageFacts:
        """Return what is known of a text message."""

    def recording(self, sid: str) -> Audio:
        """Return a recorded message."""

    def attachment(self, message_sid: str, sid: str) -> bytes:
        """Return a file that came with a message; one above our limit is refused as "too_large"."""

    def delete_attachment(self, message_sid: str, sid: str) -> None:
        """Delete a file that came with a message; deleting what is gone is no fault."""

    def delete_recording(self, sid: str) -> None:
        """Delete a recorded message; deleting what is gone is no fault."""

    def delete_message(self, sid: str) -> None:
        """Delete a text message; deleting what is gone is no fault."""

    def delete_call(self, sid: str) -> None:
        """Delete the record of a call and of what it dialled; what is gone is no fault, what is not over comes later."""

    def calls_since(self, at: dt.datetime) -> list[CallFacts]:
        """Return the calls that started since an instant."""

    def messages_since(self, at: dt.datetime) -> list[MessageFacts]:
        """Return the text messages sent or received since an instant."""

    def recordings_since(self, at: dt.datetime) -> list[RecordingFacts]:
        """Return the recorded messages made since an instant."""

    def files_of(self, message_sid: str) -> list[str]:
        """Return the SIDs of the files that came with a message."""

    def doors(self) -> list[Door]:
        """Return the numbers, SIP domains and trunks of the account as they are set up there now."""

    def application(self, sid: str) -> Door:
        """Return the application through which browsers call, as it is set up there now."""
