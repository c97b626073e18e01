"""Ten operators press "Take" for the same call at the same instant, a hundred times: one has it each time."""

import threading

import pytest
from django.db import connection, connections

from hotline import actions
from hotline.actions.operators import AlreadyTaken
from hotline.models import Contact, Leg, OperatorState
from tests.hotline.conftest import Network

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the suite's SQLite lies in one memory for all threads"
    ),
    pytest.mark.django_db(transaction=True),
    pytest.mark.long,
]
OPERATORS, CALLS = 10, 100


def test_of_ten_operators_at_once_one_takes_each_of_a_hundred_calls(
    client, line, clock, operator, person, liberia, at
):
    people = [operator, *(person("operator", country=liberia) for _number in range(OPERATORS - 1))]
    for one in people:
        actions.set_presence(user=one, state="ready", by=one, at=at)
    begin, told = threading.Barrier(OPERATORS + 1), []
    calls: list[Contact] = []

    def presses(who):
        for number in range(CALLS):
            begin.wait()
            try:
                actions.take_call(contact=calls[number], by=who, at=at)
                told.append((number, "taken", who.pk))
            except AlreadyTaken:
                told.append((number, "late", who.pk))
            finally:
                connections["default"].close()
            begin.wait()

    threads = [threading.Thread(target=presses, args=[one], daemon=True) for one in people]
    for thread in threads:
        thread.start()
    for number in range(CALLS):
        calls.append(Network(client).queued())
        begin.wait()
        begin.wait()
        mine = [what for which, what, _who in told if which == number]
        assert sorted(mine) == ["late"] * (OPERATORS - 1) + ["taken"], mine
        winner = next(who for which, what, who in told if (which, what) == (number, "taken"))
        taken = Contact.objects.get(pk=calls[number].pk)
        assert (taken.claimed_by_id, taken.state, taken.operator_count) == (winner, "offered", 1)
        assert Leg.objects.filter(contact=taken, role="operator").count() == 1
        states = OperatorState.objects.filter(contact=taken).values_list("user_id", "state")
        assert list(states) == [(winner, "offered")]
        Contact.objects.filter(pk=taken.pk).update(claimed_until=None, claimed_by=None, state="ended", ended_at=at)
        OperatorState.objects.update(state="ready", contact=None)
