"""When somebody may be called back although it is not known to be safe: two persons say so, and a no stands."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import SecondYes
from hotline.actions import call_back
from hotline.actions.override import agree_override, ask_override
from hotline.models import Contact
from hotline.queries.dialling import call_bar, is_outside_hours, may_be_overridden, number_bar

pytestmark = pytest.mark.django_db


def test_two_persons_may_call_what_is_not_known_to_be_safe_for_half_an_hour(
    missed, desk, sign_in, person, supervisor, operator, at, now
):
    Contact.objects.update(may_call="unknown")
    ask, agree = (reverse(f"hotline:{name}", args=[missed.public_id]) for name in ("override_ask", "override_agree"))
    assert desk.post(ask, {"reason": "danger"}).status_code == 404  # an operator does not ask
    boss = sign_in(supervisor)
    boss.post(ask, {"reason": "danger"})
    seen = {"asked": SecondYes.objects.get().asked_at.isoformat()}
    boss.post(agree, seen)
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"  # one person in both roles is none

    second = sign_in(operator)
    log = BeautifulSoup(second.get(reverse("hotline:call_log")).content, "html.parser")
    assert missed.code in log.find(id=f"to-agree-{missed.code}").text
    assert log.select_one(".staff-nav [aria-current] .count").text == "1"
    second.post(agree, {"asked": at.replace(year=2025).isoformat()})  # another asking than the one that was seen
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"
    assert (
        "asks to call although it is not known to be safe"
        in second.get(reverse("hotline:call_back", args=[missed.public_id])).content.decode()
    )
    second.post(agree, seen)

    assert (call_bar(missed, at), call_bar(missed, at + dt.timedelta(minutes=31))) == ("", "not_safe")
    assert number_bar(missed, operator, at) == "not_safe"
    Contact.objects.update(may_call="no")
    missed.refresh_from_db()
    assert call_bar(missed, at) == "not_safe"  # a no stands


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_a_missing_reason_is_told_in_the_form_which_stays_open(missed, sign_in, supervisor, now, reason):
    Contact.objects.update(may_call="unknown")
    boss, ask = sign_in(supervisor), reverse("hotline:override_ask", args=[missed.public_id])
    shut = BeautifulSoup(boss.get(reverse("hotline:call_back", args=[missed.public_id])).content, "html.parser").find(
        id="override"
    )

    answer = boss.post(ask, {"reason": reason})
    form = BeautifulSoup(answer.content, "html.parser").find(id="override")

    assert (shut.has_attr("open"), shut.find(class_="error-text")) == (False, None)
    assert (answer.status_code, form.has_attr("open")) == (422, True)
    assert form.find(class_="error-text").text.strip() == "Choose a reason."
    assert (form.find("select")["aria-invalid"], form.find("select").has_attr("autofocus")) == ("true", True)
    assert form.form["action"].endswith(ask)
    assert not SecondYes.objects.exists()


def test_nobody_is_asked_to_agree_where_the_person_said_no(missed, supervisor, at):
    Contact.objects.update(may_call="no")

    with pytest.raises(call_back.CallRefused):
        ask_override(contact=missed, reason="danger", by=supervisor, at=at)
    assert not SecondYes.objects.exists()


def test_who_talks_with_a_service_is_on_the_line_and_who_only_wrote_is_not(missed, at):
    Contact.objects.update(state="wrap_up", ended_at=None)
    missed.refresh_from_db()
    assert call_bar(missed, at) == "on_the_line"

    Contact.objects.update(kind="message")
    missed.refresh_from_db()
    assert call_bar(missed, at) == ""


def test_where_nobody_named_hours_nobody_is_called_at_night_but_by_two(missed, desk, supervisor, operator, clock, at):
    clock.now = night = (at + dt.timedelta(days=1)).replace(hour=3)

    with pytest.raises(call_back.CallRefused, match="not_now"):
        call_back.begin_call_back(contact=missed, by=operator, at=night)
    assert (number_bar(missed, operator, night), may_be_overridden(missed, night)) == ("not_now", True)
    assert (is_outside_hours(missed, night), call_bar(missed, night.replace(hour=8))) == (False, "")
    ask_override(contact=missed, reason="danger", by=supervisor, at=night)
    seen = SecondYes.objects.get().asked_at
    agree_override(contact=missed, asked_at=seen, by=operator, at=night)
    assert call_bar(missed, night) == ""


def test_who_was_on_the_line_at_night_is_called_back_within_a_quarter_of_an_hour(missed, at):
    night = at.replace(hour=3)
    Contact.objects.update(ended_at=night, safety_at=night)
    missed.refresh_from_db()
    minutes = (0, 15, 16)

    assert [call_bar(missed, night + dt.timedelta(minutes=one)) for one in minutes] == ["", "", "not_now"]
    assert call_bar(missed, night - dt.timedelta(minutes=1)) == "not_now"
    missed.callback_time = "any"
    assert call_bar(missed, night) == "not_now"
    missed.callback_time, missed.callback_number = "", b"another telephone"
    assert call_bar(missed, night) == "not_now"
