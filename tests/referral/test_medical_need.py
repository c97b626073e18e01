"""What a clinic must know: written when consent is asked, sealed, and shown to one that accepts and may have it."""

import datetime as dt

import pytest

from accounts import actions as accounts
from referral import actions
from referral.models import CaseEvent, FactValue
from referral.queries.sharing import shared_lines
from tests.referral.conftest import ADULT
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
WORDS = "Care within 72 hours, until Friday 14:00."


@pytest.fixture
def clinic(agency):
    """A clinic that may be asked."""
    return agency("Clinic", "health")


@pytest.fixture
def at_consent(new_case, open_run, operator, at, keys):
    """A factory of cases at their consent step: at_consent(needs=["health"])."""

    def make(**facts):
        case = new_case()
        actions.answer(case=case, facts=facts, source="call", key=next(keys), by=operator, at=at)
        for step in ("screening", "safety"):
            actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
        case.refresh_from_db()
        return case

    return make


def sent(case, clinic, needs="yes"):
    lines = {f"line_{clinic.organisation_id}_health_{group}": "yes" for group in ("basics", "contact")}
    lines[f"line_{clinic.organisation_id}_health_needs"] = needs
    told = {"agrees": "yes", "giver": "person", "key": "k", "seen": case.event_count, "wants_police": "no"}
    return lines | told | {"medical_need": WORDS}


@pytest.mark.parametrize("needs", ["yes", "no"])
def test_a_clinic_that_accepts_reads_it_when_the_person_said_yes_to_that(
    at_consent, clinic, operator, sign_in, open_run, at, keys, needs
):
    case = at_consent(needs=["health"])

    assert sign_in(operator).post(url("case_consent", case), sent(case, clinic, needs)).status_code == 302
    asked = actions.refer(run=open_run(case, "health"), service=clinic, key=next(keys), by=operator, at=at).referral

    row = FactValue.objects.get(case=case, key="medical_need")
    assert (row.value, WORDS in str(row.sealed)) == ("", False)
    assert accounts.reveal(row, "sealed", by=operator, at=at, reason="test") == WORDS
    assert "medical_need" not in [line.field.key for line in shared_lines(asked, 1, at)]
    shown = [line.sealed for line in shared_lines(asked, 2, at) if line.field.key == "medical_need"]
    assert shown == ([row] if needs == "yes" else [])


def test_a_line_says_what_it_would_hand_over(at_consent, clinic, operator, sign_in):
    page = sign_in(operator).get(url("case_consent", at_consent(needs=["health"]))).content.decode()

    line = page.partition(f'id="id_line_{clinic.organisation_id}_health_needs"')[2].partition("</legend>")[0]
    assert line.startswith("><legend><span>Medical need</span>")


def test_it_is_asked_where_a_clinic_is_asked_about_and_nowhere_else(at_consent, clinic, operator, sign_in):
    client = sign_in(operator)
    wanted, other = at_consent(needs=["health"]), at_consent()

    first, _more, rest = client.get(url("case_consent", wanted)).content.decode().partition("Ask about other help too")
    before, _more, others = (
        client.get(url("case_consent", other)).content.decode().partition("Ask about other help too")
    )
    clinic.delete()
    without = client.get(url("case_consent", wanted)).content.decode()

    field = 'name="medical_need"'
    assert [field in part for part in (first, rest, before, others, without)] == [True, False, False, True, False]


def test_the_time_that_was_told_stands_beside_it_and_what_is_kept_is_said(at_consent, clinic, operator, sign_in, at):
    told = (at - dt.timedelta(hours=20)).isoformat()
    case = at_consent(sexual_violence=True, violence_at=told, medical_need=WORDS)

    page = sign_in(operator).get(url("case_consent", case)).content.decode()

    assert "Told earlier: it last happened yesterday, " in page
    assert "72 hours after that is " in page
    assert "An answer is kept, sealed. Leave this empty to keep it." in page
    assert WORDS not in page


def test_it_may_be_written_when_a_clinic_is_asked_too(at_referrals, clinic, operator, sign_in, open_run):
    case = at_referrals(clinic, facts=ADULT | {"needs": ["health"]})
    client, run = sign_in(operator), open_run(case, "health").number
    page = client.get(url("refer", case, run)).content.decode()
    told = {"service": clinic.pk, "urgency": "normal", "key": "k", "seen": case.event_count, "medical_need": WORDS}

    sent = client.post(url("refer", case, run), told)

    assert 'name="medical_need"' in page
    assert sent.status_code == 200
    row = FactValue.objects.get(case=case, key="medical_need")
    assert accounts.reveal(row, "sealed", by=operator, at=row.at, reason="test") == WORDS
    assert [event.kind for event in CaseEvent.objects.filter(case=case).order_by("number")][-2:] == [
        "facts",
        "referral_sent",
    ]


def test_no_other_service_is_told_what_a_clinic_must_know(own, operator, sign_in, open_run):
    page = sign_in(operator).get(url("refer", own, open_run(own, "shelter").number)).content.decode()

    assert 'name="urgency"' in page
    assert "medical_need" not in page
