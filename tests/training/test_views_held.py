"""A form that was sent when the session was over: kept for an hour for its sender alone, sent once she is back."""

import datetime as dt

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.tasks import drop_old_rows
from tests.training.answers import address, check_of, fields, paper, right, token_of, wrong
from tests.training.signing_in import PASSWORD, official
from training.models import Event
from training.views import held

pytestmark = pytest.mark.either

__all__ = ["official"]
LOGIN = "/fr/account/login/"


@pytest.fixture
def browser(client, sign_in, official):
    """The official's browser: signed in, and able to lose its session."""
    sign_in(official)
    return client


def lose_session(browser):
    del browser.cookies["sessionid"]


def come_back(browser, user, sent=None):
    """Sign in as a person does, following where the answer to the form led."""
    where = sent["Location"] if sent is not None and sent.status_code == 302 else LOGIN
    onward = {"next": where.split("next=")[1].replace("%2F", "/")} if "next=" in where else {}
    return browser.post(LOGIN, {"login": user.email, "password": PASSWORD} | onward, follow=True)


def filled(browser, attempt):
    """Return what the page of a test sends when every answer is right."""
    return {"token": token_of(browser.get(paper(attempt)).content.decode(), 'name="token"')} | right(attempt)


def test_a_test_handed_in_after_the_session_is_over_is_taken_after_sign_in(browser, official, attempt):
    answers = filled(browser, attempt)
    lose_session(browser)

    sent = browser.post(paper(attempt), answers)
    told = browser.get(sent["Location"]).content.decode()
    back = come_back(browser, official, sent)

    attempt.refresh_from_db()
    assert "ce que vous avez envoyé" in told.lower() or "What you sent is kept for one hour" in told
    assert back.redirect_chain[-1][0] == paper(attempt, "fr", "result/")
    assert str(held.SENT_NOW) in back.content.decode()
    assert (attempt.passed, attempt.right) == (True, 6)


@pytest.mark.both
def test_the_same_test_sent_twice_is_one_paper(browser, official, attempt):
    answers = filled(browser, attempt)
    lose_session(browser)
    browser.post(paper(attempt), answers)
    come_back(browser, official, browser.post(paper(attempt), answers))

    again = browser.post(paper(attempt), answers)

    assert again["Location"] == paper(attempt, "fr", "result/")
    assert Event.objects.filter(verb="submitted").count() == 1
    assert held.KEY not in browser.session


def test_a_test_with_open_questions_comes_back_filled(browser, official, attempt):
    answers = filled(browser, attempt)
    answers.pop(next(reversed(answers)))
    lose_session(browser)

    back = come_back(browser, official, browser.post(paper(attempt), answers))

    attempt.refresh_from_db()
    assert back.content.decode().count(" checked>") == 5
    assert attempt.submitted_at is None


@pytest.mark.both
def test_of_one_test_that_waits_twice_the_answers_of_both_count_the_later_ones_first(browser, official, attempt):
    answers = filled(browser, attempt)
    names = [name for name in answers if name != "token"]
    first = answers | dict.fromkeys(names[3:], "") | {names[2]: wrong(attempt, 2)[names[2]]}
    second = answers | dict.fromkeys(names[:2], "")
    lose_session(browser)

    browser.post(paper(attempt), first)
    back = come_back(browser, official, browser.post(paper(attempt), second))

    attempt.refresh_from_db()
    assert back.redirect_chain[-1][0] == paper(attempt, "fr", "result/")
    assert (attempt.passed, attempt.right) == (True, 6)


def test_of_one_test_that_waits_twice_the_last_says_whether_it_is_handed_in(browser, official, attempt):
    answers = filled(browser, attempt)
    lose_session(browser)

    browser.post(paper(attempt), answers)
    browser.post(paper(attempt), answers | {"keep": ""})
    browser.post(LOGIN, {"login": official.email, "password": PASSWORD})
    back = browser.get(browser.get(paper(attempt))["Location"])

    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert back.content.decode().count(" checked>") == 6


def test_who_goes_to_her_courses_is_led_to_what_waits(browser, official, attempt):
    answers = filled(browser, attempt)
    lose_session(browser)
    browser.post(paper(attempt), answers)

    back = come_back(browser, official)

    assert back.redirect_chain[-1][0] == paper(attempt, "fr", "result/")


def test_who_goes_to_her_courses_is_led_once_to_each_thing_that_waits(browser, official, lessons):
    places = [address(lesson, "fr") for lesson in lessons[:2]]
    ends = [{"token": token_of(browser.get(place).content.decode(), 'class="pager"')} for place in places]
    lose_session(browser)
    for place, end in zip(places, ends, strict=True):
        browser.post(place, end)
    browser.post(LOGIN, {"login": official.email, "password": PASSWORD})

    led = [browser.get("/fr/learning/") for _visit in range(3)]

    assert [one["Location"] for one in led[:2]] == places
    assert led[2].status_code == 200


def test_another_person_who_signs_in_there_ends_what_waited(browser, official, person, attempt):
    other = person("learner", country=official.country)
    other.set_password(PASSWORD)
    other.save()
    answers = filled(browser, attempt)
    lose_session(browser)
    sent = browser.post(paper(attempt), answers)

    hers = come_back(browser, other, sent)
    left = browser.session.get(held.KEY)
    browser.post("/fr/account/logout/")
    come_back(browser, official, sent)

    attempt.refresh_from_db()
    assert hers.status_code == 404
    assert left is None
    assert attempt.submitted_at is None


@pytest.mark.parametrize("forge", [lambda token: "", lambda token: token[:-2] + "xx", lambda token: "é" * 3000])
def test_without_the_token_of_its_page_nothing_waits(browser, attempt, forge):
    answers = filled(browser, attempt)
    answers["token"] = forge(answers["token"])
    lose_session(browser)

    sent = browser.post(
        paper(attempt), answers, headers={"Referer": f"http://testserver{paper(attempt)}"}, follow=True
    )

    assert held.KEY not in browser.session
    assert str(held.SENT_NOW) not in sent.content.decode()


def test_more_than_ninety_six_kilobytes_in_all_do_not_wait(browser, attempt):
    answers = filled(browser, attempt) | {"more": "x" * 96 * 1024}
    lose_session(browser)

    browser.post(paper(attempt), answers)

    assert held.KEY not in browser.session


@pytest.mark.both
def test_after_an_hour_it_is_gone_and_so_is_the_session_that_held_it(browser, official, attempt):
    answers = filled(browser, attempt)
    lose_session(browser)
    sent = browser.post(paper(attempt), answers)
    key = browser.session.session_key
    later = timezone.now() + dt.timedelta(seconds=held.KEPT_SECONDS + 1)

    drop_old_rows(later)
    with time_machine.travel(later):
        come_back(browser, official, sent)

    attempt.refresh_from_db()
    assert not Session.objects.filter(pk=key).exists()
    assert attempt.submitted_at is None


def test_each_post_waits_an_hour_of_its_own(browser, official, lessons):
    page = browser.get(address(lessons[0], "fr")).content.decode()
    answer = {"token": token_of(page, "data-check")} | fields(check_of(lessons[0]), True)
    end = {"token": token_of(page, 'class="pager"')}
    lose_session(browser)
    begun = timezone.now()

    with time_machine.travel(begun, tick=False):
        browser.post(address(lessons[0], "fr"), answer)
    with time_machine.travel(begun + dt.timedelta(seconds=held.KEPT_SECONDS - 1), tick=False):
        browser.post(address(lessons[0], "fr"), end)
    with time_machine.travel(begun + dt.timedelta(seconds=held.KEPT_SECONDS), tick=False):
        browser.post(LOGIN, {"login": official.email, "password": PASSWORD})
        browser.get(address(lessons[0], "fr"), follow=True)

    assert [one.verb for one in Event.objects.exclude(verb="opened")] == ["reached"]


@pytest.mark.both
def test_the_session_that_holds_a_post_ends_within_an_hour_and_that_of_who_is_back_is_as_ever(
    browser, official, attempt
):
    ordinary, answers = browser.session.get_expiry_age(), filled(browser, attempt)
    lose_session(browser)

    sent = browser.post(paper(attempt), answers)
    holding = browser.session.get_expiry_age()
    come_back(browser, official, sent)

    assert holding == held.KEPT_SECONDS < ordinary
    assert browser.session.get_expiry_age() == ordinary


def test_the_check_of_form_tokens_is_asked_of_a_form_without_a_session_too(official, attempt):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(paper(attempt), right(attempt)).status_code == 403


def test_answers_and_the_end_of_a_lesson_are_taken_after_sign_in(browser, official, lessons):
    page = browser.get(address(lessons[0], "fr")).content.decode()
    answer = {"token": token_of(page, "data-check")} | fields(check_of(lessons[0]), True)
    end = {"token": token_of(page, 'class="pager"')}
    lose_session(browser)

    answered = browser.post(address(lessons[0], "fr"), answer)
    ended = browser.post(address(lessons[0], "fr"), end)
    browser.post(LOGIN, {"login": official.email, "password": PASSWORD})
    back = browser.get(address(lessons[0], "fr"), follow=True)
    again = browser.get(address(lessons[0], "fr"), follow=True)

    assert (answered.status_code, ended.status_code) == (200, 409)
    assert back.redirect_chain[-1][0] == address(lessons[1], "fr")
    assert str(held.SENT_NOW) in back.content.decode()
    assert str(held.SENT_NOW) not in again.content.decode()
    assert sorted(Event.objects.exclude(verb="opened").values_list("verb", flat=True)) == ["answered", "reached"]


def test_a_lesson_says_that_what_was_sent_waits(browser, lessons):
    token = token_of(browser.get(address(lessons[0])).content.decode(), 'class="pager"')
    lose_session(browser)

    answer = browser.post(address(lessons[0]), {"token": token}).content.decode()

    assert "What you sent is kept for one hour: sign in, and it is sent." in answer
    assert f'/en/account/login/?next={address(lessons[0])}">' in answer
