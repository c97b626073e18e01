"""The practice network's own process: carries out what was done on the on-screen phones, as a real network would.

It runs the product's TwiML through hotline.telephony.simulated, signs every request and posts it over HTTP to the
public address. The web process only writes rows; it never posts to itself.
"""

import http.client
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from threading import Event
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from hotline.actions import rehearsals, simulation
from hotline.callers import called_number
from hotline.choices import ActKind, Channel, HeardKind, PhoneState
from hotline.models import SimulatorAct, SimulatorPhone
from hotline.queries.lines import line_called, memory
from hotline.queries.spoken import read_cell
from hotline.telephony import grammar, simulated
from hotline.telephony.providers import SIMULATED_ACCOUNT, webhook_secrets
from languages import table

log = structlog.get_logger(__name__)

SECONDS = 15
PAUSE = 0.2
VERB = re.compile(r"<([A-Z][A-Za-z]+)")
NUMBER = re.compile(r"<Number[^>]*>\s*([^<\s]+)")
PATH = re.compile(r"/hotline/twilio/(voice|status|message-status|message)/(?:([a-z-]+)/)?")
AUDIO = re.compile(r"/hotline/audio/([a-z-]+)/([a-z0-9-]+)/")
LABELS = {"op": "operator", "int": "interpreter"}
LOCALES = {"arb": "ar", "pt-br": "pt-br"}


class SimulatorIsOff(Exception):
    """Raised where settings do not allow the practice network: it exists in the demo and on training sites only."""


class NotSimulated(Exception):
    """Raised when the simulated account has no secret; leave TWILIO_ACCOUNT_SID unset in the demo."""


def post_over_http(method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
    """Make one request as the network makes it: 15 seconds, no redirect followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise simulated.NetworkDown from error
    finally:
        connection.close()


def code_of(locale: str) -> str:
    """Return our language code of a voice's locale, or "" for one that is none of ours."""
    low = locale.lower()
    code = LOCALES.get(low, low)
    head = code.partition("-")[0]
    return (
        code if code in table.BY_CODE else LOCALES.get(head, head) if LOCALES.get(head, head) in table.BY_CODE else ""
    )


def rings(number: str, dialled: str) -> dict[str, str]:
    """Return as what a telephone is told of that the line calls: the duty phone, the number to which callers are forwarded,
    which is said, or one of those on shift, which is not.
    """
    line = line_called(called_number(dialled))
    if line is None or number == line.duty_phone:
        return {"code": "duty_rings"}
    is_forwarded = number in (line.forward_number, line.plan.after_hours_number)
    return {"code": "calling", "number": number if is_forwarded else ""}


def described(asked: simulated.Asked, reply: str) -> dict:
    """Return what a request was and what it was answered, as codes for the screen; no words said are kept."""
    match = PATH.search(asked.path)
    kind, step = (match.group(1), match.group(2) or "") if match else ("", "")
    fields = asked.fields
    named = (fields.get(name) for name in ("StatusCallbackEvent", "MessageStatus", "RecordingStatus", "CallStatus"))
    state = next(filter(None, named), "")
    return {
        "kind": "start" if kind == "voice" and not step else kind,
        "step": step,
        "to": fields.get("To", ""),
        "digits": fields.get("Digits", ""),
        "state": state if kind != "voice" else "",
        "of_recording": "RecordingStatus" in fields,
        "status": asked.status,
        "verbs": sorted(set(VERB.findall(reply)) - {"Response"}),
        "repeat": asked.repeat,
    }


class Network:
    """The practice network: one simulator, the phones on screens, and the rows between them."""

    def __init__(self, post: Callable = post_over_http, clock: Callable[[], datetime] = timezone.now):
        if not settings.SIMULATOR:
            raise SimulatorIsOff
        tokens = webhook_secrets().tokens.get(SIMULATED_ACCOUNT)
        if not tokens:
            raise NotSimulated
        self.post, self.clock, self.reply = post, clock, ""
        self.phones: dict[str, int] = {}
        self.rung: dict[str, dict[str, str]] = {}  # by the SID of a caller: whom the line called last
        self.texting: SimulatorPhone | None = None
        self.simulator = simulated.Simulator(
            self._transport, account=SIMULATED_ACCOUNT, token=tokens[0], base_url=settings.PUBLIC_URL, clock=clock,
            observer=self._observe, seed=secrets.token_hex(8),
        )  # fmt: skip

    def run(self, stop: Event) -> None:
        """Carry out acts and let time pass until told to stop; a database that is busy is asked again."""
        is_new = True
        while not stop.is_set():
            try:
                if is_new:
                    self.start_anew()
                    is_new = False
                self.step()
            except DatabaseError:
                log.warning("simulator_waits_for_the_database")
                close_old_connections()
                time.sleep(1)
            stop.wait(PAUSE)

    def start_anew(self) -> None:
        """End, as the network would, every call that a former process carried."""
        simulation.drop_late_acts(at=self.clock())
        for call in simulation.live_calls():
            self.simulator.lost(call.sid, call.data.get("from", ""), call.data.get("to", ""))
            simulation.know_call(sid=call.sid, status="completed")
        for phone in simulation.lost_phones():
            simulation.set_call(phone=phone, state=PhoneState.ENDED, at=self.clock())
            self._line(phone, HeardKind.ROOM, "started_anew")

    def step(self) -> int:
        """Carry out what waits, then let the time pass that went by; return how many acts there were."""
        acts = simulation.take_acts(self.clock())
        for act in acts:
            if simulation.claim_act(act=act, at=self.clock()) and (fault := self._carry_out(act)):
                simulation.note_fault(act=act, fault=fault)
        try:
            self.simulator.tick()
        except grammar.BadDocument:
            log.exception("simulator_bad_document")
        return len(acts)

    def _carry_out(self, act: SimulatorAct) -> str:
        """Do one act; return what went wrong, or ""."""
        try:
            if act.kind == ActKind.REST:
                self.simulator.order(self._on_a_screen(act.payload))
            else:
                self._on_the_phone(act)
        except (LookupError, grammar.BadDocument) as error:
            log.warning("simulator_act_failed", subject=act.pk, kind=act.kind, exception=type(error).__name__)
            return f"{type(error).__name__}: {error}"
        return ""

    def _on_a_screen(self, payload: dict) -> dict:
        """Let a call to the number of a phone that somebody has on a screen ring there; else it is answered by itself."""
        if payload["order"] != "dial" or (phone := simulation.phone_to_ring(payload["to"], at=self.clock())) is None:
            return payload
        self.phones[payload["sid"]] = phone.pk
        simulation.set_call(phone=phone, state=PhoneState.RINGING, at=self.clock(), sid=payload["sid"])
        simulation.know_call(sid=payload["sid"], status="ringing", phone=phone)
        self._line(phone, HeardKind.ROOM, "rings")
        return payload | {"by_hand": True}

    def _on_the_phone(self, act: SimulatorAct) -> None:
        phone, payload = act.phone, act.payload
        phone.refresh_from_db()
        if act.kind == ActKind.DIAL:
            self._dial(phone, payload["to"], payload.get("faults"))
        elif act.kind == ActKind.TEXT:
            self._text(phone, payload)
        elif act.kind == ActKind.ANSWER:
            self._line(phone, HeardKind.DID, "picked_up")
            simulation.set_call(phone=phone, state=PhoneState.LIVE, at=self.clock())
            self.simulator.answer(phone.call_sid)
        elif act.kind == ActKind.PRESS:
            self.simulator.press(phone.call_sid, payload["digits"])
        elif act.kind == ActKind.SPEAK and "text" not in payload:
            self.simulator.speak_on(phone.call_sid)
        elif act.kind == ActKind.SPEAK:
            self.simulator.say(phone.call_sid, payload["text"])
        elif act.kind == ActKind.HANG_UP:
            self._line(phone, HeardKind.DID, "hung_up")
            self.simulator.hang_up(phone.call_sid)
        elif act.kind == ActKind.CUT:
            self._line(phone, HeardKind.DID, "cut")
            self.simulator.cut(phone.call_sid)

    def _dial(self, phone: SimulatorPhone, number: str, faults: dict | None) -> None:
        sid = self.simulator.new_sid("CA")
        self.phones[sid] = phone.pk
        self._line(phone, HeardKind.DID, "dialled", number)
        simulation.set_call(phone=phone, state=PhoneState.LIVE, at=self.clock(), sid=sid)
        simulation.know_call(sid=sid, status="ringing", phone=phone, **{"from": phone.number, "to": number})
        self.simulator.dial(phone.number, number, sid=sid, faults=simulated.Faults(**faults) if faults else None)
        if phone.rehearsal_id:
            rehearsals.mark_rehearsed(sid=sid, at=self.clock())

    def _text(self, phone: SimulatorPhone, payload: dict) -> None:
        by_whatsapp, has_picture = payload.get("channel") == Channel.WHATSAPP, bool(payload.get("picture"))
        self._line(phone, HeardKind.DID, "wrote_whatsapp" if by_whatsapp else "wrote", payload["text"])
        if has_picture:
            self._line(phone, HeardKind.DID, "sent_picture")
        self.texting = phone
        try:
            self.simulator.text(
                phone.number, payload["to"], payload["text"], by_whatsapp=by_whatsapp, has_picture=has_picture
            )
        finally:
            self.texting = None

    def _line(self, phone: SimulatorPhone, kind: str, code: str, value: str = "") -> None:
        """Add what a person or the network did, as a code: each reader's page has the words."""
        simulation.add_line(phone=phone, kind=kind, text=value, at=self.clock(), detail={"code": code})

    def _phone(self, sid: str) -> SimulatorPhone | None:
        """Return the on-screen phone whose call has a SID; operators' telephones have none."""
        return SimulatorPhone.objects.filter(pk=self.phones[sid]).first() if sid in self.phones else None

    def _transport(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict, str]:
        """Post one signed request and remember the answer for the screen."""
        self.reply = ""
        status, answered, self.reply = self.post(method, url, headers, body)
        return status, answered, self.reply

    def _observe(self, what: simulated.Heard | simulated.Asked) -> None:
        """Put what happened on the screen of the phone that it happened to."""
        if isinstance(what, simulated.Asked):
            self._show_request(what)
        elif what.kind == "text":
            simulation.bring_text(number=what.call_sid, text=what.text, is_whatsapp=what.by_whatsapp, at=what.at)
        elif (phone := self._phone(what.call_sid)) is not None:
            self._show(phone, what)

    def _who(self, heard: simulated.Heard) -> str:
        """Return the code of who joined or left the room; "" for the caller's own telephone."""
        call, label = self.simulator.calls[heard.call_sid], heard.text
        if label == "caller":
            return ""
        if call.room is not None and call.room.members.get(label) is call:
            return "in_room"
        return f"{LABELS.get(label.partition('-')[0], 'somebody')}_{heard.kind}"

    def _show_request(self, asked: simulated.Asked) -> None:
        fields = asked.fields
        if asked.path.startswith("/hotline/twilio/status/") and "StatusCallbackEvent" not in fields and asked.call_sid:
            known = {"from": fields.get("From", ""), "to": fields.get("To", "")}
            simulation.know_call(sid=asked.call_sid, status=fields.get("CallStatus", ""), **known)
        phone = self._phone(asked.call_sid) or (self.texting if not asked.call_sid else None)
        if phone is not None:
            detail = described(asked, self.reply)
            if detail["step"] == "duty":
                detail["rang"] = self.rung.get(asked.call_sid, {})
            if found := NUMBER.search(self.reply):
                detail["rings"] = self.rung[asked.call_sid] = rings(found.group(1), phone.dialled)
            simulation.add_line(phone=phone, kind=HeardKind.ASKED, at=asked.at, detail=detail)

    def _show(self, phone: SimulatorPhone, heard: simulated.Heard) -> None:
        if heard.kind in ("say", "play", "missing"):
            text, language = (heard.text, code_of(heard.language)) if heard.kind == "say" else recorded(heard.text)
            simulation.add_line(
                phone=phone,
                kind=HeardKind.SAID,
                text=text,
                language=language,
                at=heard.at,
                detail={"written": heard.written or heard.kind == "missing"},
            )
        elif heard.kind == "key":
            self._line(phone, HeardKind.DID, "pressed", heard.text)
        elif heard.kind == "words":
            self._line(phone, HeardKind.DID, "spoke", heard.text)
        elif heard.kind == "record":
            self._line(phone, HeardKind.ROOM, "records")
        elif heard.kind == "ringing" and heard.text and heard.text != phone.dialled:
            told = rings(heard.text, phone.dialled)
            self._line(phone, HeardKind.ROOM, told["code"], told.get("number", ""))
        elif heard.kind in ("joined", "left") and (code := self._who(heard)):
            self._line(phone, HeardKind.ROOM, code)
        elif heard.kind == "error":
            self._line(phone, HeardKind.ROOM, "no_answer")
        elif heard.kind == "hung_up":
            if phone.rehearsal_id:
                rehearsals.mark_rehearsed(sid=phone.call_sid, at=heard.at)
            simulation.set_call(phone=phone, state=PhoneState.ENDED, at=heard.at)
            self._line(phone, HeardKind.ROOM, "over")


def recorded(url: str) -> tuple[str, str]:
    """Return the words and language of a recording of ours, by its address."""
    match = AUDIO.search(url)
    if match is None:
        return "♪", ""
    language, key = match.group(1), match.group(2).replace("-", "_")
    memory()
    return read_cell(key, language).text, language
