"""Genuine requests whose words are longer or odder than any of ours: each is kept, on both databases, and answered."""

import pytest

from hotline import webhooks
from hotline.actions.inbox import KEPT, LONGEST_STEP
from hotline.ivr import table
from hotline.models import Leg, Recording, WebhookEvent

pytestmark = pytest.mark.django_db

STATUS, TEXT, TEXT_STATUS = (f"/hotline/twilio/{door}/" for door in ("status", "message", "message-status"))
LONG = "x" * 21
# Twice as long in small letters.
GROWS = "\u0130" * 20
NAMES = sorted(KEPT - {"AccountSid"} | {"SipHeader_X-Language", "MediaUrl0"})
VALUES = ["9" * 300, GROWS * 3, "\x00\ud800"]
STEPS = [
    "",
    "language/?t=1",
    "left/?t=9",
    "wait/?t=1001",
    "hold/?t=1",
    "softphone/?t=7",
    "phone/?t=7",
    f"{LONG * 9}/?t=1",
]


def test_a_step_that_is_too_long_is_kept_under_its_beginning_and_marked(network):
    network.call()

    replies = [network.step(LONG, 1) for _ in range(2)]

    event = WebhookEvent.objects.latest("id")
    assert [reply.status for reply in replies] == [200, 200]
    assert "X-Fanal-Degraded" not in replies[0].headers
    assert replies[0].document.find("Dial/Number").text == "+231770009999"
    assert replies[1].text == replies[0].text
    assert (event.step, event.contact) == (LONG[:LONGEST_STEP], network.contact)
    assert {"odd_text", "trouble"} <= set(event.flags.split())
    assert network.contact.state == "trouble"


def test_a_call_that_is_heard_of_by_a_long_step_only_has_its_leg(network):
    assert network.step(LONG, 1).status == 200

    assert Leg.objects.get(role="caller").call_sid == network.sid
    assert WebhookEvent.objects.get().step == LONG[:LONGEST_STEP]


def test_a_long_step_without_a_call_is_kept_once(network):
    sent = {"From": "+231770000001", "To": "2883"}

    replies = [network.post(f"/hotline/twilio/voice/{LONG * 9}/?t=1", sent) for _ in range(2)]

    assert [reply.headers.get("X-Fanal-Degraded") for reply in replies] == [None, None]
    assert WebhookEvent.objects.get().flags == "odd_text no_call"


def test_no_step_of_ours_is_as_long_as_one_that_was_cut():
    ours = {*table.STEPS, *webhooks.JOINING, *webhooks.IN_ROOM, *webhooks.NO_CALLER}

    assert max(map(len, ours)) < LONGEST_STEP


@pytest.mark.parametrize("value", VALUES, ids=["long", "growing", "odd"])
@pytest.mark.parametrize("step", STEPS)
def test_a_voice_request_of_odd_values_is_answered_and_kept(network, step, value):
    sent = dict.fromkeys(NAMES, value) | {"CallSid": network.sid, "To": "2883"}

    reply = network.post(f"/hotline/twilio/voice/{step}", sent, HTTP_I_TWILIO_IDEMPOTENCY_TOKEN="t" * 300)

    assert (reply.status, reply.headers.get("X-Fanal-Degraded")) == (200, None)
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("value", VALUES, ids=["long", "growing", "odd"])
@pytest.mark.parametrize("name", ["nothing", "CallSid", "RecordingSid", "ConferenceSid", "MessageSid"])
@pytest.mark.parametrize("door", [STATUS, TEXT, TEXT_STATUS])
def test_any_other_request_of_odd_values_is_kept(network, door, name, value):
    network.call()
    before = WebhookEvent.objects.count()
    sent = dict.fromkeys(NAMES, value)
    for sid in ("CallSid", "RecordingSid", "ConferenceSid", "MessageSid"):
        sent[sid] = value if sid == name else ""

    assert network.post(f"{door}?t={'9' * 300}", sent, HTTP_I_TWILIO_IDEMPOTENCY_TOKEN="a\x00b").status in {200, 204}
    assert WebhookEvent.objects.count() == before + 1


def test_a_state_of_a_recording_that_grows_in_small_letters_is_kept(network):
    network.call()

    reply = network.status("", RecordingSid="RE" + "1" * 32, RecordingStatus=GROWS)

    assert (reply.status, Recording.objects.count()) == (204, 1)


def test_odd_characters_in_the_token_of_a_request_are_taken_out(network):
    network.call()
    fields = network.fields(CallStatus="completed")

    answers = [network.post(STATUS, fields, HTTP_I_TWILIO_IDEMPOTENCY_TOKEN="a\x00b").status for _ in range(2)]

    assert answers == [204, 204]
    assert WebhookEvent.objects.filter(kind="status").count() == 1


@pytest.mark.parametrize("door", [STATUS, TEXT, TEXT_STATUS, "/hotline/twilio/voice/"])
def test_odd_characters_in_the_name_of_a_field_are_taken_out_too(network, door):
    reply = network.post(
        door, network.fields(MessageSid="SM" + "1" * 32) | {"MediaUrl\ud8000": "x", "MediaUrl\x001": "y"}
    )

    assert (reply.status in {200, 204}, reply.headers.get("X-Fanal-Degraded")) == (True, None)
    assert "odd_text" in WebhookEvent.objects.get().flags
