"""On PostgreSQL: what the network posts in one instant is carried out; a contact is locked before its legs, by everybody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from accounts.actions import batches
from hotline import actions
from hotline.actions.orders import order
from hotline.models import Contact, Leg, OperatorState, Recording
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.conftest import OPERATOR_SID, Network
from tests.locks import beside

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
VOICE = "/hotline/twilio/voice"
CALLS, LONG = 8, timedelta(minutes=2)


@pytest.fixture
def contact(network, operator, at):
    """A call for which an operator's telephone rings; the caller is in the waiting room."""
    row = network.queued()
    network.room("participant-join", 1, row, network.sid, "caller")
    actions.take_call(contact=row, by=operator, at=at)
    return row


@pytest.fixture
def tried_once(monkeypatch):
    """Nothing is done a second time: a ring of locks would be seen."""
    monkeypatch.setattr(batches, "OVERRUN", frozenset())


def left(network, contact):
    return network.step("left", 2, DialCallStatus="completed")


def completed(network, contact):
    return network.status("completed", "9")


def caller_leaves(network, contact):
    return network.room("participant-leave", 5, contact, network.sid, "caller")


def room_ends(network, contact):
    return network.room("conference-end", 6, contact)


def joins(step):
    def act(network, contact):
        leg = contact.legs.get(role="operator")
        to = f"client:{leg.user.operator_state.token}"
        return network.post(f"{VOICE}/{step}/?t={leg.token}", {"CallSid": OPERATOR_SID, "From": "2883", "To": to})

    return act


def operator_joins(network, contact):
    return network.room("participant-join", 4, contact, OPERATOR_SID, "op-1")


def record_is_deleted(network, contact):
    at = contact.started_at
    order("delete_call", leg=contact.legs.get(role="caller"), key="call_log", at=at)
    assert [actions.run_command(one, at=at) for one in actions.claim_commands(at=at, kinds=["delete_call"])] == [True]


@pytest.mark.parametrize(
    ("elsewhere", "here"),
    [
        (left, caller_leaves),
        (left, room_ends),
        (left, completed),
        (completed, caller_leaves),
        (joins("softphone"), operator_joins),
        (joins("phone"), operator_joins),
        (left, record_is_deleted),
    ],
)
def test_what_waits_for_a_contact_holds_no_leg_of_it(network, contact, tried_once, elsewhere, here):
    other = Network(Client())
    other.sid = network.sid

    with beside(lambda: elsewhere(other, contact)) as (begin, told):
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        begin()
        here(network, contact)

    assert (told[0].status, told[0].headers.get("X-Fanal-Degraded")) in ((200, None), (204, None))


def call_is_taken(contact, operator, at):
    actions.release_lapsed_claims(at=at + LONG)
    actions.set_presence(user=operator, state="ready", by=operator, at=at + LONG)
    return lambda: actions.take_call(contact=contact, by=operator, at=at + LONG)


def sound_is_deleted(contact, operator, at):
    values = {"account": SIMULATED_ACCOUNT, "sid": "RE" + "2" * 32, "fetched_at": at, "made_at": at}
    recording = Recording.objects.create(contact=contact, **values)
    order("delete_recording", key="k", at=at, account=SIMULATED_ACCOUNT, contact=contact.pk, recording=recording.pk)
    command = next(actions.claim_commands(at=at, kinds=["delete_recording"]))
    return lambda: actions.run_command(command, at=at)


@pytest.mark.parametrize(("elsewhere", "model"), [(call_is_taken, OperatorState), (sound_is_deleted, Recording)])
def test_what_waits_for_a_contact_holds_no_row_that_is_changed_under_it(contact, operator, at, elsewhere, model):
    with beside(elsewhere(contact, operator, at)) as (begin, told):
        Contact.objects.select_for_update().get(pk=contact.pk)
        begin()
        model.objects.select_for_update(no_key=True).get()  # as an operator's leg that reports, and as erasing

    assert not isinstance(told[0], Exception)


def in_one_instant(acts, network, contact):
    """Do acts at once, each on a connection of its own; return what was answered."""
    together = threading.Barrier(len(acts))

    def run(act):
        other = Network(Client())
        other.sid = network.sid
        together.wait(10)
        try:
            return act(other, contact)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_no_caller_is_lost_when_all_is_posted_at_once(network, operator, tried_once):
    answers = []
    for number in range(CALLS):
        network.sid = f"CA{number:032x}"
        contact = network.queued()
        network.room("participant-join", 1, contact, network.sid, "caller", room=f"CF{number:032x}")
        answers += in_one_instant([left, caller_leaves, room_ends, completed], network, contact)

    assert sorted(answer.status for answer in answers) == [200] * CALLS + [204] * 3 * CALLS
    assert not [answer for answer in answers if "X-Fanal-Degraded" in answer.headers]


def looks_for_a_ring(after):
    """Let this connection look for a ring of locks when it has waited so long; who looks is who is ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('deadlock_timeout', %s, false)", [after])


@pytest.mark.parametrize(("act", "status"), [(left, 200), (completed, 204)])
def test_what_another_transaction_ended_is_done_once_more(network, contact, act, status):
    other = Network(Client())
    other.sid = network.sid

    def elsewhere():
        looks_for_a_ring("3s")  # time enough to close the ring, however slow the machine
        return act(other, contact)

    looks_for_a_ring("1min")
    try:
        with beside(elsewhere) as (begin, told):
            # the wrong way round, as nothing of ours does
            Leg.objects.select_for_update().get(contact=contact, role="caller")
            begin()
            with transaction.atomic():
                Contact.objects.select_for_update().get(pk=contact.pk)
    finally:
        looks_for_a_ring("1s")

    assert (told[0].status, told[0].headers.get("X-Fanal-Degraded")) == (status, None)
    assert network.contact.inbox.filter(leg__role="caller").count() == 4
