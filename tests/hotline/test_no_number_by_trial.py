"""Whoever has the rows and no key finds no number by trying all: not of a live contact, nor forgotten, nor erased."""

import datetime as dt
import hashlib
from importlib import import_module
from urllib.parse import parse_qsl

import pytest
from django.apps import apps
from django.db import connection

from accounts.queries import owners_with_keys
from hotline import actions
from hotline.actions import inbox
from hotline.actions.erasing import erase_contact
from hotline.actions.inbox import Hook
from hotline.models import Contact, Leg, Message, WebhookEvent
from hotline.telephony import signature
from hotline.telephony.providers import SIMULATED_ACCOUNT
from hotline.telephony.simulated import Simulator
from tests.hotline.test_webhooks_faults import _raise

pytestmark = [pytest.mark.django_db, pytest.mark.either]

CALLER = "+231770000001"
NUMBERS = [f"+23177000{end:04d}" for end in range(40)]
TEXTS, REPORTS, STATUS, VOICE = (
    f"/hotline/twilio/{name}/" for name in ("message", "message-status", "status", "voice")
)
TOKEN = {"HTTP_I_TWILIO_IDEMPOTENCY_TOKEN": "00000000-0000-4000-8000-000000000000"}
SECONDS = dt.timedelta(seconds=30)
MONTH_END = dt.datetime(2026, 11, 30, 23, 59, 45, tzinfo=dt.UTC)


class Sent:
    """What was posted, as somebody knows it who knows all but the number."""

    def __init__(self, network):
        self.network, self.shapes = network, []

    def post(self, path, fields, **headers):
        self.shapes.append({"AccountSid": SIMULATED_ACCOUNT} | fields)
        return self.network.post(path, fields, **headers)

    def guesses(self, number):
        for fields in self.shapes:
            tried = {name: [number if value == CALLER else value] for name, value in fields.items()}
            payload = Hook(kind="", account="", fields=tried, at=MONTH_END).payload()
            yield from (payload, f" {payload}", *(f"{token} {payload}" for token in TOKEN.values()))


def stored():
    """Return all that stands in the rows of requests, contacts, telephones and texts, as one text."""
    rows = [row for model in (WebhookEvent, Contact, Leg, Message) for row in model.objects.values_list()]
    return " ".join(str(value) for row in rows for value in row)


def found(sent):
    """Return the numbers of which a digest without a key stands anywhere, or its beginning."""
    everything = stored()
    ways = (hashlib.sha256, hashlib.sha1, hashlib.md5)
    return {
        number
        for number in NUMBERS
        for words in sent.guesses(number)
        for way in ways
        if way(words.encode()).hexdigest()[:12] in everything
    }


@pytest.fixture
def sent(network, monkeypatch):
    """A call with two answers of one turn, reports and texts, each with and without what tells it from others."""
    sent, fields = Sent(network), network.fields
    sent.post(VOICE, fields(CallStatus="ringing"))
    sent.post(f"{VOICE}language/?t=1", fields(Digits="1"))
    sent.post(f"{VOICE}language/?t=1", fields(Digits="2"))
    for more in ({}, TOKEN):
        sent.post(STATUS, fields(CallStatus="completed"), **more)
        sent.post(STATUS, {"From": CALLER, "To": "2883", "CallStatus": "busy"}, **more)
        sent.post(TEXTS, {"From": CALLER, "To": "2883", "Body": "help", "NumMedia": "0"}, **more)
    sent.post(TEXTS, {"MessageSid": "SM" + "1" * 32, "From": CALLER, "To": "2883", "Body": "stop"})
    text = Message.objects.order_by("pk").first()
    sent.post(f"{REPORTS}?t={text.pk}", {"MessageStatus": "sent", "From": "2883", "To": CALLER})
    with monkeypatch.context() as patch:
        patch.setattr("hotline.webhooks.actions.receive_message", _raise(ValueError("broken")))
        sent.post(TEXTS, {"From": CALLER, "To": "2883", "Body": "a fault", "NumMedia": "0"})
    assert WebhookEvent.objects.count() == len(sent.shapes)
    return sent


def erase_all(at):
    Contact.objects.update(state="done", step="done", is_missed=False, due_at=None, ended_at=at, closed_at=None)
    for contact in Contact.objects.filter(erased_at=None):
        erase_contact(contact=contact, reason="asked", by="worker", at=at)


def test_no_number_is_found_while_its_contact_lives(sent):
    assert found(sent) == set()


def test_no_number_is_found_once_its_request_is_forgotten(sent, at):
    actions.forget_old_payloads(at=at + dt.timedelta(days=31))

    assert found(sent) == set()
    assert set(WebhookEvent.objects.values_list("digest", "payload")) == {("", None)}
    assert not WebhookEvent.objects.filter(key__regex=r"=[0-9a-f]{24}").exists()


def test_no_number_is_found_once_its_contact_is_erased_not_even_with_the_keys(sent, at):
    erase_all(at)

    assert found(sent) == set()
    of_contacts = WebhookEvent.objects.filter(contact__isnull=False)
    assert set(of_contacts.values_list("digest", flat=True)) == {""}
    assert not of_contacts.filter(key__regex=r"=[0-9a-f]{24}").exists()


def test_a_late_report_of_an_erased_contact_is_kept_without_its_words_and_once(sent, network, at):
    erase_all(at)
    before = WebhookEvent.objects.count()
    late = network.fields(CallStatus="no-answer")

    assert [sent.post(STATUS, late).status for _time in range(2)] == [204, 204]

    assert found(sent) == set()
    assert WebhookEvent.objects.count() == before + 1
    assert WebhookEvent.objects.latest("pk").digest == ""


def test_a_digest_that_an_erased_contact_was_left_with_is_found_by_the_hourly_job(network, at):
    network.call()
    erase_all(at)
    WebhookEvent.objects.update(digest="0" * 64)

    actions.erase_due(at=at)

    assert WebhookEvent.objects.get().digest == ""


def test_the_token_of_the_simulated_network_is_made_with_its_secret():
    posted = []

    def transport(_method, url, headers, body):
        posted.append((headers["I-Twilio-Idempotency-Token"], url, parse_qsl(body.decode())))
        return 200, {}, "<Response/>"

    firsts = []
    for secret in ("one", "two"):
        network = Simulator(
            transport, account=SIMULATED_ACCOUNT, token=secret, base_url="http://localhost", clock=lambda: MONTH_END
        )
        posted.clear()
        network.dial(CALLER, "2883", sid="CA" + "1" * 32)
        firsts.append(posted[0])

    (one, url, fields), (two, _url, same) = firsts
    text = signature.signed_text(url, {name: [value] for name, value in fields})
    assert (fields == same, one == two) == (True, False)
    assert hashlib.sha256(f"{url}{text}".encode()).hexdigest()[:36] not in (one, two)


@pytest.fixture
def second_answers(network):
    """A call in which key 1 was pressed; presses again, and tells whether it was another answer."""
    network.call()
    network.step("language", 1, Digits="1")

    def press(key):
        inbox.forget_month_keys()
        before = WebhookEvent.objects.filter(flags="second_answer").count()
        network.step("language", 1, Digits=key)
        return WebhookEvent.objects.filter(flags="second_answer").count() - before

    return press


def test_a_repeat_is_told_from_another_answer(second_answers):
    assert [second_answers(key) for key in "1221"] == [0, 1, 0, 0]


def test_a_repeat_is_told_from_another_answer_when_the_month_turns(network, clock):
    clock.now = MONTH_END
    network.call()
    network.step("language", 1, Digits="1")
    network.step("language", 1, Digits="2")
    clock.move(seconds=30)

    for key in "123":
        network.step("language", 1, Digits=key)

    assert WebhookEvent.objects.filter(flags="second_answer").count() == 2


def test_a_repeat_is_told_from_another_answer_while_the_seal_key_rotates(second_answers, settings):
    settings.SEAL_KEYS = f"*:k7:{'B' * 43}=,{settings.SEAL_KEYS}"

    assert [second_answers(key) for key in "12"] == [0, 1]


def test_a_repeat_is_told_from_another_answer_of_what_the_release_before_kept(second_answers, at):
    row = WebhookEvent.objects.get(step="language")
    row.digest = hashlib.sha256(_opened(row).encode()).hexdigest()
    row.save()

    assert [second_answers(key) for key in "12"] == [0, 1]
    actions.forget_old_payloads(at=at + dt.timedelta(hours=1))
    digests = dict(WebhookEvent.objects.values_list("pk", "digest"))
    assert digests.pop(row.pk) == ""
    assert all(digests.values())


def _opened(row):
    _owner, secret = inbox.month_key(row.scope, row.received_at)
    return inbox.sealing.open_sealed(row.payload.raw, [secret], inbox.PAYLOAD_PLACE, str(row.public_id))


def test_of_what_is_forgotten_the_key_alone_is_known(second_answers):
    WebhookEvent.objects.update(digest="")

    assert second_answers("2") == 0


def test_a_report_with_neither_number_nor_token_is_kept_once_also_when_the_month_turns(network, clock):
    clock.now = MONTH_END
    network.call()
    busy, completed = (network.fields(CallStatus=status) for status in ("in-progress", "completed"))
    network.post(STATUS, busy)
    clock.move(seconds=30)
    inbox.forget_month_keys()

    for fields in (busy, completed, completed, completed | {"CallDuration": "9"}):
        network.post(STATUS, fields)

    assert WebhookEvent.objects.filter(kind="status").count() == 3


def test_the_first_of_a_month_makes_no_key_of_the_month_before(network, clock):
    clock.now = MONTH_END + SECONDS
    network.call()
    network.post(STATUS, network.fields(CallStatus="completed"))

    assert owners_with_keys([inbox.month_owner("LR", MONTH_END)]) == set()


def test_what_was_kept_with_a_digest_without_a_key_is_emptied_and_answered_as_before(second_answers, network):
    network.post(TEXTS, {"From": CALLER, "To": "2883", "Body": "help", "NumMedia": "0"})
    text, row, plain = (
        Message.objects.get(),
        WebhookEvent.objects.get(step="language"),
        hashlib.sha256(b"x").hexdigest(),
    )
    WebhookEvent.objects.update(digest=plain)
    Message.objects.update(key=f"{text.account}:{plain[:32]}:in")
    ends = (
        f"CA:completed:{plain[:32]}",
        f"CA:completed:{plain[:36]}",
        f"12:{plain[:32]}:sent:",
        f"CA:start#{plain[:24]}",
    )
    for end in ends:
        copy = WebhookEvent.objects.get(pk=row.pk)
        copy.pk, copy.key, copy.public_id, copy.digest = None, f"{row.account}:{end}", text.public_id, "k1.kept"
        copy.save()
    step = import_module("hotline.migrations.0025_no_digest_without_a_key")

    step.empty(apps, connection.schema_editor())

    assert plain[:24] not in stored()
    assert set(WebhookEvent.objects.values_list("digest", flat=True)) == {"", "k1.kept"}
    assert WebhookEvent.objects.get(pk=row.pk).key == row.key
    assert second_answers("2") == 0
