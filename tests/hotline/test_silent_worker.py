"""Nobody carries out orders of calls: what a caller hears then, in each state, and who is rung without an order."""

import datetime as dt

import pytest

from accounts.models import DataKey
from hotline import actions
from hotline.actions import pins
from hotline.choices import CommandKind
from hotline.models import Command, OperatorState
from tests.hotline.silence import (  # noqa: F401 -- fixtures
    DUTY,
    ended,
    last_heard,
    picked_up,
    practice_or_live_caller,
    rung,
    second_operator,
    silent_worker,
)  # fmt: skip
from tests.hotline.telephones import NUMBER, OTHER, state_of, verify
from tests.hotline.test_budget import statements

pytestmark = pytest.mark.django_db


def test_with_a_silent_worker_the_duty_phone_rings_where_nobody_has_a_telephone(caller, operator, silent):
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert (rung(reply), "Conference" in reply.text) == ((DUTY, True), False)
    assert "another telephone" in reply.said()
    after = caller.step("left", 2, DialCallStatus="no-answer")
    assert "leave a message, press 1" in after.said()


def test_with_a_silent_worker_the_telephone_of_somebody_on_shift_rings_and_is_the_answer(caller, operator, silent, at):
    verify(operator, at)
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert (rung(reply), caller.contact.state) == ((NUMBER, True), "phones")
    assert "Press 1 to take it" in picked_up(caller, reply).said()
    assert picked_up(caller, reply, "phone-key", Digits="1").verbs() == []
    contact = caller.contact
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("connected", operator, "on_call")
    ended(caller, reply, "completed")
    goodbye = caller.step("left", 2, DialCallStatus="completed", CallStatus="in-progress")
    assert goodbye.verbs()[-1] == "Hangup"
    caller.status("completed", "9")
    contact = caller.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("wrap_up", "answered", False)
    assert state_of(operator).state == "wrap_up"
    assert not Command.objects.filter(kind=CommandKind.DIAL).exists()


@pytest.mark.parametrize("pin", ["", "4711"])
def test_the_telephone_that_rings_with_a_silent_worker_hears_that_the_person_cannot_speak(
    caller, operator, silent, at, pin
):
    verify(operator, at)
    if pin:
        pins.set_pin(user=operator, pin=pin, forced="1147", by=operator, at=at)
    caller.call()
    caller.step("language", 1, Digits="5")
    reply = caller.step("language", caller.contact.turn, Digits="1")
    while (contact := caller.contact).step == "silent":
        reply = caller.step("silent", contact.turn, Digits="1")

    heard = picked_up(caller, reply)

    assert (rung(reply), heard.verbs()) == ((NUMBER, True), ["Say", "Gather", "Hangup"])
    assert heard.said().startswith("In this call the person cannot speak, or somebody else listens. A call for you")
    connected = picked_up(caller, reply, "phone-key", Digits=pin or "1")
    assert connected.verbs() == []  # nothing is said between the key and the caller: who hangs up then has met her


def test_the_end_may_be_told_in_either_order(network, operator, silent, at):
    verify(operator, at)
    network.call()
    reply = network.step("language", 1, Digits="1")
    picked_up(network, reply)
    picked_up(network, reply, "phone-key", Digits="1")

    network.step("left", 2, DialCallStatus="completed")
    ended(network, reply, "completed")

    assert (network.contact.state, state_of(operator).state) == ("wrap_up", "wrap_up")


def test_a_telephone_on_which_nobody_presses_1_gives_way_to_the_next_then_to_the_duty_phone(
    network, operator, colleague, silent, at
):
    verify(operator, at)
    verify(colleague, at, OTHER)
    network.call()
    first = network.step("language", 1, Digits="1")

    assert picked_up(network, first, "phone-key").verbs() == ["Hangup"]
    second = network.step("left", 2, DialCallStatus="completed")
    third = network.step("left", 3, DialCallStatus="no-answer")
    menu = network.step("left", 4, DialCallStatus="no-answer")

    assert [rung(one) for one in (first, second, third)] == [(NUMBER, True), (OTHER, True), (DUTY, True)]
    assert "leave a message, press 1" in menu.said()
    assert picked_up(network, first, "phone-key", Digits="1").verbs() == ["Hangup"]  # the answer that was given
    assert network.contact.state == "nobody"


def test_an_old_telephone_that_presses_1_too_late_is_sent_away(network, operator, colleague, silent, at):
    verify(operator, at)
    verify(colleague, at, OTHER)
    network.call()
    first = network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")

    reply = picked_up(network, first, "phone-key", Digits="1")

    assert (reply.verbs()[-1], network.contact.state) == ("Hangup", "phones")


def test_a_number_that_cannot_be_opened_is_passed_by(network, operator, silent, at):
    verify(operator, at)
    DataKey.objects.filter(owner=state_of(operator).public_id).delete()
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert "/phones/?t=2" in reply.document.find(".//Redirect").text
    assert rung(network.step("left", 2)) == (DUTY, True)


@pytest.mark.parametrize("change", ["removed", "switched off", "verified later"])
def test_a_telephone_that_is_hers_no_more_hears_no_question_and_connects_nobody(network, operator, silent, at, change):
    verify(operator, at)
    network.call()
    reply = network.step("language", 1, Digits="1")
    changes = {
        "removed": {"phone_verified_at": None, "phone": None}, "switched off": {"uses_phone": False},
        "verified later": {"phone_verified_at": at + dt.timedelta(seconds=9)},
    }  # fmt: skip
    OperatorState.objects.filter(user=operator).update(**changes[change])

    for step, pressed in (("phone", ""), ("phone-key", "1")):
        heard = picked_up(network, reply, step, Digits=pressed)
        assert heard.verbs()[-1] == "Hangup"
        assert "Gather" not in heard.verbs()
    assert (network.contact.claimed_by, network.contact.state) == (None, "phones")


def test_a_number_whose_key_is_away_is_passed_by_and_stays_verified(network, operator, silent, at, settings):
    here, settings.SEAL_KEYS = settings.SEAL_KEYS, settings.SEAL_KEYS.replace("*:k1:", "*:k9:")
    verify(operator, at)
    settings.SEAL_KEYS = here
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert "/phones/?t=2" in reply.document.find(".//Redirect").text
    assert rung(network.step("left", 2)) == (DUTY, True)
    assert state_of(operator).has_telephone


def test_whose_console_is_closed_is_rung_all_the_same(caller, operator, silent, at):
    verify(operator, at)
    OperatorState.objects.update(seen_at=at - dt.timedelta(minutes=10))
    caller.call()

    assert rung(caller.step("language", 1, Digits="1")) == (NUMBER, True)


@pytest.mark.parametrize("state", ["break", "debrief", "off"])
def test_who_is_away_is_not_rung(network, operator, silent, at, state):
    verify(operator, at)
    actions.set_presence(user=operator, state=state, by=operator, at=at)
    network.call()

    assert rung(network.step("language", 1, Digits="1")) == (DUTY, True)


def test_danger_rings_them_too_and_says_the_number_of_the_police(caller, operator, silent, at):
    verify(operator, at)
    caller.call()

    reply = caller.step("language", 1, Digits="9")

    assert (rung(reply), caller.contact.is_danger) == ((NUMBER, True), True)
    assert "9 1 1" in reply.said()
    assert rung(caller.step("left", 2, DialCallStatus="no-answer")) == (DUTY, True)
    assert caller.contact.question == "danger"


def test_star_then_9_of_one_who_waits_rings_a_telephone(caller, operator, at):
    verify(operator, at)
    caller.queued()
    last_heard(at - dt.timedelta(seconds=40))

    choices = caller.step("left", 2, DialCallStatus="answered")
    reply = caller.step("choices", 3, Digits="9")

    assert "danger, press 9" in choices.said()
    assert (rung(reply), caller.contact.is_danger, caller.contact.state) == ((NUMBER, True), True, "phones")
    assert rung(caller.step("left", 4, DialCallStatus="no-answer")) == (DUTY, True)


def test_silence_costs_the_leg_of_the_duty_phone_and_no_statement_more(network, operator, silent, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.call()
    network.sid = "CA" + "3" * 32
    network.call(CallStatus="in-progress")

    assert len(statements(lambda: network.step("language", 1, Digits="1"))) <= 7


def test_ringing_a_telephone_opens_its_number_and_writes_its_leg(network, operator, silent, at, monkeypatch):
    verify(operator, at)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.call()
    network.sid = "CA" + "3" * 32
    network.call(CallStatus="in-progress")

    assert len(statements(lambda: network.step("language", 1, Digits="1"))) <= 14
