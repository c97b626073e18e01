"""One promise, from the first question to the end: a case walks Liberia's pathway until an agency accepts, and closes."""

# ruff: noqa: F811 -- a fixture that is asked for has the name under which it was imported

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import open_letter
from accounts.models import Letter
from referral import actions
from referral.models import Case, Referral, StepRun
from tests.referral.conftest import agency, county, keys, operator, version  # noqa: F401 -- fixtures of the room


@pytest.fixture
def desk(version, operator, county, agency, sign_in):
    """An operator at the desk, and two agencies in the directory."""
    agency("Safe house A", "shelter")
    agency("Listening room", "psychosocial")
    return sign_in(operator)


def forms(page):
    return dict(re.findall(r'name="(key|seen)" value="([^"]*)"', page.content.decode()))


def send(client, address, **told):
    """Open a page, then send its form with its own key; what was not asked is let be."""
    answer = client.post(address, forms(client.get(address)) | {"anyway": "99"} | told)
    assert answer.status_code in {200, 302}, answer.content.decode()
    return answer


def test_from_the_first_question_to_the_closed_case(desk):
    send(desk, reverse("referral:case_new"), language="en", source="walk_in")
    case = Case.objects.get()
    at = reverse("referral:case_detail", args=[case.code])

    def step(key):
        return f"{at}step/{StepRun.objects.get(case=case, step_key=key, state__in=['open', 'waiting']).number}/"

    send(desk, step("screening"), age="30", sex="female", sexual_violence="no", needs_shelter="yes", needs="shelter")
    desk.post(f"{at}answer/", {"fact": "immediate_danger", "immediate_danger": "no"})
    send(desk, step("safety"), safe_contact="By text after eight.", risk_level="medium")
    page = desk.get(f"{at}consent/").content.decode()
    lines = {name: "no" if "police_report" in name else "yes" for name in re.findall(r'name="(line_\w+)"', page)}
    send(desk, f"{at}consent/", agrees="yes", giver="person", wants_police="no", **lines)
    for need in ("shelter", "psychosocial"):
        agency_accepts(desk, at, step(need).replace("step", "refer"))
    send(desk, step("identify"), outcome="positive", reason="As the facts say.")
    send(desk, step("reflection"), is_own_wish="on", words="I am ready.")
    send(desk, step("plan"), plan_goals="Work.", plan_steps="Training.", plan_agreed="yes")
    send(desk, step("solution"), outcome="stay", reason="She stays.")
    send(desk, step("feedback"), help_arrived="yes")
    send(desk, f"{at}close/", reason="completed", outcome="safe", feedback_asked="yes")

    case.refresh_from_db()
    assert (case.state, case.close_reason) == ("closed", "completed")
    assert set(Referral.objects.values_list("state", flat=True)) == {"accepted"}
    assert not StepRun.objects.filter(case=case).exclude(state="done").exists()


def agency_accepts(desk, at, refer):
    """Ask the best agency; it opens its letter, gives the code and accepts."""
    service = re.search(r'name="service" value="(\d+)"', desk.get(refer).content.decode())[1]
    sent = send(desk, refer, service=service, urgency="normal").content.decode()
    code = re.search(r"<bdi>(\d{3} \d{3})</bdi>", sent)[1]
    letter = Letter.objects.filter(key__startswith="agency_link").order_by("-pk").first()
    path = re.search(r"/\w+/a/[\w-]+/", open_letter(letter).text)[0]
    browser = Client()
    assert browser.post(path, {"code": code}).status_code == 302
    told = browser.post(path, {"act": "answer", "answer": "accept"}, follow=True).content.decode()
    assert "By text after eight." in told


def test_a_case_opened_with_facts_from_a_call_goes_on_at_the_desk(desk, version, operator, at, keys):
    case = actions.open_case(
        country=version.country, facts={"age": 30, "immediate_danger": None}, language="en", source="call",
        key=next(keys), by=operator, at=at,
    )  # fmt: skip

    page = desk.get(reverse("referral:case_step", args=[case.code, 2])).content.decode()

    assert 'value="30"' in page
    assert re.search(r'name="immediate_danger" value="not_known"[^>]*checked', page)
