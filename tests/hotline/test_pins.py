"""The PIN of an operator's own telephone: asked for in place of key 1, three tries, and the one of who is forced."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Letter
from hotline import actions, tasks
from hotline.actions import pins
from hotline.actions.inbox import Hook
from hotline.models import Contact, ContactEvent, OperatorState, TelephonePin, ThirdCall, WebhookEvent
from tests.hotline.telephones import NUMBER, verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    conversation_with_an_operator,
    interpreter_on_duty,
    interpreter_who_is_asked,
    newest,
    picks_up,
    reports,
)

pytestmark = pytest.mark.django_db
SID = "CA" + "f" * 32


@pytest.fixture
def ringing(network, operator, supervisor, at):
    """A call that the operator took on her own telephone, which asks for a PIN; it has just been picked up."""
    verify(operator, at)
    pins.set_pin(user=operator, pin="4711", forced="1147", by=operator, at=at)
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    return contact


def pick_up(network, contact, step="whisper", **more):
    leg = contact.legs.get(role="operator")
    fields = {
        "CallSid": SID,
        "From": "+2312883",
        "To": NUMBER,
        "CallStatus": "in-progress",
        "Direction": "outbound-api",
    }
    return network.post(f"/hotline/twilio/voice/{step}/?t={leg.token}", fields | more)


def letters(key):
    return Letter.objects.filter(key__startswith=f"{key}:")


def test_the_right_pin_lets_her_in_on_the_third_try_and_key_1_does_not(network, ringing):
    asked = pick_up(network, ringing)
    assert "Enter your PIN to take it." in asked.said()
    assert asked.document.find("Gather").get("numDigits") == "4"
    assert pick_up(network, ringing, "softphone", Digits="1").verbs() == ["Hangup"]

    for step, following in (("pin-1", "pin-2"), ("pin-2", "pin-3")):
        wrong = pick_up(network, ringing, step, Digits="9999")
        assert "That PIN is not right." in wrong.said()
        assert f"/voice/{following}/" in wrong.address("Gather")
    reply = pick_up(network, ringing, "pin-3", Digits="4711")
    assert reply.document.find(".//Conference").text == ringing.room_name
    assert not letters("forced_pin").exists()


NOT_FREE = "In this call the person cannot speak, or somebody else listens."


@pytest.mark.parametrize("entered", ["4711", "9999"])
def test_that_the_person_cannot_talk_freely_is_said_after_the_pin_alone(network, ringing, entered):
    Contact.objects.update(cannot_speak=True)

    asked = pick_up(network, ringing)
    answered = pick_up(network, ringing, "pin-1", Digits=entered)

    is_right = entered == "4711"
    assert (NOT_FREE in asked.said(), NOT_FREE in answered.said()) == (False, is_right)
    assert (answered.verbs()[:2] == ["Say", "Dial"]) == is_right


def test_the_offer_stands_while_words_are_said_after_a_pin_entered_at_its_last_second(
    network, ringing, operator, clock
):
    pick_up(network, ringing)
    offered_until = Contact.objects.get().claimed_until
    clock.now = offered_until - dt.timedelta(seconds=1)
    pick_up(network, ringing, "pin-1", Digits="9999")
    assert Contact.objects.get().claimed_until == offered_until  # a wrong one holds nothing up

    pick_up(network, ringing, "pin-2", Digits="4711")

    assert actions.release_lapsed_claims(at=offered_until + dt.timedelta(seconds=15)) == 0
    assert actions.release_lapsed_claims(at=offered_until + dt.timedelta(seconds=25)) == 1
    assert OperatorState.objects.get(user=operator).missed_offers == 1


def test_a_pin_that_is_entered_early_shortens_no_offer(network, ringing):
    pick_up(network, ringing)
    offered_until = Contact.objects.get().claimed_until

    pick_up(network, ringing, "pin-1", Digits="4711")

    assert Contact.objects.get().claimed_until == offered_until


def test_who_hangs_up_in_the_words_after_her_pin_does_not_keep_the_caller_waiting(network, ringing, clock):
    pick_up(network, ringing)
    clock.move(seconds=10)
    pick_up(network, ringing, "pin-1", Digits="4711")
    clock.move(seconds=3)
    reports(network, ringing.legs.get(role="operator"), "completed")

    assert actions.release_lapsed_claims(at=clock.now + dt.timedelta(seconds=9)) == 0  # that she came may be told late
    assert actions.release_lapsed_claims(at=clock.now + dt.timedelta(seconds=11)) == 1
    ringing.refresh_from_db()
    assert ringing.state == "waiting"


def test_three_wrong_ones_give_the_call_back_at_once_and_are_told(network, ringing, operator, at):
    pick_up(network, ringing)
    for step in ("pin-1", "pin-2"):
        pick_up(network, ringing, step, Digits="9999")
    assert pick_up(network, ringing, "pin-3", Digits="8888").verbs() == ["Hangup"]

    tasks.run_commands(at)
    actions.release_lapsed_claims(at=at.replace(second=1))
    ringing.refresh_from_db()
    assert (ringing.state, ringing.claimed_by) == ("waiting", None)
    assert ContactEvent.objects.filter(contact=ringing, kind="pin_refused").exists()
    assert AuditEntry.objects.filter(verb="operator.pin_refused").exists()
    assert letters("own_telephone:pin_refused").get().receiver


def test_nobody_who_says_nothing_gets_in_and_no_digit_is_kept(network, ringing):
    pick_up(network, ringing)
    assert pick_up(network, ringing, "pin-1", Digits="").verbs() == ["Hangup"]
    pick_up(network, ringing, "pin-2", Digits="4711")

    row = TelephonePin.objects.get()
    assert "4711" not in row.digest + row.forced_digest
    bare = pins.without_digits(Hook("voice", "AC", {"Digits": ["4711"], "CallSid": [SID]}, row.set_at))
    assert "4711" not in bare.payload()
    said, entered = (WebhookEvent.objects.get(step=step) for step in ("pin-1", "pin-2"))
    assert said.digest == entered.digest  # nothing tells the two apart


def test_who_is_forced_gets_in_as_ever_and_the_supervisors_alone_are_told(network, ringing, operator, supervisor):
    pick_up(network, ringing)
    reply = pick_up(network, ringing, "pin-1", Digits="1147")

    assert reply.document.find(".//Conference").text == ringing.room_name
    assert letters("forced_pin").count() == 1
    assert AuditEntry.objects.filter(verb="operator.pin_forced").count() == 1
    assert not ContactEvent.objects.filter(kind__startswith="pin").exists()
    assert pick_up(network, ringing, "pin-1", Digits="1147").text == reply.text
    assert letters("forced_pin").count() == 1


@pytest.mark.parametrize("entered", ["1", "4711", "1147"])
def test_a_colleague_who_is_asked_into_a_call_enters_her_pin_too(
    network, talk, operator, supervisor, person, liberia, clock, entered
):
    at, second = clock.now, person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=second, state="ready", by=second, at=at)
    verify(second, at)
    pins.set_pin(user=second, pin="4711", forced="1147", by=second, at=at)
    third = actions.ask_colleague(contact=talk, person=second, by=operator, at=at)
    actions.take_over(contact=talk, by=second, at=at)
    Contact.objects.filter(pk=talk.pk).update(cannot_speak=True)
    tasks.run_commands(at)

    asked = picks_up(network, newest(third), "colleague")
    assert (asked.said(), asked.document.find("Gather").get("numDigits")) == (
        "You are asked into a call in English. Enter your PIN to join it.", "4",
    )  # fmt: skip
    reply = picks_up(network, newest(third), "colleague-key", Digits=entered)

    came = entered != "1"
    assert (NOT_FREE in reply.said()) == came
    assert (reply.document.find(".//Conference") is not None, ThirdCall.objects.get().state) == (
        came, "accepted" if came else "nobody",
    )  # fmt: skip
    assert letters("forced_pin").count() == (entered == "1147")
    first, second = (WebhookEvent.objects.get(step=step) for step in ("colleague", "colleague-key"))
    assert first.digest == second.digest  # what was entered is not kept


def test_an_interpreters_telephone_says_nothing_of_the_person_before_its_pin(network, talk, third, clock):
    ada = newest(third).user
    pins.set_pin(user=ada, pin="4711", forced="", by=ada, at=clock.now)
    Contact.objects.filter(pk=talk.pk).update(cannot_speak=True)

    asked = picks_up(network, newest(third))
    reply = picks_up(network, newest(third), "interpreter-key", Digits="4711")

    assert asked.said() == "A call for you in English. Enter your PIN to take it."
    assert f"{NOT_FREE} Say nothing before the operator does." in reply.said()
    assert reply.document.find(".//Conference") is not None


def test_who_enters_her_pin_in_the_last_second_is_waited_for_while_she_hears_the_words(network, talk, third, clock):
    ada = newest(third).user
    pins.set_pin(user=ada, pin="4711", forced="", by=ada, at=clock.now)
    clock.move(seconds=15)
    picks_up(network, newest(third))
    reports(network, newest(third), "in-progress")
    clock.move(seconds=44)
    tasks.settle_thirds(clock.now)
    picks_up(network, newest(third), "interpreter-key", Digits="4711")

    tasks.settle_thirds(clock.move(seconds=20))
    third.refresh_from_db()
    assert third.state == "accepted"

    tasks.settle_thirds(clock.move(seconds=1))
    third.refresh_from_db()
    assert third.state == "nobody"


def test_a_pin_that_comes_when_the_caller_is_gone_is_not_kept(network, ringing, clock):
    pick_up(network, ringing)
    Contact.objects.update(claimed_by=None)
    assert "Conference" not in pick_up(network, ringing, "pin-1", Digits="4711").text
    pick_up(network, ringing, "phone-key", Digits="4711")
    pick_up(network, ringing, "colleague-key", Digits="4711")  # a leg of no colleague

    rows = [WebhookEvent.objects.get(step=step) for step in ("whisper", "pin-1", "phone-key", "colleague-key")]
    assert len({accounts.reveal(row, "payload", by="test", at=clock.now, reason="test") for row in rows}) == 1


def test_it_is_set_on_the_page_of_her_telephone_which_never_shows_it(desk, operator, at):
    verify(operator, at)
    page, address = reverse("hotline:telephone"), reverse("hotline:telephone_pin")
    for pin, forced in (("12", ""), ("1234", ""), ("1111", ""), ("abcd", ""), ("4711", "4711"), ("4711", "47112")):
        assert "aria-invalid" in desk.post(address, {"pin": pin, "forced": forced}).content.decode(), (pin, forced)
    assert not TelephonePin.objects.exists()
    assert "this telephone rings: you press 1 and are in the call" in desk.get(page).content.decode()
    desk.post(address, {"pin": "٤٧١١", "forced": "1147"})
    without = desk.get(page).content.decode()
    assert "this telephone rings: you enter your PIN and are in the call" in without
    assert "asks for a PIN in place of key 1" in without
    assert "4711" not in without
    assert "There is no PIN for when you are forced" not in without
    without = desk.get(page).content
    desk.post(address, {"pin": "4711", "forced": ""})
    assert "There is no PIN for when you are forced" in desk.get(page).content.decode()
    assert len(desk.get(page).content) == len(without)

    desk.post(address, {"remove": "1"})
    assert not TelephonePin.objects.exists()
    assert letters("own_telephone:pin_removed").count() == 1
    assert OperatorState.objects.get(user=operator).has_telephone
    assert not Contact.objects.exists()
