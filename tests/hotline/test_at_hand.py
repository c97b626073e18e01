"""The call at hand, on every page of the staff beside the console."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Country
from hotline.models import Contact, OperatorState
from hotline.queries.at_hand import call_at_hand
from hotline.rules import ROUTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(line, at):
    """A call that began to be spoken three minutes ago."""
    began = at - timedelta(minutes=3)
    return Contact.objects.create(
        line=line, country=line.country, language="en", state="connected", step="waiting", started_at=began,
        queued_at=began, connected_at=began, changed_at=at,
    )  # fmt: skip


def doing(operator, state, at, contact=None):
    OperatorState.objects.filter(user=operator).update(state=state, since=at, contact=contact)


@pytest.mark.parametrize("name", ["referral:cases", "referral:directory", "hotline:call_log", "hotline:roster"])
def test_in_a_call_each_staff_page_leads_back_to_it(sign_in, operator, call, at, name):
    doing(operator, "on_call", at, call)

    page = sign_in(operator).get(reverse(name)).content.decode()

    assert f'id="back-to-call" href="{reverse("hotline:console")}"' in page
    assert f'data-since="{call.connected_at.isoformat()}"' in page
    assert "On call" in page
    assert "Back to the call" in page
    assert "hotline/clock" in page


OUTSIDE = ["/en/profile/", "/en/learning/", "/en/account/2fa/", "/en/offline-and-gone/"]


@pytest.mark.parametrize("url", OUTSIDE)
def test_in_a_call_the_pages_of_everybody_lead_back_to_it_too(sign_in, operator, call, at, url):
    doing(operator, "on_call", at, call)

    page = sign_in(operator).get(url).content.decode()

    assert f'id="back-to-call" href="{reverse("hotline:console")}"' in page
    assert "at-hand.css" in page
    assert page.count("hotline/clock") == 1


def test_a_page_without_a_clock_tells_since_when_by_that_of_the_operators_country(
    sign_in, operator, liberia, call, at
):
    Country.objects.filter(pk=liberia.pk).update(time_zone="Asia/Dhaka")
    doing(operator, "on_call", at, call)

    page = sign_in(operator).get("/en/profile/").content.decode()

    assert f'data-since="{call.connected_at.isoformat()}">15:57<' in page


@pytest.mark.parametrize("url", OUTSIDE)
def test_who_has_no_call_gets_neither_bar_nor_style_nor_script(client, sign_in, person, liberia, call, url):
    learner = person("learner", country=liberia)

    pages = [client.get(url, follow=True).content, sign_in(learner).get(url, follow=True).content]

    assert not any(part in page for part in (b"at-hand", b"hotline/clock") for page in pages)
    assert render_to_string("components/call_at_hand.html") == ""


def test_a_sheet_that_waits_is_told_on_each_staff_page(sign_in, operator, call, at):
    doing(operator, "wrap_up", at, call)

    page = sign_in(operator).get(reverse("referral:cases")).content.decode()

    assert "Finish the sheet of the last call first." in page
    assert "Back to the call" not in page


def test_bar_asks_and_says_that_the_call_is_over(sign_in, operator, call, at):
    doing(operator, "on_call", at, call)
    browser = sign_in(operator)
    page = browser.get(reverse("referral:cases")).content.decode()
    ask, mark = reverse("hotline:at_hand"), call_at_hand(operator).mark

    same = browser.get(ask, {"seen": mark})
    doing(operator, "wrap_up", at, call)
    over = browser.get(ask, {"seen": mark})
    doing(operator, "ready", at)
    done = browser.get(ask, {"seen": mark})

    assert f'data-ask="{ask}"' in page
    assert f'data-mark="{mark}"' in page
    assert "hotline/at-hand" in page
    assert (same.status_code, over.status_code, done.status_code, done.content) == (204, 200, 200, b"")
    assert "The call is over." in over.content.decode()
    assert f'id="back-to-call" href="{reverse("hotline:console")}"' in over.content.decode()


def test_asking_for_the_call_at_hand_is_no_act_and_costs_the_same(
    sign_in, operator, call, at, django_assert_num_queries
):
    doing(operator, "on_call", at, call)
    browser = sign_in(operator)
    ask, mark = reverse("hotline:at_hand"), call_at_hand(operator).mark
    browser.get(ask)
    with CaptureQueriesContext(connection) as caught:
        browser.get(ask, {"seen": mark})
    for number in range(3):
        Contact.objects.create(line=call.line, country=call.country, state="waiting", started_at=at, changed_at=at)
        with django_assert_num_queries(len(caught)):
            assert browser.get(ask, {"seen": mark}).status_code == 204, number

    assert len(caught) <= 4
    assert ROUTES["hotline:at_hand"].by_itself


def test_without_a_call_nothing_is_said_and_the_console_does_not_say_it_twice(sign_in, operator, call, at):
    browser = sign_in(operator)
    doing(operator, "ready", at)
    before = browser.get(reverse("referral:cases")).content.decode()
    doing(operator, "on_call", at, call)
    console = browser.get(reverse("hotline:console")).content.decode()

    assert "back-to-call" not in before
    assert "back-to-call" not in console


def test_it_costs_one_query_and_none_for_people_who_take_no_calls(
    operator, person, liberia, call, at, django_assert_num_queries
):
    doing(operator, "on_call", at, call)
    manager = person("manager", country=liberia)

    with django_assert_num_queries(1):
        assert call_at_hand(operator).since == call.connected_at
    with django_assert_num_queries(0):
        assert call_at_hand(manager) is None


@pytest.mark.parametrize("state", ["offered", "on_call"])
def test_in_a_call_the_key_n_is_neither_shown_nor_pressed(sign_in, operator, call, conversation, at, state):
    browser = sign_in(operator)
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    doing(operator, "ready", at)
    before = browser.get(reverse("hotline:console")).content.decode()
    doing(operator, state, at, call)

    page = browser.get(reverse("hotline:console")).content.decode()
    live = browser.get(reverse("hotline:console_live"), {"seen": "older"}).content.decode()

    assert 'data-key="n"' in before
    assert '<span id="next-key"><kbd>N</kbd>' in before
    assert "Read and answer" in page
    assert 'data-key="n"' not in page
    assert '<span id="next-key" hidden>' in page
    assert '<span id="next-key" hx-swap-oob="true" hidden>' in live


@pytest.mark.parametrize("asked", ["erased", "00000000-0000-0000-0000-000000000001", "nonsense"])
def test_a_contact_that_is_gone_is_told_in_the_console_itself(sign_in, operator, call, at, asked):
    Contact.objects.filter(pk=call.pk).update(erased_at=at)
    asked = str(call.public_id) if asked == "erased" else asked

    answer = sign_in(operator).get(reverse("hotline:console"), {"contact": asked})

    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This contact is not here any more." in page
    assert 'id="queue"' in page
    assert "Need to talk to someone?" not in page


def test_the_console_is_loaded_anew_when_its_contact_goes_meanwhile(sign_in, operator, call, at):
    Contact.objects.filter(pk=call.pk).update(erased_at=at)
    asked = {"seen": "older", "contact": str(call.public_id)}

    answer = sign_in(operator).get(reverse("hotline:console_live"), asked, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == f"{reverse('hotline:console')}?contact={call.public_id}"
