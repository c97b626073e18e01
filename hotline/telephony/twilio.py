"""Twilio as a provider: its REST interface with time-outs of three and five seconds.

Only the worker calls it, and while that is silent the stand-by of `hotline.actions.standby`.
"""

import datetime as dt
from collections.abc import Callable
from functools import cached_property, wraps

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from hotline.attachments import MOST_BYTES
from hotline.telephony.base import (
    Audio,
    CallFacts,
    Door,
    MessageFacts,
    NotOver,
    ProviderBusy,
    ProviderDown,
    ProviderRefused,
    RecordingFacts,
)

TIMEOUTS = (3, 5)
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
GONE, CONFLICT, SLOW_DOWN = 404, 409, 429
NOT_OVER = 20009  # "cannot delete: not completed"


class _Bounded(HTTPAdapter):
    """Sends with our time-outs, never twice."""

    def send(self, request, **kwargs):
        kwargs["timeout"] = TIMEOUTS
        return super().send(request, **kwargs)


def bounded_session() -> requests.Session:
    """Return a session that waits three seconds for a connection and five for an answer, and never retries."""
    session = requests.Session()
    session.mount("https://", _Bounded(max_retries=0))
    return session


def _named(order: Callable) -> Callable:
    """Turn the library's errors into ours."""

    @wraps(order)
    def guarded(*args, **kwargs):
        try:
            return order(*args, **kwargs)
        except TwilioRestException as error:
            if error.status == SLOW_DOWN:
                raise ProviderBusy("The provider asks us to come more slowly.") from error
            if error.status >= 500:
                raise ProviderDown(f"The provider answered {error.status}.") from error
            raise ProviderRefused(str(error.code or error.status)) from error
        except (requests.RequestException, TwilioException) as error:
            raise ProviderDown(type(error).__name__) from error

    return guarded


class TwilioProvider:
    """One Twilio account."""

    def __init__(self, account: str, user: str, secret: str):
        self.account, self.user, self.secret = account, user, secret

    @cached_property
    def session(self) -> requests.Session:
        """Return the one session by which all is asked."""
        return bounded_session()

    @cached_property
    def client(self) -> Client:
        """Return the library's client with our session."""
        http = TwilioHttpClient()
        http.session = self.session
        return Client(self.user, self.secret, self.account, http_client=http)

    @_named
    def dial(
        self, *, to: str, from_: str, url: str, status_url: str, seconds: int, detects_machine: bool = False
    ) -> str:
        """Ring a telephone; return the SID of the call. It tells a machine that answers, if asked to."""
        more = {"machine_detection": "Enable", "machine_detection_timeout": 5} if detects_machine else {}
        call = self.client.calls.create(
            to=to, from_=from_, url=url, method="POST", timeout=seconds, status_callback=status_url,
            status_callback_method="POST", status_callback_event=CALL_EVENTS, **more,
        )  # fmt: skip
        return call.sid

    @_named
    def redirect(self, sid: str, url: str) -> None:
        """Send a live call to another address."""
        self.client.calls(sid).update(url=url, method="POST")

    @_named
    def hang_up(self, sid: str) -> None:
        """End a call, whether it rings or is answered."""
        self.client.calls(sid).update(status="completed")

    @_named
    def hold(self, room_sid: str, sid: str, *, held: bool, url: str = "") -> None:
        """Put a leg of a room on hold, or take it back; HoldMethod defaults to GET, so it is set."""
        leg = self.client.conferences(room_sid).participants(sid)
        if held:
            leg.update(hold=True, hold_url=url, hold_method="POST")
        else:
            leg.update(hold=False)

    @_named
    def mute(self, room_sid: str, sid: str, *, muted: bool) -> None:
        """Shut or open the microphone of a leg."""
        self.client.conferences(room_sid).participants(sid).update(muted=muted)

    @_named
    def announce(self, room_sid: str, url: str) -> None:
        """Let everybody in a room hear the document at an address, once."""
        self.client.conferences(room_sid).update(announce_url=url, announce_method="POST")

    @_named
    def set_room_end(self, room_sid: str, sid: str, *, ends: bool) -> None:
        """Set whether a room ends when this leg leaves it; on a leg that is on hold the provider ignores it silently.

        Its callback `participant-modify` confirms it (confirm on a real account).
        """
        self.client.conferences(room_sid).participants(sid).update(end_conference_on_exit=ends)

    @_named
    def set_coach(self, room_sid: str, sid: str, *, coached: str) -> None:
        """Let a leg be heard by one other alone, who is named by its call, or by everybody (confirm on a real account)."""
        whom = {"coaching": True, "call_sid_to_coach": coached} if coached else {"coaching": False}
        self.client.conferences(room_sid).participants(sid).update(**whom)

    @_named
    def send_message(self, *, to: str, from_: str, body: str, status_url: str, template: str = "") -> str:
        """Send a text message, its letters as they are, never replaced by the carrier's; or approved words by their name."""
        words = {"content_sid": template} if template else {"body": body, "smart_encoded": False}
        message = self.client.messages.create(to=to, from_=from_, status_callback=status_url, **words)
        return message.sid

    @_named
    def call(self, sid: str) -> CallFacts:
        """Return what is known of a call."""
        return _call_facts(self.client.calls(sid).fetch())

    @_named
    def message(self, sid: str) -> MessageFacts:
        """Return what is known of a text message."""
        return _message_facts(self.client.messages(sid).fetch())

    @_named
    def recording(self, sid: str) -> Audio:
        """Return a recorded message."""
        address = f"https://api.twilio.com/2010-04-01/Accounts/{self.account}/Recordings/{sid}.mp3"
        answer = self.session.get(address, auth=(self.user, self.secret))
        if answer.status_code != 200:
            raise TwilioRestException(answer.status_code, address)
        return Audio(answer.content, answer.headers.get("Content-Type", "audio/mpeg"))

    @_named
    def attachment(self, message_sid: str, sid: str) -> bytes:
        """Return a file that came with a message, read up to our limit; the secret goes to no other host."""
        address = f"https://api.twilio.com/2010-04-01/Accounts/{self.account}/Messages/{message_sid}/Media/{sid}"
        with self.session.get(address, auth=(self.user, self.secret), stream=True) as answer:
            if answer.status_code != 200:
                raise TwilioRestException(answer.status_code, address)
            content = bytearray()
            for part in answer.iter_content(65_536):
                content += part
                if len(content) > MOST_BYTES:
                    raise ProviderRefused("too_large")
        return bytes(content)

    def delete_attachment(self, message_sid: str, sid: str) -> None:
        """Delete a file that came with a message; what is gone already is deleted."""
        self._delete(lambda: self.client.messages(message_sid).media(sid).delete())

    def delete_recording(self, sid: str) -> None:
        """Delete a recorded message; what is gone already is deleted."""
        self._delete(lambda: self.client.recordings(sid).delete())

    def delete_message(self, sid: str) -> None:
        """Delete a text message; what is gone already is deleted."""
        self._delete(lambda: self.client.messages(sid).delete())

    def delete_call(self, sid: str) -> None:
        """Delete the record of a call, first those of the calls that it dialled; one that is not over comes later."""
        for child in self._dialled_by(sid):
            self._delete(lambda child=child: self.client.calls(child).delete())
        self._delete(lambda: self.client.calls(sid).delete())

    @_named
    def _dialled_by(self, sid: str) -> list[str]:
        return [call.sid for call in self.client.calls.list(parent_call_sid=sid, page_size=100)]

    @_named
    def _delete(self, order: Callable) -> None:
        try:
            order()
        except TwilioRestException as error:
            if error.status == CONFLICT or error.code == NOT_OVER:
                raise NotOver("What is to be deleted is not over.") from error
            if error.status != GONE:
                raise

    @_named
    def calls_since(self, at: dt.datetime) -> list[CallFacts]:
        """Return the calls that started since an instant."""
        return [_call_facts(call) for call in self.client.calls.list(start_time_after=at, page_size=1000)]

    @_named
    def messages_since(self, at: dt.datetime) -> list[MessageFacts]:
        """Return the text messages sent or received since an instant."""
        return [_message_facts(row) for row in self.client.messages.list(date_sent_after=at, page_size=1000)]

    @_named
    def recordings_since(self, at: dt.datetime) -> list[RecordingFacts]:
        """Return the recorded messages made since an instant."""
        rows = self.client.recordings.list(date_created_after=at, page_size=1000)
        return [
            RecordingFacts(
                row.sid, row.call_sid or "", str(row.status), max(int(row.duration or 0), 0), row.date_created
            )
            for row in rows
        ]

    @_named
    def files_of(self, message_sid: str) -> list[str]:
        """Return the SIDs of the files that came with a message."""
        return [row.sid for row in self.client.messages(message_sid).media.list(page_size=100)]

    @_named
    def doors(self) -> list[Door]:
        """Return the numbers, SIP domains and trunks of the account as they are set up there now."""
        numbers = self.client.incoming_phone_numbers.list(page_size=100)
        domains = self.client.sip.domains.list(page_size=100)
        trunks = self.client.voice.v1.byoc_trunks.list(page_size=100)
        return [*map(_number_door, numbers), *map(_domain_door, domains), *map(_trunk_door, trunks)]

    @_named
    def application(self, sid: str) -> Door:
        """Return the application through which browsers call, as it is set up there now."""
        return _app_door(self.client.applications(sid).fetch())


def _app_door(row) -> Door:
    return Door(
        "app", row.friendly_name or row.sid, row.voice_url or "", row.voice_method or "",
        status_url=row.status_callback or "", status_method=row.status_callback_method or "",
    )  # fmt: skip


def _number_door(row) -> Door:
    return Door(
        "number", row.phone_number, row.voice_url or "", row.voice_method or "", row.voice_fallback_url or "",
        row.voice_fallback_method or "", row.status_callback or "", row.status_callback_method or "", row.sms_url or "",
        row.sms_method or "", row.voice_application_sid or "",
    )  # fmt: skip


def _domain_door(row) -> Door:
    return Door(
        "domain", row.domain_name, row.voice_url or "", row.voice_method or "", row.voice_fallback_url or "",
        row.voice_fallback_method or "", row.voice_status_callback_url or "", row.voice_status_callback_method or "",
    )  # fmt: skip


def _trunk_door(row) -> Door:
    return Door(
        "trunk", row.friendly_name or row.sid, row.voice_url or "", row.voice_method or "", row.voice_fallback_url or "",
        row.voice_fallback_method or "", row.status_callback_url or "", row.status_callback_method or "",
    )  # fmt: skip


def _call_facts(call) -> CallFacts:
    return CallFacts(
        sid=call.sid, status=str(call.status), to=call.to or "", from_=call._from or "", direction=call.direction or "",
        started_at=call.start_time,
    )  # fmt: skip


def _message_facts(row) -> MessageFacts:
    return MessageFacts(
        sid=row.sid, status=str(row.status), to=row.to or "", from_=row.from_ or "", direction=str(row.direction or ""),
        body=row.body or "", error_code=str(row.error_code or ""), made_at=row.date_sent, files=int(row.num_media or 0),
    )  # fmt: skip
