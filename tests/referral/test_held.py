"""An agency that puts the person on its waiting list: who has the case is told, until when, and what can be done."""

import pytest
from django.urls import reverse

from referral import actions, tasks
from referral.models import Escalation, Referral
from referral.queries.work import work_list
from tests.referral.offers import opened


@pytest.fixture
def held(offer, at):
    """A request whose agency chose its waiting list, after the worker told of it."""
    referral, code, path = offer
    opened(path, code).post(path, {"act": "answer", "answer": "hold"})
    tasks.fire_escalations(at)
    return Referral.objects.get(pk=referral.pk)


def _said(person, at, language="en"):
    (row,) = [row for row in work_list(person, language, at) if row.kind == "told"]
    assert not row.is_late
    return row.said


def test_the_owner_is_told_until_when_and_what_can_be_done(held, operator, at):
    until = held.due_at.strftime("%H:%M")

    (said,) = _said(operator, at)

    assert said.startswith(
        "Safe house A (example) has put the person on its waiting list. Nobody else is asked until "
    )
    assert until in said
    assert said.endswith("To ask another one sooner, cancel this request in the case first.")


def test_the_same_answer_again_tells_once(offer, at):
    _referral, code, path = offer
    browser = opened(path, code)

    for _time in range(2):
        browser.post(path, {"act": "answer", "answer": "hold"})

    assert list(Escalation.objects.filter(rule__startswith="held:").values_list("to_role", flat=True)) == ["hotline"]


def test_once_the_request_has_moved_on_the_row_says_where_it_stands(held, operator, at, keys):
    actions.progress(referral=held, to="cancelled", note="", key=next(keys), by=operator, at=at)

    assert _said(operator, at) == (
        "Safe house A (example) had put the person on its waiting list. This request now: Cancelled.",
    )


def test_a_supervisor_who_has_not_the_case_is_told_no_name(held, supervisor, at):
    Escalation.objects.filter(rule="held:1").update(told_role="supervisor")

    assert _said(supervisor, at) == (
        "An agency has put the person on its waiting list. Nobody else is asked until its answer is due.",
    )


def test_the_name_keeps_its_direction_in_arabic(held, operator, at):
    assert "\u2068Safe house A (example)\u2069" in _said(operator, at, "ar")[0]


def test_the_lists_and_the_page_of_the_step_say_that_it_is_a_waiting_list(held, operator, sign_in):
    client, until = sign_in(operator), held.due_at.strftime("%H:%M")

    listed = client.get("/en/cases/work-list/").content.decode().partition("Agencies that have not answered")[2]
    step = client.get(reverse("referral:refer", args=[held.case.code, held.run.number])).content.decode()

    assert "On the waiting list until: " in listed
    assert until in listed
    assert "Safe house A (example) has put the person on its waiting list (until: " in step
    assert "has not answered yet" not in step


def test_after_cancelling_the_waiting_list_another_agency_can_be_asked(held, operator, at, keys, agency, consent_to):
    other = agency("Hostel C", "shelter")
    consent_to(held.case, other)
    actions.progress(referral=held, to="cancelled", note="", key=next(keys), by=operator, at=at)

    sent = actions.refer(run=held.run, service=other, key=next(keys), by=operator, at=at)

    assert sent.referral.state == "requested"
