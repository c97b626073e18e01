"""Consent taken back from one agency: the need stands, so the step opens again and another agency can be asked."""

import datetime as dt

import pytest

from referral import actions, tasks
from referral.models import CaseEvent, Escalation, Referral, StepRun
from referral.queries import runs
from referral.queries.referrals import candidates
from referral.queries.work import told_to, work_words
from tests.referral.pages import url
from tests.referral.walking import ADULT
from tests.referral.withdrawals import close, state_of

pytestmark = pytest.mark.usefixtures("now")
OPEN_AGAIN = "Open again: consent was taken back from"


@pytest.fixture
def clinics(agency):
    """Two clinics for medical care."""
    return agency("County clinic A", "health"), agency("County clinic B", "health")


@pytest.fixture
def cared(at_referrals, clinics, house, open_run, operator, at, keys):
    """A factory of cases with consent for both clinics and a house; clinic B was asked for medical care."""

    def make(*, is_accepted=True):
        case = at_referrals(*clinics, house, facts=ADULT | {"sexual_violence": True, "needs": ["health", "shelter"]})
        run = open_run(case, "health")
        sent = actions.refer(run=run, service=clinics[1], key=next(keys), by=operator, at=at).referral
        if is_accepted:
            actions.accept(referral=sent, key=next(keys), by=operator, at=at)
        case.refresh_from_db()
        return case, sent

    return make


@pytest.fixture
def take_back(sign_in, operator):
    """Send the page of taking consent back, from one agency or from all."""

    def post(case, organisation="all", key="back", by=None):
        case.refresh_from_db()
        chosen = organisation if organisation == "all" else str(organisation.pk)
        told = {"organisation": chosen, "key": key, "seen": case.event_count}
        return sign_in(by or operator).post(url("case_withdraw", case), told, follow=True)

    return post


def visits(case, step="health"):
    return list(StepRun.objects.filter(case=case, step_key=step).order_by("number").values_list("state", "outcome"))


def rebuilt(case):
    state = runs.engine_state(case).state
    stored = case.runs.order_by("number").values_list("number", "step_key", "state", "token", "outcome")
    return [(run.number, run.step, run.state, run.token, run.outcome) for run in state.runs] == list(stored)


def test_the_step_of_an_agency_that_accepted_opens_again_and_another_is_asked(
    cared, clinics, take_back, open_run, operator, sign_in, at, keys
):
    case, accepted = cared()
    other, lost = clinics

    said = take_back(case, lost.organisation).content.decode()

    assert state_of(accepted) == "recalled"
    assert visits(case) == [("done", "accepted"), ("open", "")]
    assert "Open again, since help is still needed: " in said
    client, run = sign_in(operator), open_run(case, "health")
    page = client.get(url("case_detail", case)).content.decode()
    card = page[page.index('id="steps"') : page.index('id="referrals"')]
    assert OPEN_AGAIN in card
    assert lost.organisation.name in card
    assert url("refer", case, run.number) in card
    assert "Step open again, since consent was taken back:" in page
    assert [one.service for one in candidates(run, at) if one.can_be_asked] == [other]
    case.refresh_from_db()
    sent = {"service": other.pk, "urgency": "normal", "key": "ask", "seen": case.event_count}
    assert client.post(url("refer", case, run.number), sent).status_code == 200
    actions.accept(referral=Referral.objects.get(run=run), key=next(keys), by=operator, at=at)
    assert visits(case) == [("done", "accepted"), ("done", "accepted")]
    assert rebuilt(case)


def test_a_request_that_still_waits_is_recalled_and_its_step_begins_anew_in_its_place(
    cared, clinics, take_back, open_run
):
    case, asked = cared(is_accepted=False)

    page = take_back(case, clinics[1].organisation).content.decode()

    assert (state_of(asked), visits(case)) == ("recalled", [("skipped", "recalled"), ("open", "")])
    old, new = StepRun.objects.filter(case=case, step_key="health").order_by("number")
    assert (old.token, old.fork) == (new.token, new.fork)
    assert OPEN_AGAIN in page
    assert not StepRun.objects.filter(case=case, step_key="joined", state="done").exists()
    assert rebuilt(case)


def test_a_step_that_later_steps_stand_on_opens_beside_them_and_nothing_is_done_twice(
    cared, clinics, take_back, open_run, operator, house, at, keys
):
    case, _accepted = cared()
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral
    actions.accept(referral=sent, key=next(keys), by=operator, at=at)
    for run in StepRun.objects.filter(case=case, kind="referral", state="open"):
        actions.give_up(run=run, key=next(keys), by=operator, at=at)
    for run in StepRun.objects.filter(case=case, step_key="gap", state="open"):
        actions.complete_step(case=case, run=run.number, key=next(keys), by=operator, at=at)
    identify = open_run(case, "identify")

    take_back(case, clinics[1].organisation)

    again = open_run(case, "health")
    assert open_run(case, "identify") == identify
    sent = actions.refer(run=again, service=clinics[0], key=next(keys), by=operator, at=at).referral
    actions.accept(referral=sent, key=next(keys), by=operator, at=at)
    assert open_run(case, "identify") == identify
    assert StepRun.objects.filter(case=case, step_key="joined").count() == 1
    assert rebuilt(case)


def test_taking_all_back_opens_no_step_again(cared, take_back, open_run):
    case, accepted = cared()

    page = take_back(case).content.decode()

    assert (state_of(accepted), visits(case)) == ("recalled", [("done", "accepted")])
    assert open_run(case, "info_only")
    assert "Open again, since" not in page
    assert OPEN_AGAIN not in page


def test_sent_twice_it_opens_one_step_and_says_the_same(cared, clinics, take_back):
    case, _accepted = cared()

    pages = [take_back(case, clinics[1].organisation).content.decode() for _click in range(2)]

    assert visits(case) == [("done", "accepted"), ("open", "")]
    assert ["Open again, since help is still needed" in page for page in pages] == [True, True]
    assert CaseEvent.objects.filter(case=case, kind="opened_anew").count() == 1


def test_a_need_that_another_agency_sees_to_opens_no_step(cared, clinics, take_back, operator, at, keys, open_run):
    case, _accepted = cared()
    actions.open_step(case=case, step="health", reason="wish", key=next(keys), by=operator, at=at)
    run = open_run(case, "health")
    sent = actions.refer(run=run, service=clinics[0], key=next(keys), by=operator, at=at).referral
    actions.accept(referral=sent, key=next(keys), by=operator, at=at)

    take_back(case, clinics[1].organisation)

    assert visits(case) == [("done", "accepted"), ("done", "accepted")]


def test_help_that_was_given_to_the_end_opens_no_step(cared, clinics, take_back, operator, at, keys):
    case, accepted = cared()
    actions.progress(referral=accepted, to="completed", key=next(keys), by=operator, at=at)

    take_back(case, clinics[1].organisation)

    assert (state_of(accepted), visits(case)) == ("completed", [("done", "accepted")])


def test_a_no_to_the_last_line_of_one_agency_opens_its_step_too(cared, clinics, say_no, house, open_run):
    case, accepted = cared()

    say_no(case, clinics[1], yes=[house])

    assert state_of(accepted) == "recalled"
    assert open_run(case, "health")


def test_a_childs_no_to_one_agency_is_obeyed_when_the_step_opens_again(
    cared, clinics, take_back, consent_to, open_run, operator, at, keys
):
    case, _accepted = cared()
    actions.answer(case=case, facts={"age": 15}, source="call", key=next(keys), by=operator, at=at)

    take_back(case, clinics[1].organisation)

    run = open_run(case, "health")
    with pytest.raises(actions.ChildNotHeard):
        consent_to(case, clinics[1], giver="guardian", assent="no")
    with pytest.raises(actions.CannotBeAsked):
        actions.refer(run=run, service=clinics[1], key=next(keys), by=operator, at=at)


def test_in_a_closed_case_nothing_opens_until_it_is_opened_again(
    cared, clinics, take_back, open_run, operator, supervisor, sign_in, at, keys
):
    case, accepted = cared()
    close(case, operator, at)

    page = take_back(case, clinics[1].organisation).content.decode()

    assert (state_of(accepted), visits(case)) == ("recalled", [("done", "accepted")])
    assert "Open again, since" not in page

    actions.reopen_case(case=case, reason="She came back.", key="open", by=supervisor, at=at)
    actions.reopen_case(case=case, reason="She came back.", key="open", by=supervisor, at=at)

    assert visits(case) == [("done", "accepted"), ("open", "")]
    assert rebuilt(case)


def test_a_closed_case_from_which_all_was_taken_back_opens_no_referral_again(
    cared, take_back, operator, supervisor, at
):
    case, _accepted = cared()
    close(case, operator, at)
    take_back(case)

    actions.reopen_case(case=case, reason="She came back.", key="open", by=supervisor, at=at)

    assert visits(case) == [("done", "accepted")]


def test_whoever_has_the_case_is_told_where_somebody_else_wrote_it_down(
    cared, clinics, take_back, person, liberia, operator, supervisor, open_run, at
):
    case, _accepted = cared()
    actions.withdraw_consent(case=case, organisation=clinics[1].organisation, key="b", by=supervisor, at=at)
    tasks.fire_escalations(at)

    rows = [told for told in told_to(operator) if told.rule == "opened_anew"]

    assert [told.run_id for told in rows] == [open_run(case, "health").pk]
    assert "the need stays" in work_words("opened_anew")


def test_whoever_wrote_it_down_is_not_told_of_it(cared, clinics, take_back):
    case, _accepted = cared()

    take_back(case, clinics[1].organisation)

    assert not Escalation.objects.filter(run__case=case, rule="opened_anew").exists()


def test_the_time_of_the_step_is_counted_anew(cared, clinics, take_back, open_run, now, at):
    case, _accepted = cared()
    now.move_to(at + dt.timedelta(days=1), tick=False)

    take_back(case, clinics[1].organisation)

    run = open_run(case, "health")
    assert run.started_at == at + dt.timedelta(days=1)
    assert run.due_at > run.started_at
    assert Escalation.objects.filter(run=run).exists()
