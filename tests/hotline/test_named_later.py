"""A call back of somebody who came into an office that its contact names only later: each step asks anew at its moment."""

import pytest

from hotline import tasks
from hotline.actions import call_back
from hotline.models import CallBack, Contact, SimulatorAct
from tests.hotline.backs import comes_in, step
from tests.hotline.thirds import who_moves_into_a_named_office  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.either]
OWN, PERSON = "CA" + "a" * 32, "CA" + "b" * 32


@pytest.fixture
def begun(network, operator, at):
    """The operator calls back somebody who hung up before anybody answered."""
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", safety_at=at, language="en")
    return call_back.begin_call_back(contact=network.contact, by=operator, at=at)


def joins(network, row):
    """Let the operator pick up, press 1 and come into the room."""
    step(network, row, "back", OWN)
    step(network, row, "back-key", OWN, Digits="1")
    comes_in(network, row)


def stands(row):
    row.refresh_from_db()
    return row.state, row.ended_at is not None


def dialled(row):
    return row.dialled_at, [one for one in SimulatorAct.objects.all() if one.payload.get("to") == "+231770000001"]


@pytest.mark.parametrize("name", ["back", "back-key"])
def test_her_own_telephone_is_not_let_into_a_call_back_that_names_her_now(network, begun, operator, move, name, at):
    if name == "back-key":
        step(network, begun, "back", OWN)
    move(begun.contact, operator)

    reply = step(network, begun, name, OWN, Digits="1" if name == "back-key" else "")
    tasks.run_commands(at)

    assert reply.verbs() == ["Hangup"]
    assert (stands(begun)[0], dialled(begun)) == ("operator", (None, []))


@pytest.mark.parametrize("end", ["ended", "in the room"])
def test_her_own_telephone_comes_once_and_not_into_one_that_is_over(network, begun, end, at):
    state = {"ended": {"ended_at": at}, "in the room": {"state": "talking"}}[end]
    CallBack.objects.update(**state)

    replies = [step(network, begun, "back", OWN), step(network, begun, "back-key", OWN, Digits="1")]

    assert [one.verbs() for one in replies] == [["Hangup"], ["Hangup"]]


def test_the_person_is_not_rung_for_somebody_whom_her_contact_names_now(network, begun, operator, move, at):
    joins(network, begun)
    move(begun.contact, operator)

    tasks.run_commands(at)

    assert stands(begun) == ("cancelled", True)
    assert dialled(begun) == (None, [])


def test_who_picks_up_is_not_brought_to_somebody_whom_her_contact_names_now(network, begun, operator, move, at):
    joins(network, begun)
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    move(begun.contact, operator)

    reply = step(network, begun, "back-person", PERSON, AnsweredBy="human")

    assert (reply.verbs(), stands(begun)) == (["Hangup"], ("cancelled", True))


@pytest.mark.parametrize("state", ["operator", "person over"])
def test_who_picks_up_when_nobody_waits_for_her_is_hung_up(network, begun, state, at):
    joins(network, begun)
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    CallBack.objects.update(**({"state": "operator"} if state == "operator" else {"ended_at": at}))

    reply = step(network, begun, "back-person", PERSON, AnsweredBy="human")

    begun.refresh_from_db()
    assert (reply.verbs(), begun.picked_up_at) == (["Hangup"], None)


@pytest.mark.parametrize("change", [{"ended": True}, {"state": "operator"}])
def test_an_order_to_ring_the_person_does_nothing_where_nobody_waits_for_her(network, begun, change, at):
    joins(network, begun)
    CallBack.objects.update(**({"ended_at": at} if "ended" in change else change))

    tasks.run_commands(at)

    begun.refresh_from_db()
    assert dialled(begun) == (None, [])


def test_an_order_that_may_have_rung_the_person_before_rings_her_no_second_time(network, begun, at):
    joins(network, begun)
    CallBack.objects.update(dialled_at=at)

    tasks.run_commands(at)

    assert stands(begun) == ("failed", True)
    assert dialled(begun)[1] == []
