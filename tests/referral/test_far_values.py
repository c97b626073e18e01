"""Days, times and numbers at the ends of what can be written break no page of a case, the directory or an agency."""

import re

import pytest
from django.urls import reverse

from accounts.models import Country
from referral import actions
from referral.models import Referral
from tests.far import DAYS, INSTANTS, ZONES, walk
from tests.referral.offers import opened
from tests.referral.pages import post_step, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, params=ZONES)
def zone(request, version):
    """The country lies east of Greenwich, or west of it."""
    Country.objects.update(time_zone=request.param)
    return request.param


@pytest.fixture
def consent_yes(new_case, house, operator, sign_in, open_run, at, keys, now):
    """Send a yes through the page of consent."""
    case, client = new_case(), sign_in(operator)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    names = re.findall(r'name="(line_\w+)"', client.get(url("case_consent", case)).content.decode())
    case.refresh_from_db()
    told = dict.fromkeys(names, "yes") | {"agrees": "yes", "giver": "person", "wants_police": "yes"}

    def send(**more):
        return client.post(url("case_consent", case), told | {"key": next(keys), "seen": case.event_count} | more)

    return send


def test_no_step_of_a_case_breaks(new_case, operator, sign_in, open_run, zone):
    case = new_case()
    run = open_run(case, "screening")

    assert walk(sign_in(operator), url("case_step", case, run.number), zone, seen=case.event_count)


@pytest.mark.parametrize("told", [*INSTANTS, "1899-12-31T23:59"])
def test_what_happened_at_a_far_time_is_asked_again(new_case, operator, sign_in, open_run, told):
    case, client = new_case(), sign_in(operator)
    run = open_run(case, "screening")

    refused = post_step(client, case, run, violence_at=told)
    taken = post_step(client, case, run, key="two", violence_at="2019-01-02T10:00")

    assert (refused.status_code, taken.status_code) == (400, 302)
    assert client.get(url("case_detail", case)).status_code == 200


@pytest.mark.parametrize("day", DAYS)
def test_consent_ends_on_no_far_day(consent_yes, day):
    refused = consent_yes(ends_on=day)

    assert refused.status_code == 400
    assert consent_yes(ends_on="2026-12-01").status_code == 302


@pytest.mark.parametrize("name", ["service_new", "service_edit"])
def test_no_form_of_the_directory_breaks(house, sign_in, person, liberia, zone, name):
    client = sign_in(person("manager", country=liberia))
    reference = [house.public_id] if name == "service_edit" else []

    assert walk(client, reverse(f"referral:{name}", args=reference), zone, name="Rooms")


@pytest.mark.parametrize("day", DAYS)
def test_an_agency_is_free_again_on_no_far_day(offer, day):
    referral, code, path = offer

    answer = {"act": "answer", "answer": "decline", "reason": "full", "free_from": day}
    page = opened(path, code).post(path, answer, follow=True).content.decode()

    assert "error-text" in page
    assert Referral.objects.get(pk=referral.pk).free_from is None
