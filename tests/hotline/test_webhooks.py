"""The provider's doors: what is let in, what is answered, what is kept."""

from itertools import permutations

import pytest
from django.db import OperationalError

from accounts import actions as accounts
from hotline import webhooks
from hotline.actions import voice
from hotline.models import Contact, Leg, Recording, WebhookEvent
from hotline.telephony import traffic

pytestmark = pytest.mark.django_db
VOICE = "/hotline/twilio/voice/"
DOORS = [VOICE, f"{VOICE}language/", "/hotline/twilio/status/", "/hotline/twilio/message/",
         "/hotline/twilio/message-status/"]  # fmt: skip


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

    assert reply.verbs() == ["Say", "Say", "Dial"]
    assert reply.document.find("Dial/Conference").text == network.contact.room_name
    assert (network.contact.state, network.contact.language) == ("waiting", "en")


def test_each_written_address_is_posted_to_and_carries_the_next_turn(network):
    reply = network.call()

    address = reply.address("Gather")

    assert "/voice/language/?t=1#" in address
    assert reply.document.find("Gather").get("method") == "POST"
    assert reply.document.find("Gather").get("actionOnEmptyResult") == "true"


@pytest.mark.parametrize("door", DOORS)
def test_other_methods_are_refused(client, door, db):
    answer = client.get(door)

    assert (answer.status_code, answer.headers["Allow"], answer.content) == (405, "POST", b"")


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


def test_odd_characters_are_cleaned_flagged_and_served(network):
    reply = network.call(ForwardedFrom="a\x00b")

    assert reply.status == 200
    assert "odd_text" in WebhookEvent.objects.get().flags


def test_repeat_gets_the_same_document_and_has_no_effect(network, operator):
    first = network.call()
    assert network.call().text == first.text
    chosen = network.step("language", 1, Digits="1")
    events = network.contact.events.count()

    again = network.step("language", 1, Digits="1")

    assert again.text == chosen.text
    assert (network.contact.events.count(), network.contact.turn) == (events, 2)


def test_replay_after_a_day_gets_the_same_document(network, operator, clock):
    first = network.call()
    network.step("language", 1, Digits="1")
    network.status("completed")
    before = (network.contact.state, network.contact.outcome, WebhookEvent.objects.count())
    clock.move(days=1)

    reply = network.call()

    assert reply.text == first.text
    assert (network.contact.state, network.contact.outcome, WebhookEvent.objects.count()) == before


def test_same_turn_with_another_key_is_kept_and_flagged_and_the_first_counts(network, operator):
    network.call()
    first = network.step("language", 1, Digits="1")

    second = network.step("language", 1, Digits="2")

    assert second.text == first.text
    assert network.contact.language == "en"
    assert WebhookEvent.objects.filter(flags="second_answer").count() == 1


def test_older_turn_of_another_step_gets_the_document_of_that_turn(network, operator):
    network.call()
    first = network.step("language", 1, Digits="1")

    reply = network.step("notice", 1)

    assert reply.text == first.text
    assert network.contact.state == "waiting"


def test_newer_turn_than_known_rings_the_duty_phone(network, operator):
    network.call()

    reply = network.step("language", 7, Digits="1")

    assert reply.status == 200
    assert reply.document.find("Dial/Number").text == "+231770009999"


@pytest.mark.parametrize("step", ["retired", "voicemail-done", "left"])
def test_step_that_cannot_apply_never_ends_the_call(network, step):
    network.call()

    reply = network.step(step, 1)

    assert reply.status == 200
    assert "Hangup" not in reply.verbs()


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


def test_step_of_an_unknown_call_is_kept_and_rings_the_duty_phone(network):
    reply = network.step("language", 1, Digits="1")

    assert reply.document.find("Dial/Number").text == "+231770009999"
    assert "unknown_call" in network.contact.flag_codes


def test_callback_before_its_call_makes_a_stub_that_the_call_then_fills(network):
    reply = network.status("ringing")
    assert (reply.status, network.contact.state) == (204, "stub")

    reply = network.call()

    assert "For English" in reply.said()
    assert (network.contact.state, network.contact.line.number) == ("greeting", "2883")
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("order", list(permutations(["call", "ringing", "in-progress", "completed"])))
def test_first_request_and_reports_of_a_call_end_in_the_same_state_in_any_order(network, order):
    for sequence, event in enumerate(order):
        reply = network.call() if event == "call" else network.status(event, sequence=str(sequence))
        assert event != "call" or "For English" in reply.said()

    contact = network.contact
    facts = (
        contact.state,
        contact.step,
        contact.outcome,
        contact.is_missed,
        contact.flag_codes,
        contact.legs.get().status,
    )
    assert facts == ("ended", "greeting", "left_greeting", True, ["simulated"], "completed")
    assert contact.line.number == "2883"
    assert contact.started_at <= contact.ended_at


@pytest.mark.parametrize("length", ["²", "٣", "-1", "1e3", "9" * 12, ""])
def test_an_odd_length_of_a_recording_is_no_length_and_the_report_is_kept(network, length):
    network.call()
    sound = {"RecordingSid": "RE" + "3" * 32, "RecordingStatus": "completed", "RecordingDuration": length}

    reply = network.post("/hotline/twilio/status/", network.fields(**sound))

    assert (reply.status, Recording.objects.get().seconds) == (204, None)


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
    assert len(reply.document.findall("Say")) == 3


def test_nobody_on_shift_rings_the_duty_phone_then_offers_a_message(network):
    network.call()
    reply = network.step("language", 1, Digits="1")
    assert (network.contact.state, reply.verbs()[-1]) == ("nobody", "Dial")

    menu = network.step("left", 2, DialCallStatus="no-answer")
    assert "To leave a message, press 1" in menu.said()
    reply = network.step("closed", 3, Digits="1")

    assert reply.verbs() == ["Say", "Record", "Redirect"]
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


@pytest.mark.parametrize("step", ["", "language/"])
def test_any_exception_still_answers_with_the_duty_phone_and_is_kept(network, monkeypatch, step):
    network.call()
    broken = "receive_call" if not step else "advance_call"
    monkeypatch.setattr(f"hotline.webhooks.actions.{broken}", _raise(ValueError("broken")))
    if not step:
        network.sid = "CA" + "7" * 32

    reply = network.post(f"{VOICE}{step}?t=1" if step else VOICE, network.fields(Digits="1"))

    assert (reply.status, reply.document.find("Dial/Number").text) == (200, "+231770009999")
    assert (network.contact.state, network.contact.flag_codes[-1]) == ("trouble", "trouble")


@pytest.mark.parametrize("step", ["softphone", "whisper", "interpreter", "agency"])
def test_a_fault_while_a_telephone_of_ours_joins_ends_its_leg_and_makes_no_contact(network, monkeypatch, step):
    monkeypatch.setattr("hotline.webhooks.actions.join_room", _raise(ValueError("broken")))

    reply = network.step(step, 7, Direction="outbound-api")

    assert (reply.status, reply.verbs(), Contact.objects.count()) == (200, ["Hangup"], 0)


@pytest.mark.parametrize("step", ["wait", "hold"])
def test_a_fault_in_the_waiting_room_is_a_pause_and_moves_nobody(network, monkeypatch, step):
    network.call()
    for name in ("say_wait", "say_hold"):
        monkeypatch.setattr(f"hotline.webhooks.actions.{name}", _raise(ValueError("broken")))

    reply = network.step(step, 1001)

    assert (reply.verbs(), network.contact.state) == (["Pause"], "greeting")


def test_trouble_itself_broken_still_answers(network, monkeypatch):
    monkeypatch.setattr("hotline.webhooks.actions.receive_call", _raise(ValueError("broken")))
    monkeypatch.setattr("hotline.webhooks.trouble_call", _raise(ValueError("broken too")))

    reply = network.call()

    assert (reply.status, reply.headers["X-Fanal-Degraded"]) == (200, "1")
    assert reply.document.find("Dial/Number").text == "+231770009999"


def test_database_away_answers_from_memory_and_status_is_asked_again(network, monkeypatch):
    network.call()
    for name in ("receive_call", "advance_call", "receive_status"):
        monkeypatch.setattr(f"hotline.webhooks.actions.{name}", _raise(OperationalError("gone")))

    voice, status = network.step("language", 1, Digits="1"), network.status("ringing")

    assert (voice.status, voice.headers["X-Fanal-Degraded"]) == (200, "1")
    assert voice.document.find("Dial/Number").text == "+231770009999"
    assert (status.status, status.headers["Retry-After"]) == (503, "5")


def test_locked_database_is_not_asked_again_on_the_way_out(network, monkeypatch):
    """A table that is locked keeps each statement waiting for seconds; the caller waits for one of them, not two."""
    network.call()
    asked = []

    def locked(*args, **kwargs):
        asked.append(1)
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("hotline.queries.lines._read", locked)
    reply = network.call()

    assert (reply.status, reply.headers["X-Fanal-Degraded"]) == (200, "1")
    assert reply.document.find("Dial/Number").text == "+231770009999"
    assert len(asked) == 1


def test_waiting_document_holds_only_what_may_be_heard_there(network, operator):
    network.call()
    network.step("language", 1, Digits="1")

    first, second = network.step("wait", 2001), network.step("wait", 2002)

    assert first.verbs() == ["Pause", "Redirect"]
    assert "You are next." in second.said()
    assert set(second.verbs()) <= {"Say", "Pause", "Redirect"}


def test_copies_at_once_end_as_one(network, operator, monkeypatch):
    """The second copy did not see the first's row and meets its unique key: it answers what the first answered."""
    first = network.call()
    real, blind = voice._leg, [True]
    monkeypatch.setattr(voice, "_leg", lambda hook: None if blind and blind.pop() else real(hook))

    second = network.call()

    assert second.text == first.text
    assert Contact.objects.count() == Leg.objects.count() == 1


def test_refusals_are_counted_in_memory(client, line):
    before = webhooks.refusals["no signature"]

    client.post(VOICE, {})

    assert webhooks.refusals["no signature"] == before + 1


def _raise(error):
    def broken(**_values):
        raise error

    return broken


def _wired(request):
    return {"content_type": traffic.FORM, "HTTP_X_TWILIO_SIGNATURE": request.headers["HTTP_X_TWILIO_SIGNATURE"]}


def test_unknown_number_without_any_duty_phone_still_ends_in_words(network, settings):
    settings.DUTY_PHONE = ""

    reply = network.call(To="+4799999999")
    after = network.step("left", 1)

    assert reply.verbs() == ["Say", "Redirect"]
    assert (after.status, after.verbs()) == (200, ["Say", "Hangup"])
