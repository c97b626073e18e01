"""Reads of the practice network for its screen."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hotline.callers import called_number
from hotline.callstate import THIRD
from hotline.choices import EVENTS, HeardKind, LegRole, Mode, PhoneState
from hotline.models import Contact, Leg, Line, SimulatorAct, SimulatorLine, SimulatorPhone
from hotline.queries.contacts import timeline_of
from hotline.queries.lines import LineFacts, line_by_id, memory
from hotline.queries.told import reported
from languages.text import beside, isolate

SHOWN = 60


def _tries(role: str) -> tuple[str, ...]:
    """Return the steps that bring a key from the telephone of who is asked into a call: the first, and again."""
    return tuple(f"{role}-key{again}" for again in ("", "-2", "-3"))


STEPS = {
    "language": _("The language menu was heard"),
    "closed": _("The words for closed hours were heard"),
    "nobody": _("The words for “nobody is free” were heard"),
    "queue": _("The call goes to the queue"),
    "wait": _("The waiting room wants something to play"),
    "left": _("The caller left the room"),
    "duty": _("The duty phone has rung"),
    "duty-phone": _("The duty phone was answered"),
    "duty-key": _("A key was pressed on the telephone of somebody on shift"),
    "phones": _("The telephone of somebody on shift has rung"),
    "choices": _("The choices while waiting were heard"),
    "silent": _("A question by keys was heard"),
    "stay": _("A question by keys was heard"),
    "asked": _("A question by keys was heard"),
    "voicemail": _("Ready to record a message"),
    "voicemail-done": _("A message was recorded"),
    "callback": _("A question about calling back was heard"),
    "softphone": _("The operator's telephone was answered"),
    "whisper": _("A colleague's telephone was answered"),
    "interpreter": _("The interpreter's telephone was answered"),
    **dict.fromkeys(_tries("interpreter"), _("A key was pressed on the interpreter's telephone")),
    "agency": _("The agency's telephone was answered"),
    **dict.fromkeys(_tries("agency"), _("A key was pressed on the agency's telephone")),
    "supervisor": _("The telephone of somebody on shift was picked up"),
    **dict.fromkeys(_tries("supervisor"), _("A key was pressed on the telephone of somebody on shift")),
    "colleague": _("A colleague's telephone was answered"),
    **dict.fromkeys(_tries("colleague"), _("A key was pressed on the telephone of somebody on shift")),
    "phone": _("The telephone of somebody on shift was picked up"),
    "phone-key": _("A key was pressed on the telephone of somebody on shift"),
    **dict.fromkeys(("pin-1", "pin-2", "pin-3"), _("A key was pressed on the telephone of somebody on shift")),
    "back": _("The operator's telephone was answered"),
    "back-key": _("A key was pressed on the telephone of somebody on shift"),
    "back-person": _("Somebody picked up the call back"),
    "back-cover": _("The cover phrase is asked for"),
    "back-wait": _("The waiting room wants something to play"),
    "own-phone": _("The telephone of somebody on shift was picked up"),
    "own-phone-key": _("A key was pressed on the telephone of somebody on shift"),
    "self": _("First request of the call"),
    "announce": _("The room is told who joins"),
    "hold": _("The caller on hold wants something to play"),
    "goodbye": _("The goodbye was heard"),
    "trouble": _("Something went wrong"),
}
VERBS = {
    "Conference": _("Into the room"),
    "Number": _("The duty phone rings"),
    "Gather": _("Speaks and waits for a key"),
    "Record": _("Speaks and records"),
    "Hangup": _("Ends the call"),
    "Redirect": _("Goes on to the next step"),
    "Play": _("Plays a recording"),
    "Say": _("Speaks"),
    "Pause": _("Waits"),
    "Message": _("Answers by text message"),
}


WORDS = {
    "dialled": _("You dialled %(value)s"),
    "pressed": _("You pressed %(value)s"),
    "wrote": _("You wrote: %(value)s"),
    "wrote_whatsapp": _("You wrote by WhatsApp: %(value)s"),
    "sent_picture": _("You sent a picture"),
    "spoke": _("You said: %(value)s"),
    "hung_up": _("You hung up"),
    "cut": _("The line was cut"),
    "records": _("The line records: say something, or hang up."),
    "duty_rings": _("The duty phone rings."),
    "calling": _("Calling"),
    "no_answer": _("The line did not answer; a real caller would reach the duty phone."),
    "over": _("The call is over."),
    "started_anew": _("The practice network was started anew; this call was cut."),
    "rings": _("This phone rings."),
    "picked_up": _("You picked up"),
    "in_room": _("You are in the call."),
    "interpreter_joined": _("An interpreter is in the call with you."),
    "interpreter_left": _("The interpreter left the call."),
    "operator_joined": _("An operator is in the call with you."),
    "operator_left": _("The operator left the call."),
    "somebody_joined": _("Somebody joined the call."),
    "somebody_left": _("Somebody left the call."),
}

WHO_HELPS = THIRD | {LegRole.OPERATOR}  # whose telephone is in the call only once it joined it


@dataclass(frozen=True)
class HeardRow:
    """One line of the transcript: number, kind, words, their language if known, whether no recording exists yet, and for a text whether it came by WhatsApp."""

    number: int
    kind: str
    words: str
    language: str
    is_written: bool
    is_whatsapp: bool


@dataclass(frozen=True)
class AskedRow:
    """One request of the network: when, what came in, what the line answered, and how it went."""

    at: datetime
    came: str
    answered: str
    status: int
    is_repeat: bool


@dataclass(frozen=True)
class PhonePicture:
    """Everything the screen of a phone shows."""

    phone: SimulatorPhone
    heard: list[HeardRow]
    asked: list[AskedRow]
    events: list[tuple[datetime, str]]
    contact: Contact | None
    waits_for_network: bool
    leg: Leg | None = None
    after_signal: bool = False
    rung: str = ""

    @property
    def called(self) -> str:
        """Return the number that the phone dialled, as its screen shows it."""
        return shown_number(self.phone.dialled)

    @property
    def in_call(self) -> bool:
        """Tell whether a call goes on."""
        return self.phone.state in (PhoneState.DIALLING, PhoneState.LIVE)

    @property
    def rings(self) -> bool:
        """Tell whether somebody calls this phone."""
        return self.phone.state == PhoneState.RINGING

    @property
    def takes_words(self) -> bool:
        """Tell whether words for a message may be written: from its prompt on, so that the field is found in time."""
        return self.in_call and self.contact is not None and self.contact.step == "voicemail"

    @property
    def records(self) -> bool:
        """Tell whether the line is recording a message now: what is said before the signal is lost."""
        return self.takes_words and self.after_signal

    @property
    def where(self) -> str:
        """Return where the call stands, in words."""
        if not self.in_call:
            return PhoneState(self.phone.state).label
        if self.contact is None:
            return _("Calling")
        if self.leg is not None and self.leg.role in WHO_HELPS:
            is_there = self.leg.joined_at is not None and self.leg.left_at is None
            return str(WORDS["in_room" if is_there else "picked_up"])
        if self.contact.state in ("connected", "consult"):
            return _("An operator is in the call with you")
        if self.contact.state == "held":
            return _("On hold: the operator comes back")
        if self.contact.step == "duty" and self.rung:
            return self.rung
        if self.contact.state == "trouble" and "unknown_number" in self.contact.flag_codes:
            return _("This number belongs to no line: sent to the duty phone")
        return self.contact.get_state_display()


@dataclass(frozen=True)
class DialledLine:
    """One line that may be dialled from the screen: its number, whose it is, whether it is open and takes messages."""

    number: str
    country: str
    name: str
    is_open: bool
    takes_messages: bool


def practice_lines(at: datetime) -> list[DialledLine]:
    """Return the lines that may be dialled from the screen, free ones first; a closed one answers too, and says so."""
    rows = Line.objects.filter(is_active=True).select_related("country")
    listed = rows.order_by("-is_free", "country__name", "number")
    return [_dialled(row, line_by_id(row.pk), at) for row in listed]


def _dialled(row: Line, line: LineFacts | None, at: datetime) -> DialledLine:
    is_open = line is not None and line.mode != Mode.MESSAGE and line.is_open(at)
    takes_messages = line is not None and line.plan.takes_messages
    return DialledLine(row.number, row.country_id, row.country.name, is_open, takes_messages)


def number_to_dial(lines: list[DialledLine], country: str) -> str:
    """Return the number that a caller in a country would dial: the one of her country, else the first."""
    own = next((line.number for line in lines if line.country == country), None)
    return own or next((line.number for line in lines), "")


def shown_number(dialled: str) -> str:
    """Return a number as a person knows it: that of the line in place of the number of its draft."""
    draft = memory().drafts.get(called_number(dialled))
    line = line_by_id(draft.id) if draft else None
    return line.number if line else dialled


def phone_picture(phone: SimulatorPhone, *, at: datetime) -> PhonePicture:
    """Return what a phone shows now."""
    heard = list(phone.lines.exclude(kind=HeardKind.ASKED).order_by("-id")[:SHOWN])
    asked = phone.lines.filter(kind=HeardKind.ASKED).order_by("-id")[:SHOWN]
    legs = Leg.objects.filter(call_sid=phone.call_sid).select_related("contact")
    leg = legs.first() if phone.call_sid else None
    oldest = (
        SimulatorAct.objects.filter(done_at=None, due_at=None).order_by("id").values_list("made_at", flat=True).first()
    )
    return PhonePicture(
        phone=phone,
        heard=[_heard(line) for line in reversed(heard)],
        asked=[_asked(line) for line in reversed(asked)],
        events=_events(leg.contact) if leg else [],
        contact=leg.contact if leg else None,
        leg=leg,
        waits_for_network=oldest is not None and (at - oldest).total_seconds() > 4,
        after_signal=_after_signal(heard),
        rung=_rung(heard),
    )


def _after_signal(newest_first: list[SimulatorLine]) -> bool:
    """Tell whether the signal of a recording was heard in the newest call."""
    codes = (line.detail.get("code") for line in newest_first)
    return next((code for code in codes if code in ("records", "dialled")), "") == "records"


def _rung(newest_first: list[SimulatorLine]) -> str:
    """Return in words whom the line called last in the newest call, or that somebody is there; "" before."""
    codes = ("calling", "duty_rings", "somebody_joined", "dialled")
    newest = next((line for line in newest_first if line.detail.get("code") in codes), None)
    return "" if newest is None or newest.detail["code"] == "dialled" else _words(newest.detail["code"], newest.text)


def _events(contact: Contact) -> list[tuple[datetime, str]]:
    """Return what the line wrote on the contact's timeline, in words."""
    return [(event.at, EVENTS.get(event.kind, event.kind)) for event in timeline_of(contact)]


def _heard(line: SimulatorLine) -> HeardRow:
    code = line.detail.get("code", "")
    value = shown_number(line.text) if code == "dialled" else line.text
    is_written, is_whatsapp = bool(line.detail.get("written")), bool(line.detail.get("whatsapp"))
    return HeardRow(line.pk, line.kind, _words(code, value), line.language, is_written, is_whatsapp)


def _words(code: str, value: str) -> str:
    """Return a line of the transcript in words; a number that is called stands beside them."""
    if code == "calling" and value:
        return beside(WORDS[code], isolate(value), get_language())
    return str(WORDS[code] % {"value": value}) if code in WORDS else value


def _asked(line: SimulatorLine) -> AskedRow:
    detail = line.detail
    return AskedRow(line.at, _came(detail), _answered(detail), detail.get("status", 0), bool(detail.get("repeat")))


def _came(detail: dict) -> str:
    """Return what came in with a request, in words."""
    digits, kind, step = detail.get("digits", ""), detail.get("kind", ""), detail.get("step", "")
    if digits:
        return gettext("Key %(keys)s") % {"keys": digits}
    if kind == "start":
        return gettext("Call to %(number)s") % {"number": shown_number(detail.get("to", ""))}
    if kind == "status":
        state = _state(detail)
        return gettext("Report: %(state)s") % {"state": state} if state else gettext("Report of the network")
    if kind == "message":
        return gettext("Text message to %(number)s") % {"number": detail.get("to", "")}
    if step == "duty" and detail.get("rang", {}).get("code") == "calling":
        return _words("calling", detail["rang"]["number"])
    if kind == "message-status":
        return gettext("Report on a text message: %(state)s") % {"state": _state(detail)}
    return STEPS.get(step, step)


def _state(detail: dict) -> str:
    """Return the state that a report tells, in words where there are words."""
    state = detail.get("state", "")
    return reported(detail["kind"], state, of_recording=bool(detail.get("of_recording"))) or state


def _answered(detail: dict) -> str:
    """Return what the line answered, in words: the verb that leads on."""
    if not detail.get("verbs"):
        return _("Noted")
    if rings := detail.get("rings"):
        return _words(rings["code"], rings.get("number", ""))
    return next((words for verb, words in VERBS.items() if verb in detail["verbs"]), _("Noted"))
