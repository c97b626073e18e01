"""A session that is over, or is about to be: what keeps an operator signed in, and what becomes of a form without one."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from hotline.models import Contact, Leg, OperatorState

pytestmark = pytest.mark.django_db

LIVE = "/en/console/live/"


@pytest.fixture
def limits(settings):
    """The limits of production: fifteen minutes without an act, twelve hours at most."""
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200


@pytest.fixture
def contact(line, at):
    row = Contact.objects.create(
        line=line, country=line.country, state="waiting", step="queue", queued_at=at, started_at=at, changed_at=at
    )
    Leg.objects.create(contact=row, account=line.account, call_sid="CA" + "1" * 32, made_at=at)
    return row


def polled(desk, minutes):
    """Ask as an open console asks, at each of these minutes from now; return the answers' codes."""
    start, codes = timezone.now(), []
    for minute in minutes:
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=False):
            codes.append(desk.get(LIVE, headers={"HX-Request": "true"}).status_code)
    return codes


def test_an_open_console_that_nobody_touches_is_signed_out_after_fifteen_minutes(sign_in, operator, limits):
    desk = sign_in(operator)
    desk.get(reverse("hotline:console"))

    assert polled(desk, (1, 5, 10, 14, 16, 17)) == [200, 200, 200, 200, 401, 401]


def test_an_act_on_the_console_keeps_the_session_awake(sign_in, operator, limits):
    desk = sign_in(operator)
    start = timezone.now()
    desk.get(reverse("hotline:console"))

    with time_machine.travel(start + dt.timedelta(minutes=14), tick=False):
        desk.post(reverse("hotline:operator_state"), {"state": "break"})
    with time_machine.travel(start + dt.timedelta(minutes=28), tick=False):
        assert desk.get(LIVE, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize("minutes", [(16, 40, 90), (90,), (13 * 60,)])
def test_nobody_is_signed_out_in_the_middle_of_a_call(sign_in, operator, limits, contact, minutes):
    desk = sign_in(operator)
    desk.get(reverse("hotline:console"))
    OperatorState.objects.filter(user=operator).update(state="on_call", contact=contact)

    assert set(polled(desk, minutes)) == {200}


def test_after_a_call_there_are_fifteen_minutes_for_the_sheet(sign_in, operator, limits, contact):
    desk = sign_in(operator)
    start = timezone.now()
    desk.get(reverse("hotline:console"))
    OperatorState.objects.filter(user=operator).update(
        state="wrap_up", contact=contact, since=start + dt.timedelta(minutes=30)
    )

    assert polled(desk, (31, 44, 46)) == [200, 200, 401]


def test_after_twelve_hours_the_session_ends_with_the_call(sign_in, operator, limits, contact):
    desk = sign_in(operator)
    start = timezone.now()
    desk.get(reverse("hotline:console"))
    OperatorState.objects.filter(user=operator).update(
        state="wrap_up", contact=contact, since=start + dt.timedelta(hours=12, minutes=1)
    )

    assert polled(desk, (12 * 60 + 2,)) == [401]


@pytest.mark.parametrize("hours", [1, 13])
def test_a_call_that_a_clock_ahead_ended_keeps_nobody_signed_in(sign_in, operator, limits, contact, hours):
    desk = sign_in(operator)
    start = timezone.now()
    log = reverse("hotline:call_log")
    assert desk.get(log).status_code == 200
    OperatorState.objects.filter(user=operator).update(
        state="wrap_up", contact=contact, since=start + dt.timedelta(days=7)
    )

    with time_machine.travel(start + dt.timedelta(hours=hours), tick=False):
        assert desk.get(log).url.startswith(reverse("account_login"))


def test_a_form_sent_in_the_background_without_a_session_leaves_its_page_where_it_is(client, contact):
    page = f"http://testserver{reverse('hotline:console')}?contact={contact.public_id}"

    answer = client.post(
        reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "concern"},
        headers={"HX-Request": "true", "HX-Boosted": "true", "HX-Current-URL": page},
    )  # fmt: skip

    assert answer.status_code == 401
    assert answer["HX-Redirect"].endswith(f"next=%2Fen%2Fconsole%2F%3Fcontact%3D{contact.public_id}")


def test_a_plain_form_without_a_session_leads_back_to_its_page_and_says_that_nothing_was_saved(client, contact):
    page = f"http://testserver{reverse('hotline:console')}?contact={contact.public_id}"

    answer = client.post(
        reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "concern"}, headers={"Referer": page}, follow=True
    )  # fmt: skip

    assert answer.redirect_chain[0][0].endswith(f"next=%2Fen%2Fconsole%2F%3Fcontact%3D{contact.public_id}")
    assert "so this was not saved" in answer.content.decode()


@pytest.mark.parametrize("page", ["http://elsewhere.example/en/console/", "", "http://testserver/..//evil.example"])
def test_a_form_of_another_site_leads_to_sign_in_alone(client, contact, page):
    answer = client.post(reverse("hotline:wrap_up", args=[contact.public_id]), headers={"Referer": page})

    assert answer["Location"] == reverse("account_login")


@pytest.mark.parametrize(
    ("name", "fields"),
    [("operator_state", {"state": "ready"}), ("take", {}), ("wrap_up", {"topic": "concern"}), ("wrap_up", {}),
     ("read_messages", {}), ("set_language", {"language": "fr"}), ("open_case", {}), ("give_owner", {}),
     ("close_follow_up", {}), ("show_number", {})],
)  # fmt: skip
def test_a_form_sent_in_the_background_is_told_where_to_go_on(sign_in, operator, contact, name, fields):
    where = [] if name == "operator_state" else [contact.public_id]

    answer = sign_in(operator).post(
        reverse(f"hotline:{name}", args=where), fields, headers={"HX-Request": "true", "HX-Boosted": "true"}
    )

    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith("/en/")
