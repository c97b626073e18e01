"""Times are told by the clock of the reader's country, by each address and whatever it answers with."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from hotline import urls
from hotline.actions.call_back import end_call_back
from hotline.models import CallBack, Contact, OperatorState
from hotline.views.clocks import OWN_CLOCK
from tests.hotline.console import waiting
from tests.hotline.practice import act, phone_on_screen, post_by_client, practice_network, ticking_clock, words  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dhaka(liberia):
    """The line's country six hours ahead of the server."""
    liberia.time_zone = "Asia/Dhaka"
    liberia.save()
    return liberia


@pytest.fixture
def no_server_clock(monkeypatch):
    """No time is told by the clock of the server: who tries is stopped."""

    class Nobodys(dt.tzinfo):
        def utcoffset(self, _at):
            raise AssertionError("a time was told by the clock of the server")

        fromutc = dst = tzname = utcoffset

    monkeypatch.setattr(timezone, "get_default_timezone", Nobodys)


def test_each_address_has_a_clock_or_says_why_it_has_not():
    clocks = {one.name: getattr(one.callback, "has_clock", False) for one in urls.urlpatterns}

    assert {name for name, has_clock in clocks.items() if not has_clock} == set(OWN_CLOCK)


def told(answer):
    return [str(one) for one in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("sent", [{}, {"state": "asleep"}])
def test_a_state_that_there_is_not_changes_nothing_and_is_told(desk, operator, now, sent):
    answer = desk.post(reverse("hotline:operator_state"), sent)

    assert told(answer) == ["Nothing was changed."]
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_a_call_that_is_asked_for_without_a_reason_tells_the_times_of_the_page(
    begun, sign_in, supervisor, at, now, no_server_clock
):
    end_call_back(contact=begun.contact, by=begun.by, at=at)
    CallBack.objects.update(by=supervisor)
    Contact.objects.update(may_call="unknown")
    boss = sign_in(supervisor)

    shown = boss.get(reverse("hotline:call_back", args=[begun.contact.public_id]))
    refused = boss.post(reverse("hotline:override_ask", args=[begun.contact.public_id]), {"reason": ""})

    assert (shown.status_code, refused.status_code) == (200, 422)
    ends = [
        BeautifulSoup(page.content, "html.parser").find(class_="banner").find(class_="num").text
        for page in (shown, refused)
    ]
    assert ends == ["25 Nov 2026 16:00"] * 2


def test_parts_that_are_shown_anew_tell_the_time_of_the_country(
    desk, sign_in, supervisor, line, at, now, no_server_clock
):
    waiting(line, at)

    part = desk.get(reverse("hotline:console_live"))
    boss = sign_in(supervisor)
    board = boss.get(reverse("hotline:board_live"))

    assert "since 16:00" in part.content.decode()
    assert board.status_code == 200


def test_a_part_of_a_call_back_tells_the_time_of_the_country(desk, begun, now, no_server_clock):
    part = desk.get(reverse("hotline:call_back_live", args=[begun.contact.public_id]))

    assert part.status_code == 200
    assert part.content


def test_the_phone_on_the_screen_goes_by_the_clock_of_the_line(client, practice, phone, no_server_clock):
    practice.step()

    pages = words(client, phone), client.get(reverse("hotline:phone_live", args=[phone.public_id])).content.decode()
    refused = act(client, phone, "text", to="", text="")

    assert all("16:00:00" in page for page in pages)
    assert refused.status_code == 422
