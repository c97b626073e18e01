"""What tests of a call back begin with: a call that nobody took, who calls back, what the network asks and reports."""

import datetime as dt

import pytest

from hotline import tasks
from hotline.actions import call_back
from hotline.models import CallBack, Contact, SimulatorAct

OWN, PERSON = "CA" + "a" * 32, "CA" + "b" * 32
NUMBER = "+231770000001"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(name="missed")
def call_that_nobody_took(network, at):
    """A call that nobody took, of somebody whom we may call."""
    network.queued()
    network.status("completed", "9")
    Contact.objects.update(may_call="yes", may_text="yes", safety_at=at, language="fr")
    return network.contact


@pytest.fixture(name="begun")
def call_back_begun(missed, operator, at):
    return call_back.begin_call_back(contact=missed, by=operator, at=at)


def step(network, row, name, sid, **more):
    token = row.person_token if name in ("back-person", "back-cover") else row.own_token
    return network.rung(name, token, sid, NUMBER, **more)


def comes_in(network, row, sid=OWN, label="op-1"):
    """Let the room of a call back tell that the operator is in it."""
    return network.room("participant-join", 1, row, sid, label)


def orders():
    return [(one.payload["order"], one.payload.get("to", "")) for one in SimulatorAct.objects.order_by("pk")]


@pytest.fixture(name="joined")
def operator_in_the_room(network, begun, at):
    """The operator's telephone rang, she pressed 1 and is in the room."""
    tasks.run_commands(at)
    CallBack.objects.update(own_sid=OWN)
    step(network, begun, "back", OWN)
    step(network, begun, "back-key", OWN, Digits="1")
    comes_in(network, begun)
    return begun


@pytest.fixture(name="talking")
def somebody_picked_up(network, joined, at):
    """The person's telephone was rung, and somebody picked up."""
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    step(network, joined, "back-person", PERSON, AnsweredBy="human")
    joined.refresh_from_db()
    return joined


def fresh(row):
    row.refresh_from_db()
    return row
