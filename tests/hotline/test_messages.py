"""Texts: kept once, safe or not sent, STOP and START as whole messages."""

import base64
import datetime as dt

import pytest
from django.db import OperationalError

from accounts import actions as accounts
from accounts.models import AuditEntry, DataKey, Letter
from hotline import actions, tasks
from hotline.actions.inbox import Hook
from hotline.actions.messages import TextRefused
from hotline.actions.receiving import receive_message
from hotline.actions.sending import claim_message
from hotline.models import Contact, Message, Opposition, SimulatorAct
from hotline.queries.safety import text_bar

pytestmark = pytest.mark.django_db
DOOR, STATUS = "/hotline/twilio/message/", "/hotline/twilio/message-status/"


@pytest.fixture
def write(network):
    def send(body, sid="SM1", sender="+231770001111", **more):
        return network.post(
            DOOR, {"MessageSid": sid, "From": sender, "To": "2883", "Body": body, "NumMedia": "0"} | more
        )

    return send


@pytest.fixture
def thread(write):
    write("Hello")
    return Contact.objects.get()


def allow(contact, at, **values):
    Contact.objects.filter(pk=contact.pk).update(may_text="yes", safety_at=at, **values)
    contact.refresh_from_db()
    return contact


def send(message, at):
    return actions.send_message(claim_message(message.pk, at=at), at=at)


def test_text_is_sealed_in_its_thread_and_a_repeat_has_no_effect(write, operator, at):
    first, again = write("Hello"), write("Hello")

    message = Message.objects.get()
    assert first.text == again.text
    assert first.text.endswith("<Response/>")
    assert accounts.reveal(message, "body", by=operator, at=at, reason="test") == "Hello"
    assert (message.contact.kind, message.contact.is_missed) == ("message", True)


@pytest.mark.both
@pytest.mark.parametrize("body", ["م" * 1601, "word " * 12_800 + "END"], ids=["beyond a text", "as much as comes in"])
def test_a_text_is_kept_whole_however_long(write, operator, at, body):
    assert write(body).status == 200

    assert accounts.reveal(Message.objects.get(), "body", by=operator, at=at, reason="test") == body


def test_a_longer_one_of_the_providers_list_is_kept_whole_too(line, operator, at):
    body = "word " * 20_000 + "END"
    told = {
        "MessageSid": ["SM" + "5" * 32],
        "From": ["+231770001111"],
        "To": ["2883"],
        "Body": [body],
        "NumMedia": ["0"],
    }

    receive_message(hook=Hook(kind="sweep", account=line.account, fields=told, at=at, found_at=at))

    assert accounts.reveal(Message.objects.get(), "body", by=operator, at=at, reason="test") == body


@pytest.mark.parametrize("sender", ["+231770001111", "sip:someone@example.org", "anonymous"])
def test_a_repeat_after_its_thread_was_closed_leaves_nothing(write, at, sender):
    write("Hello", sender=sender)
    Contact.objects.update(closed_at=at, closing="no_need")
    keys = DataKey.objects.count()

    again = write("Hello", sender=sender)

    assert (again.status, again.text.endswith("<Response/>")) == (200, True)
    assert (Contact.objects.count(), Message.objects.count(), DataKey.objects.count()) == (1, 1, keys)


def test_second_text_of_a_number_stays_in_the_thread_and_withheld_ones_never_meet(write):
    write("one", "SM1")
    write("two", "SM2")
    write("three", "SM3", sender="anonymous")
    write("four", "SM4", sender="anonymous")

    assert sorted(contact.messages.count() for contact in Contact.objects.all()) == [1, 1, 2]


def test_unknown_safety_means_no(thread, operator, at):
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")

    assert message.state == "blocked_by_safety"


def test_allowed_text_goes_out_once_in_the_persons_language(thread, operator, at):
    allow(thread, at, language="fr")
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    again = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    assert message.pk == again.pk

    assert send(message, at)

    assert claim_message(message.pk, at=at + dt.timedelta(hours=1)) is None
    order = SimulatorAct.objects.get().payload
    assert (order["order"], order["to"]) == ("message", "+231770001111")
    assert "2883" in order["body"]
    assert "You may call" not in order["body"]


def test_change_to_no_stops_what_is_queued(thread, operator, at):
    allow(thread, at)
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    Contact.objects.filter(pk=thread.pk).update(may_text="no")

    assert not send(message, at)

    message.refresh_from_db()
    assert message.state == "blocked_by_safety"
    assert not SimulatorAct.objects.exists()


def test_safe_hours_are_judged_in_the_callers_zone_and_may_cross_midnight(thread, at):
    allow(thread, at, safe_from=dt.time(20), safe_until=dt.time(6))

    assert text_bar(thread, at) == "not_now"
    assert text_bar(thread, at.replace(hour=22)) == ""
    assert text_bar(thread, at.replace(hour=5)) == ""


def test_where_nobody_named_hours_texts_leave_by_day_and_at_night_to_who_wrote_within_the_hour(thread, at):
    night, minute = at.replace(hour=3), dt.timedelta(minutes=1)
    allow(thread, night)
    Message.objects.update(made_at=night - dt.timedelta(days=1))

    assert [text_bar(thread, night.replace(hour=hour)) for hour in (7, 8, 20, 21)] == ["not_now", "", "", "not_now"]
    Message.objects.update(made_at=night)
    assert [text_bar(thread, night + after) for after in (minute, 60 * minute, 61 * minute)] == ["", "", "not_now"]
    allow(thread, night, safe_from=dt.time(20), safe_until=dt.time(22))
    assert text_bar(thread, night + minute) == "not_now"  # hours that she named stand


def test_the_part_of_the_day_that_was_named_by_key_holds_for_texts_too(thread, at):
    night = at.replace(hour=23)
    allow(thread, night, callback_time="evening")
    Message.objects.update(made_at=night)

    assert [text_bar(thread, night.replace(hour=hour)) for hour in (9, 16, 17, 20, 21)] == [
        "not_now", "not_now", "", "", "not_now",
    ]  # fmt: skip
    assert text_bar(thread, night + dt.timedelta(minutes=1)) == "not_now"  # that she wrote just now replaces no hours


def test_who_is_on_the_line_at_night_gets_a_text_and_within_a_quarter_of_an_hour_after(network, at):
    network.queued()
    night, minute = at.replace(hour=3), dt.timedelta(minutes=1)
    contact = allow(network.contact, night)

    assert text_bar(contact, night) == ""
    contact.ended_at = night
    assert [text_bar(contact, night + after) for after in (15 * minute, 16 * minute)] == ["", "not_now"]


def test_review_date_past_is_unknown_again(thread, at):
    allow(thread, at - dt.timedelta(days=31))

    assert text_bar(thread, at) == "too_old"


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "ARRÊT", "parar", "kanpe"])
def test_stop_as_the_whole_message_stops_texts_and_start_undoes_it(write, clock, word, at):
    write(word, "SM1")
    contact = allow(Contact.objects.get(), at)
    assert text_bar(contact, at) == "stopped"

    clock.move(minutes=2)
    write("START", "SM2")

    assert text_bar(contact, at) == ""


def test_stop_and_thread_are_still_known_while_the_key_of_indexes_rotates(write, settings, at):
    write("STOP", "SM1")
    settings.SEAL_KEYS = f"index:new:{base64.b64encode(bytes(range(32))).decode()},{settings.SEAL_KEYS}"

    write("Are you there?", "SM2")

    contact = Contact.objects.get()
    assert contact.messages.count() == 2
    assert Opposition.objects.get().number_index == contact.number_index
    assert text_bar(allow(contact, at), at) == "stopped"


def test_stop_inside_a_sentence_is_no_stop(write):
    write("stop him please")

    assert not Opposition.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("x" * 400, "too_long"), ("Call 0770 123 456 now", "number"), ("About trafficking", "subject")],
)
def test_text_that_may_betray_or_is_too_long_is_refused(thread, operator, at, text, code):
    with pytest.raises(TextRefused) as refused:
        actions.queue_message(contact=thread, text=text, by=operator, at=at, key="k1")

    assert refused.value.code == code


def test_statuses_in_any_order_end_at_the_greatest(thread, operator, network, at):
    allow(thread, at)
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    send(message, at)
    message.refresh_from_db()

    for status in ("delivered", "queued", "sent", "delivered"):
        assert network.post(STATUS, {"MessageSid": message.sid, "MessageStatus": status}).status == 204

    message.refresh_from_db()
    assert message.state == "delivered"


def test_text_to_a_number_of_no_line_is_kept_and_flagged(network):
    contact = network.text(To="+231779999999")

    assert (contact.line, contact.flag_codes) == (None, ["unknown_number", "simulated"])
    assert contact.messages.count() == 1


def test_status_of_an_unknown_message_is_kept(network):
    assert network.post(STATUS, {"MessageSid": "SM9", "MessageStatus": "sent"}).status == 204


def test_empty_message_and_media_are_flagged(write):
    write("", NumMedia="1")

    assert Contact.objects.get().flag_codes[-2:] == ["empty_message", "has_media"]


def test_button_text_is_the_answer(write, operator, at):
    write("ignored", ButtonText="Yes, call me")

    assert accounts.reveal(Message.objects.get(), "body", by=operator, at=at, reason="test") == "Yes, call me"


@pytest.mark.parametrize("behind", [0, 5])
def test_message_that_a_killed_worker_handed_over_is_not_sent_again(thread, operator, at, behind):
    """The carrier's clock may be some minutes behind ours: what it was handed bears an earlier time than the text."""
    allow(thread, at)
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    send(message, at)
    SimulatorAct.objects.update(made_at=at - dt.timedelta(minutes=behind))
    Message.objects.filter(pk=message.pk).update(state="outbox", sid=None, sent_at=None)

    send(message, at + dt.timedelta(minutes=1))

    message.refresh_from_db()
    assert SimulatorAct.objects.count() == 1
    assert message.sid == SimulatorAct.objects.get().payload["sid"]


@pytest.fixture
def two_texts(thread, operator, at, monkeypatch):
    """Two texts that wait, and a function that says what the provider meets with the first of them."""
    allow(thread, at)
    texts = [actions.queue_message(contact=thread, text=key, by=operator, at=at, key=key) for key in ("one", "two")]

    def meets(error):
        def send_message(self, *, body, **_message):
            if body == "one":
                raise error
            return "SM" + "6" * 32

        monkeypatch.setattr("hotline.telephony.practice.PracticeProvider.send_message", send_message)
        return texts

    return meets


@pytest.mark.parametrize("error", [ValueError, RuntimeError, AssertionError])
def test_a_text_that_meets_what_nobody_foresaw_stops_no_other_and_is_given_up_and_told(
    two_texts, person, liberia, at, error
):
    supervisor = person("supervisor", country=liberia)
    first, second = two_texts(error("odd"))

    assert tasks.send_messages(at) == 1

    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, first.tries, second.sent_at) == ("outbox", 1, at)
    for minutes in range(1, 60):
        tasks.send_messages(at + dt.timedelta(minutes=minutes))
    first.refresh_from_db()
    assert (first.state, first.tries, first.error_code) == ("failed", 5, error.__name__[:10])
    assert AuditEntry.objects.get(verb="hotline.text_given_up").thing == accounts.thing_id(first)
    assert Letter.objects.get().receiver == accounts.thing_id(supervisor)


def test_a_database_that_is_away_ends_the_batch_and_gives_up_no_text(two_texts, at):
    first, second = two_texts(OperationalError("away"))

    for minutes in range(10):
        with pytest.raises(OperationalError):
            tasks.send_messages(at + dt.timedelta(minutes=minutes))

    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, second.state, second.tries) == ("outbox", "outbox", 0)


def test_a_text_that_kills_its_worker_is_given_up_in_the_end(thread, operator, at):
    thread = allow(thread, at)
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    for _turn in range(20):
        assert claim_message(message.pk, at=at) is not None  # and the worker dies
        at += dt.timedelta(seconds=31)

    assert tasks.send_messages(at) == 0

    message.refresh_from_db()
    assert (message.state, message.error_code, SimulatorAct.objects.count()) == ("failed", "killed", 0)
    assert "text_given_up" in [event.kind for event in thread.events.all()]
    assert claim_message(message.pk, at=at + dt.timedelta(hours=1)) is None
