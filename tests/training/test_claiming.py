"""An account takes over what was done with a progress code: nothing lost, nothing twice, whatever had been begun where."""

import uuid

import pytest
from django.test import Client

from accounts.models import AuditEntry
from tests.training.answers import paper, right
from tests.training.finishing import finish
from tests.training.test_without_account import end
from tests.training.without_account import CLAIM, OPEN, allowed, begin
from training import actions, queries
from training.models import Attempt, Certificate, CourseVersion, Enrolment, Event, Learner, Progress, TrainedSpan
from training.queries.figures import answers_of

__all__ = ["allowed"]
API = "/api/progress/"


@pytest.fixture
def code(allowed):
    """The code of somebody who has begun on another phone."""
    return begin(Client())


def other_phone(code):
    """A browser in which the code was typed."""
    phone = Client()
    phone.post(OPEN, {"code": code})
    return phone


def test_a_course_that_the_account_has_not_begun_moves_into_it(client, sign_in, official, code, lessons):
    phone = other_phone(code)
    for lesson in lessons[:2]:
        end(phone, lesson)
    before = set(Event.objects.values_list("pk", "sha256", "learner"))
    sign_in(official)

    page = client.post(CLAIM, {"code": code}).content.decode()

    assert "Taken over" in page
    assert set(Event.objects.values_list("pk", "sha256", "learner")) == before
    one = queries.progress_of(official, "en", at=Enrolment.objects.get().started_at)[0]
    assert (one.done, Enrolment.objects.get().learner.user) == (2, official)
    assert client.get("/en/learning/history/").content.decode().count("<tr>") == len(before) + 1
    entry = AuditEntry.objects.get(verb="training.progress_claimed")
    assert (entry.actor, code in entry.body) == (str(official.public_id), False)


def test_a_course_begun_in_both_joins_what_was_done_on_either_side(
    client, sign_in, official, code, lessons, allowed, at
):
    finish(official, allowed, at, lessons=1, passed=False)
    phone = other_phone(code)
    for lesson in lessons[:3]:
        end(phone, lesson)
    sign_in(official)

    page = client.post(CLAIM, {"code": code}).content.decode()

    assert "Begun in both, and joined" in page
    row = Progress.objects.get()
    assert (row.done, row.enrolment.learner.user) == (3, official)
    assert list(actions.differences()) == []
    assert actions.rebuild(by="tests", at=at) == 0


def test_tests_of_both_are_numbered_on_and_a_pass_of_either_counts(
    client, sign_in, official, code, lessons, allowed, at
):
    mine = finish(official, allowed, at, passed=False)
    actions.start_attempt(enrolment=mine, language="en", at=at)
    phone = other_phone(code)
    phone.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get(enrolment__learner__user=None)
    phone.post(paper(attempt, "en"), right(attempt))
    sign_in(official)

    client.post(CLAIM, {"code": code})

    assert list(Attempt.objects.order_by("number").values_list("enrolment", "number")) == [(mine.pk, 1), (mine.pk, 2)]
    row = Progress.objects.get()
    assert (row.passed_at is not None, row.completed_at is not None) == (True, True)
    assert list(actions.differences()) == []
    assert {one.learner.user for one in Certificate.objects.all()} == {official}
    assert client.get(paper(attempt, "en", "result/")).status_code == 200


def test_a_person_who_took_a_test_on_either_side_is_counted_once_among_the_answers(
    client, sign_in, official, code, allowed, at
):
    finish(official, allowed, at, lessons=0)
    phone = other_phone(code)
    phone.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get(enrolment__learner__user=None)
    phone.post(paper(attempt, "en"), right(attempt))
    counts = {len(one.answers) for one in answers_of(allowed).values()}
    assert counts == {2}
    sign_in(official)

    client.post(CLAIM, {"code": code})

    assert {len(one.answers) for one in answers_of(allowed).values()} == {1}


def test_the_code_is_dead_then_and_a_second_claim_is_answered(
    client, sign_in, person, countries, official, code, lessons
):
    phone = other_phone(code)
    end(phone, lessons[0])
    sign_in(official)
    client.post(CLAIM, {"code": code})

    again = client.post(CLAIM, {"code": code})
    typed = Client().post(OPEN, {"code": code})
    erased = Client().post("/en/wipe/everywhere/", {"code": code, "sure": "on"})

    for answer in (again, typed, erased):
        assert answer.status_code == 422
        assert "An account has taken this progress over." in answer.content.decode()
    assert phone.get("/en/learning/").status_code == 302
    assert Learner.objects.count() == 2
    assert Progress.objects.get().done == 1


def sending(client, who, allowed, lessons, *, number=1, **changes):
    """Send the end of a lesson as a phone does that kept it under an id; return the answer."""
    edition = CourseVersion.objects.filter(course=allowed, country="HT").latest("number")
    hello = client.get(API).json()
    event = {
        "id": str(uuid.UUID(int=number, version=4)), "seq": number, "verb": "reached",
        "activity": str(lessons[number].translation_key), "version": str(edition.public_id),
        "payload": {"screen": "end"}, "language": "en", "occurred_at": edition.published_at.isoformat(),
    } | changes  # fmt: skip
    body = {"schema": "progress/1", "who": str(who), "device": str(uuid.UUID(int=9, version=4)),
            "sent_at": hello["now"], "events": [event]}  # fmt: skip
    return client.post(API, body, content_type="application/json")


def test_what_a_phone_kept_under_the_code_goes_into_the_account_once(
    client, sign_in, person, official, code, lessons, allowed
):
    holder, phone = Learner.objects.get(), other_phone(code)
    assert sending(phone, holder.public_id, allowed, lessons).json()["results"][0]["status"] == "accepted"
    actions.claim(user=official, code=code, address="1", at=holder.used_at)
    sign_in(official)

    arrived = [
        sending(client, holder.public_id, allowed, lessons, number=number).json()["results"][0]["status"]
        for number in (1, 2, 2)
    ]

    assert arrived == ["duplicate", "accepted", "duplicate"]
    assert Progress.objects.get(enrolment__learner__user=official).done == 2
    assert list(actions.differences()) == []
    assert client.get(f"{API}?as={holder.public_id}").json() == {"mine": True}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, {"status": "duplicate"}),
        ({"language": "fr"}, {"status": "conflict", "reason": "different_content"}),
        ({"occurred_at": "2026-11-25T09:00:00Z"}, {"status": "conflict", "reason": "different_content"}),
        ({"payload": {"screen": 1}}, {"status": "rejected", "reason": "payload_invalid"}),
        ({"seq": -1}, {"status": "rejected", "reason": "malformed"}),
    ],
)
def test_an_id_that_arrived_before_is_answered_alike_under_the_code_and_after_its_claim(
    client, sign_in, official, code, lessons, allowed, changes, answer
):
    holder, phone = Learner.objects.get(), other_phone(code)
    sending(phone, holder.public_id, allowed, lessons)
    before = sending(phone, holder.public_id, allowed, lessons, **changes).json()["results"][0]
    actions.claim(user=official, code=code, address="1", at=holder.used_at)
    sign_in(official)

    after = sending(client, holder.public_id, allowed, lessons, **changes).json()["results"][0]

    assert before == after == answer | {"id": str(uuid.UUID(int=1, version=4))}
    assert Event.objects.filter(verb="reached").count() == 1


def test_nobody_else_sends_under_a_code_that_an_account_took_over(
    client, sign_in, person, official, code, lessons, allowed
):
    holder = Learner.objects.get()
    actions.claim(user=official, code=code, address="1", at=holder.used_at)
    sign_in(person("learner", country=official.country))

    assert sending(client, holder.public_id, allowed, lessons).status_code == 403
    assert [client.get(f"{API}?as={who}").json() for who in (holder.public_id, "x")] == [{"mine": False}] * 2
    assert other_phone(code).get(API).status_code == 401
    assert Event.objects.filter(verb="reached").count() == 0


def test_what_a_phone_sends_under_a_claimed_code_begins_nothing_new(official, code, lessons, allowed, at):
    learner = Learner.objects.get()
    actions.claim(user=official, code=code, address="1", at=at)

    with pytest.raises(actions.CodeGone):
        actions.enrol(learner=learner, course=allowed, country="HT", at=at)


def test_two_codes_and_an_account_fold_to_one(official, allowed, lessons, at):
    codes = [begin(Client()) for _phone in range(2)]
    for place, code in enumerate(codes):
        end(other_phone(code), lessons[place])
    finish(official, allowed, at, lessons=0, passed=False)

    for code in codes:
        actions.claim(user=official, code=code, address="1", at=at)

    assert Progress.objects.get().done == 2
    assert list(actions.differences()) == []


def test_a_wrong_code_takes_nothing_over(client, sign_in, official):
    sign_in(official)

    answer = client.post(CLAIM, {"code": "0" * 20})

    assert answer.status_code == 422
    assert "Nothing is kept under this code." in answer.content.decode()


def test_what_a_code_had_finished_is_worked_out_as_trained_once_an_account_has_it(official, code, lessons, at):
    phone = other_phone(code)
    for lesson in lessons:
        end(phone, lesson)
    phone.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get()
    phone.post(paper(attempt, "en"), right(attempt))
    actions.fill_due_spans(at=at)
    assert not TrainedSpan.objects.exists()

    actions.claim(user=official, code=code, address="1", at=at)

    assert actions.fill_due_spans(at=at) == 1
    assert TrainedSpan.objects.get().user == official
