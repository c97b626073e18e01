"""Referrals: one agency at a time, only listed moves, the next by itself, conflicts stop the chain."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import open_letter
from accounts.models import AuditEntry, Letter
from referral import actions
from referral.actions.moves import move
from referral.choices import REFERRAL_MOVES, ReferralState
from referral.models import AgencyLink, CaseEvent, Escalation, Referral, StepRun

S = ReferralState


@pytest.fixture
def houses(agency):
    """Three safe houses that fit, the best first, and counselling."""
    return [agency(f"Safe house {letter}", "shelter") for letter in "ABC"] + [agency("Listening room", "psychosocial")]


@pytest.fixture
def asked(at_referrals, houses, open_run, operator, at, keys):
    """A case whose first safe house was asked."""
    case = at_referrals(*houses)
    sent = actions.refer(run=open_run(case, "shelter"), service=houses[0], key=next(keys), by=operator, at=at)
    return sent.referral


def test_an_offer_has_a_due_time_with_its_basis_an_event_a_link_and_a_letter(asked, at):
    run = asked.run

    assert (asked.state, asked.due_at, asked.basis) == (S.REQUESTED, run.due_at, "default")
    assert CaseEvent.objects.filter(case=asked.case, kind="referral_sent").count() == 1
    link = AgencyLink.objects.get(referral=asked)
    assert link.expires_at == min(run.due_at, at + dt.timedelta(hours=72))
    letter = Letter.objects.get(key=f"agency_link:{link.public_id}")
    text = open_letter(letter).text
    assert "default, not law" in text
    assert asked.case.code not in text


def test_sending_twice_with_one_key_asks_once(at_referrals, houses, open_run, operator, at):
    case = at_referrals(*houses)
    run = open_run(case, "shelter")

    first = actions.refer(run=run, service=houses[0], key="same", by=operator, at=at)
    second = actions.refer(run=run, service=houses[0], key="same", by=operator, at=at)

    assert first.referral == second.referral
    assert (len(first.code), second.code) == (6, "")
    assert Letter.objects.filter(key__startswith="agency_link").count() == 1


def test_a_second_agency_is_not_asked_while_the_first_has_not_answered(asked, houses, operator, at, keys):
    with pytest.raises(actions.StillWaiting):
        actions.refer(run=asked.run, service=houses[1], key=next(keys), by=operator, at=at)


def test_nobody_is_asked_without_consent_or_address_or_fit(at_referrals, agency, open_run, operator, at, keys):
    consented = agency("With consent", "shelter")
    others = [
        agency("No consent", "shelter"),
        agency("No address", "shelter", email=""),
        agency("Men only", "shelter", takes={"female": False}),
    ]
    case = at_referrals(consented, others[1], others[2])

    for service in others:
        with pytest.raises(actions.CannotBeAsked):
            actions.refer(run=open_run(case, "shelter"), service=service, key=next(keys), by=operator, at=at)
    assert Referral.objects.count() == 0


def test_accepting_moves_the_step_and_cancels_nothing_else(asked, at, keys):
    actions.accept(referral=asked, key=next(keys), by="link:x", at=at)

    run = StepRun.objects.get(pk=asked.run_id)
    assert (run.state, run.outcome) == ("done", "accepted")
    assert Referral.objects.get(pk=asked.pk).state == S.ACCEPTED


def test_declining_asks_the_next_that_fits_and_has_consent(asked, houses, at, keys):
    actions.decline(referral=asked, reason="full", key=next(keys), by="link:x", at=at)

    states = list(Referral.objects.filter(run=asked.run).order_by("position").values_list("service_id", "state"))
    assert states == [(houses[0].pk, S.REJECTED), (houses[1].pk, S.REQUESTED)]
    assert Escalation.objects.filter(run=asked.run, rule="code:2").count() == 1


def test_the_next_agency_is_asked_as_urgently_as_the_first(at_referrals, houses, open_run, operator, at, keys):
    run = open_run(at_referrals(*houses), "shelter")
    sent = actions.refer(run=run, service=houses[0], key=next(keys), by=operator, at=at, urgency="urgent")

    actions.decline(referral=sent.referral, reason="full", key=next(keys), by="link:x", at=at)
    second = Referral.objects.get(run=run, position=2)
    actions.mark_no_answer(referral=second, at=second.due_at)

    assert set(Referral.objects.filter(run=run).values_list("position", "urgency")) == {
        (1, "urgent"), (2, "urgent"), (3, "urgent"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (dt.time(10), dt.timedelta(hours=4)),
        (dt.time(22), dt.timedelta(hours=2)),
        (dt.time(23, 50), dt.timedelta(minutes=30)),
    ],
)
def test_an_urgent_request_is_answered_today_by_a_default_not_by_law(
    at_referrals, houses, open_run, operator, at, keys, clock, due
):
    run = open_run(at_referrals(*houses), "shelter")
    asked_at = dt.datetime.combine(at.date(), clock, dt.UTC)
    StepRun.objects.filter(pk=run.pk).update(due_at=asked_at + dt.timedelta(days=1), basis="cited")

    sent = actions.refer(run=run, service=houses[0], key=next(keys), by=operator, at=asked_at, urgency="urgent")

    assert (sent.referral.due_at - asked_at, sent.referral.basis) == (due, "default")


def test_an_urgent_request_never_waits_longer_than_its_step(at_referrals, houses, open_run, operator, at, keys):
    run = open_run(at_referrals(*houses), "shelter")
    sooner = at + dt.timedelta(hours=1)
    StepRun.objects.filter(pk=run.pk).update(due_at=sooner, basis="cited")

    sent = actions.refer(run=run, service=houses[0], key=next(keys), by=operator, at=at, urgency="urgent")

    assert (sent.referral.due_at, sent.referral.basis) == (sooner, "cited")


@pytest.mark.parametrize("reason", ["safety_conflict", "conflict_of_interest"])
def test_a_conflict_stops_the_chain_and_tells_the_supervisor(asked, reason, at, keys):
    actions.decline(referral=asked, reason=reason, key=next(keys), by="link:x", at=at)

    assert Referral.objects.filter(run=asked.run).count() == 1
    told = Escalation.objects.get(run=asked.run, rule="conflict:1")
    assert told.to_role == "coordinator"


def test_when_all_declined_the_step_ends_declined_and_the_gap_opens(asked, at, keys):
    for _ in range(3):
        waiting = Referral.objects.get(run=asked.run, state=S.REQUESTED)
        actions.decline(referral=waiting, reason="full", key=next(keys), by="link:x", at=at)

    run = StepRun.objects.get(pk=asked.run_id)
    assert run.outcome == "declined"
    assert StepRun.objects.filter(case=asked.case, step_key="gap", state="open").count() == 1


def test_no_answer_in_time_asks_the_next_and_ends_as_no_answer(asked, at, keys):
    later = at
    for _ in range(3):
        waiting = Referral.objects.get(run=asked.run, state=S.REQUESTED)
        later = waiting.due_at + dt.timedelta(minutes=1)
        assert actions.mark_no_answer(referral=waiting, at=later)
        assert not actions.mark_no_answer(referral=waiting, at=later)

    assert StepRun.objects.get(pk=asked.run_id).outcome == "no_answer"
    assert set(Referral.objects.filter(run=asked.run).values_list("state", flat=True)) == {S.NO_ANSWER}


def test_an_offer_is_not_over_before_its_time(asked, at):
    assert not actions.mark_no_answer(referral=asked, at=asked.due_at - dt.timedelta(seconds=1))


def test_where_only_consent_lacks_staff_are_told_and_the_step_stays_open(at_referrals, agency, open_run, operator, at, keys):  # fmt: skip
    first, _second = agency("Safe house A", "shelter"), agency("Safe house B", "shelter")
    case = at_referrals(first)
    sent = actions.refer(run=open_run(case, "shelter"), service=first, key=next(keys), by=operator, at=at)

    actions.decline(referral=sent.referral, reason="full", key=next(keys), by="link:x", at=at)

    assert open_run(case, "shelter")
    assert Escalation.objects.filter(run__step_key="shelter", rule="consent").count() == 1


def test_a_late_accept_counts_only_while_the_step_is_open_and_nobody_else_has_it(asked, at, keys):
    later = asked.due_at + dt.timedelta(minutes=1)
    actions.mark_no_answer(referral=asked, at=later)

    actions.accept(referral=asked, key=next(keys), by="link:x", at=later)

    assert Referral.objects.get(run=asked.run, position=2).state == S.CANCELLED
    other = Referral.objects.get(run=asked.run, position=2)
    with pytest.raises(actions.AlreadyPlaced):
        actions.accept(referral=other, key=next(keys), by="link:y", at=later)


def test_of_two_accepts_for_the_last_bed_one_succeeds(at_referrals, agency, open_run, operator, at, keys):
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    house.capacities.create(available=1, maximum=4, updated_at=at)
    offers = []
    for _ in range(2):
        case = at_referrals(house, room)
        sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
        offers.append(sent.referral)

    actions.accept(referral=offers[0], key=next(keys), by="link:x", at=at)
    with pytest.raises(actions.NoPlaceLeft):
        actions.accept(referral=offers[1], key=next(keys), by="link:y", at=at)

    assert house.capacities.get().available == 0
    assert Referral.objects.get(pk=offers[1].pk).state == S.REQUESTED


def test_another_reason_needs_words_and_the_words_are_sealed(asked, at, keys):
    with pytest.raises(actions.ReasonNeedsWords):
        actions.decline(referral=asked, reason="other", key=next(keys), by="link:x", at=at)

    actions.decline(referral=asked, reason="other", note="Canary words", key=next(keys), by="link:x", at=at)

    kept = Referral.objects.get(pk=asked.pk)
    assert "Canary" not in str(kept.decline_note.raw)
    assert not any("Canary" in event.body for event in CaseEvent.objects.all())


@given(st.lists(st.sampled_from(list(ReferralState)), max_size=6))
def test_the_table_has_no_way_out_of_a_final_state(path):
    state = S.DRAFT
    for wanted in path:
        if wanted in REFERRAL_MOVES[state]:
            state = wanted
    final = {S.REJECTED, S.CANCELLED, S.FAILED, S.COMPLETED, S.RECALLED, S.ENTERED_IN_ERROR}
    assert (not REFERRAL_MOVES[state]) == (state in final)


def test_every_move_that_is_not_listed_is_refused(asked, at):
    for before in ReferralState.values:
        for after in ReferralState.values:
            if after in REFERRAL_MOVES[before]:
                continue
            Referral.objects.filter(pk=asked.pk).update(state=before, decline_reason="full")
            with pytest.raises(actions.WrongMove):
                move(referral=asked, to=after, by="test", at=at)
            assert Referral.objects.get(pk=asked.pk).state == before


def test_a_move_is_in_the_audit_log(asked, at, keys):
    actions.accept(referral=asked, key=next(keys), by="link:x", at=at)

    bodies = [entry.body for entry in AuditEntry.objects.filter(verb="referral.moved")]
    assert any('"after":"accepted"' in body and '"before":"requested"' in body for body in bodies)


def test_progress_follows_the_table_and_gives_a_lost_place_back(at_referrals, agency, open_run, operator, at, keys):
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    house.capacities.create(available=1, maximum=4, updated_at=at)
    case = at_referrals(house, room)
    sent = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)
    actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)

    actions.progress(referral=sent.referral, to=S.FAILED, key=next(keys), by=operator, at=at)

    assert house.capacities.get().available == 1
    with pytest.raises(actions.WrongMove):
        actions.progress(referral=sent.referral, to=S.COMPLETED, key=next(keys), by=operator, at=at)
