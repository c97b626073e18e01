"""Repeated, late, early and unknown requests of a call: the same document, or a way on."""

from itertools import permutations

import pytest

from hotline.actions import voice
from hotline.models import Contact, Leg, WebhookEvent

pytestmark = pytest.mark.django_db


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


def test_each_different_second_answer_of_a_turn_is_kept_and_the_same_one_once(network, operator):
    network.call()
    first = network.step("language", 1, Digits="1")

    replies = [network.step("language", 1, Digits=key).text for key in ("2", "3", "2")]

    assert replies == [first.text] * 3
    second = WebhookEvent.objects.filter(flags="second_answer")
    assert second.count() == second.values("digest").distinct().count() == 2


def test_older_turn_of_another_step_gets_the_document_of_that_turn(network, operator):
    network.call()
    first = network.step("language", 1, Digits="1")

    reply = network.step("silent", 1)

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


def test_step_of_an_unknown_call_is_kept_and_rings_the_duty_phone(network):
    reply = network.step("choices", 3, Digits="1")

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


@pytest.mark.parametrize("order", list(permutations(["call", "language", "in-progress", "completed"])))
def test_a_key_that_overtakes_the_first_request_ends_in_the_same_state_too(network, operator, order):
    for sequence, event in enumerate(order):
        if event == "language":
            network.step("language", 1, Digits="1")
        elif event == "call":
            network.call()
        else:
            network.status(event, sequence=str(sequence))

    contact = network.contact
    assert (contact.state, contact.step, contact.outcome, contact.language) == ("ended", "waiting", "abandoned", "en")
    assert (contact.is_missed, contact.flag_codes, contact.line.number) == (True, ["simulated"], "2883")
    assert Contact.objects.count() == Leg.objects.count() == 1


def test_a_key_in_the_first_menu_of_an_unknown_call_leads_to_the_queue(network, operator):
    reply = network.step("language", 1, Digits="2")

    assert (reply.status, network.contact.state, network.contact.language) == (200, "waiting", "fr")
    assert network.step("language", 1, Digits="2").text == reply.text


def test_copies_at_once_end_as_one(network, operator, monkeypatch):
    """The second copy did not see the first's row and meets its unique key: it answers what the first answered."""
    first = network.call()
    real, blind = voice._leg, [True]
    monkeypatch.setattr(voice, "_leg", lambda hook: None if blind and blind.pop() else real(hook))

    second = network.call()

    assert second.text == first.text
    assert Contact.objects.count() == Leg.objects.count() == 1
