"""What guards a progress code in a browser: a session of its own, pages that nobody keeps, no report that repeats it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.training.without_account import BEGIN, CLAIM, ERASE, NEW, OPEN, allowed, begin
from training import actions
from training.actions import codes
from training.models import Attempt, Event, Learner

__all__ = ["allowed"]


@pytest.fixture
def code(allowed):
    """The code of somebody who has begun on another phone."""
    return begin(Client())


@pytest.fixture
def planted():
    """A browser whose session somebody else knows; its key."""
    client = Client()
    session = client.session
    session["seen"] = "1"
    session.save()
    return client, session.session_key


def knows_her(key):
    """Tell whether a browser with this session is where her learning is."""
    stranger = Client()
    stranger.cookies["sessionid"] = key
    return stranger.get("/en/learning/").status_code == 200


def test_a_session_that_somebody_planted_is_not_hers_once_her_code_is_typed(planted, code):
    client, key = planted

    client.post(OPEN, {"code": code})

    assert client.get("/en/learning/").status_code == 200
    assert client.session.session_key != key
    assert not knows_her(key)


def test_nor_once_she_has_begun(planted, allowed):
    client, key = planted

    begin(client)

    assert client.get("/en/learning/").status_code == 200
    assert not knows_her(key)


@pytest.mark.parametrize("url", [BEGIN, OPEN, ERASE, NEW, CLAIM])
def test_no_page_about_a_code_is_kept_and_no_report_of_a_fault_repeats_it(client, sign_in, official, code, url):
    if url == CLAIM:
        sign_in(official)
    if url == NEW:
        client.post(OPEN, {"code": code})

    answer = client.post(url, {"code": code})

    assert "no-store" in answer["Cache-Control"]
    assert answer.wsgi_request.sensitive_post_parameters == ("code",)


def test_a_class_behind_one_network_comes_in_and_wrong_codes_only_are_counted(allowed, at):
    made = [
        actions.begin_without_account(course=allowed, country="HT", address="2", at=at)
        for _place in range(codes.TRIES_AN_ADDRESS + 2)
    ]

    for learner, _enrolment, code in made:
        assert actions.open_with_code(code=code, address="1", at=at) == learner
    for _try in range(codes.TRIES_AN_ADDRESS):
        with pytest.raises(actions.CodeUnknown):
            actions.open_with_code(code="0" * 20, address="1", at=at)
    with pytest.raises(actions.TooMany):
        actions.open_with_code(code=made[0][2], address="1", at=at)


def test_who_kept_a_course_has_begun_and_is_not_forgotten_while_her_answers_wait_on_the_phone(code, allowed):
    phone = Client()
    phone.post(OPEN, {"code": code})
    phone.post("/en/learning/judicial/paper/")
    assert (Attempt.objects.count(), Event.objects.count()) == (1, 0)

    left = []
    for days in (31, 364, 366):
        actions.forget_unused(at=timezone.now() + dt.timedelta(days=days))
        left.append(Learner.objects.count())

    assert left == [1, 1, 0]
