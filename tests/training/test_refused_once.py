"""What was not counted is kept once, however often it is sent, and no more of it in a day than anybody would look at."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from training import actions
from training.actions import refusals
from training.choices import Source
from training.models import RefusedEvent


@pytest.fixture
def learner(official):
    """The learner behind the official's account."""
    return actions.learner_of(official)


@pytest.fixture
def send(learner, at):
    """Send events as a phone writes them; return what became of them."""

    def go(*events, minutes=0, who=None):
        arrivals = [actions.arrival_of(json.loads(json.dumps(one)), uuid.UUID(int=7)) for one in events]
        when = at + dt.timedelta(minutes=minutes)
        outcomes = actions.record_events(learner=who or learner, arrivals=arrivals, source=Source.WEB, at=when)
        return [(one.status, str(one.reason)) for one in outcomes]

    return go


def event(**changes):
    """Return an event of an edition that the house does not have."""
    told = {"id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "activity": str(uuid.uuid4()),
            "version": str(uuid.uuid4()), "language": "fr", "occurred_at": "2026-11-25T09:00:00+00:00",
            "payload": {"screen": "end"}}  # fmt: skip
    return told | changes


def test_a_batch_that_was_refused_adds_nothing_when_it_is_sent_again(send, at):
    batch = [event(), event(verb="danced"), event(id="none"), event(id=None, seq="x")]
    first = send(*batch)
    assert {status for status, _reason in first} == {"rejected"}
    assert RefusedEvent.objects.count() == 4

    assert [send(*batch, minutes=1), send(*batch, minutes=2)] == [first, first]

    assert RefusedEvent.objects.count() == 4
    assert {row.received_at for row in RefusedEvent.objects.all()} == {at}


def test_twice_in_one_batch_is_once(send):
    one = event()

    assert send(one, one) == [("rejected", "unknown_version")] * 2
    assert RefusedEvent.objects.count() == 1


def test_another_event_under_the_same_id_another_reason_and_another_learner_are_kept_too(send, person, countries):
    one = event()
    send(one)

    send(one | {"payload": {"screen": "1"}})
    assert RefusedEvent.objects.count() == 2
    send(one | {"verb": "danced"})
    assert RefusedEvent.objects.count() == 3
    send(one, who=actions.learner_of(person("learner", country=countries["HT"])))
    assert RefusedEvent.objects.count() == 4


def test_no_more_are_kept_in_a_day_and_the_answer_is_the_same(send, learner, at, monkeypatch):
    monkeypatch.setattr(refusals, "MOST_A_DAY", 3)
    first = [event() for _one in range(2)]

    assert send(*first) == [("rejected", "unknown_version")] * 2
    assert send(*[event() for _one in range(2)], minutes=1) == [("rejected", "unknown_version")] * 2
    assert send(event(), minutes=2) == [("rejected", "unknown_version")]
    assert RefusedEvent.objects.count() == 3

    send(event(), minutes=24 * 60)
    assert RefusedEvent.objects.count() == 4


def test_fifty_refused_cost_as_many_statements_as_one(send):
    def statements(*events):
        with CaptureQueriesContext(connection) as caught:
            send(*events)
        return len([one for one in caught if "SAVEPOINT" not in one["sql"]])

    send(event())  # so that what is kept in memory is there
    one = statements(event())

    assert statements(*[event() for _one in range(50)]) == one
    assert one <= 5
