"""Genuine requests that do not say which call they are of: kept and flagged, and no two people share a contact."""

import pytest

from hotline.models import Contact, Leg, Message, Recording, WebhookEvent

pytestmark = pytest.mark.django_db

STATUS = "/hotline/twilio/status/"
VOICE = "/hotline/twilio/voice/"


def kept():
    rows = WebhookEvent.objects.order_by("id")
    return [(row.kind, row.contact_id, row.flags) for row in rows]


def test_recordings_without_a_call_are_kept_each_once(network):
    sent = [{"RecordingSid": f"RE{number}" + "1" * 31, "RecordingStatus": "completed"} for number in (1, 2, 3)]

    answers = [network.post(STATUS, fields).status for fields in [*sent, sent[0]]]

    assert answers == [204] * 4
    assert kept() == [("status", None, "no_call")] * 3
    assert Contact.objects.count() == Leg.objects.count() == Recording.objects.count() == 0


@pytest.mark.parametrize("more", [{}, {"ParentCallSid": "CA" + "9" * 32}])
def test_reports_without_a_call_are_kept(network, more):
    sent = [{"CallStatus": word, "SequenceNumber": "0"} | more for word in ("ringing", "completed")]

    assert [network.post(STATUS, fields).status for fields in sent] == [204, 204]
    assert kept() == [("status", None, "no_call")] * 2
    assert Contact.objects.count() == 0


def test_the_child_of_a_known_call_has_a_name_or_is_kept_without_one(network):
    network.call()

    answers = [network.post(STATUS, {"ParentCallSid": network.sid, "CallStatus": "ringing"}).status for _ in range(2)]

    assert answers == [204, 204]
    assert [leg.label for leg in Leg.objects.all()] == ["caller"]


def test_reports_of_our_legs_are_told_apart_by_their_tokens(network, operator, at):
    contact = network.taken(operator, at)
    leg, caller = contact.legs.get(role="operator"), contact.legs.get(role="caller")
    before = WebhookEvent.objects.count()

    for token in (leg.token, caller.token):
        assert network.post(f"{STATUS}?t={token}", {"CallStatus": "ringing", "SequenceNumber": "0"}).status == 204

    assert WebhookEvent.objects.count() == before + 2
    assert not WebhookEvent.objects.filter(flags__contains="no_call").exists()


def test_callers_without_a_call_hear_the_backup_path_and_share_nothing(network):
    numbers = ["+231770000001", "+231770000002", "+231770000003"]
    sent = [{"From": number, "To": "2883", "CallStatus": "ringing"} for number in numbers]

    replies = [network.post(VOICE, fields) for fields in sent]
    again = network.post(VOICE, sent[0])

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert {reply.document.find("Dial/Number").text for reply in replies} == {"+231770009999"}
    assert "X-Fanal-Degraded" not in replies[0].headers
    assert again.text == replies[0].text
    assert kept() == [("voice", None, "no_call")] * 3
    assert Contact.objects.count() == Leg.objects.count() == 0


@pytest.mark.parametrize(
    ("step", "verbs"),
    [("language", "Dial"), ("left", "Dial"), ("wait", "Pause"), ("hold", "Pause"), ("softphone", "Hangup")],
)
def test_steps_without_a_call_lead_on(network, step, verbs):
    reply = network.post(f"{VOICE}{step}/?t=1", {"From": "+231770000001", "To": "2883", "Digits": "1"})

    assert (reply.status, verbs in reply.verbs()) == (200, True)
    assert (kept(), Contact.objects.count()) == ([("voice", None, "no_call")], 0)


def test_texts_without_a_name_are_each_kept_once(network):
    sent = [{"From": "+231770000001", "To": "2883", "Body": words} for words in ("help me", "I am at the market")]

    replies = [network.post("/hotline/twilio/message/", fields) for fields in [*sent, sent[0]]]

    assert [reply.status for reply in replies] == [200] * 3
    assert [row.flags for row in WebhookEvent.objects.all()] == ["no_sid"] * 2
    assert (Message.objects.count(), Message.objects.filter(sid=None).count()) == (2, 2)


def test_reports_of_texts_without_a_name_are_each_kept(network):
    sent = [{"MessageStatus": "sent", "From": "2883", "To": number} for number in ("+231770000001", "+231770000002")]

    assert [network.post("/hotline/twilio/message-status/", fields).status for fields in sent] == [204, 204]
    assert WebhookEvent.objects.count() == 2
