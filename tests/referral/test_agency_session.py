"""The session in which an agency's page was opened: how long it lasts, and what it says of an answer after a redirect."""

import pytest
from django.test import Client

from tests.referral.offers import opened

pytestmark = pytest.mark.either


def test_an_agencys_session_ends_with_its_browser(offer):
    _referral, code, path = offer

    browser = opened(path, code)

    assert browser.session.get_expire_at_browser_close()


def test_opening_an_agencys_page_leaves_the_session_of_staff_as_long_as_it_was(offer, sign_in, supervisor):
    _referral, code, path = offer
    desk = sign_in(supervisor)
    before = desk.session.get_expiry_age()

    answer = desk.post(path, {"code": code})

    assert answer.status_code == 302
    assert not desk.session.get_expire_at_browser_close()
    assert desk.session.get_expiry_age() == before


NO = {"act": "answer", "answer": "decline"}


@pytest.mark.parametrize(
    "answer", [NO, NO | {"reason": "full"}, {"act": "answer", "answer": "accept"}, {"act": "answer"}]
)
def test_each_answer_leads_to_the_page_so_that_back_finds_one(offer, answer):
    _referral, code, path = offer

    told = opened(path, code).post(path, answer)

    assert (told.status_code, told["Location"]) == (302, path)


def test_what_was_wrong_is_said_once_and_in_the_session_that_opened_the_page_alone(offer):
    _referral, code, path = offer
    browser = opened(path, code)
    browser.post(path, NO)

    other = Client().get(path)
    first, second = (browser.get(path).content.decode() for _look in range(2))

    assert other.status_code == 404
    assert ["Choose why you cannot." in page for page in (first, second)] == [True, False]
    assert "checked" in first


def test_her_own_words_stand_in_no_session_and_are_not_lost(offer):
    _referral, code, path = offer
    browser = opened(path, code)

    told = browser.post(path, NO | {"note": "Quiet words"})

    assert told.status_code == 400
    assert "Quiet words</textarea>" in told.content.decode()
    assert "Quiet words" not in str(dict(browser.session))
