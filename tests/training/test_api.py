"""/api/progress/: one answer for each event, a clear one for each bad envelope, never a server error."""

import json
import uuid

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from training import actions, api, progress
from training.models import CourseVersion, Event

URL = "/api/progress/"


@pytest.fixture
def version(course):
    """Haiti's newest version, as a value."""
    row = CourseVersion.objects.get(course=course, country="HT")
    return progress.version_of(str(row.public_id), row.body)


@pytest.fixture
def hello(sign_in, official):
    """Who the page belongs to, as GET tells."""
    return sign_in(official).get(URL).json()


@pytest.fixture
def envelope(hello, version):
    """A sound sending of one lesson's end."""
    return {
        "schema": "progress/1",
        "who": hello["who"],
        "device": str(uuid.uuid4()),
        "sent_at": hello["now"],
        "events": [event(version, 1)],
    }


def event(version, seq, lesson=0, **changes):
    return {
        "id": str(uuid.uuid4()),
        "seq": seq,
        "verb": "reached",
        "activity": version.lessons[lesson].id,
        "version": version.id,
        "language": "ht",
        "occurred_at": "2026-11-25T09:58:00Z",
        "payload": {"screen": "end"},
    } | changes


def post(client, body, **more):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(URL, text, content_type=more.pop("content_type", "application/json"), **more)


def test_get_tells_who_and_the_limits_and_is_not_kept(client, hello, official):
    response = client.get(URL)

    assert set(hello) == {"who", "csrf", "now", "limits"}
    assert hello["who"] == str(actions.learner_of(official).public_id)
    assert hello["limits"] == {"events": 50, "bytes": 262144}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_session_the_answer_is_sign_in(client, method, db):
    response = getattr(client, method)(URL, content_type="application/json")

    assert (response.status_code, response.json()) == (401, {"detail": "sign_in"})


def test_accepted_then_duplicate_and_progress_is_told(client, envelope, version):
    first, second = post(client, envelope), post(client, envelope)

    assert first.json()["results"] == [{"id": envelope["events"][0]["id"], "status": "accepted"}]
    assert second.json()["results"] == [{"id": envelope["events"][0]["id"], "status": "duplicate"}]
    assert second.json()["progress"] == [{"version": version.id, "done": 1, "of": 4}]


def test_ten_repeats_leave_one_row(client, envelope):
    for _repeat in range(10):
        assert post(client, envelope).status_code == 200

    assert Event.objects.count() == 1


def test_results_come_in_order_and_a_bad_event_does_not_stop_the_others(client, envelope, version):
    envelope["events"] = [
        event(version, 1),
        event(version, 2, verb="danced"),
        "not an event",
        event(version, 3, payload={"screen": 1.5}),
        event(version, 4, activity="not an id"),
        event(version, 5, occurred_at="yesterday"),
        event(version, 6, extra=1),
        event(version, -1),
        event(version, 7, lesson=1),
    ]

    answer = post(client, envelope)

    assert [one.get("reason", one["status"]) for one in answer.json()["results"]] == [
        "accepted", "unknown_verb", "malformed", "malformed", "unknown_activity", "malformed", "malformed", "malformed",
        "accepted",
    ]  # fmt: skip
    assert answer.json()["progress"][0]["done"] == 2


@pytest.mark.parametrize(
    ("change", "status", "detail"),
    [
        ({"schema": "progress/2"}, 400, "schema"),
        ({"events": []}, 400, "events"),
        ({"events": "all"}, 400, "events"),
        ({"device": "mine"}, 400, "envelope"),
        ({"sent_at": "now"}, 400, "envelope"),
        ({"sent_at": "9999-12-31T23:59:59-23:00"}, 400, "envelope"),
        ({"more": 1}, 400, "envelope"),
        ({"who": str(uuid.uuid4())}, 403, "who"),
        ({"who": None}, 403, "who"),
    ],
)
def test_a_bad_envelope_is_refused_whole(client, envelope, change, status, detail):
    response = post(client, envelope | change)

    assert (response.status_code, response.json()["detail"]) == (status, detail)
    assert Event.objects.count() == 0


@pytest.mark.parametrize("name", ["schema", "who", "device", "sent_at", "events"])
def test_a_member_that_is_missing_is_named(client, envelope, name):
    response = post(client, {key: value for key, value in envelope.items() if key != name})

    assert (response.status_code, response.json()) == (
        400,
        {"detail": "envelope", "parameter": name, "fault": "missing"},
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"more": "secret"}, {"detail": "envelope", "parameter": "more", "fault": "unknown"}),
        ({"m" * 99: "secret"}, {"detail": "envelope", "parameter": "m" * 40, "fault": "unknown"}),
        ({"": "secret"}, {"detail": "envelope", "fault": "unknown"}),
        ({"device": "secret"}, {"detail": "envelope", "parameter": "device", "fault": "malformed"}),
        ({"sent_at": "secret"}, {"detail": "envelope", "parameter": "sent_at", "fault": "malformed"}),
        ({"schema": "secret"}, {"detail": "schema", "parameter": "schema"}),
        ({"events": "secret"}, {"detail": "events", "parameter": "events"}),
        ({"who": "secret"}, {"detail": "who", "parameter": "who"}),
    ],
)
def test_a_member_that_is_wrong_is_named_and_what_it_holds_is_not_sent_back(client, envelope, change, told):
    assert post(client, envelope | change).json() == told


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b"null", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b'{"a":NaN}', b'"\\ud800"', b"[" * 5000, b'{"x":1e999}',
        b"1" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_400(client, hello, body):
    response = post(client, body)

    assert response.status_code == 400
    assert response.json()["detail"] in {"json", "envelope"}


def test_nul_and_depth_are_400(client, envelope, version):
    deep = {"screen": "end"}
    for _level in range(20):
        deep = {"screen": deep}

    for payload in ({"screen": "e\x00nd"}, {"e\x00nd": 1}, {"path": [["\\\x00"]]}, deep):
        envelope["events"] = [event(version, 1, payload=payload)]
        assert post(client, envelope).status_code == 400


@pytest.mark.parametrize("typed", ["\\u0000", "\\\\u0000", "C:\\u0000"])
def test_the_signs_that_a_person_types_for_a_nul_stop_nothing(client, envelope, version, typed):
    envelope["events"] = [
        event(version, 1, verb="chose", payload={"play": typed, "graph": "g", "path": [typed]}), event(version, 2),
        event(version, 3, verb=typed),
    ]  # fmt: skip

    answer = post(client, envelope)

    assert answer.status_code == 200
    assert answer.json()["results"][1]["status"] == "accepted"
    assert {one.get("reason") for one in answer.json()["results"]} <= {
        None,
        "payload_invalid",
        "unknown_verb",
        "unknown_activity",
    }
    assert answer.json()["results"][2]["reason"] == "unknown_verb"


def test_51_events_are_too_many_and_50_are_not(client, envelope, version):
    envelope["events"] = [event(version, seq) for seq in range(51)]
    assert post(client, envelope).status_code == 400

    envelope["events"] = envelope["events"][:50]
    assert {one["status"] for one in post(client, envelope).json()["results"]} == {"accepted"}


def test_300_kilobytes_are_413_and_another_type_is_415(client, envelope):
    assert post(client, b" " * 300_000).status_code == 413
    assert post(client, envelope, content_type="text/plain").status_code == 415


def test_too_many_calls_are_429_with_a_time_to_wait(client, envelope, monkeypatch):
    monkeypatch.setattr(api, "CALLS", 3)

    statuses = [post(client, envelope).status_code for _call in range(5)]

    assert statuses == [200, 200, 200, 429, 429]
    assert int(post(client, envelope)["Retry-After"]) > 0


@pytest.mark.parametrize("door", [URL, "/api/attendance/"])
def test_120_calls_in_ten_minutes_are_taken_and_no_more_by_each_door(client, hello, official, at, door):
    def call():
        return client.post(door, "no JSON", content_type="application/json")

    with time_machine.travel(at, tick=False) as clock:
        client.force_login(official, backend="accounts.sessions.AuthenticationBackend")
        statuses = [call().status_code for _call in range(121)]
        clock.shift(500)
        within = call()
        clock.shift(101)
        after = call()

    assert statuses == [400] * 120 + [429]
    assert (within.status_code, within["Retry-After"]) == (429, "600")
    assert after.status_code == 400


@pytest.mark.parametrize("debug", [False, True])
def test_csrf_is_asked_for(official, envelope, debug, settings):
    settings.DEBUG = debug
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(official, backend="accounts.sessions.AuthenticationBackend")
    token = strict.get(URL).json()["csrf"]

    refused = post(strict, envelope)
    taken = post(strict, envelope, headers={"X-CSRFToken": token})

    assert (refused.status_code, refused.json()["detail"]) == (403, "csrf")
    assert taken.status_code == 200


def test_put_is_405(client, hello):
    assert client.put(URL).status_code == 405


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd, st.sampled_from(["id", "seq", "verb", "activity", "version", "language", "occurred_at", "payload"]))
def test_no_odd_value_anywhere_is_a_server_error(client, envelope, version, monkeypatch, value, name):
    monkeypatch.setattr(api, "CALLS", 10_000)
    one = event(version, 1)
    sent = envelope | {"events": [one | {name: value}]}

    response = post(client, json.dumps(sent))

    assert response.status_code in {200, 400}
