"""Which number the on-screen phone is about to dial: that of the caller's country, closed or not."""

import json
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country
from hotline.models import Contact, DayException, Line
from hotline.queries.simulation import practice_lines
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.practice import (  # noqa: F401 -- fixtures
    act,
    phone_on_screen,
    post_by_client,
    practice_network,
    ticking_clock,
    words,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.either]
CLOSED = "2883</bdi>, Liberia: closed now."


@pytest.fixture
def mozambican(line):
    """A free line of another country, in whose country none of the demo's callers is."""
    country = Country.objects.create(
        code="MZ", name="Mozambique", slug="mozambique", language_codes="pt", time_zone="Africa/Maputo",
        area_word="Province",
    )  # fmt: skip
    return Line.objects.create(
        country=country, name="Practice line", number="1458", numbers="1458", account=SIMULATED_ACCOUNT,
        language_keys="1:pt", duty_phone="+231770009999", other_number="116", is_free=True, is_practice=True,
    )  # fmt: skip


def close_today(line):
    today = timezone.localtime(timezone.now(), ZoneInfo(line.country.time_zone)).date()
    DayException.objects.create(line=line, day=today)


def test_the_number_stays_that_of_the_callers_country(client, line, mozambican):
    Line.objects.filter(pk=line.pk).update(is_free=False)

    page = client.get(reverse("hotline:phone"))

    numbers = json.loads(page.context["numbers"])
    assert page.context["dial_form"]["to"].value() == "2883"
    assert (numbers["+231770000101"], numbers["+50934000103"], numbers[""]) == ("2883", "1458", "1458")
    assert json.dumps(numbers) in unescape(page.content.decode())


def test_a_closed_line_is_offered_and_said_to_be_closed(client, line, mozambican):
    is_said_before = CLOSED in client.get(reverse("hotline:phone")).content.decode()
    close_today(line)

    page = client.get(reverse("hotline:phone"))

    assert not is_said_before
    assert page.context["dial_form"]["to"].value() == "2883"
    assert CLOSED in page.content.decode()
    assert 'data-closed="2883">' in page.content.decode()
    assert 'data-closed="1458" hidden>' in page.content.decode()


@pytest.mark.parametrize(
    ("role", "is_offered"), [("operator", True), ("analyst", False), ("learner", False), ("", False)]
)
def test_the_console_is_offered_to_whom_it_opens(client, sign_in, person, liberia, line, role, is_offered):
    if role:
        sign_in(person(role, country=liberia))

    page = client.get(reverse("hotline:phone")).content.decode()

    assert (f'href="{reverse("hotline:console")}"' in page) is is_offered
    if role:
        assert (client.get(reverse("hotline:console")).status_code == 200) is is_offered


def test_a_line_that_takes_messages_only_counts_as_closed(line, at):
    Line.objects.update(mode="message")

    assert [row.is_open for row in practice_lines(at)] == [False]


def test_a_call_to_a_closed_line_leaves_a_message(client, practice, phone, line, ticking):
    DayException.objects.create(line=line, day=ticking.now.date())

    def let_pass(seconds):
        for _second in range(seconds):
            practice.step()
            ticking.move(1)

    practice.step()
    for key in ("1", "1"):
        act(client, phone, "press", digits=key)
        let_pass(2)
    let_pass(14)
    during = words(client, phone)
    act(client, phone, "speak", text="Please call me.")
    let_pass(6)
    act(client, phone, "hang_up")
    let_pass(2)

    contact = Contact.objects.get()
    assert "The line records" in during
    assert (contact.outcome, contact.is_missed) == ("voicemail", True)
