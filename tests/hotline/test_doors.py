"""What is set up at the provider, compared with what the lines need; and the fallbacks, asked as the provider would."""

import dataclasses
import io

import pytest
import requests
from requests.adapters import BaseAdapter
from twilio.request_validator import RequestValidator

from cms.doors import WORDS, words_of
from hotline.telephony import twiml
from hotline.telephony.base import Door
from hotline.telephony.doors import DoorFault, addresses, app_faults, fallback_faults, faults, shown_faults

BASE = "https://line.example.org"
VOICE, STATUS, TEXT = addresses(BASE)
ELSEWHERE = "https://elsewhere.example/2883.xml"
GOOD = Door("number", "+2312883", VOICE, "POST", ELSEWHERE, "POST", STATUS, "POST", TEXT, "POST")
PHONE = "+231770009999"
AFTER = "<Say>words</Say>"


def codes(door, numbers=("+2312883",), senders=("+2312883",)):
    return [fault.code for fault in faults([door], BASE, numbers, senders)]


def test_a_door_that_is_as_it_must_be_has_no_fault():
    assert codes(GOOD) == []
    assert codes(dataclasses.replace(GOOD, kind="trunk", text_url="", text_method=""), senders=()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"voice_url": VOICE.partition("#")[0]}, "voice"),
        ({"voice_url": ""}, "voice"),
        ({"voice_method": "GET"}, "voice"),
        ({"status_url": f"{BASE}/elsewhere/"}, "status"),
        ({"text_url": ""}, "text"),
        ({"app": "AP1"}, "application"),
        ({"fallback_url": ""}, "no_fallback"),
        ({"fallback_url": f"{BASE}/fallback.xml"}, "fallback_host"),
        ({"fallback_url": "http://elsewhere.example/x"}, "fallback_host"),
        ({"fallback_method": "GET"}, "fallback_method"),
    ],
)
def test_each_setting_that_differs_is_one_fault_with_a_sentence(change, code):
    found = faults([dataclasses.replace(GOOD, **change)], BASE, ["+2312883"], ["+2312883"])

    assert [fault.code for fault in found] == [code]
    assert "+2312883" in words_of(found[0])


def test_a_number_that_is_none_of_ours_is_nobodys_business_and_one_that_is_missing_is():
    other = dataclasses.replace(GOOD, name="+15550001111", voice_url="")

    assert [(one.code, one.door) for one in faults([other], BASE, ["+2312883"])] == [("no_door", "+2312883")]
    assert codes(dataclasses.replace(other, kind="domain", name="line.sip.example")) == ["voice"]


class Answering(BaseAdapter):
    """A host that answers every request alike, or not at all."""

    def __init__(self, status, body):
        super().__init__()
        self.status, self.body, self.methods, self.requests = status, body, [], []

    def send(self, request, **kwargs):
        self.methods.append(request.method)
        self.requests.append(request)
        if self.status is None:
            raise requests.ConnectTimeout
        answer = requests.Response()
        answer.status_code, answer.raw, answer.url = self.status, io.BytesIO(self.body), request.url
        return answer

    def close(self):
        """Nothing to close."""


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, twiml.duty_document("", PHONE, "+2312883", AFTER), None),
        (200, twiml.duty_document("", PHONE, "", AFTER), "fallback_old"),
        (200, twiml.duty_document(AFTER, PHONE, "+2312883"), "fallback_old"),
        (200, twiml.duty_document("", "+231770000000", "+2312883"), "fallback_number"),
        (200, twiml.EMPTY, "fallback_number"),
        (200, "<html>Welcome</html>", "fallback_document"),
        (200, "x" * 200_000, "fallback_document"),
        (405, "", "fallback_silent"),
        (302, "", "fallback_silent"),
        (None, "", "fallback_silent"),
    ],
)
def test_a_fallback_is_asked_by_post_and_must_ring_the_duty_phone(status, body, code):
    session, host = requests.Session(), Answering(status, body.encode())
    session.mount("https://", host)

    found = fallback_faults(GOOD, [PHONE], session)

    assert [fault.code for fault in found] == ([code] if code else [])
    assert host.methods == ["POST"]


@pytest.mark.parametrize(("host", "is_signed"), [("handler.twilio.com", True), ("elsewhere.example", False)])
def test_only_a_document_that_lies_at_the_provider_is_asked_with_the_accounts_signature(host, is_signed):
    session, answering = requests.Session(), Answering(200, twiml.duty_document("", PHONE, "+2312883", AFTER).encode())
    session.mount("https://", answering)
    door = dataclasses.replace(GOOD, fallback_url=f"https://{host}/twiml/EH1")

    assert fallback_faults(door, [PHONE], session, account="AC1", token="secret") == []
    (asked,) = answering.requests
    assert ("X-Twilio-Signature" in asked.headers) == is_signed
    if is_signed:
        good = RequestValidator("secret").compute_signature(asked.url, {})
        assert (asked.url.endswith("?AccountSid=AC1"), asked.headers["X-Twilio-Signature"]) == (True, good)


def test_a_short_code_is_no_number_that_a_telephone_can_be_shown():
    (found,) = shown_faults([PHONE, "2883", "2883"])

    assert (found.code, found.door) == ("caller_id", "2883")
    assert "would be shown 2883" in words_of(found)


def test_every_fault_has_words():
    assert set(WORDS) == {
        "no_door", "application", "voice", "status", "text", "no_fallback", "fallback_host", "fallback_method",
        "fallback_silent", "fallback_document", "fallback_number", "fallback_old", "app_voice", "app_status", "no_app", "caller_id",
    }  # fmt: skip


def test_the_application_of_the_browsers_is_compared_too():
    voice = f"{BASE}{twiml.VOICE_PATH}/softphone/{twiml.VOICE_FRAGMENT}"
    app = Door("app", "Fanal", voice, "POST", status_url=STATUS, status_method="POST")
    assert app_faults(app, BASE) == []

    wrong = app_faults(dataclasses.replace(app, voice_url=VOICE, status_method="GET"), BASE)
    assert [fault.code for fault in wrong] == ["app_voice", "app_status"]
    assert voice in words_of(wrong[0])
    assert "cannot be read (20404)" in words_of(DoorFault("no_app", "AP1", "", "20404"))
