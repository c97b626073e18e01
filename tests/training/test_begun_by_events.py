"""A course is begun by an event that is taken, and by no other: what was refused leaves no place in it."""

import json
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.training.small import small
from tests.training.test_lists import ask, lines_of
from training import actions, progress
from training.choices import Source
from training.models import Course, Enrolment, Event, Progress, RefusedEvent
from training.queries import versions


@pytest.fixture
def learner(official):
    """The learner behind the official's account, who has begun nothing."""
    return actions.learner_of(official)


@pytest.fixture
def migration(course, front, tmp_path, at):
    """A second course that is on offer."""
    actions.load_course(small("safe-migration", tmp_path), front, by="test", at=at)
    return Course.objects.get(key="safe-migration")


@pytest.fixture
def send(learner, later):
    """Send arrivals and return their outcomes as pairs."""

    def go(*arrivals, who=None, source=Source.WEB):
        outcomes = actions.record_events(learner=who or learner, arrivals=list(arrivals), source=source, at=later(1))
        return [(one.status, str(one.reason)) for one in outcomes]

    return go


def newest(course):
    row = versions.newest(course.pk, "HT")
    return progress.version_of(str(row.public_id), row.body)


def told(course, at, verb="reached", **payload):
    """An event of the first lesson of a course: its end, if nothing else is said."""
    version = newest(course)
    return actions.Arrival(
        id=uuid.uuid4(), verb=verb, activity=version.lessons[0].id, version=version.id, language="fr", occurred_at=at,
        payload=payload or {"screen": "end"},
    )  # fmt: skip


def rows():
    return Enrolment.objects.count(), Progress.objects.count(), Event.objects.count()


BAD = {
    "unknown_activity": {"activity": str(uuid.uuid4())},
    "unknown_language": {"language": "xx"},
    "payload_invalid": {"payload": {"screen": 7}},
    "staff_only": {"verb": "moved"},
    "unknown_verb": {"verb": "danced"},
    "item_not_in_attempt": {
        "verb": "answered",
        "payload": {"attempt": str(uuid.uuid4()), "item": "x", "turn": 1, "response": "a"},
    },
    "unknown_session": {
        "verb": "attended",
        "activity": "",
        "payload": {"session": str(uuid.uuid4()), "how": "phone", "code": "123456", "minutes": 60},
    },
}


@pytest.mark.parametrize("reason", BAD)
def test_an_event_that_is_refused_begins_no_course(send, course, at, reason):
    [(status, told_reason)] = send(replace(told(course, at), **BAD[reason]))

    assert (status, rows()) == ("rejected", (0, 0, 0))
    assert told_reason == reason
    assert RefusedEvent.objects.get().reason == reason


def test_an_id_that_somebody_else_has_taken_begins_none(send, person, countries, course, at):
    other = actions.learner_of(person("learner", country=countries["HT"]))
    event = told(course, at)
    assert send(event, who=other) == [("accepted", "")]

    assert send(event) == [("conflict", "id_taken")]

    assert Enrolment.objects.get().learner == other


def test_of_two_courses_only_that_of_the_good_event_is_begun(send, course, migration, at):
    bad = replace(told(migration, at), activity=str(uuid.uuid4()))

    assert send(told(course, at), bad, told(course, at)) == [
        ("accepted", ""), ("rejected", "unknown_activity"), ("accepted", ""),
    ]  # fmt: skip

    assert rows() == (1, 1, 2)
    assert Enrolment.objects.get().course == course
    assert Progress.objects.get().done == 1


def test_of_one_course_the_good_event_begins_it_and_the_bad_one_is_named(send, course, at):
    bad = replace(told(course, at), activity=str(uuid.uuid4()))

    assert send(bad, told(course, at)) == [("rejected", "unknown_activity"), ("accepted", "")]

    assert rows() == (1, 1, 1)
    assert list(actions.differences()) == []


def test_two_courses_are_begun_by_one_sending(send, course, migration, at):
    assert send(told(course, at), told(migration, at)) == [("accepted", "")] * 2

    assert rows() == (2, 2, 2)
    assert set(Progress.objects.values_list("done", flat=True)) == {1}


def test_a_refused_event_costs_fewer_statements_than_one_that_begins(send, course, at):
    def statements(arrival):
        with CaptureQueriesContext(connection) as caught:
            send(arrival)
        return len(caught)

    bad = replace(told(course, at), activity=str(uuid.uuid4()))
    send(bad)

    assert statements(replace(bad, id=uuid.uuid4())) < statements(told(course, at))


def test_the_file_of_enrolments_names_no_course_whose_event_was_refused(client, sign_in, official, manager, course):
    sign_in(official)
    hello = client.get("/api/progress/").json()
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "opened", "activity": str(uuid.uuid4()),
        "version": newest(course).id, "language": "fr", "occurred_at": hello["now"], "payload": {},
    }  # fmt: skip
    body = {
        "schema": "progress/1",
        "who": hello["who"],
        "device": str(uuid.uuid4()),
        "sent_at": hello["now"],
        "events": [event],
    }

    answer = client.post(
        "/api/progress/", json.dumps(body), content_type="application/json", headers={"X-CSRFToken": hello["csrf"]}
    )

    assert [one["status"] for one in answer.json()["results"]] == ["rejected"]
    assert rows() == (0, 0, 0)
    assert lines_of(ask(sign_in(manager), what="enrolments").content)[1] == []
