"""A waiting list is offered where there is a place to wait for, and never for a report to the police."""

import pytest

from referral import actions
from referral.choices import Need
from referral.forms.agency import AnswerForm
from referral.models import Referral
from tests.referral.offers import opened, path_of
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
WORDS = "waiting list"


@pytest.fixture
def report(agency, new_case, open_run, consent_to, operator, at, keys):
    """A request to the police to take a report; gives what `refer` gives."""
    police, room = agency("Police unit", "police_investigation"), agency("Listening room", "psychosocial")
    case = new_case()
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    run = open_run(case, "consent").number
    consent_to(case, police, room, run=run, facts={"wants_police": True})
    return actions.refer(run=open_run(case, "police"), service=police, key=next(keys), by=operator, at=at)


def test_the_police_are_not_offered_a_waiting_list_by_link(report):
    path = path_of(report.referral)
    browser = opened(path, report.code)

    page = browser.get(path).content.decode()
    sent = browser.post(path, {"act": "answer", "answer": "hold"}, follow=True)

    assert ("Yes, we accept" in page, WORDS in page) == (True, False)
    assert WORDS not in sent.content.decode()
    assert Referral.objects.get(pk=report.referral.pk).state == "requested"


def test_nor_by_phone(report, operator, sign_in):
    page = (
        sign_in(operator).get(url("referral_answer", report.referral.case, report.referral.public_id)).content.decode()
    )

    assert ("They decline" in page, WORDS in page) == (True, False)


def test_and_none_is_written_down(report, operator, at, keys):
    with pytest.raises(actions.NoWaitingList):
        actions.hold(referral=report.referral, key=next(keys), by=operator, at=at)


def test_an_answer_left_out_is_asked_for_among_those_shown():
    asked = {need: AnswerForm({}, need=need).errors["answer"] for need in (Need.SHELTER, Need.POLICE_INVESTIGATION)}

    assert asked == {
        Need.SHELTER: ["Choose one of the three answers."],
        Need.POLICE_INVESTIGATION: ["Choose one of the two answers."],
    }


def test_a_house_keeps_its_waiting_list(offer):
    _referral, code, path = offer

    assert "Not now, put her or him on our waiting list" in opened(path, code).get(path).content.decode()


@pytest.mark.parametrize(
    ("need", "is_offered"), [(Need.INTERPRETATION, False), (Need.CHILD_PROTECTION, True)], ids=["interpreter", "child"]
)
def test_nobody_waits_for_an_interpreter_and_a_desk_for_children_keeps_its_list(need, is_offered):
    assert ("hold" in dict(AnswerForm(need=need).fields["answer"].choices)) is is_offered
