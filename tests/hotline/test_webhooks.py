"""The provider's doors: what is answered, what is kept, and what is sealed."""

import hashlib
import json
import uuid
from datetime import timedelta

import pytest

from accounts import actions as accounts
from accounts.models import DataKey
from hotline.actions.inbox import INBOX, KEYED
from hotline.models import Contact, Recording, WebhookEvent
from tests.hotline.conftest import OPERATOR_SID

pytestmark = pytest.mark.django_db


def test_first_request_is_answered_with_the_language_menu_and_kept(network):
    reply = network.call()

    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert "For English, press 1." in reply.said()
    assert reply.verbs() == ["Gather", "Redirect"]
    assert network.contact.state == "greeting"
    assert WebhookEvent.objects.get().reply == reply.text


def test_language_key_leads_into_the_room(network, operator):
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert reply.verbs() == ["Dial"]
    assert reply.document.find("Dial/Conference").text == network.contact.room_name
    assert (network.contact.state, network.contact.language) == ("waiting", "en")


def test_each_written_address_is_posted_to_and_carries_the_next_turn(network):
    reply = network.call()

    address = reply.address("Gather")

    assert "/voice/language/?t=1#" in address
    assert reply.document.find("Gather").get("method") == "POST"
    assert reply.document.find("Gather").get("actionOnEmptyResult") == "true"


def test_unknown_called_number_hears_neutral_words_and_the_duty_phone(network, settings):
    settings.DUTY_PHONE = "+231770001234"

    reply = network.call(To="+4799999999")

    contact = network.contact
    assert reply.document.find("Dial/Number").text == "+231770001234"
    assert "not in use for the public" in reply.said()
    assert (contact.line, contact.country, "unknown_number" in contact.flag_codes) == (None, None, True)


def test_called_over_the_network_of_the_carrier_the_line_is_found(network):
    network.call(To="sip:2883@10.1.2.3", From="sip:+231770001111@10.1.2.3")

    assert (network.contact.line.number, network.contact.caller_class) == ("2883", "phone")


@pytest.mark.parametrize("length", ["²", "٣", "-1", "1e3", "9" * 12, ""])
def test_an_odd_length_of_a_recording_is_no_length_and_the_report_is_kept(network, length):
    network.call()
    sound = {"RecordingSid": "RE" + "3" * 32, "RecordingStatus": "completed", "RecordingDuration": length}

    reply = network.post("/hotline/twilio/status/", network.fields(**sound))

    assert (reply.status, Recording.objects.get().seconds) == (204, None)


def test_no_recording_is_longer_than_a_day(network):
    network.call()
    sound = {"RecordingSid": "RE" + "3" * 32, "RecordingStatus": "completed", "RecordingDuration": "99999999"}

    reply = network.post("/hotline/twilio/status/", network.fields(**sound))

    assert (reply.status, Recording.objects.get().seconds) == (204, 24 * 60 * 60)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("Fri, 31 Dec 9999 23:59:59 -1400", 0), ("Mon, 01 Jan 0001 00:00:00 +1400", 0), ("yesterday", 0), ("", 0),
     ("Wed, 25 Nov 2020 10:00:00 +0000", 0), ("Fri, 25 Dec 2026 10:00:00 +0000", 0), (None, -1)],
)  # fmt: skip
def test_a_recording_is_kept_whatever_time_its_report_tells(network, said, minutes, at):
    network.call()
    told = at + timedelta(minutes=minutes)
    said = f"{told:%a, %d %b %Y %H:%M:%S} +0000" if said is None else said
    sound = {"RecordingSid": "RE" + "5" * 32, "RecordingStatus": "completed", "Timestamp": said}

    reply = network.post("/hotline/twilio/status/", network.fields(**sound))

    assert (reply.status, Recording.objects.get().made_at) == (204, told)


@pytest.mark.parametrize("length", ["²", "9"])
def test_an_odd_length_is_no_length_where_the_caller_hung_up_after_her_message(network, length):
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")
    network.step("closed", 3, Digits="1")

    reply = network.step("voicemail-done", 4, RecordingSid="RE" + "4" * 32, RecordingDuration=length)

    assert (reply.status, "trouble" in network.contact.flag_codes) == (200, False)
    assert Recording.objects.get().seconds == (9 if length == "9" else 0)


def test_language_that_nobody_speaks_is_said_so_and_waits_for_another_operator(network, operator):
    network.call()

    reply = network.step("language", 1, Digits="3")

    assert network.contact.language == "ar"
    assert network.contact.state == "waiting"
    assert len(reply.document.findall("Gather/Say")) == 1
    assert network.step("queue", 2).verbs() == ["Dial"]


def test_keys_of_danger_count_in_the_sentence_before_the_room(network, operator):
    network.call()
    network.step("language", 1, Digits="3")

    menu = network.step("queue", 2, Digits="*")
    asked = network.contact.step
    reply = network.step("choices", 3, Digits="9")

    assert (asked, menu.verbs()[0]) == ("choices", "Gather")
    assert (network.contact.is_danger, network.contact.priority, network.contact.step) == (True, 0, "waiting")
    assert reply.verbs()[-1] == "Dial"


def test_nobody_on_shift_rings_the_duty_phone_then_offers_a_message(network):
    network.call()
    reply = network.step("language", 1, Digits="1")
    assert (network.contact.state, reply.verbs()[-1]) == ("nobody", "Dial")

    menu = network.step("left", 2, DialCallStatus="no-answer")
    assert "To leave a message, press 1" in menu.said()
    reply = network.step("closed", 3, Digits="1")

    assert reply.verbs() == ["Gather", "Record", "Redirect"]
    assert network.contact.state == "voicemail"


def test_withheld_caller_has_no_number_and_no_index(network):
    network.call(From="anonymous")

    contact = network.contact
    assert (contact.caller_class, contact.number, contact.number_index) == ("withheld", None, "")


def test_number_is_sealed_and_found_by_its_index_only(network, operator, at):
    network.call()

    contact = network.contact
    stored = Contact.objects.filter(pk=contact.pk).values_list("number", flat=True)[0]
    assert "770000001" not in stored.raw
    assert accounts.reveal(contact, "number", by=operator, at=at, reason="test") == "+231770000001"
    assert Contact.objects.filter(number_index=contact.number_index).count() == 1


def test_payload_is_sealed_and_unread_fields_are_dropped(network, at):
    network.call(CallerCity="MONROVIA")

    event = WebhookEvent.objects.get()
    payload = accounts.reveal(event, "payload", by="test", at=at, reason="test")
    assert "+231770000001" in payload
    assert "MONROVIA" not in payload


def test_waiting_document_holds_only_what_may_be_heard_there(network, operator):
    network.call()
    network.step("language", 1, Digits="1")

    first, second = network.step("wait", 2001), network.step("wait", 2002)

    assert "Please stay on the line." in first.said()
    assert "You are next." not in first.said()
    assert "You are next." in second.said()
    assert set(first.verbs() + second.verbs()) <= {"Say", "Pause", "Redirect"}


def test_unknown_number_without_any_duty_phone_still_ends_in_words(network, settings):
    settings.DUTY_PHONE = ""

    reply = network.call(To="+4799999999")
    after = network.step("left", 1)

    assert reply.verbs() == ["Say", "Redirect"]
    assert (after.status, after.verbs()) == (200, ["Say", "Hangup"])


def test_a_request_is_sealed_under_the_key_of_the_country_that_was_called(network, operator, at):
    contact = network.taken(operator, at)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.status("completed")
    network.text()

    rows = list(WebhookEvent.objects.all())
    assert {row.kind for row in rows} == {"voice", "status", "message"}
    assert {row.scope for row in rows} == {"LR"}
    assert {row.seal_key for row in rows} == {uuid.uuid5(INBOX, "LR|202611")}
    assert DataKey.objects.get(owner=rows[0].seal_key).scope == "LR"


def test_a_request_for_a_number_of_no_line_is_sealed_under_no_country(network):
    network.call(To="+18005550100")

    row = WebhookEvent.objects.get()
    assert (row.scope, row.seal_key) == ("*", uuid.uuid5(INBOX, "*|202611"))


def test_every_kind_of_request_is_kept_as_it_came_and_opens_again(network, operator, at):
    contact = network.taken(operator, at)
    network.step("hold", 1)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.status("completed")
    network.text("Quillfeather")

    kept = {}
    for row in WebhookEvent.objects.all():
        payload = accounts.reveal(row, "payload", by="tests", at=at, reason="law")
        assert row.digest.startswith(KEYED)
        assert hashlib.sha256(payload.encode()).hexdigest() not in row.digest
        kept.setdefault((row.kind, row.step), []).append(json.loads(payload))
    assert [one["Body"] for one in kept["message", ""]] == [["Quillfeather"]]
    assert [one.get("StatusCallbackEvent") for one in kept["status", ""]] == [["participant-join"], None]
    assert [one["CallSid"] for step in ("hold", "softphone") for one in kept["voice", step]] == [
        [network.sid],
        [OPERATOR_SID],
    ]
