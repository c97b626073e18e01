"""Facts that change later move nothing; the work list and the case name the steps that a person may open by hand."""

import pytest

from referral import actions
from referral.models import Escalation, StepRun
from referral.queries import runs
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")


def test_changed_facts_name_the_steps_in_the_work_list_and_on_the_case_and_a_person_opens_them(
    at_referrals, agency, operator, sign_in, at, keys, open_run
):
    case = at_referrals(agency("Listening room", "psychosocial"))
    before = list(StepRun.objects.filter(case=case).values_list("number", "state"))
    actions.answer(case=case, facts={"sexual_violence": True}, source="call", key=next(keys), by=operator, at=at)
    assert list(StepRun.objects.filter(case=case).values_list("number", "state")) == before
    told = Escalation.objects.get(rule__startswith="facts_changed:")
    actions.fire_escalation(escalation=told, at=at)
    client, title = sign_in(operator), pathways_title(case, "health")

    work = client.get("/en/cases/work-list/").content.decode()
    page = client.get(url("case_detail", case)).content.decode()
    form = client.get(url("case_again", case) + "?step=health").content.decode()

    assert "Facts changed" in work
    assert "Would be opened now:" in work
    assert title in work
    assert "Facts changed. Would be opened now:" in page
    assert 'value="health"' in form
    case.refresh_from_db()
    told = {"step": "health", "key": "open", "seen": case.event_count, "reason": "facts_changed", "words": ""}
    assert client.post(url("case_again", case), told).url == url("refer", case, open_run(case, "health").number)
    assert "Would be opened now:" not in client.get("/en/cases/work-list/").content.decode()


def pathways_title(case, step):
    """Return the English title of a step."""
    return runs.version_of(case).steps[step]["title"]["en"]


def test_facts_that_change_a_second_time_are_told_a_second_time(at_referrals, agency, operator, at, keys):
    case = at_referrals(agency("Listening room", "psychosocial"))

    for value in (True, False):
        facts = {"sexual_violence": value}
        actions.answer(case=case, facts=facts, source="call", key=next(keys), by=operator, at=at)

    assert Escalation.objects.filter(rule__startswith="facts_changed:").count() == 2
