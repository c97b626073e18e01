"""Consent that ends: a no after a yes, what an agency still holds, agencies that cannot be told, a day that has passed."""

import datetime as dt

import pytest

from referral import actions, tasks
from referral.choices import ReferralState
from referral.models import (
    AgencyContact,
    AgencyLink,
    CaseEvent,
    Consent,
    ConsentLine,
    Disclosure,
    Escalation,
    Referral,
    StepRun,
)
from referral.queries.work import told_to, work_words
from tests.referral.withdrawals import close, live_yes, state_of

DAY = dt.timedelta(days=1)


def asked_to_delete(referral):
    return AgencyLink.objects.filter(referral=referral, purpose="deletion", revoked_at=None).exists()


def test_a_no_to_everything_ends_what_an_earlier_yes_allowed(shared, say_no, open_run):
    case, accepted, asked = shared

    say_no(case, key="no")
    say_no(case, key="no")

    assert not live_yes(case).exists()
    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)
    assert not AgencyLink.objects.filter(referral=asked, revoked_at=None).exists()
    assert open_run(case, "info_only")
    assert Consent.objects.filter(case=case, withdrawn_at=None).get().lines.count() == 0
    assert CaseEvent.objects.filter(case=case, kind="consent_withdrawn").count() == 1


def test_a_first_no_takes_nothing_back(new_case, say_no, open_run, operator, at, keys):
    case = new_case()
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)

    say_no(case, run=open_run(case, "consent").number)

    assert open_run(case, "info_only")
    assert not CaseEvent.objects.filter(case=case, kind="consent_withdrawn").exists()


def test_every_line_answered_no_is_a_no_to_everything(shared, say_no, house, room, open_run):
    case, accepted, asked = shared

    say_no(case, house, room)

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)
    assert open_run(case, "info_only")


def test_a_no_to_one_agency_recalls_it_and_leaves_the_other(shared, say_no, house, room):
    case, accepted, asked = shared

    say_no(case, room, yes=[house])

    assert (state_of(accepted), state_of(asked)) == ("accepted", "recalled")
    assert StepRun.objects.get(pk=asked.run_id).outcome == "recalled"
    assert live_yes(case).filter(organisation=house.organisation).exists()


def test_a_no_to_one_line_leaves_the_agency_the_others(shared, say_no, house, operator, at, keys):
    case, accepted, _asked = shared
    lines = [actions.Line(house.organisation_id, group, "shelter", group == "basics") for group in ("basics", "needs")]

    actions.record_consent(case=case, lines=lines, giver="person", language="en", key=next(keys), by=operator, at=at)

    assert state_of(accepted) == "accepted"
    assert not live_yes(case).filter(group="needs", organisation=house.organisation).exists()


def test_consent_is_taken_back_when_no_line_lives_but_an_agency_still_holds(shared, house, operator, at, keys):
    case, accepted, asked = shared
    ConsentLine.objects.filter(consent__case=case).update(ended_at=at)

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 2

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert asked_to_delete(accepted)


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_whoever_accepted_and_is_done_is_asked_to_delete(shared, operator, at, keys, state):
    case, accepted, _asked = shared
    actions.progress(referral=accepted, to=state, key=next(keys), by=operator, at=at)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert (state_of(accepted), asked_to_delete(accepted)) == (state, True)
    with pytest.raises(actions.NothingShared):
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)


@pytest.mark.parametrize("stage", [1, 2])
def test_whoever_was_shown_something_is_asked_to_delete_it_and_nobody_else(stage, shared, operator, at, keys):
    case, opened, unopened = shared
    shown = {"case": case, "group": "basics", "field_keys": "sex", "payload_digest": "x", "at": at, "by": "test"}
    line = live_yes(case).first()
    Disclosure.objects.create(referral=opened, organisation=opened.organisation, line=line, stage=stage, **shown)
    Referral.objects.filter(pk__in=[opened.pk, unopened.pk]).update(state=ReferralState.CANCELLED, answered_at=None)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert (asked_to_delete(opened), asked_to_delete(unopened)) == (True, False)


def test_an_agency_that_cannot_be_told_stops_no_withdrawal_and_stands_in_the_work_list(shared, operator, at, keys):
    case, accepted, asked = shared
    AgencyLink.objects.filter(contact__organisation=accepted.organisation).update(contact=None)
    AgencyContact.objects.filter(organisation=accepted.organisation).delete()

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 2

    assert {state_of(accepted), state_of(asked)} == {"recalled"}
    assert Referral.objects.get(pk=accepted.pk).deletion_asked_at == at
    close(case, operator, at)
    tasks.fire_escalations(at)
    rows = [told for told in told_to(operator) if told.rule.startswith("untold")]
    assert [(told.rule, told.run_id) for told in rows] == [(f"untold:{accepted.pk}", accepted.run_id)]
    assert "Tell it yourself" in work_words(rows[0].rule)


def test_a_waiting_agency_that_has_only_a_telephone_is_told_by_hand(shared, operator, at, keys):
    case, _accepted, asked = shared
    AgencyContact.objects.filter(organisation=asked.organisation).update(email=None)

    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)

    assert Escalation.objects.filter(rule=f"untold:{asked.pk}", run=asked.run).exists()


def test_consent_is_taken_back_in_a_closed_case(shared, operator, at, keys):
    case, accepted, _asked = shared
    close(case, operator, at)

    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at) == 1

    case.refresh_from_db()
    assert (state_of(accepted), asked_to_delete(accepted), case.state) == ("recalled", True, "closed")


def test_a_consent_that_has_run_out_is_told_once_and_can_be_taken_back(
    at_referrals, consent_to, house, room, open_run, operator, at, keys
):
    case = at_referrals(house, room)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    Consent.objects.update(ends_at=at + DAY)

    told = [tasks.tell_of_consents(moment) for moment in (at, at + DAY, at + DAY, at + 2 * DAY)]
    tasks.fire_escalations(at + DAY)

    assert told == [0, 1, 0, 0]
    assert [row.rule for row in told_to(operator)] == [f"consent_over:{Consent.objects.get().pk}"]
    assert "has run out" in work_words("consent_over:1")
    assert actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at + 2 * DAY) == 1


@pytest.mark.parametrize("why", ["renewed", "withdrawn", "closed"])
def test_a_consent_that_ran_out_is_not_told_where_nothing_is_left_to_do(shared, consent_to, house, room, operator, at, keys, why):  # fmt: skip
    case, *_ = shared
    Consent.objects.update(ends_at=at + DAY)
    if why == "renewed":
        consent_to(case, house, room)
    elif why == "withdrawn":
        actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    else:
        close(case, operator, at)

    assert tasks.tell_of_consents(at + DAY) == 0
