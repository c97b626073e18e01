"""The last reports of a call, in each of their orders: who talked has the sheet, and nobody who waits is left."""

import itertools

import pytest
from django.db import transaction

from hotline import actions
from hotline.actions.operators import NotReady
from hotline.actions.shielding import shield_contact
from hotline.models import Command, Contact, Leg, OperatorState
from hotline.queries.unfinished import unfinished_contacts
from tests.hotline.conftest import OPERATOR_SID, Network

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def talk(network, operator, at):
    """A call that an operator took; it is in conversation once the network tells that her telephone joined."""
    contact = network.taken(operator, at)
    network.room("participant-join", 2, contact, sid=network.sid, label="caller")
    return contact


@pytest.fixture
def told(network, talk):
    """That she joined, and the four reports of the end, by name."""

    def leaves(number, sid, label):
        said = f"Wed, 25 Nov 2026 10:05:{number:02} +0000"
        return lambda: network.room("participant-leave", number, talk, sid=sid, label=label, said=said)

    def operator_completed():
        fields = {"From": "+2312883", "To": "client:x", "SequenceNumber": "5", "Direction": "outbound-api"}
        network.post("/hotline/twilio/status/", {"CallSid": OPERATOR_SID, "CallStatus": "completed"} | fields)

    def operator_joined():
        network.room("participant-join", 1, talk, sid=OPERATOR_SID, label="op-1")

    return {
        "operator joined": operator_joined, "operator left": leaves(8, OPERATOR_SID, "op-1"), "operator completed": operator_completed,
        "caller left": leaves(7, network.sid, "caller"), "caller completed": lambda: network.status("completed", "3"),
    }  # fmt: skip


def stands(contact, operator):
    row, hers = Contact.objects.get(pk=contact.pk), OperatorState.objects.get(user=operator)
    return row.state, row.outcome, row.is_missed, row.claimed_by, row.priority, hers.state, hers.contact_id


def test_in_each_order_of_its_last_reports_the_sheet_is_hers_who_talked(told, talk, operator):
    found = set()
    for order in itertools.permutations(told):
        with transaction.atomic():
            for name in order:
                told[name]()
            found.add(stands(talk, operator))
            transaction.set_rollback(True)

    assert found == {("wrap_up", "answered", False, operator, 5, "wrap_up", talk.pk)}


@pytest.mark.parametrize("is_first", [True, False])
def test_who_has_another_call_by_then_has_the_sheet_among_the_unfinished(network, operator, at, told, talk, is_first):
    names = ["caller left", "caller completed"], ["operator left", "operator completed"]
    told["operator joined"]()
    before, after = names if is_first else reversed(names)
    for name in before:
        told[name]()
    if is_first:
        told["operator left"]()
        actions.set_presence(user=operator, state="ready", by=operator, at=at)
    other = Network(network.client).queued()
    actions.take_call(contact=other, by=operator, at=at)
    for name in after:
        told[name]()

    assert stands(talk, operator) == ("wrap_up", "answered", False, operator, 5, "offered", other.pk)
    assert list(unfinished_contacts(operator, at)) == [talk]


def test_who_is_cut_off_waits_at_the_head_of_the_queue_at_once(told, talk, operator):
    told["operator joined"]()
    told["operator left"]()

    assert stands(talk, operator) == ("returned", "", False, None, 2, "ready", None)


def test_who_waited_on_for_long_and_hung_up_takes_nobody_out_of_the_queue(told, talk, operator, at, clock):
    told["operator joined"]()
    told["operator left"]()
    clock.move(minutes=5)
    told["caller completed"]()

    assert stands(talk, operator) == ("wrap_up", "answered", False, operator, 5, "ready", None)
    assert list(unfinished_contacts(operator, at)) == [talk]


def test_who_took_the_call_over_meanwhile_has_the_sheet(told, talk, operator, person, liberia, at):
    second = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=second, state="ready", by=second, at=at)
    told["operator joined"]()
    told["operator left"]()
    actions.take_call(contact=talk, by=second, at=at)
    told["caller completed"]()

    assert stands(talk, operator) == ("wrap_up", "answered", False, second, 2, "ready", None)
    assert stands(talk, second)[5:] == ("wrap_up", talk.pk)


def test_who_is_hidden_from_a_contact_is_not_given_its_sheet(told, talk, operator, person, liberia, at):
    boss = person("supervisor", country=liberia)
    told["operator joined"]()
    told["operator left"]()
    shield_contact(contact=talk, user=operator, by=boss, at=at)
    told["caller completed"]()

    assert stands(talk, operator) == ("wrap_up", "answered", False, None, 5, "ready", None)


def is_in_room(operator):
    return Leg.objects.filter(user=operator, left_at=None).exclude(status="completed").exists()


def test_whom_the_call_names_is_free_only_once_her_telephone_is_out_of_its_room(
    told, talk, operator, person, liberia, at
):
    boss = person("supervisor", country=liberia)
    told["operator joined"]()
    left = {name: act for name, act in told.items() if name != "operator joined"}
    left["hidden"] = lambda: shield_contact(contact=talk, user=operator, by=boss, at=at)
    found = set()
    for order in itertools.permutations(left):
        with transaction.atomic():
            for name in order:
                left[name]()
                row = OperatorState.objects.get(user=operator)
                assert not (is_in_room(operator) and row.state == "ready"), (order, name)
            found.add(stands(talk, operator)[:4] + (row.state, row.contact_id))
            transaction.set_rollback(True)

    assert {one[:3] + one[4:] for one in found} == {("wrap_up", "answered", False, "ready", None)}


def test_whom_the_call_names_takes_no_other_call_from_its_room(network, told, talk, operator, person, liberia, at):
    boss, other = person("supervisor", country=liberia), Network(network.client).queued()
    told["operator joined"]()
    shield_contact(contact=talk, user=operator, by=boss, at=at)
    told["caller completed"]()

    with pytest.raises(NotReady):
        actions.take_call(contact=other, by=operator, at=at)
    with pytest.raises(NotReady):
        actions.set_presence(user=operator, state="ready", by=operator, at=at)
    told["operator left"]()
    actions.take_call(contact=other, by=operator, at=at)

    assert stands(other, operator)[5:] == ("offered", other.pk)


def test_a_named_operator_s_telephone_is_hung_up_when_the_caller_has_gone(
    network, told, talk, operator, person, liberia, at
):
    boss = person("supervisor", country=liberia)
    told["operator joined"]()
    shield_contact(contact=talk, user=operator, by=boss, at=at)
    told["caller completed"]()
    leg = talk.legs.get(role="operator")

    assert Command.objects.filter(leg=leg, kind="hang_up", done_at=None).exists()
