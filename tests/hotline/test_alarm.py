"""Danger is told on every page of the desk: to whoever is not looking at an open console."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline import actions
from hotline.models import Contact, ThirdCall
from hotline.queries.alarm import alarm_of
from hotline.rules import ROUTES
from tests.hotline.console import waiting
from tests.hotline.thirds import conversation_with_an_operator  # noqa: F401 -- a fixture

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


HELP = "An operator asks for help in a call."


@pytest.fixture
def asked(talk, operator, clock):
    """An operator called for help in her call; nobody answered yet."""
    Contact.objects.filter(pk=talk.pk).update(is_practice=False)
    return actions.ask_help(contact=talk, by=operator, at=clock.now)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_of_a_supervisor_says_that_an_operator_asks_for_help(sign_in, supervisor, asked, name):
    page = sign_in(supervisor).get(reverse(name)).content.decode()

    bar = page.split('id="alarm"')[1].split("<script")[0]
    assert HELP in bar
    assert "Practice." not in bar
    assert " hidden>" not in bar
    assert f'href="{reverse("hotline:board")}"' in bar
    assert asked.contact.code not in bar


def test_operators_and_supervisors_elsewhere_hear_of_no_call_for_help(sign_in, operator, person, haiti, asked):
    for user in (operator, person("supervisor", country=haiti)):
        assert alarm_of(user).asks_help is False
        assert HELP not in sign_in(user).get(reverse("referral:cases")).content.decode()


def test_an_open_page_learns_of_a_call_for_help_beside_danger_and_of_its_end(
    sign_in, supervisor, asked, line, clock, django_assert_num_queries
):
    browser, ask = sign_in(supervisor), reverse("hotline:alarm")
    assert HELP in browser.get(ask, {"seen": ""}).content.decode()
    with django_assert_num_queries(2):  # session and person; danger and help in one
        assert browser.get(ask, {"seen": "help"}).status_code == 204
    waiting(line, clock.now, is_danger=True)
    both = browser.get(ask, {"seen": "help"}).content.decode()
    assert (WORDS in both, HELP in both, both.count('data-mark="on.help"')) == (True, True, 2)

    actions.offer_join(contact=asked.contact, mode="coach", reason="help", by=supervisor, at=clock.now)
    after = browser.get(ask, {"seen": "on.help"}).content.decode()
    assert (WORDS in after, HELP in after) == (True, False)


def test_a_call_for_help_in_practice_is_called_that_and_nobody_helps_herself(sign_in, supervisor, asked):
    Contact.objects.update(is_practice=True)
    assert f"Practice. {HELP}" in sign_in(supervisor).get(reverse("referral:cases")).content.decode()
    Contact.objects.filter(pk=asked.contact_id).update(claimed_by=supervisor)

    assert alarm_of(supervisor).asks_help is False
    assert ThirdCall.objects.get().state == "asked"
