"""A line with people on shift, and a telephone network that signs what it posts."""

import datetime as dt
import secrets
import tomllib
from dataclasses import dataclass
from functools import cache

import pytest
from defusedxml.ElementTree import fromstring

from hotline import actions, queries
from hotline.actions import inbox
from hotline.actions.prompts import FOLDER
from hotline.models import Contact, Line, OpeningHours, Prompt, Shift
from hotline.telephony import traffic
from hotline.telephony.providers import SIMULATED_ACCOUNT
from languages.exchange import texts_of


@pytest.fixture(autouse=True)
def fresh_memory(monkeypatch):
    """Forget lines and keys that an earlier test left in memory; read lines anew at each request."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", -1.0)
    queries.forget_lines()
    inbox.forget_month_keys()
    yield
    queries.forget_lines()
    inbox.forget_month_keys()


@pytest.fixture
def clock(monkeypatch, at):
    """A clock that webhooks read; tests move it."""

    class Clock:
        now = at

        def move(self, **span):
            self.now += dt.timedelta(**span)
            return self.now

    ticking = Clock()
    monkeypatch.setattr("hotline.webhooks.timezone.now", lambda: ticking.now)
    return ticking


@pytest.fixture
def line(liberia, at):
    """Liberia's practice line, open day and night, in English, French and Arabic."""
    row = Line.objects.create(
        country=liberia, name="Practice line", number="2883", numbers="2883 +2312883", account=SIMULATED_ACCOUNT,
        language_keys="1:en 2:fr 3:ar", duty_phone="+231770009999", other_number="+231770008888", police_number="911",
        is_practice=True, is_free=True,
    )  # fmt: skip
    OpeningHours.objects.bulk_create(
        OpeningHours(line=row, weekday=day, opens=dt.time(0), closes=dt.time(0)) for day in range(7)
    )
    Prompt.objects.bulk_create(prompt_rows())
    return row


@cache
def words():
    """The line's words as the files have them, by key and language."""
    source = tomllib.loads((FOLDER / "prompts.toml").read_text())
    rows = [(f"prompt {one['key']}", one["key"], one["text"]) for one in source["prompts"]]
    rows += [(f"text {one['key']}", f"text_{one['key']}", one["text"]) for one in source["texts"]]
    foreign = {code: texts_of((FOLDER / f"{code}.po").read_text()) for code in ("fr", "ar")}
    return [
        (key, {"en": text} | {code: texts[context][1] for code, texts in foreign.items()})
        for context, key, text in rows
    ]


def prompt_rows():
    """Unsaved prompts in three languages; what load_prompts does beside that is the demo's test."""
    return [Prompt(key=key, **{f"text_{code}": text for code, text in texts.items()}) for key, texts in words()]


@pytest.fixture
def operator(person, liberia, line, at):
    """An operator of Liberia on shift and ready, who works in English and French."""
    user = person("operator", country=liberia, spoken="fr", name="Operator, Liberia")
    Shift.objects.create(
        line=line, user=user, starts_at=at - dt.timedelta(hours=2), ends_at=at + dt.timedelta(hours=6)
    )
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


@dataclass(frozen=True)
class Reply:
    """What the line answered: status, headers, and the document's verbs."""

    status: int
    headers: dict
    text: str

    @property
    def document(self):
        """Return the document as a tree."""
        return fromstring(self.text)

    def verbs(self) -> list[str]:
        return [verb.tag for verb in self.document]

    def said(self) -> str:
        return " ".join(say.text for say in self.document.iter("Say"))

    def address(self, verb: str, name: str = "action") -> str:
        return self.document.find(f".//{verb}").get(name)


class Network:
    """Posts signed requests to the real webhooks through the test client."""

    def __init__(self, client):
        self.client = client
        self.sid = "CA" + secrets.token_hex(16)

    def post(self, path, fields, account=SIMULATED_ACCOUNT, **headers):
        request = traffic.own_signed(path, fields, account)
        kind = request.headers["CONTENT_TYPE"]
        answer = self.client.post(
            path, request.body, content_type=kind,
            HTTP_X_TWILIO_SIGNATURE=request.headers["HTTP_X_TWILIO_SIGNATURE"], **headers,
        )  # fmt: skip
        return Reply(answer.status_code, dict(answer.headers), answer.content.decode())

    def fields(self, **more):
        return {
            "CallSid": self.sid, "From": "+231770000001", "To": "2883", "CallStatus": "in-progress",
            "Direction": "inbound",
        } | more  # fmt: skip

    def call(self, **more):
        return self.post("/hotline/twilio/voice/", self.fields(CallStatus="ringing") | more)

    def step(self, step, turn, **more):
        return self.post(f"/hotline/twilio/voice/{step}/?t={turn}", self.fields(**more))

    def status(self, status, sequence="0", **more):
        return self.post("/hotline/twilio/status/", self.fields(CallStatus=status, SequenceNumber=sequence) | more)

    def room(
        self, event, sequence, contact, sid="", label="", room="CF" + "1" * 32, said="Wed, 25 Nov 2026 10:01:00 +0000"
    ):
        return self.post(
            "/hotline/twilio/status/",
            {
                "ConferenceSid": room, "FriendlyName": contact.room_name, "StatusCallbackEvent": event,
                "SequenceNumber": str(sequence), "CallSid": sid, "ParticipantLabel": label,
                "Timestamp": said,
            },
        )  # fmt: skip

    @property
    def contact(self):
        return Contact.objects.get(legs__call_sid=self.sid)


@pytest.fixture
def network(client, line, clock):
    """A network with one caller who dials the practice line."""
    return Network(client)
