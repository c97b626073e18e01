"""A no, or silence, that the program passes on to the next agency: who is named to whom, and whom to call."""

import datetime as dt

import pytest
from django.urls import reverse

from referral import actions, tasks
from referral.models import Escalation, Referral
from referral.queries.work import work_list
from tests.referral.offers import opened, path_of


@pytest.fixture
def two(at_referrals, agency, open_run, operator, at, keys):
    """A case whose first agency is asked for a place while a second stands ready, with the first's code."""
    first, second = agency("Safe house A", "shelter"), agency("Hostel C", "shelter")
    case = at_referrals(first, second)
    sent = actions.refer(run=open_run(case, "shelter"), service=first, key=next(keys), by=operator, at=at)
    return case, sent


def _said(person, at, language="en"):
    (row,) = [row for row in work_list(person, language, at) if row.kind == "told"]
    return row


def _declined(two, operator, at, keys, reason="full"):
    case, sent = two
    actions.decline(referral=sent.referral, reason=reason, key=next(keys), by=operator, at=at)
    tasks.fire_escalations(at)
    return Referral.objects.get(case=case, position=2)


def test_the_page_says_before_the_asking_that_a_no_moves_on_by_itself(at_referrals, agency, open_run, operator, sign_in):  # fmt: skip
    case = at_referrals(agency("Safe house A", "shelter"))
    run = open_run(case, "shelter")

    page = sign_in(operator).get(reverse("referral:refer", args=[case.code, run.number])).content.decode()

    said, button = (
        page.index("the next one that can be asked is asked at once by itself"),
        page.index("Ask this agency"),
    )
    assert said < button


def test_a_no_names_who_declined_and_why_and_whom_to_call(two, operator, at, keys):
    _declined(two, operator, at, keys)

    assert _said(operator, at).said == (
        "Safe house A (example) declined (Full). Hostel C (example) was asked: call it with its new code.",
    )


def test_silence_is_not_called_a_no(two, operator, at):
    _case, sent = two
    late = sent.referral.due_at + dt.timedelta(minutes=1)

    actions.mark_no_answer(referral=sent.referral, at=late)
    tasks.fire_escalations(late)

    assert _said(operator, late).said[0].startswith("Safe house A (example) did not answer in time. Hostel C")


def test_the_button_shows_the_code_and_the_way_to_the_number(two, operator, at, keys, sign_in, now):
    now.move_to(at)
    case, _sent = two
    second = _declined(two, operator, at, keys)
    client, door = sign_in(operator), reverse("referral:referral_code", args=[case.code, second.public_id])

    page = client.get("/en/cases/work-list/").content.decode()
    spoken = client.post(door).content.decode()

    assert f'action="{door}"' in page
    assert "New code to speak" in page
    assert "Hostel C (example)" in spoken
    assert "number for call-backs of" in spoken


def test_who_opened_the_letter_needs_no_call(two, operator, at, keys, now):
    now.move_to(at)
    second = _declined(two, operator, at, keys)
    sent = actions.resend(referral=second, key=next(keys), by=operator, at=at)
    opened(path_of(second), sent.code)

    row = _said(operator, at)

    assert row.said == ("Safe house A (example) declined (Full). Hostel C (example) was asked.",)
    assert row.calls == ()


def test_a_supervisor_who_has_not_the_case_is_told_no_name(two, operator, supervisor, at, keys):
    case, _sent = two
    _declined(two, operator, at, keys)
    Escalation.objects.filter(rule="code:2").update(told_role="supervisor")

    row = _said(supervisor, at)

    assert row.said == ("A new link was sent. Give the agency its six digits by phone.",)
    assert row.calls == ()


def test_names_keep_their_direction_in_arabic(two, operator, at, keys):
    _declined(two, operator, at, keys)

    assert "\u2068Hostel C (example)\u2069" in _said(operator, at, "ar").said[0]
