"""Who waits on after an offer: no longer than the limit, and not at all where in danger nobody is left to come."""

import pytest

from hotline.models import Contact
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.offers import (
    WAIT,
    everybody_goes,
    is_cut,
    let_in,
    misses,
    orders_out,
    presses,
    takes,
    talks,
    tells,
    waits,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def test_the_limit_holds_for_whom_an_operator_took_and_did_not_join(network, operator, clock):
    misses(network.queued(), operator, clock)

    assert waits(network, clock, 8) == []
    assert waits(network, clock, 2) == ["limit"]
    assert network.step("left", 2).document.find("Dial/Number") is not None


def test_in_danger_the_duty_phone_rings_at_once_when_nobody_is_left_to_come(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="9")
    misses(network.contact, operator, clock)
    assert waits(network, clock, 1) == []

    everybody_goes(operator, clock.now)

    assert waits(network, clock, 1) == ["nobody"]
    assert network.step("left", 2).document.find("Dial/Number") is not None
    assert network.contact.step == "duty"


def test_whose_operator_was_lost_waits_anew_and_no_longer_than_the_limit(network, operator, clock):
    talks(network, operator, clock)
    clock.move(minutes=9)
    assert "The call was cut" in is_cut(network).said()
    everybody_goes(operator, clock.now)

    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]
    reply = network.step("left", network.contact.turn)
    assert "The call was cut" not in reply.said()
    assert network.contact.step == "duty"


def test_the_limit_holds_after_a_cut_off_also_where_the_room_told_nothing_of_the_caller(network, operator, clock):
    let_in(network, operator, takes(network.queued(), operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")

    assert "The call was cut" in is_cut(network).said()
    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]
    network.status("completed", "9")
    assert (network.contact.outcome, network.contact.is_missed) == ("abandoned", True)


def test_in_danger_the_duty_phone_rings_at_once_for_whom_the_lost_operator_leaves_to_nobody(network, operator, clock):
    talks(network, operator, clock)
    Contact.objects.filter(pk=network.contact.pk).update(is_danger=True, priority=0)
    tells(network, "leave", 30, OPERATOR_SID, "op-1")
    everybody_goes(operator, clock.now)

    network.step("left", 2, DialCallStatus="completed")

    assert (network.contact.step, network.contact.state) == ("duty", "nobody")


def test_who_waits_again_after_the_duty_phone_begins_a_new_wait(network, operator, clock):
    network.queued()
    clock.move(minutes=11)
    network.step("left", 2)
    network.step("left", 3, DialCallStatus="no-answer")
    network.step("nobody", 4, Digits="9")
    assert network.contact.step == "waiting"

    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]


def test_the_choices_lengthen_no_wait(network, operator, clock):
    network.queued()
    clock.move(minutes=9)
    network.step("left", 2)
    presses(network, "choices", "1")

    assert waits(network, clock, 1) == ["limit"]


def test_nobody_is_led_out_whose_offer_rings_or_who_talks(network, operator, clock):
    contact = network.queued()
    tells(network, "join", 10)
    clock.move(minutes=30)
    leg = takes(contact, operator, clock.now)
    network.step("wait", 2 * WAIT + 1)
    let_in(network, operator, leg)
    tells(network, "join", 20, OPERATOR_SID, "op-1")
    network.step("wait", 2 * WAIT + 2)

    assert orders_out() == []


def test_an_order_that_leads_out_and_is_overtaken_by_an_offer_leads_back(network, operator, clock):
    contact = network.queued()
    clock.move(minutes=11)
    network.step("wait", 2 * WAIT + 1)
    takes(contact, operator, clock.now)

    reply = network.step("left", 2)

    assert (orders_out(), reply.verbs()) == (["limit"], ["Dial"])
    assert (network.contact.step, network.contact.state) == ("waiting", "offered")
