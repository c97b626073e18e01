"""What tests of a call back begin with: a call that nobody took, who calls back, what the network asks and reports."""

import datetime as dt

import pytest
from django.utils import timezone

from hotline import tasks
from hotline.actions import call_back, safety
from hotline.models import CallBack, Contact, Leg, SimulatorAct

OWN, PERSON = "CA" + "a" * 32, "CA" + "b" * 32
NUMBER = "+231770000001"
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
NO = {"may_call": "no", "may_text": "no", "may_voicemail": "no", "shared_phone": "yes"}
YES = NO | {"may_call": "yes", "may_text": "yes"}


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


def calls_again(network, sid="9", **more):
    """Let the person call once more, and wait; the contact is new."""
    known = set(Contact.objects.values_list("pk", flat=True))
    network.sid = "CA" + sid * 32
    network.call(**more)
    network.step("language", 1, Digits="1")
    return Contact.objects.exclude(pk__in=known).get()


def heard(contact, by):
    """Let an operator have had a call, so that she may say what its caller told her."""
    Contact.objects.filter(pk=contact.pk).update(claimed_by=by)
    at = Contact.objects.get(pk=contact.pk).ended_at or timezone.now()
    told = {"label": f"op-{by.pk}", "joined_at": at, "made_at": at}
    Leg.objects.get_or_create(contact=contact, role="operator", user=by, defaults=told)
    return contact


def reached_again(contact, by, at):
    """Let an operator have called back, and said of who picked up that it is the person."""
    return CallBack.objects.create(
        contact=contact,
        by=by,
        state="reached",
        made_at=at,
        dialled_at=at,
        confirmed_at=at,
        ended_at=at,
        account="main",
    )


def says(contact, answers, by, at):
    """Save what the person told now to whom had her call."""
    heard(contact, by)
    told = {"who_may_answer": "", "cover": "", "safe_from": None, "safe_until": None, "code_word": None}
    return safety.set_safety(contact=contact, answers=answers, **told, by=by, at=at, because="told", is_told=True)


def keeps(contact, by, at, **changes):
    """Save the safety form as it stands, but for some changes; nobody says that the person told them now."""
    names = ("may_call", "may_text", "may_voicemail", "shared_phone")
    kept = {name: getattr(fresh(contact), name) for name in ("who_may_answer", "cover", "safe_from", "safe_until")}
    answers = {name: changes.pop(name, getattr(contact, name)) for name in names}
    told = kept | {"code_word": None, "because": "told"} | changes
    heard(contact, by)
    return safety.set_safety(contact=contact, answers=answers, **told, by=by, at=at)


@pytest.fixture(name="second")
def second_call_of_the_person(network, missed, at):
    """Another call of the same person that nobody took, with the same answers."""
    row = calls_again(network)
    network.status("completed", "9")
    Contact.objects.filter(pk=row.pk).update(may_call="yes", may_text="yes", safety_at=at, language="fr")
    return fresh(row)
