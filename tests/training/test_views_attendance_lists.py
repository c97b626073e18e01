"""A trainer's list on her phone: what the page says, what goes along, who gets it; the door by which marks come back."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.group_pages import clock, shown, trains, words
from tests.training.phone_marks import told
from tests.training.test_views_keeping import assert_whole_at_every_moment
from training import actions, api, queries
from training.choices import How, Road
from training.models import Event

pytestmark = pytest.mark.either

__all__ = ["clock", "cohort", "member", "session", "trainer", "trains"]
API = "/api/attendance/"


def of_group(cohort, name):
    """Return an address of a group."""
    return reverse(f"training:{name}", args=[cohort.public_id])


@pytest.fixture
def envelope(trains, session, member, at):
    """A sound sending of one tick by the trainer."""
    hello = trains.get(API).json()
    return {
        "schema": "attendance/1", "who": hello["who"], "device": str(uuid.uuid4()), "sent_at": hello["now"],
        "events": [told(session, member, at)],
    }  # fmt: skip


def post(client, body, **more):
    """Send what a phone sends."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(API, text, content_type=more.pop("content_type", "application/json"), **more)


def test_the_page_says_what_is_kept_how_large_it_is_and_that_names_will_lie_here(trains, cohort, session, member):
    page = trains.get(of_group(cohort, "keep_list"))

    assert "The number and name of 1 member" in words(page)
    assert "1 session with its date: 1 KB" in words(page)
    assert "Names of people will lie on this phone until you sign out or take the list off." in words(page)
    assert "Keeping a list needs JavaScript." in words(page)
    assert not AuditEntry.objects.filter(verb="training.names_read").exists()


def test_the_list_holds_numbers_names_sessions_and_who_is_down_and_nothing_else(
    trains, cohort, session, member, official, trainer, at
):
    actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at, minutes=60)

    found = trains.post(of_group(cohort, "list_data"))

    told = found.json()["list"]
    assert told["members"] == [
        {
            "id": str(member.public_id), "number": 1, "name": official.name,
            "stands": {session.key: {"minutes": 60, "told": 1}},
        }
    ]  # fmt: skip
    assert [(one["id"], one["minutes"], one["where"]) for one in told["sessions"]] == [(session.key, 120, "Room 2")]
    assert dt.datetime.fromisoformat(told["sessions"][0]["opens"]) == session.starts_at - actions.EARLY
    assert dt.datetime.fromisoformat(told["until"]) == session.ends_at + dt.timedelta(days=7)
    assert "25 November 2026, 04:00" in told["sessions"][0]["when"]
    text = found.content.decode()
    assert official.email not in text
    assert session.code not in text
    entry = AuditEntry.objects.get(verb="training.names_read")
    assert '"rows":1' in entry.body
    assert "no-store" in found["Cache-Control"]


def test_what_the_list_is_fetched_with_is_the_page_with_its_files_by_their_hashes(trains, cohort, client):
    pages = trains.post(of_group(cohort, "list_data")).json()["pages"]

    urls = [one["url"] for one in pages["files"]]
    assert pages["start"] in urls
    assert reverse("training:kept_index") in urls
    assert any("kept-list" in url for url in urls)
    page = Client().get(pages["start"]).content.decode()
    scripts = [one["src"] for one in shown(Client().get(pages["start"])).find_all("script")]
    assert set(scripts) <= set(urls)
    assert "csrf" not in page
    assert trains.get(pages["start"]).content.decode() == page


def test_its_pages_are_fetched_after_all_that_they_need(trains, cohort):
    pages = trains.post(of_group(cohort, "list_data")).json()["pages"]

    assert_whole_at_every_moment(Client(), pages["files"])


def test_who_left_is_on_no_list(trains, cohort, session, member, trainer, at):
    actions.take_out(member=member, by=trainer, at=at)

    assert trains.post(of_group(cohort, "list_data")).json()["list"]["members"] == []


@pytest.mark.both
def test_a_list_costs_the_same_for_one_and_for_many(cohort, session, person, countries, trainer, at):
    people = [person("learner", country=countries["HT"]) for _place in range(9)]
    asked = []
    for some in (people[:1], people[1:]):
        actions.add_members(cohort=cohort, users=some, road=Road.FILE, by=trainer, at=at)
        with CaptureQueriesContext(connection) as captured:
            found = queries.attendance_list(cohort, queries.members_inside(trainer, cohort), at=at)
        asked.append(len(captured))

    assert len(found.lines) == 9
    assert asked == [2, 2]


@pytest.mark.parametrize("name", ["keep_list", "list_data"])
def test_a_group_of_others_is_missing(sign_in, person, countries, cohort, name):
    method = "get" if name == "keep_list" else "post"
    for role, country in (("trainer", "HT"), ("trainer", "TN"), ("manager", "TN"), ("learner", "HT")):
        client = sign_in(person(role, country=countries[country]))
        assert getattr(client, method)(of_group(cohort, name)).status_code == 404


def test_names_are_handed_out_to_a_form_of_ours_only(trainer, cohort, member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer, backend="accounts.sessions.AuthenticationBackend")
    session = client.session
    session["demo_second_factor"] = True
    session.save()

    assert client.post(of_group(cohort, "list_data")).status_code == 403
    assert client.get(of_group(cohort, "list_data")).status_code == 405


def test_keeping_switched_off_hands_nothing_out_and_says_so(trains, cohort, member, settings):
    settings.KEEPING = False

    assert "Keeping is switched off at the moment." in words(trains.get(of_group(cohort, "keep_list")))
    assert trains.post(of_group(cohort, "list_data")).status_code == 404
    assert trains.get(reverse("training:kept_lists")).status_code == 200


def test_a_phone_is_told_which_of_its_groups_are_not_hers(trains, cohort, session, trainer, person, countries, at):
    unknown = str(uuid.uuid4())
    asked = {"groups": f"{cohort.public_id},{unknown},x"}

    before = trains.get(API, asked).json()
    other = person("trainer", country=countries["HT"])
    actions.change_cohort(cohort=cohort, trainers=[other], by=other, at=at)

    assert before == {"gone": [unknown, "x"]}
    assert trains.get(API, asked).json() == {"gone": [str(cohort.public_id), unknown, "x"]}
    assert Client().get(API, asked).status_code == 401


@pytest.mark.both
def test_keeping_switched_off_still_takes_marks_that_wait(trains, envelope, settings, member):
    settings.KEEPING = False

    assert post(trains, envelope).json()["results"][0]["status"] == "accepted"


def test_the_pages_of_a_group_lead_to_keeping_its_list(trains, cohort, session):
    for address in (of_group(cohort, "cohort"), reverse("training:session", args=[session.public_id])):
        assert shown(trains.get(address)).find("a", href=of_group(cohort, "keep_list"))


@pytest.mark.both
def test_a_tick_that_is_sent_is_down_on_the_page_of_the_session(trains, envelope, session, member, official):
    answer = post(trains, envelope)

    assert answer.status_code == 200
    [result] = answer.json()["results"]
    assert result == {
        "id": envelope["events"][0]["id"], "status": "accepted", "stands": {"minutes": 120, "told": 1},
    }  # fmt: skip
    page = trains.get(reverse("training:session", args=[session.public_id]))
    assert official.name in shown(page).find(class_="present-list").get_text()
    assert post(trains, envelope).json()["results"][0]["status"] == "duplicate"


@pytest.mark.both
def test_a_conflict_says_who_noted_what_and_when(trains, envelope, session, member, trainer, person, countries, at):
    manager = person("manager", country=countries["HT"], name="Manager, Haiti")
    actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=manager, at=at, minutes=30)

    [result] = post(trains, envelope).json()["results"]

    assert (result["status"], result["reason"]) == ("conflict", "changed_meanwhile")
    assert result["stands"] == {"minutes": 30, "told": 1}
    said = {"is_taken_back": False, "by": "Manager, Haiti", "how": "paper", "at": "2026-11-25T10:00:00.000Z"}
    assert result["said"] == said
    assert minutes_of(member) == {session.key: 30}


def test_a_rejected_mark_says_nothing_of_anybody(trains, envelope, cohort, member, trainer, person, countries, at):
    other = person("trainer", country=countries["HT"])
    actions.change_cohort(cohort=cohort, trainers=[other], by=other, at=at)

    [result] = post(trains, envelope).json()["results"]

    assert result == {"id": envelope["events"][0]["id"], "status": "rejected", "reason": "not_your_group"}


def test_the_clock_of_a_phone_is_corrected(trains, envelope, session, member, at):
    """Its clock is three hours fast: it ticked an hour ago, while the session was on, by a time that has not come yet."""
    fast = dt.timedelta(hours=3)
    envelope["sent_at"] = (at + fast).isoformat()
    envelope["events"][0]["occurred_at"] = (at + fast - dt.timedelta(hours=1)).isoformat()

    [result] = post(trains, envelope).json()["results"]

    assert result["status"] == "accepted"
    assert Event.objects.get(pk=result["id"]).occurred_at == at - dt.timedelta(hours=1)


def test_who_is_signed_in_as_somebody_else_sends_nothing(sign_in, envelope, person, countries):
    other = sign_in(person("trainer", country=countries["HT"]))

    assert other.get(API).json()["who"] != envelope["who"]
    answer = post(other, envelope)
    assert (answer.status_code, answer.json()["detail"]) == (403, "who")
    assert not Event.objects.exists()


def test_who_is_signed_out_or_gave_no_second_factor_signs_in_first(envelope, sign_in, trainer):
    weak = sign_in(trainer, second_factor=False)
    session = weak.session
    session.pop("demo_second_factor", None)
    session.save()

    assert [post(one, envelope).status_code for one in (Client(), weak)] == [401, 401]
    assert [one.get(API).status_code for one in (Client(), weak)] == [401, 401]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"schema": "progress/1"}, 400), ({"events": []}, 400), ({"events": None}, 400), ({"device": 1}, 400),
        ({"sent_at": "now"}, 400), ({"more": 1}, 400), ({"who": "x"}, 403),
    ],
)  # fmt: skip
def test_a_bad_envelope_is_refused_whole(trains, envelope, change, status):
    assert post(trains, envelope | change).status_code == status
    assert not Event.objects.exists()


def test_marks_and_answers_do_not_go_by_each_others_door(trains, envelope):
    answer = trains.post("/api/progress/", json.dumps(envelope), content_type="application/json")

    assert (answer.status_code, answer.json()["detail"]) == (400, "schema")


@pytest.mark.both
def test_a_huge_batch_is_refused_and_fifty_are_not(trains, envelope, session, member, at):
    envelope["events"] = [told(session, member, at) for _place in range(51)]
    too_many = post(trains, envelope).status_code

    envelope["events"] = envelope["events"][:50]
    statuses = [one["status"] for one in post(trains, envelope).json()["results"]]

    assert too_many == 400
    assert statuses == ["accepted"] + ["duplicate"] * 3 + ["rejected"] * 46  # more of one person than a phone keeps
    assert post(trains, b" " * 300_000).status_code == 413
    assert post(trains, envelope, content_type="text/plain").status_code == 415
    assert Event.objects.count() == 1


@pytest.mark.parametrize("body", [b"[]", b"null", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 5000, b'{"x":1e999}'])
def test_what_is_no_envelope_is_400(trains, member, body):
    assert post(trains, body).status_code == 400


@pytest.mark.both
def test_too_many_calls_wait(trains, envelope, monkeypatch):
    monkeypatch.setattr(api, "CALLS", 2)

    answers = [post(trains, envelope) for _call in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_without_the_token_of_a_form_nothing_is_taken(trainer, envelope):
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer, backend="accounts.sessions.AuthenticationBackend")
    session = client.session
    session["demo_second_factor"] = True
    session.save()

    answer = post(client, envelope)

    assert (answer.status_code, answer.json()["detail"]) == (403, "csrf")
    assert not Event.objects.exists()


def test_the_words_of_waiting_marks_never_say_saved_and_come_in_each_plural(trains):
    page = trains.get(reverse("training:kept_lists"))
    told = json.loads(shown(page).find(attrs={"data-outbox": True})["data-outbox"])

    assert told["forms"] == [
        "# marks of attendance waiting on this phone",
        "# mark of attendance waiting on this phone",
    ]
    assert "saved" not in json.dumps(told).lower()
    reasons = json.loads(shown(page).find("main")["data-words"])["reasons"]
    assert {"member_left", "session_gone", "not_your_group", "changed_meanwhile"} <= set(reasons)
