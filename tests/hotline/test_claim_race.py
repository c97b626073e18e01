"""Ten operators press "Take" at the same instant: each call has one of them, nobody has two, and no call is lost.

On PostgreSQL in the database of the run, on SQLite in a file of its own: the suite's lies in one memory for all threads.
"""

import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from hotline import actions
from hotline.actions.operators import AlreadyTaken
from hotline.models import Contact, Leg, OperatorState
from tests.hotline.conftest import Network

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
OPERATORS, CALLS, ROUNDS = 10, 40, 6


@pytest.fixture
def people(operator, person, liberia, at, tmp_path, monkeypatch):
    """Ten operators who are ready, in a database that each thread opens for itself."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    found = [operator, *(person("operator", country=liberia) for _number in range(OPERATORS - 1))]
    for one in found:
        actions.set_presence(user=one, state="ready", by=one, at=at)
    if connection.vendor == "sqlite":
        path = tmp_path / "race.sqlite3"
        with sqlite3.connect(path) as file:
            connection.connection.backup(file)
        file.execute("PRAGMA journal_mode=WAL")
        file.close()
        monkeypatch.setitem(connections.settings, "default", connection.settings_dict | {"NAME": path})
    return found


def elsewhere(act):
    """Do something in a thread of its own, whose connection is closed at the end; return what it gives."""

    def done():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as one:
        return one.submit(done).result()


def together(people, rounds, press):
    """Let every operator, in a thread of her own, press once a round, all at the same instant; return what each was told."""
    begin, told = threading.Barrier(len(people)), []

    def presses(who):
        try:
            for number in range(rounds):
                begin.wait(60)
                told.append((number, who.pk, press(number, who)))
        except BaseException:
            begin.abort()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as threads:
        for done in [threads.submit(presses, one) for one in people]:
            done.result()
    return told


def taken_by(contact):
    """Return who holds a call, once its rows agree on it."""
    contact.refresh_from_db()
    assert (contact.state, contact.operator_count) == ("offered", 1)
    assert Leg.objects.filter(contact=contact, role="operator").values_list("user_id", "label").get() == (
        contact.claimed_by_id, "op-1",
    )  # fmt: skip
    return contact.claimed_by_id


def test_of_ten_operators_at_once_one_takes_each_of_forty_calls(people, line, clock, at):
    calls = elsewhere(lambda: [Network(Client()).queued() for _number in range(CALLS)])
    free = threading.Barrier(OPERATORS, action=lambda: OperatorState.objects.update(state="ready", contact=None))

    def press(number, who):
        try:
            actions.take_call(contact=calls[number], by=who, at=at)
            said = "taken"
        except AlreadyTaken:
            said = "late"
        Contact.objects.filter(pk=calls[number].pk, claimed_by=who).update(claimed_until=None)
        free.wait(60)
        return said

    told = together(people, CALLS, press)

    winners = [[who for which, who, said in told if (which, said) == (number, "taken")] for number in range(CALLS)]
    assert elsewhere(lambda: [[taken_by(one)] for one in calls]) == winners
    assert len([said for _which, _who, said in told if said == "late"]) == CALLS * (OPERATORS - 1)


def test_ten_calls_for_ten_operators_at_once_are_one_for_each(people, line, clock, at):
    calls = elsewhere(lambda: [Network(Client()).queued() for _number in range(OPERATORS * ROUNDS)])

    def press(number, who):
        mine = calls[number * OPERATORS : (number + 1) * OPERATORS]
        random.Random(f"{number} {who.pk // 2}").shuffle(mine)  # noqa: S311 -- two and two begin with the same call
        OperatorState.objects.filter(user=who).update(state="ready", contact=None)
        for tries, contact in enumerate(mine):
            try:
                actions.take_call(contact=contact, by=who, at=at)
            except AlreadyTaken:
                continue
            Contact.objects.filter(pk=contact.pk).update(claimed_until=None)
            return contact.pk, tries
        return None, len(mine)

    told = together(people, ROUNDS, press)

    assert sorted(key for _number, _who, (key, _tries) in told) == sorted(one.pk for one in calls)
    assert sum(tries for _number, _who, (_key, tries) in told) > 0
    holders = elsewhere(lambda: {one.pk: taken_by(one) for one in calls})
    assert holders == {key: who for _number, who, (key, _tries) in told}
