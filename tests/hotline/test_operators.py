"""Taking calls: one winner, a lease, and the operator's own state."""

import datetime as dt

import pytest

from hotline import actions, queries
from hotline.actions import AlreadyTaken, NotInRoom, NotReady
from hotline.models import Command, Leg, OperatorState

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(network, operator):
    network.call()
    network.step("language", 1, Digits="1")
    return network.contact


@pytest.fixture
def second(person, liberia, at):
    user = person("operator", country=liberia, name="Operator 2, Liberia")
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


def test_taking_a_call_claims_it_and_rings_the_operator(contact, operator, at):
    actions.take_call(contact=contact, by=operator, at=at)

    contact.refresh_from_db()
    assert (contact.state, contact.claimed_by) == ("offered", operator)
    assert contact.claimed_until == at + dt.timedelta(seconds=20)
    assert Command.objects.get().kind == "dial"
    assert Leg.objects.get(role="operator").label == "op-1"


def test_second_operator_is_told_who_has_it_and_stays_ready(contact, operator, second, at):
    actions.take_call(contact=contact, by=operator, at=at)

    with pytest.raises(AlreadyTaken) as refused:
        actions.take_call(contact=contact, by=second, at=at)

    assert refused.value.holder == "Operator, Liberia"
    assert OperatorState.objects.get(user=second).state == "ready"


def test_two_tabs_of_one_operator_cannot_take_two_calls(contact, operator, network, at):
    actions.take_call(contact=contact, by=operator, at=at)
    network.sid = "CA" + "2" * 32
    network.call()
    network.step("language", 1, Digits="1")

    with pytest.raises(NotReady):
        actions.take_call(contact=network.contact, by=operator, at=at)


def test_lapsed_lease_puts_the_call_back_and_counts_the_missed_offer(contact, operator, at):
    actions.take_call(contact=contact, by=operator, at=at)
    later = at + dt.timedelta(seconds=21)

    assert actions.release_lapsed_claims(at=later) == 1

    contact.refresh_from_db()
    state = OperatorState.objects.get(user=operator)
    assert (contact.state, contact.claimed_by) == ("waiting", None)
    assert (state.state, state.missed_offers) == ("ready", 1)
    assert Command.objects.filter(kind="hang_up").count() == 1


def test_two_missed_offers_set_the_operator_off(contact, operator, at):
    for seconds in (0, 30):
        actions.take_call(contact=contact, by=operator, at=at + dt.timedelta(seconds=seconds))
        actions.release_lapsed_claims(at=at + dt.timedelta(seconds=seconds + 21))

    assert OperatorState.objects.get(user=operator).state == "off"


def test_lapsed_claim_may_be_taken_by_another_before_the_worker_came(contact, operator, second, at):
    actions.take_call(contact=contact, by=operator, at=at)

    actions.take_call(contact=contact, by=second, at=at + dt.timedelta(seconds=25))

    contact.refresh_from_db()
    assert (contact.claimed_by, contact.operator_count) == (second, 2)


def test_call_that_ended_cannot_be_taken(contact, network, operator, at):
    network.status("completed")

    with pytest.raises(AlreadyTaken):
        actions.take_call(contact=contact, by=operator, at=at)

    assert OperatorState.objects.get(user=operator).state == "ready"


@pytest.mark.parametrize("act", [actions.hold, actions.unhold, actions.mute, actions.end_call])
def test_acts_of_a_conversation_need_one(contact, operator, at, act):
    with pytest.raises(NotInRoom):
        act(contact=contact, by=operator, at=at)


def test_presence_does_not_change_under_a_call(contact, operator, at):
    actions.take_call(contact=contact, by=operator, at=at)

    with pytest.raises(NotReady):
        actions.set_presence(user=operator, state="break", by=operator, at=at)


def test_waiting_calls_are_danger_first_then_by_arrival(contact, network, operator, clock):
    for number, step in ((2, "1"), (3, "9")):
        network.sid = f"CA{number:032x}"
        clock.move(seconds=30)
        network.call()
        network.step("language", 1, Digits=step)

    waiting = list(queries.waiting_calls(operator))

    assert [one.is_danger for one in waiting] == [True, False, False]
    assert waiting[1] == contact


def test_contacts_are_seen_by_their_own_country_only(contact, operator, person, db):
    stranger = person("operator")
    analyst = person("analyst", country=contact.country)

    assert list(queries.contacts_visible_to(operator)) == [contact]
    assert not queries.contacts_visible_to(stranger).exists()
    assert not queries.contacts_visible_to(analyst).exists()
