"""A form that waits under a code when its sender signs in with an account: taken once that has taken the code over."""

import pytest
from django.test import Client
from django.utils.html import escape

from tests.training.answers import address, token_of
from tests.training.signing_in import PASSWORD, official
from tests.training.without_account import CLAIM, OPEN, allowed, begin
from training import actions
from training.models import Event, Learner, Progress
from training.views import held

__all__ = ["allowed", "official"]
LOGIN = "/en/account/login/"


@pytest.fixture
def code(allowed):
    """The code of somebody who has begun on another phone."""
    return begin(Client())


def end_without_session(code, lesson):
    """Send the end of a lesson from a browser in which the code was typed and whose session is over; return it."""
    browser = Client()
    browser.post(OPEN, {"code": code})
    token = token_of(browser.get(address(lesson, "en")).content.decode(), "Finish this lesson")
    del browser.cookies["sessionid"]
    assert browser.post(address(lesson, "en"), {"token": token}).status_code == 409
    return browser


def sign_in(browser, user):
    browser.post(LOGIN, {"login": user.email, "password": PASSWORD})


def reached():
    """Return whose are the ends of lessons that are stored."""
    return [one.learner.user for one in Event.objects.filter(verb="reached")]


def test_it_is_taken_when_the_account_claims_the_code_after_sign_in(official, code, lessons):
    browser = end_without_session(code, lessons[0])
    sign_in(browser, official)
    before = browser.get(address(lessons[0], "en")), reached()

    browser.post(CLAIM, {"code": code})
    led = browser.get("/en/learning/", follow=True)

    assert (before[0].status_code, before[1]) == (200, [])
    assert led.redirect_chain[0][0] == address(lessons[0], "en")
    assert escape(str(held.SENT_NOW)) in led.content.decode()
    assert (reached(), Progress.objects.get().done) == ([official], 1)
    assert held.KEY not in browser.session


def test_it_waits_on_while_the_account_is_led_to_what_is_its_own(official, code, lessons):
    browser = end_without_session(code, lessons[0])
    sign_in(browser, official)
    other = token_of(browser.get(address(lessons[1], "en")).content.decode(), "Finish this lesson")
    browser.post(address(lessons[1], "en"), {"token": other})
    browser.get("/en/learning/")

    browser.post(CLAIM, {"code": code})
    browser.get(address(lessons[0], "en"), follow=True)

    assert reached() == [official, official]


def test_it_ends_when_the_code_was_taken_over_by_another_account(official, code, lessons, person, at):
    browser = end_without_session(code, lessons[0])
    actions.claim(user=person("learner", country=official.country), code=code, address="1", at=at)

    sign_in(browser, official)

    assert held.KEY not in browser.session


def test_a_claim_that_was_refused_takes_nothing(official, code, lessons):
    browser = end_without_session(code, lessons[0])
    sign_in(browser, official)

    browser.post(CLAIM, {"code": code[:-1]})

    assert [one["who"] for one in browser.session[held.KEY]] == [str(Learner.objects.get(user=None).public_id)]
    assert browser.get(address(lessons[0], "en")).status_code == 200
    assert reached() == []
