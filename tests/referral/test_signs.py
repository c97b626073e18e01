"""Signs of exploitation in a case: asked dimension by dimension in the screening, shown, never sent to an agency."""

import pytest

from referral import actions
from referral.choices.fields import FIELDS
from referral.choices.forms import SCREENING
from referral.choices.signs import DIMENSIONS, SIGNS
from referral.models import FactValue, Referral
from referral.queries.sharing import allowed_fields, shared_lines
from tests.referral.pages import post_step, url

pytestmark = pytest.mark.usefixtures("now")
KEYS = {sign.key for sign in SIGNS}


def test_the_screening_asks_every_sign_under_one_of_the_six_dimensions():
    groups = [field.group for field in SCREENING.fields if field.key in KEYS]

    assert len(groups) == len(SIGNS)
    assert list(dict.fromkeys(groups)) == list(DIMENSIONS.values())


def test_the_page_of_the_screening_has_a_heading_for_each_dimension(new_case, operator, sign_in, open_run):
    case = new_case(facts={})
    page = sign_in(operator).get(url("case_step", case, open_run(case, "screening").number)).content.decode()

    assert all(f"{words}</h3>" in page for words in DIMENSIONS.values())
    assert all(page.count(f'id="id_{key}"') == 1 for key in KEYS)


def test_a_sign_changed_in_the_screening_names_the_step_and_the_others_keep_the_hotline(
    new_case, operator, sign_in, open_run
):
    told = {"sign_debt": True, "sign_violence": None, "sign_hours": False}
    case, client = new_case(facts=told, source="hotline"), sign_in(operator)

    post_step(
        client, case, open_run(case, "screening"), sign_debt="yes", sign_violence="yes", sign_hours="no",
        sign_forced="no",
    )  # fmt: skip

    written = {(row.key, row.source, row.value) for row in FactValue.objects.filter(case=case, source="screening")}
    assert written == {("sign_violence", "screening", "true"), ("sign_forced", "screening", "false")}
    page = client.get(url("case_detail", case))
    before = {row.key: row.before and row.before.words for row in page.context["signs"]}
    assert before == {"sign_debt": None, "sign_violence": "Not known", "sign_hours": None, "sign_forced": None}
    assert page.context["signs_told"] is None


def test_signs_that_nobody_asked_are_named_by_dimension_before_the_step_ends(new_case, operator, sign_in, open_run):
    case, client = new_case(facts={}), sign_in(operator)

    asked = post_step(client, case, open_run(case, "screening"), anyway="", sign_hours="yes").content.decode()

    assert '<li>Exploitation: <a href="#id_sign_conditions">Bad living conditions</a></li>' in asked


@pytest.mark.parametrize("stage", [1, 2])
def test_no_sign_goes_to_an_agency_though_the_person_agreed_to_everything(
    at_referrals, agency, open_run, operator, at, keys, stage
):
    house = agency("Safe house A", "shelter")
    case = at_referrals(
        house, agency("Listening room", "psychosocial"), private={"needs": ["shelter"], **dict.fromkeys(KEYS, True)}
    )
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    shown = {line.field.source for line in shared_lines(Referral.objects.get(), stage, at)}

    assert "sex" in shown
    allowed = {field.source for field in allowed_fields(KEYS, {field.group for field in FIELDS.values()}, 2)}
    assert not KEYS & (shown | allowed)


def test_a_sign_moves_no_gate(new_case, open_run, operator, at, keys):
    case = new_case(facts={"age": 30, "immediate_danger": False} | dict.fromkeys(KEYS, True))

    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)

    assert open_run(case, "safety")
