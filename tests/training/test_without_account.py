"""Learning without an account: begun, found again by its code, erased; what is stored, and what is refused."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, ErasedOwner, RateCount
from tests.training.answers import address, choose, paper, right, token_of
from tests.training.without_account import BEGIN, CLAIM, ERASE, NEW, OPEN, allowed, begin, shown
from training import actions, credentials, progress, queries
from training.actions import codes
from training.models import Attempt, Enrolment, Event, Learner, Progress
from training.views import guests

__all__ = ["allowed"]


@pytest.fixture
def client_of():
    """A factory of browsers that nobody has used."""
    return Client


@pytest.fixture
def code(client, allowed):
    """The code of somebody who has just begun in this browser."""
    return begin(client)


def end(client, lesson, language="en"):
    """Open a lesson and finish it, as a page without script does."""
    page = client.get(address(lesson, language)).content.decode()
    return client.post(address(lesson, language), {"token": token_of(page, "Finish this lesson")})


def test_she_is_asked_for_nothing_but_the_country_and_sees_her_code_once(client, allowed):
    page = client.get(BEGIN).content.decode()

    code = begin(client)

    names = {part.split('"')[0] for part in page.split('name="')[1:]} - {"viewport"}
    assert names == {"csrfmiddlewaretoken", "country"}
    assert len(code.replace(" ", "")) == 20
    learner = Learner.objects.get()
    assert (learner.user, learner.country_id, learner.enrolments.count()) == (None, "HT", 1)
    assert code not in client.get("/en/learning/").content.decode()


def chosen(client, address=BEGIN):
    page = client.get(address).content.decode()
    return [box for box in re.findall(r"<input[^>]*name=\"country\"[^>]*>", page) if "checked" in box]


def test_no_country_is_chosen_for_her_unless_the_address_names_one(client, allowed):
    (named,) = chosen(client, f"{BEGIN}?country=TN")

    assert chosen(client) == []
    assert 'value="TN"' in named


def test_who_chooses_no_country_is_asked_to_and_nothing_is_begun(client, allowed):
    said = client.post(BEGIN, {})

    assert "Choose the country this is about, or “Another country”." in said.content.decode()
    assert "progress-code" not in said.content.decode()
    assert Learner.objects.count() == 0


def test_another_country_is_a_choice_of_its_own(client, allowed, settings):
    settings.DEMO = True

    begin(client, "other")

    assert Learner.objects.get().country_id is None


def test_the_code_stands_nowhere_in_clear(client, code, lessons):
    end(client, lessons[0])
    bare = code.replace(" ", "")
    kept = [json.dumps(list(model.objects.values()), default=str) for model in (Learner, AuditEntry, Event, RateCount)]
    kept += [json.dumps(one.get_decoded()) for one in Session.objects.all()]

    assert [text for text in kept if bare in text or code in text or bare.lower() in text] == []


def test_lessons_answers_and_the_test_count_as_with_an_account(client, code, lessons, allowed):
    choose(client, lessons[0], right=True)
    for lesson in lessons:
        assert end(client, lesson).status_code == 302
    start = client.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get()

    client.post(paper(attempt, "en"), right(attempt))

    row = Progress.objects.get()
    assert start["Location"] == paper(attempt, "en")
    assert (row.done, row.of, row.passed_at is not None) == (len(lessons), len(lessons), True)
    for url in ("/en/learning/", "/en/learning/history/", "/en/learning/history.csv", "/en/my/waiting/"):
        assert client.get(url).status_code == 200
    assert str(lessons[0].heading_en) in client.get("/en/learning/history/").content.decode()


def test_a_lesson_costs_no_more_queries_than_with_an_account(
    client, code, lessons, official, sign_in, django_assert_max_num_queries
):
    client.get(address(lessons[0]))

    with django_assert_max_num_queries(8):
        client.get(address(lessons[0]))


@pytest.mark.either
@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: f"  {code.replace(' ', ' – ')} ",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: code.translate({ord("0") + number: 0x0660 + number for number in range(10)}),
    ],
)
def test_however_it_is_typed_it_opens_the_same_progress_on_another_phone(client, code, lessons, change, client_of):
    end(client, lessons[0])
    other = client_of()

    answer = other.post(OPEN, {"code": change(code)[:40]})

    assert answer["Location"] == "/en/learning/"
    assert "1 of" in other.get("/en/learning/").content.decode()
    end(other, lessons[1])
    assert Progress.objects.get().done == 2


@pytest.mark.parametrize("typed", ["abc", "ABCDE-FGHJK-MNPQR", "U" * 20])
def test_what_cannot_be_a_code_is_told_how_one_looks_and_is_no_try(client_of, db, typed):
    answer = client_of().post(OPEN, {"code": typed})

    assert answer.status_code == 422
    assert "A code of progress has 20 letters and digits" in answer.content.decode()
    assert "Nothing is kept" not in answer.content.decode()
    assert not RateCount.objects.exists()


def test_whoever_holds_another_code_is_led_to_where_it_is_typed(client_of, db):
    page = client_of().get(OPEN).content.decode()

    for place in ("/en/learning/join/", "/en/verify/"):
        assert f'<a href="{place}">' in page


def test_an_unknown_code_opens_nothing_and_says_what_to_do(client_of, code):
    other = client_of()

    answer = other.post(OPEN, {"code": "0" * 20})

    assert answer.status_code == 422
    assert "Nothing is kept under this code." in answer.content.decode()
    assert other.get("/en/learning/")["Location"].startswith("/en/account/login/")


def test_guesses_are_limited_by_address_and_by_code(client_of, code):
    other = client_of()
    statuses = [other.post(OPEN, {"code": "0" * 20}).status_code for _try in range(codes.TRIES_AN_ADDRESS)]

    refused = other.post(OPEN, {"code": code})

    assert set(statuses) == {422}
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")


def test_one_code_is_tried_five_times_an_hour(client_of, code, at):
    for _try in range(codes.TRIES_A_CODE):
        actions.open_with_code(code=code, address="1", at=at)

    with pytest.raises(actions.TooMany):
        actions.open_with_code(code=code, address="2", at=at)
    assert actions.open_with_code(code=code, address="2", at=at + dt.timedelta(hours=2)) == Learner.objects.get()


def test_so_many_begin_from_one_address_in_an_hour(allowed, at):
    told = {"course": allowed, "country": "HT", "address": "1"}
    for number in range(codes.MADE_AN_ADDRESS):
        assert codes.count_attempt(key="learner_made:1", limit=codes.MADE_AN_ADDRESS, seconds=3600, at=at), number

    with pytest.raises(actions.TooMany):
        actions.begin_without_account(**told, at=at)
    assert Learner.objects.count() == 0


def test_a_course_that_does_not_allow_it_cannot_be_begun_so(client, course, lessons, at):
    learner = Learner.objects.create(code_hmac="x", country_id="HT", used_at=at)

    assert client.get(BEGIN).status_code == 404
    assert client.post(BEGIN, {"country": "HT"}).status_code == 404
    assert "Begin without an account" not in client.get(address(course)).content.decode()
    with pytest.raises(actions.NotOffered):
        actions.enrol(learner=learner, course=course, country="HT", at=at)


def test_the_course_and_its_lessons_lead_a_visitor_there(client, allowed, lessons):
    link = 'href="/en/learning/judicial/without-account/'

    assert link in client.get(address(allowed)).content.decode()
    assert link in client.get(address(lessons[0])).content.decode()


def test_who_has_a_code_gets_no_second_one(client, code, allowed):
    client.post(BEGIN, {"country": "HT"})

    assert Learner.objects.count() == 1
    assert "You have a code already" in client.get("/en/learning/").content.decode()


def test_a_new_code_replaces_the_old_one_everywhere(client, code, client_of):
    other = client_of()
    other.post(OPEN, {"code": code})

    fresh = shown(client.post(NEW))

    assert other.get("/en/learning/").status_code == 302
    assert other.post(OPEN, {"code": code}).status_code == 422
    assert other.post(OPEN, {"code": fresh}).status_code == 302
    assert client.get("/en/learning/").status_code == 200


def test_leaving_and_emptying_the_phone_close_it_and_the_code_opens_it_again(client, code, lessons):
    end(client, lessons[0])
    for url in (reverse("leave"), "/en/wipe/"):
        client.post(url)
        assert client.get("/en/learning/").status_code == 302
        client.post(OPEN, {"code": code})

    assert Progress.objects.get().done == 1
    assert client.get("/en/learning/").status_code == 200


def test_erased_on_one_phone_she_goes_out_of_the_session_of_the_other_with_its_next_page(client, code, client_of):
    other = client_of()
    other.post(OPEN, {"code": code})
    who = str(Learner.objects.get().public_id)
    assert other.session[guests.KEY][0] == who

    client.post(ERASE, {"sure": "on", "phone": "on"})
    other.get("/en/learning/")

    assert guests.KEY not in other.session
    assert who not in str(dict(other.session))


@pytest.mark.parametrize("is_known", [True, False])
def test_erased_nothing_is_kept_and_nothing_opens_it(client, code, lessons, client_of, append_only_triggers, is_known):
    end(client, lessons[0])
    who = Learner.objects.get().public_id
    browser = client if is_known else client_of()
    typed = {} if is_known else {"code": code}

    unsure = browser.post(ERASE, typed)
    answer = browser.post(ERASE, typed | {"sure": "on", "phone": "on"})

    assert unsure.status_code == 422
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert [model.objects.count() for model in (Learner, Enrolment, Event, Progress, Attempt)] == [0] * 5
    assert ErasedOwner.objects.get().owner == who
    assert client.get("/en/learning/").status_code == 302
    assert client_of().post(OPEN, {"code": code}).status_code == 422
    assert AuditEntry.objects.get(verb="training.progress_erased").actor == "anonymous"


def test_events_of_nobody_else_can_be_deleted(enrolment, lessons, official, at, append_only_triggers):
    actions.open_lesson(
        user=official, course=enrolment.course, lesson=str(lessons[0].translation_key), language="en", at=at
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Learner.objects.update(erased_at=at)

    assert Event.objects.count() == 1


def test_what_a_backup_brings_back_is_erased_again(client, code, at):
    learner = Learner.objects.get()

    assert actions.erase_learner_again(owner=learner.public_id, by="command", at=at) is True
    assert actions.erase_learner_again(owner=learner.public_id, by="command", at=at) is False
    assert Learner.objects.count() == 0


@pytest.mark.parametrize(
    ("days", "has_begun", "left"), [(29, False, 1), (31, False, 0), (364, True, 1), (366, True, 0)]
)
def test_what_nobody_uses_is_forgotten(client, code, lessons, days, has_begun, left):
    if has_begun:
        end(client, lessons[0])

    actions.forget_unused(at=timezone.now() + dt.timedelta(days=days))

    assert Learner.objects.count() == left


def test_a_phone_sends_for_her_what_it_kept(client, code, lessons):
    learner, enrolment = Learner.objects.get(), Enrolment.objects.get()
    hello = client.get("/api/progress/").json()
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "activity": version.lessons[0].id, "version": version.id,
        "language": "fr", "occurred_at": timezone.now().isoformat(), "payload": {"screen": "end"},
    }  # fmt: skip
    batch = {"schema": "progress/1", "who": hello["who"], "device": str(uuid.uuid4()), "sent_at": hello["now"]}

    answer = client.post("/api/progress/", batch | {"events": [event]}, content_type="application/json")

    assert hello["who"] == str(learner.public_id)
    assert [one["status"] for one in answer.json()["results"]] == ["accepted"]
    assert Progress.objects.get().done == 1


@pytest.mark.parametrize("url", ["/en/learning/certificates/", "/en/learning/groups/", "/en/learning/join/", CLAIM])
def test_what_bears_a_name_says_kindly_that_it_needs_an_account(client, code, url):
    answer = client.get(url, follow=True)

    assert answer.redirect_chain[-1][0].startswith("/en/account/login/")
    assert "so it needs an account" in answer.content.decode()
    assert client.get("/en/learning/").status_code == 200


def test_the_file_of_a_course_says_whether_it_may_be_begun_so(folder, front, course, at):
    told = folder / "course.toml"
    told.write_text(told.read_text().replace("languages = [", "without_account = true\nlanguages = [", 1))

    actions.load_course(folder, front, by="test", at=at)

    course.refresh_from_db()
    assert course.without_account is True
    assert next(iter(queries.courses("en", page=course.pk))).without_account is True


def test_the_editor_asks_it(editor, course):
    page = editor.get(f"/admin/pages/{course.pk}/edit/").content.decode()

    assert 'name="without_account"' in page


def test_a_code_is_read_as_people_write_it():
    bare = "01ABCDEFGHJKMNPQRSTV"

    assert credentials.code_of("o1ab cdef-ghjk—mnpq·rstv", 20) == bare
    assert credentials.code_of("0IABCDEFGHJKMNPQRSTV\u200e", 20) == bare
    assert credentials.code_of(bare) == ""
    assert credentials.code_of("U" * 20, 20) == ""
    assert credentials.grouped(bare, 4) == "01AB CDEF GHJK MNPQ RSTV"
