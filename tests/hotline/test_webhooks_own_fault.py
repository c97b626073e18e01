"""A fault of ours at the door: a caller reaches the duty phone, other requests come again, and nothing is stored."""

import pytest
from django.db import DatabaseError

from hotline import queries
from hotline.models import Contact, WebhookEvent
from hotline.telephony import traffic
from hotline.telephony.providers import SIMULATED_ACCOUNT

pytestmark = pytest.mark.django_db

VOICE = "/hotline/twilio/voice/"
STRANGER = "AC" + "2" * 32
LINE_PHONE, ANY_PHONE = "+231770009999", "+231770007777"
OTHERS = ["/hotline/twilio/status/", "/hotline/twilio/message/", "/hotline/twilio/message-status/"]


@pytest.fixture(params=["token of an account that is not ours", "port that is none", "scheme that is none"])
def post(request, client, line, settings):
    """Post as the provider signs, to an installation whose settings let nothing be verified."""
    token, base = settings.TWILIO_AUTH_TOKEN, settings.PUBLIC_URL
    settings.DUTY_PHONE = ANY_PHONE
    if request.param.startswith("token"):
        settings.TWILIO_AUTH_TOKEN = f"{STRANGER}=token"
    else:
        settings.PUBLIC_URL = "https://x.example:99999" if "port" in request.param else "ftp://x.example:21"

    def send(path, **fields):
        one = traffic.signed(path, fields, account=SIMULATED_ACCOUNT, token=token, base=base)
        return client.post(
            path, one.body, content_type=traffic.FORM, HTTP_X_TWILIO_SIGNATURE=one.headers["HTTP_X_TWILIO_SIGNATURE"]
        )

    return send


def stored():
    return Contact.objects.count() + WebhookEvent.objects.count()


@pytest.mark.parametrize("path", [VOICE, f"{VOICE}language/?t=1", f"{VOICE}left/?t=3", f"{VOICE}nothing/?t=x"])
def test_a_caller_is_put_through_to_the_duty_phone_of_the_line_called(post, path):
    answer = post(path, CallSid="CA" + "1" * 32, To="sip:2883@10.0.0.1", From="+231770000001", Digits="1")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert f"<Number>{LINE_PHONE}</Number>" in answer.content.decode()
    assert (answer["X-Fanal-Degraded"], stored()) == ("1", 0)


@pytest.mark.parametrize("number", ["+4799999999", "", "\x00", "sip:@", "\ud800"])
def test_of_a_number_that_is_no_line_it_is_the_duty_phone_of_the_installation(post, number):
    answer = post(VOICE, CallSid="CA" + "1" * 32, To=number)

    assert f"<Number>{ANY_PHONE}</Number>" in answer.content.decode()


def test_with_the_database_away_too_the_caller_hears_what_memory_has(post, monkeypatch):
    queries.lines.memory()

    def away():
        raise DatabaseError("gone")

    monkeypatch.setattr("hotline.queries.lines._read", away)

    assert f"<Number>{LINE_PHONE}</Number>" in post(VOICE, CallSid="CA" + "1" * 32, To="2883").content.decode()


@pytest.mark.parametrize(("step", "verb"), [("wait", "Pause"), ("hold", "Pause"), ("whisper", "Hangup")])
def test_who_waits_goes_on_waiting_and_a_telephone_of_the_staff_is_sent_away(post, step, verb):
    page = post(f"{VOICE}{step}/?t=1001", CallSid="CA" + "1" * 32, To="2883").content.decode()

    assert (f"<{verb}" in page, "<Number>" in page) == (True, False)


@pytest.mark.parametrize("path", OTHERS)
def test_whatever_else_the_provider_tells_it_is_to_tell_again(post, path):
    answer = post(path, CallSid="CA" + "1" * 32, MessageSid="SM" + "1" * 32, To="2883")

    assert (answer.status_code, answer.content, answer["Retry-After"], stored()) == (503, b"", "5", 0)


@pytest.mark.parametrize("path", [VOICE, *OTHERS])
def test_without_a_signature_it_is_refused_as_ever(post, client, path):
    answer = client.post(path, {"CallSid": "CA1", "To": "2883"})

    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("lost", ["", "index:k1:" + "A" * 43 + "=", "not a key"])
def test_without_its_seal_key_nothing_is_kept_and_the_provider_is_to_tell_again(network, settings, lost):
    settings.SEAL_KEYS = lost
    fields = {"MessageSid": "SM" + "1" * 32, "From": "+231770000001", "To": "2883", "Body": "help", "NumMedia": "0"}

    answers = [network.status("completed"), network.post("/hotline/twilio/message/", fields),
               network.post("/hotline/twilio/message-status/", fields | {"MessageStatus": "delivered"})]  # fmt: skip

    assert [(one.status, one.text, one.headers.get("Retry-After")) for one in answers] == [(503, "", "5")] * 3
    assert stored() == 0
    assert network.call().document.find("Dial/Number").text == LINE_PHONE
