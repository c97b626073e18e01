"""Danger is told on every page of the desk: to whoever is not looking at an open console."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.models import Contact
from hotline.queries.alarm import alarm_of
from hotline.rules import ROUTES
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db
WORDS = "Somebody in danger waits on the line of Liberia."
PAGES = ["referral:cases", "referral:directory", "hotline:call_log", "hotline:roster"]


@pytest.fixture
def in_danger(line, at):
    """A caller of the live line who pressed 9 and waits."""
    return waiting(line, at, is_danger=True, priority=0)


def live(contact):
    Contact.objects.filter(pk=contact.pk).update(is_practice=False)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_each_page_of_the_desk_says_that_somebody_in_danger_waits(sign_in, person, liberia, in_danger, role, name):
    page = sign_in(person(role, country=liberia)).get(reverse(name)).content.decode()

    assert WORDS in page
    assert "Practice." not in page
    assert in_danger.code not in page.split('id="main"')[0]
    bar = page.split('id="alarm"')[1].split("</div>")[0]
    assert f'data-ask="{reverse("hotline:alarm")}"' in bar
    assert f'href="{reverse("hotline:console")}"' in bar
    assert " hidden>" not in bar


def test_it_is_quiet_while_nobody_in_danger_waits(sign_in, operator, line, at):
    waiting(line, at)
    waiting(line, at, is_danger=True, state="connected")
    waiting(line, at, is_danger=True, ended_at=at)

    page = sign_in(operator).get(reverse("referral:cases")).content.decode()

    assert WORDS not in page
    assert "hotline/alarm" in page
    assert ' hidden></div><script src="' in page.split('id="alarm"')[1]


def test_a_call_for_practice_is_called_that(sign_in, operator, in_danger, line, at):
    Contact.objects.update(is_practice=True)
    practice = sign_in(operator).get(reverse("referral:cases")).content.decode()
    live(waiting(line, at, is_danger=True))
    both = sign_in(operator).get(reverse("referral:cases")).content.decode()

    assert f"Practice. {WORDS}" in practice
    assert WORDS in both
    assert "Practice." not in both


def test_a_page_that_stands_open_learns_of_it_and_of_the_end(sign_in, supervisor, line, at):
    browser, ask = sign_in(supervisor), reverse("hotline:alarm")
    before = browser.get(ask, {"seen": ""})
    contact = waiting(line, at, is_danger=True)
    told = browser.get(ask, {"seen": ""})
    same = browser.get(ask, {"seen": "on"})
    Contact.objects.filter(pk=contact.pk).update(state="connected")
    after = browser.get(ask, {"seen": "on"})

    assert (before.status_code, told.status_code, same.status_code, after.status_code) == (204, 200, 204, 200)
    assert WORDS in told.content.decode()
    assert 'data-danger-title="Danger"' in told.content.decode()
    assert after.content == b""


def test_asking_is_no_act_and_one_query_beside_the_session(sign_in, operator, line, at, django_assert_num_queries):
    browser, ask = sign_in(operator), reverse("hotline:alarm")
    browser.get(ask)

    with django_assert_num_queries(2):  # session and person, those in danger
        assert browser.get(ask).status_code == 204
    for _number in range(3):
        waiting(line, at, is_danger=True)
    with django_assert_num_queries(2):
        assert browser.get(ask, {"seen": "on"}).status_code == 204
    assert ROUTES["hotline:alarm"].by_itself


@pytest.mark.parametrize("role", ["learner", "analyst", "translator", "manager", "administrator", "interpreter"])
def test_nobody_else_hears_of_it_or_asks(sign_in, person, liberia, in_danger, role, django_assert_num_queries):
    user = person(role, country=liberia)
    with django_assert_num_queries(0):
        assert alarm_of(user) is None

    browser = sign_in(user)

    assert browser.get(reverse("hotline:alarm")).status_code == 404
    pages = [browser.get(url, follow=True).content.decode() for url in ("/en/profile/", "/en/learning/", "/en/cases/")]
    assert not any("hotline/alarm" in page or WORDS in page for page in pages)
    assert render_to_string("components/alarm.html") == ""


def test_public_pages_carry_nothing_of_it_whoever_looks(sign_in, operator, in_danger):
    with CaptureQueriesContext(connection) as asked:
        page = sign_in(operator).get("/en/learning/").content.decode()

    assert "hotline/alarm" not in page
    assert not any("is_danger" in one["sql"] for one in asked)


def test_another_country_hears_nothing(sign_in, person, haiti, in_danger):
    foreign = sign_in(person("operator", country=haiti))

    assert WORDS not in foreign.get(reverse("referral:cases")).content.decode()
    assert foreign.get(reverse("hotline:alarm"), {"seen": ""}).status_code == 204
