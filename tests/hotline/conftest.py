"""A line with people on shift, and a telephone network that signs what it posts."""

import datetime as dt
import secrets
from dataclasses import dataclass

import pytest
from defusedxml.ElementTree import fromstring
from django.db import connection

from accounts import actions as people
from accounts.models import Country, PublicContact
from hotline import actions, queries
from hotline.actions import inbox
from hotline.actions import lines as lines_of
from hotline.models import Contact, Line, OpeningHours, Shift, SweepMark
from hotline.queries import heartbeat
from hotline.queries.heartbeat import forget_heartbeat
from hotline.telephony import traffic
from hotline.telephony.providers import SIMULATED_ACCOUNT
from referral import pathways
from referral.actions.loading import SEEDS
from referral.models import Case, Pathway, PathwayVersion
from tests.hotline.backs import (  # noqa: F401 -- fixtures of a call back
    call_back_begun,
    call_that_nobody_took,
    operator_in_the_room,
    somebody_picked_up,
)
from tests.hotline.memory import UNTIL_WRITTEN, forgetting_lines, has_other_connections
from tests.hotline.said import prompts_written
from tests.hotline.texting import other, thread, two  # noqa: F401 -- fixtures of a conversation by text


@pytest.fixture(autouse=True)
def fresh_memory(request, monkeypatch):
    """Forget lines and keys that an earlier test left in memory; read lines anew once anything of them was written.

    A test of several connections reads them anew at each request: what others write is not seen here.
    """
    kept = -1.0 if has_other_connections(request) else UNTIL_WRITTEN
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", kept)
    forget_all()
    with connection.execute_wrapper(forgetting_lines):
        yield
    forget_all()


def forget_all():
    queries.forget_lines()
    inbox.forget_month_keys()
    forget_heartbeat()


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
    """Liberia's practice line, open day and night, in English, French and Arabic; orders are carried out all the time."""
    row = Line.objects.create(
        country=liberia, name="Practice line", number="2883", numbers="2883 +2312883", account=SIMULATED_ACCOUNT,
        language_keys="1:en 2:fr 3:ar", duty_phone="+231770009999", other_number="+231770008888", police_number="911",
        is_practice=True, is_free=True,
    )  # fmt: skip
    OpeningHours.objects.bulk_create(
        OpeningHours(line=row, weekday=day, opens=dt.time(0), closes=dt.time(0)) for day in range(7)
    )
    with connection.cursor() as cursor:
        cursor.execute(*prompts_written())
    SweepMark.objects.create(account="", kind=heartbeat.KIND, mark_at=at)
    heartbeat.heard_here(at + dt.timedelta(days=365))
    return row


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


OPERATOR_SID = "CA" + "f" * 32


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

    def rung(self, step, token, sid, to="+231770000001", **more):
        """Let a telephone that we rang, known by the number in its address, ask for a step."""
        fields = {"CallSid": sid, "From": "+2312883", "To": to, "CallStatus": "in-progress"}
        return self.post(f"/hotline/twilio/voice/{step}/?t={token}", fields | {"Direction": "outbound-api"} | more)

    def rung_status(self, token, sid, status, sequence="9", to="+231770000001"):
        """Let the network tell what became of a telephone that we rang."""
        fields = {"CallSid": sid, "To": to, "CallStatus": status, "SequenceNumber": str(sequence)}
        return self.post(f"/hotline/twilio/status/?t={token}", fields)

    def status(self, status, sequence="0", **more):
        return self.post("/hotline/twilio/status/", self.fields(CallStatus=status, SequenceNumber=sequence) | more)

    def room(
        self,
        event,
        sequence,
        contact,
        sid="",
        label="",
        room="CF" + "1" * 32,
        said="Wed, 25 Nov 2026 10:01:00 +0000",
        **more,
    ):
        return self.post(
            "/hotline/twilio/status/",
            {
                "ConferenceSid": room, "FriendlyName": contact.room_name, "StatusCallbackEvent": event,
                "SequenceNumber": str(sequence), "CallSid": sid, "ParticipantLabel": label,
                "Timestamp": said,
            } | more,
        )  # fmt: skip

    def queued(self):
        """Let the caller choose English and wait in the queue; return the contact."""
        self.call()
        self.step("language", 1, Digits="1")
        return self.contact

    def taken(self, operator, at, sid=OPERATOR_SID):
        """Let the caller wait and the operator take the call on her softphone; return the contact."""
        contact = self.queued()
        actions.take_call(contact=contact, by=operator, at=at)
        leg = contact.legs.get(role="operator")
        self.post(f"/hotline/twilio/voice/softphone/?t={leg.token}", {
            "CallSid": sid, "From": "+2312883", "To": f"client:{operator.operator_state.token}",
            "CallStatus": "in-progress", "Direction": "outbound-api",
        })  # fmt: skip
        return self.contact

    def text(self, words="help me", **more):
        """Let a text message reach the line; return its contact."""
        fields = {
            "MessageSid": "SM" + "1" * 32, "From": "+231770000001", "To": "2883", "Body": words, "NumMedia": "0",
        }  # fmt: skip
        self.post("/hotline/twilio/message/", fields | more)
        return Contact.objects.get(kind="message")

    @property
    def contact(self):
        return Contact.objects.get(legs__call_sid=self.sid)


@pytest.fixture
def network(client, line, clock):
    """A network with one caller who dials the practice line."""
    return Network(client)


@pytest.fixture
def conversation(network):
    """A text message that nobody read yet."""
    return network.text()


@pytest.fixture
def haiti(db):
    """Another country than the line's."""
    return Country.objects.create(
        code="HT", name="Haiti", slug="haiti", language_codes="fr ht", time_zone="America/Port-au-Prince",
        area_word="Dept",
    )  # fmt: skip


@pytest.fixture
def desk(sign_in, operator):
    """The operator's browser, signed in with the second factor."""
    return sign_in(operator)


@pytest.fixture
def manager(sign_in, person, liberia):
    """The browser of a manager of the line's country."""
    return sign_in(person("manager", country=liberia, name="Manager, Liberia"))


@pytest.fixture
def supervisor(person, liberia):
    """A supervisor of the line's country."""
    return person("supervisor", country=liberia)


@pytest.fixture
def office(line, at):
    """The line, open Monday to Friday from eight to four, as its page would show it."""
    lines_of.set_hours(line=line, week={day: [(dt.time(8), dt.time(16))] for day in range(5)}, by="test", at=at)
    line.police_number = "911"
    line.save()
    return line


@pytest.fixture
def contact(line, at):
    """A French call that is over and whose sheet is open."""
    return Contact.objects.create(
        line=line, country=line.country, language="fr", state="wrap_up", step="done", started_at=at, changed_at=at,
        ended_at=at,
    )  # fmt: skip


@pytest.fixture
def public(line, at):
    """The line's number as the country publishes it, entered by hand with words of its own."""
    facts = {"kind": "hotline", "name": "Hotline", "number": "28 83", "hours": "Mornings", "is_free": False,
             "source_kind": "official", "source": "Letter"}  # fmt: skip
    row = people.keep_number(contact=PublicContact(country=line.country), facts=facts, by="test", at=at)
    people.check_number(contact=row, by="test", at=at)
    return row


@pytest.fixture
def now(time_machine, at):
    """The clock of everybody who does not ask for another."""
    time_machine.move_to(at, tick=False)
    return time_machine


@pytest.fixture
def case(liberia, at):
    """A case in the country of the line."""
    pathway = Pathway.objects.create(key="p", country=liberia, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=liberia, number=1, text="{}", digest="d", shape_digest="s", published_at=at,
        published_by="test",
    )  # fmt: skip
    return Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=at,
        opened_by="test", changed_at=at,
    )  # fmt: skip


@pytest.fixture
def seed(liberia, at):
    """Liberia's seed as a published version."""
    body = pathways.load((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8")).body
    text = pathways.canonical(body)
    return PathwayVersion.objects.create(
        pathway=Pathway.objects.create(key="liberia-test", country=liberia, title="Liberia (example)"),
        country=liberia, number=1, text=text, digest=pathways.digest(text),
        shape_digest=pathways.shape_digest(body), published_at=at, published_by="test",
    )  # fmt: skip
