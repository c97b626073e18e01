"""A step opened by hand on the desk: agencies asked again after nobody accepted."""

import datetime as dt
import json

import pytest

from accounts.models import AuditEntry
from referral import actions, pathways
from referral.models import CaseAccess, CaseEvent, Escalation, Referral, StepRun
from referral.queries import runs
from referral.queries.referrals import candidates
from tests.referral.pages import post_step, url

pytestmark = pytest.mark.usefixtures("now")
REASON = {"reason": "place_free", "words": "Quillfeather rang: a bed is free."}


@pytest.fixture
def declined(at_referrals, agency, open_run, operator, at, keys):
    """A factory of cases in which the one safe house declined, free again from some day, and the gap is open."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")

    def make(free_from=None, reason="full"):
        case = at_referrals(house, room)
        sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
        actions.decline(referral=sent.referral, reason=reason, free_from=free_from, key=next(keys), by=operator, at=at)
        case.refresh_from_db()
        return case, house

    return make


@pytest.fixture
def ask_again(sign_in, operator, open_run):
    """Open the request again from the gap, as the form on the page does it."""

    def post(case, key="again", by=None, **told):
        case.refresh_from_db()
        run = StepRun.objects.filter(case=case, step_key="gap").latest("number")
        data = {"key": key, "seen": case.event_count, **REASON, **told}
        return sign_in(by or operator).post(url("ask_again", case, run.number), data)

    return post


def rebuilt(case):
    """Return the visits as the events give them, and as they are stored."""
    state = runs.engine_state(case).state
    stored = case.runs.order_by("number").values_list("number", "step_key", "state", "token", "ended_at")
    return [(run.number, run.step, run.state, run.token, run.ended_at) for run in state.runs], list(stored)


def test_all_decline_then_asked_again_then_accepted_then_closed(
    declined, ask_again, agency, consent_to, open_run, operator, sign_in, at, keys
):
    case, house = declined(free_from=at.date() + dt.timedelta(days=1))
    new = agency("Safe house B", "shelter")
    consent_to(case, new)
    client, gap = sign_in(operator), open_run(case, "gap")
    assert "Ask agencies again" in client.get(url("case_detail", case)).content.decode()
    assert "Ask agencies again" in client.get(url("case_step", case, gap.number)).content.decode()
    page = client.get(url("ask_again", case, gap.number)).content.decode()
    assert "Safe house B" in page
    assert "Said no (today" in page

    answer = ask_again(case)

    run = open_run(case, "shelter")
    assert answer.url == url("refer", case, run.number)
    assert StepRun.objects.get(case=case, step_key="gap").state == "skipped"
    page = client.get(answer.url).content.decode()
    assert f'value="{new.pk}"' in page
    assert f'value="{house.pk}"' in page
    case.refresh_from_db()
    sent = {"service": new.pk, "urgency": "normal", "key": "ask", "seen": case.event_count}
    assert client.post(answer.url, sent).status_code == 200
    referral = Referral.objects.get(case=case, run=run)
    case.refresh_from_db()
    told = {"answer": "accept", "key": "yes", "seen": case.event_count}
    client.post(url("referral_answer", case, referral.public_id), told)
    actions.give_up(run=open_run(case, "psychosocial"), key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    assert post_step(client, case, open_run(case, "gap"), key="gap", note="Nobody left.").status_code == 302
    case.refresh_from_db()
    post_step(client, case, open_run(case, "identify"), key="identify", outcome="negative", reason="No sign of it.")
    for step in ("appeal", "feedback"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    closing = {
        "reason": "completed",
        "outcome": "safe",
        "feedback_asked": "yes",
        "key": "end",
        "seen": case.event_count,
    }
    assert client.post(url("case_close", case), closing).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"
    assert StepRun.objects.filter(case=case, step_key="joined").count() == 1
    from_events, stored = rebuilt(case)
    assert from_events == stored


@pytest.mark.parametrize("days", [None, 2])
def test_whoever_said_no_may_be_asked_again_in_the_new_visit_and_the_no_stands_beside(
    declined, ask_again, open_run, operator, sign_in, at, now, days
):
    case, house = declined(free_from=days and at.date() + dt.timedelta(days=days))
    ask_again(case)
    run = open_run(case, "shelter")

    page = sign_in(operator).get(url("refer", case, run.number)).content.decode()

    assert [one.service for one in candidates(run, at) if one.can_be_asked] == [house]
    assert "Said no (" in page
    assert "Ask again if they may say yes now." in page
    assert ("Free again from" in page) == bool(days)


def test_in_one_visit_whoever_said_no_is_not_asked_twice(declined, ask_again, open_run, operator, at, keys):
    case, house = declined()
    ask_again(case)
    run = open_run(case, "shelter")
    Referral.objects.filter(case=case, service=house).update(run=run)

    assert [one.service for one in candidates(run, at) if one.can_be_asked] == []


def test_a_double_click_opens_one_step_and_a_second_wish_finds_it_open(
    declined, ask_again, open_run, operator, sign_in
):
    case, _house = declined()

    first, second = ask_again(case), ask_again(case)

    assert first.url == second.url
    assert StepRun.objects.filter(case=case, step_key="shelter").count() == 2
    case.refresh_from_db()
    told = {"step": "shelter", "key": "other", "seen": case.event_count, **REASON}
    assert sign_in(operator).post(url("case_again", case), told).status_code == 400
    with pytest.raises(pathways.StepIsOpen):
        actions.open_step(
            case=case, step="shelter", reason="wish", key="third", by=operator, at=case.opened_at + dt.timedelta(1)
        )
    assert StepRun.objects.filter(case=case, step_key="shelter").count() == 2


def test_a_step_opened_from_the_list_with_a_double_click_opens_once(at_referrals, agency, operator, sign_in, open_run):
    case = at_referrals(agency("Listening room", "psychosocial"))
    told = {"step": "health", "key": "twice", "seen": case.event_count, "reason": "wish", "words": ""}

    answers = [sign_in(operator).post(url("case_again", case), told) for _click in range(2)]

    run = open_run(case, "health")
    assert [answer.url for answer in answers] == [url("refer", case, run.number)] * 2
    assert CaseEvent.objects.filter(case=case, kind="opened_by_hand").count() == 1


def test_the_page_of_yesterday_is_told_what_happened_meanwhile(declined, ask_again, operator, at, keys):
    case, _house = declined()

    answer = ask_again(case, seen=1)

    assert answer.status_code == 409
    assert StepRun.objects.filter(case=case, step_key="shelter").count() == 1


@pytest.mark.parametrize("told", [{"reason": ""}, {"reason": "because"}, {"reason": "other", "words": ""}])
def test_a_reason_is_needed(declined, ask_again, told):
    case, _house = declined()

    assert ask_again(case, **told).status_code == 400
    assert StepRun.objects.filter(case=case, step_key="shelter").count() == 1


def test_timeline_and_audit_say_it_in_codes_and_the_words_are_sealed(declined, ask_again, operator, sign_in):
    case, _house = declined()

    ask_again(case)

    event = CaseEvent.objects.get(case=case, kind="opened_by_hand")
    assert json.loads(event.body) == {"reason": "place_free", "value": "shelter"}
    entry = AuditEntry.objects.get(verb="referral.step_opened")
    assert "Quillfeather" not in str(entry.__dict__)
    note = case.facts.get(key="reason_shelter")
    assert (note.value, bool(note.sealed)) == ("", True)
    page = sign_in(operator).get(url("case_detail", case)).content.decode()
    assert "Step opened by hand:" in page
    assert "A place may be free now" in page
    assert "Quillfeather" not in page


def test_the_time_is_counted_anew_and_late_is_told_as_for_any_step(declined, ask_again, open_run, at, now):
    case, _house = declined()
    now.move_to(at + dt.timedelta(days=3), tick=False)

    ask_again(case)

    run = open_run(case, "shelter")
    assert run.due_at == at + dt.timedelta(days=3, hours=12)
    first = Escalation.objects.filter(run=run).earliest("at")
    assert first.at == run.due_at
    actions.fire_escalation(escalation=first, at=first.at)
    first.refresh_from_db()
    assert first.fired_at is not None


def test_what_is_left_of_the_gaps_time_is_told_no_more(declined, ask_again, open_run):
    case, _house = declined()
    gap = open_run(case, "gap")
    assert gap.escalations.filter(fired_at=None).exists()

    ask_again(case)

    assert not gap.escalations.filter(fired_at=None).exists()


def test_consent_that_was_taken_back_is_not_used_again(declined, ask_again, open_run, operator, at, keys):
    case, house = declined(free_from=at.date())
    actions.withdraw_consent(case=case, organisation=house.organisation, key=next(keys), by=operator, at=at)

    ask_again(case)

    run = open_run(case, "shelter")
    assert [(one.is_possible, one.can_be_asked) for one in candidates(run, at)] == [(True, False)]
    with pytest.raises(actions.CannotBeAsked):
        actions.refer(run=run, service=house, key=next(keys), by=operator, at=at)


def test_a_childs_no_is_obeyed_when_agencies_are_asked_again(
    declined, ask_again, open_run, consent_to, operator, at, keys
):
    case, house = declined(free_from=at.date())
    actions.answer(case=case, facts={"age": 15}, source="call", key=next(keys), by=operator, at=at)
    actions.withdraw_consent(case=case, organisation=house.organisation, key=next(keys), by=operator, at=at)
    with pytest.raises(actions.ChildNotHeard):
        consent_to(case, house, giver="guardian", assent="no")

    ask_again(case)

    with pytest.raises(actions.CannotBeAsked):
        actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)


def test_a_closed_case_is_opened_again_first(declined, ask_again, open_run, operator, supervisor, sign_in, at, keys):
    case, _house = declined()
    actions.close_case(
        case=case, reason="lost_contact", outcome="not_known", feedback_asked=False, key=next(keys), by=operator, at=at
    )

    assert ask_again(case).status_code == 409
    with pytest.raises(actions.CaseAlreadyClosed):
        actions.open_step(case=case, step="shelter", reason="wish", key=next(keys), by=operator, at=at)
    actions.reopen_case(case=case, reason="She came back.", key=next(keys), by=supervisor, at=at)

    assert ask_again(case).status_code == 302
    assert open_run(case, "shelter")


def test_a_supervisor_opens_a_step_with_a_reason_for_the_case_and_nobody_else_does(
    declined, ask_again, supervisor, person, liberia, at, open_run
):
    case, _house = declined()
    colleague, analyst = person("operator", country=liberia), person("analyst", country=liberia)

    assert ask_again(case, by=colleague).status_code == 404
    assert ask_again(case, by=analyst).status_code == 404
    assert ask_again(case, by=supervisor).url == url("case_reason", case)
    assert StepRun.objects.filter(case=case, step_key="shelter").count() == 1
    CaseAccess.objects.create(
        case=case, user=supervisor, reason="Asked to.", opened_at=at, ends_at=at + dt.timedelta(1)
    )
    assert ask_again(case, by=supervisor).status_code == 302
    assert open_run(case, "shelter")


def test_a_step_that_lies_ahead_is_not_offered_and_refused(at_referrals, agency, operator, sign_in, at, keys):
    case = at_referrals(agency("Listening room", "psychosocial"))

    page = sign_in(operator).get(url("case_again", case)).content.decode()
    told = {"step": "identify", "key": "open", "seen": case.event_count, **REASON}

    assert 'value="identify"' not in page
    assert sign_in(operator).post(url("case_again", case), told).status_code == 400
    with pytest.raises(pathways.NotToBeOpened):
        actions.open_step(case=case, step="identify", reason="wish", key=next(keys), by=operator, at=at)


def test_an_answer_by_phone_speaks_of_the_agency(at_referrals, agency, open_run, operator, sign_in, at, keys):
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    page = sign_in(operator).get(url("referral_answer", case, sent.referral.public_id)).content.decode()

    assert "They accept" in page
    assert "Yes, we accept" not in page
    assert " our " not in page[page.index("<form method") : page.rindex("</form>")]
    assert "1 December 2026" not in page


def test_a_yes_by_phone_beside_a_reason_for_a_no_is_asked_back(at_referrals, agency, open_run, operator, sign_in, at, keys):  # fmt: skip
    house = agency("Safe house A", "shelter")
    case = at_referrals(house)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    told = {"answer": "accept", "reason": "full", "key": "a"}

    page = sign_in(operator).post(url("referral_answer", case, sent.referral.public_id), told)

    sent.referral.refresh_from_db()
    assert (page.status_code, sent.referral.state) == (400, "requested")
    assert "A reason for a no was chosen too." in page.content.decode()
