"""Each order that we give the provider, judged by its own description of its interface (a mock made of it by Prism)."""

import datetime as dt
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException

from hotline.telephony.base import Provider, ProviderRefused
from hotline.telephony.twilio import TIMEOUTS, TwilioProvider
from tests.node.conftest import FORM

CALL, ROOM, TEXT, RECORDING, MEDIA = (f"{prefix}{'1' * 32}" for prefix in ("CA", "CF", "SM", "RE", "ME"))
AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
ADDRESS = "https://line.example.org/hotline/twilio/voice/softphone/?t=4#ct=2000&rp=ct"
API = f"https://api.twilio.com/2010-04-01/Accounts/{'AC' + '1' * 32}"
ORDERS = {
    "dial": [
        {"to": "+231770001111", "from_": "+2312883", "url": ADDRESS, "status_url": ADDRESS, "seconds": 20, **more}
        for more in ({}, {"detects_machine": True})
    ],
    "redirect": [{"sid": CALL, "url": ADDRESS}],
    "hang_up": [{"sid": CALL}],
    "hold": [
        {"room_sid": ROOM, "sid": CALL, "held": True, "url": ADDRESS},
        {"room_sid": ROOM, "sid": CALL, "held": False},
    ],
    "mute": [{"room_sid": ROOM, "sid": CALL, "muted": True}, {"room_sid": ROOM, "sid": CALL, "muted": False}],
    "announce": [{"room_sid": ROOM, "url": ADDRESS}],
    "set_room_end": [{"room_sid": ROOM, "sid": CALL, "ends": ends} for ends in (True, False)],
    "set_coach": [{"room_sid": ROOM, "sid": CALL, "coached": coached} for coached in (f"CA{'2' * 32}", "")],
    "send_message": [
        {"to": "+231770001111", "from_": "+2312883", "body": "Hê, mɛ", "status_url": ADDRESS},
        {
            "to": "whatsapp:+231770001111",
            "from_": "whatsapp:+2312883",
            "body": "x",
            "status_url": ADDRESS,
            "template": f"HX{'1' * 32}",
        },
    ],
    "call": [{"sid": CALL}],
    "message": [{"sid": TEXT}],
    "recording": [{"sid": RECORDING}],
    "attachment": [{"message_sid": TEXT, "sid": MEDIA}],
    "delete_attachment": [{"message_sid": TEXT, "sid": MEDIA}],
    "delete_recording": [{"sid": RECORDING}],
    "delete_message": [{"sid": TEXT}],
    "delete_call": [{"sid": CALL}],
    "calls_since": [{"at": AT}],
    "messages_since": [{"at": AT}],
    "recordings_since": [{"at": AT}],
    "files_of": [{"message_sid": TEXT}],
    "doors": [{}],
    "application": [{"sid": f"AP{'1' * 32}"}],
}


def described(url: str) -> str:
    """Return path and query as they are described: a sound or picture is its description with another ending, or none."""
    parts = urlsplit(url)
    path = re.sub(r"(/Recordings/\w+)\.mp3$|(/Media/\w+)$", r"\1\2.json", parts.path)
    return f"{path}?{parts.query}" if parts.query else path


class ToMock(HTTPAdapter):
    """Sends to the mock what would go to the provider, and keeps how each was answered."""

    def __init__(self, port: int):
        super().__init__(max_retries=0)
        self.port, self.answered = port, []

    def send(self, request, **kwargs):
        sent = request.copy()
        sent.url = f"http://127.0.0.1:{self.port}{described(request.url)}"
        kwargs |= {"timeout": (TIMEOUTS[0], 30), "proxies": {}}
        answer = super().send(sent, **kwargs)
        self.answered.append(((request.method, request.url, request.body), answer.status_code, answer.text[:600]))
        # Each page of the mock's example names a next one, without end.
        answer._content = re.sub(rb'"next_page_ur([il])":"[^"]*"', rb'"next_page_ur\1":null', answer.content)
        return answer


@pytest.fixture
def line(prism):
    """Our provider with the real client, whose session leads to the mock; and what the mock was asked."""
    provider = TwilioProvider("AC" + "1" * 32, "AC" + "1" * 32, "secret")
    mock = ToMock(prism)
    provider.session.mount("https://", mock)
    return provider, mock


def strange(spec, request) -> set[str]:
    """Return the names in query and form that the description does not know: the mock lets them pass."""
    method, url, body = request
    path = urlsplit(described(url)).path
    for template, operations in spec["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path):
            known = operations[method.lower()]
            form = known.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            query = {one["name"] for one in known.get("parameters", []) if one["in"] == "query"}
            sent = {name for name, _value in parse_qsl(urlsplit(url).query)}
            return (sent - query) | (
                {name for name, _value in parse_qsl(body or "")} - set(form.get("properties", {}))
            )
    raise AssertionError(f"{path} is no address of the provider")


def test_every_order_of_the_provider_is_tried():
    assert set(ORDERS) == {name for name in vars(Provider) if not name.startswith("_")}


@pytest.mark.parametrize(("order", "values"), [(name, one) for name, some in ORDERS.items() for one in some])
def test_order_is_as_the_provider_describes_it(line, spec, order, values):
    provider, mock = line

    getattr(provider, order)(**values)

    assert mock.answered
    for request, status, said in mock.answered:
        assert status in {200, 201, 204}, (request, status, said)
        assert strange(spec, request) == set()


@pytest.mark.parametrize(("wrong", "status"), [
    (lambda one: one.dial(to=None, from_="+2312883", url=ADDRESS, status_url=ADDRESS, seconds=20), 422),
    (lambda one: one.redirect("CA1", ADDRESS), 422),
    (lambda one: one.redirect(TEXT, ADDRESS), 422),
    (lambda one: one.hold("CF1", CALL, held=True, url=ADDRESS), 422),
    (lambda one: one.client.calls(CALL).update(status="ended"), 422),
    (lambda one: one.client.calls(CALL).update(url=ADDRESS, method="LOOK"), 422),
    (lambda one: one.send_message(to=None, from_="+2312883", body="x", status_url=ADDRESS), 422),
    (lambda one: one.client.calls(CALL)._version.create("POST", f"{API}/Rooms.json"), 404),
])  # fmt: skip
def test_order_that_is_not_is_refused(line, wrong, status):
    provider, mock = line

    with pytest.raises((ProviderRefused, TwilioRestException)):
        wrong(provider)

    assert mock.answered[-1][1] == status


def test_name_that_is_not_described_is_seen(spec):
    address = f"{API}/Calls/{CALL}.json"

    assert strange(spec, ("POST", address, "Url=x&Urll=x")) == {"Urll"}
    assert strange(spec, ("GET", f"{API}/Calls.json?PageSize=1&Size=2", None)) == {"Size"}


def test_order_without_a_secret_is_refused(prism):
    answer = requests.get(f"http://127.0.0.1:{prism}{urlsplit(API).path}/Calls/{CALL}.json", timeout=30)

    assert answer.status_code == 401


def test_nothing_but_this_machine_is_reached():
    with pytest.raises(Exception, match="127.0.0.1"):
        requests.get("http://192.0.2.1/", timeout=3)
