"""When somebody may be called back although it is not known to be safe: two persons say so, and a no stands."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import SecondYes
from hotline.actions import call_back
from hotline.actions.override import ask_override
from hotline.models import Contact
from hotline.queries.dialling import call_bar, number_bar
from tests.hotline.backs import (  # noqa: F401 -- fixtures
    call_that_nobody_took,
)

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
