"""The provider's doors: what is let in, and what is refused with nothing stored and nothing said."""

import pytest

from accounts import actions as accounts
from cms.logs import PlainFormatter
from hotline import webhooks
from hotline.models import Contact, WebhookEvent
from hotline.telephony import traffic

pytestmark = [pytest.mark.django_db, pytest.mark.either]

VOICE = "/hotline/twilio/voice/"

DOORS = [VOICE, f"{VOICE}language/", "/hotline/twilio/status/", "/hotline/twilio/message/",
         "/hotline/twilio/message-status/"]  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
def test_other_methods_are_refused(client, door, db):
    answer = client.get(door)

    assert (answer.status_code, answer.headers["Allow"], answer.content) == (405, "POST", b"")


@pytest.mark.parametrize("door", ["/hotline/twilio/", f"{VOICE}%00/", f"{VOICE}..//", "/hotline/twilio/nothing"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_without_a_door_is_missing(client, door, method):
    answer = getattr(client, method)(door)

    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_X_TWILIO_SIGNATURE": ""}, {"HTTP_X_TWILIO_SIGNATURE": "bm90IGdlbnVpbmU="}]
)
def test_unsigned_request_is_refused_with_nothing_stored_and_nothing_said(client, line, door, headers):
    answer = client.post(door, {"AccountSid": line.account, "CallSid": "CA1", "To": "2883"}, **headers)

    assert (answer.status_code, answer.content) == (403, b"")
    assert Contact.objects.count() == WebhookEvent.objects.count() == 0


def test_unknown_account_is_refused(client, line, settings):
    request = traffic.signed(VOICE, {"CallSid": "CA1"}, account="AC" + "9" * 32, token="x", base=settings.PUBLIC_URL)

    answer = client.post(VOICE, request.body, **_wired(request))

    assert (answer.status_code, Contact.objects.count()) == (403, 0)


def test_spoofed_host_has_no_effect(network):
    reply = network.post(VOICE, network.fields(), HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")

    assert reply.status == 200
    assert "evil.example" not in reply.text


def test_no_secret_refuses_everything(network, settings):
    settings.TWILIO_AUTH_TOKEN = ""

    answer = network.client.post(VOICE, b"", content_type=traffic.FORM, HTTP_X_TWILIO_SIGNATURE="x")

    assert answer.status_code == 403


def test_large_body_is_refused(network):
    reply = network.call(Body="x" * 70_000)

    assert reply.status == 413
    assert Contact.objects.count() == 0


def test_too_many_fields_are_refused(network):
    assert network.call(**{f"Field{number}": "x" for number in range(300)}).status == 413


def test_body_that_is_not_utf8_is_refused(client, line):
    answer = client.post(VOICE, b"CallSid=\xff\xfe", content_type=traffic.FORM, HTTP_X_TWILIO_SIGNATURE="x")

    assert answer.status_code == 403


@pytest.mark.both
@pytest.mark.parametrize("odd", ["a\x00b", "a\ud800b", "a\ud83d\ude00b"])
def test_odd_characters_are_cleaned_flagged_and_served(network, odd, at):
    reply = network.call(ForwardedFrom=odd)

    event = WebhookEvent.objects.get()
    assert reply.status == 200
    assert "odd_text" in event.flags
    assert '"ForwardedFrom":["ab"]' in accounts.reveal(event, "payload", by="test", at=at, reason="test")


@pytest.mark.both
def test_a_text_with_a_lone_surrogate_is_kept_without_it(network, at):
    contact = network.text("help\udcff me")

    assert accounts.reveal(contact.messages.get(), "body", by="test", at=at, reason="test") == "help me"


def test_refusals_are_told_in_the_log_once_a_minute_without_anything_of_them(client, line, monkeypatch, caplog):
    now = [1000.0]
    monkeypatch.setattr(webhooks, "monotonic", lambda: now[0])
    monkeypatch.setitem(webhooks.told, "at", float("-inf"))
    webhooks.refusals.clear()

    for seconds in (0, 1, 2, 60):
        now[0] = 1000.0 + seconds
        client.post(VOICE, {"From": "+231770000001"})

    told = [PlainFormatter().format(record) for record in caplog.records if record.msg == "webhooks_refused"]
    assert [line.partition(" hotline ")[2] for line in told] == [
        "webhooks_refused count=1",
        "webhooks_refused count=3",
    ]


def _wired(request):
    return {"content_type": traffic.FORM, "HTTP_X_TWILIO_SIGNATURE": request.headers["HTTP_X_TWILIO_SIGNATURE"]}
