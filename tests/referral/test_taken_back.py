"""Whoever takes a request back, its agency is told; one reached only by text is told by whoever has the case."""

import datetime as dt

import pytest

from accounts.models import Letter
from referral import actions, tasks
from referral.models import AgencyContact, Escalation, Referral
from referral.queries.work import told_to
from tests.referral.withdrawals import close, state_of


@pytest.fixture
def asked(at_referrals, agency, open_run, operator, at, keys):
    """A factory of requests to a house reached by e-mail, or by text only."""

    def make(email):
        house = agency("Safe house A", "shelter", email=email)
        if not email:
            by_text(house, at)
        case = at_referrals(house, agency("Listening room", "psychosocial"))
        run = open_run(case, "shelter")
        return actions.refer(run=run, service=house, key=next(keys), by=operator, at=at).referral

    return make


def by_text(house, at):
    actions.enrol_contact(organisation=house.organisation, name="Desk", number="+231770000000", by="test", at=at)


def has_letter(referral):
    return Letter.objects.filter(key=f"recall:{referral.public_id}").exists()


def untold():
    return [(row.rule, row.run_id, row.to_role) for row in Escalation.objects.filter(rule__startswith="untold")]


@pytest.mark.parametrize("is_held", [False, True])
def test_an_agency_with_a_number_only_is_told_by_hand_when_the_case_is_closed(asked, operator, at, keys, is_held):
    referral = asked(email="")
    if is_held:
        actions.hold(referral=referral, key=next(keys), by=operator, at=at)

    close(referral.case, operator, at)
    tasks.fire_escalations(at)

    assert (state_of(referral), has_letter(referral)) == ("cancelled", False)
    assert untold() == [(f"untold:{referral.pk}", referral.run_id, "hotline")]
    assert f"untold:{referral.pk}" in [row.rule for row in told_to(operator)]


def test_an_agency_that_has_a_letter_about_the_closing_needs_no_call(asked, operator, at):
    referral = asked(email="desk@example.org")

    close(referral.case, operator, at)

    assert (state_of(referral), has_letter(referral), untold()) == ("cancelled", True, [])


def test_of_a_request_that_was_never_sent_nobody_is_told(asked, operator, at):
    referral = asked(email="")
    Referral.objects.filter(pk=referral.pk).update(state="draft", requested_at=None)

    close(referral.case, operator, at)

    assert (state_of(referral), has_letter(referral), untold()) == ("cancelled", False, [])


def test_a_house_that_put_a_person_it_helped_back_on_its_list_is_asked_to_delete_when_the_case_is_closed(
    asked, operator, at, keys
):
    referral = asked(email="desk@example.org")
    actions.accept(referral=referral, key=next(keys), by="link:x", at=at)
    actions.progress(referral=referral, to="in_progress", key=next(keys), by=operator, at=at)
    actions.hold(referral=referral, key=next(keys), by="link:x", at=at)

    close(referral.case, operator, at)

    assert (state_of(referral), Referral.objects.get(pk=referral.pk).deletion_asked_at) == ("cancelled", at)
    assert referral.links.filter(purpose="deletion", revoked_at=None).exists()


@pytest.mark.parametrize("is_by_text", [False, True])
def test_the_next_agency_is_told_when_the_one_before_accepts_late(
    at_referrals, agency, open_run, operator, at, keys, is_by_text
):
    first, second = (
        agency("Safe house A", "shelter"),
        agency("Safe house B", "shelter", email=not is_by_text and "b@c.org"),
    )
    if is_by_text:
        by_text(second, at)
    case = at_referrals(first, second, agency("Listening room", "psychosocial"))
    run = open_run(case, "shelter")
    asked = actions.refer(run=run, service=first, key=next(keys), by=operator, at=at).referral
    later = asked.due_at + dt.timedelta(minutes=1)
    actions.mark_no_answer(referral=asked, at=later)
    other = Referral.objects.get(run=run, position=2)

    actions.accept(referral=asked, key=next(keys), by="link:x", at=later)
    tasks.fire_escalations(later)

    assert (state_of(other), has_letter(other)) == ("cancelled", not is_by_text)
    assert untold() == ([(f"untold:{other.pk}", run.pk, "hotline")] if is_by_text else [])


@pytest.mark.parametrize("is_accepted", [False, True])
def test_an_address_that_cannot_be_opened_stops_no_taking_back_and_the_agency_is_told_by_hand(
    asked, operator, at, keys, is_accepted
):
    referral = asked(email="desk@example.org")
    if is_accepted:
        actions.accept(referral=referral, key=next(keys), by="link:x", at=at)
    other = AgencyContact.objects.exclude(organisation=referral.organisation).get()
    referral.organisation.contacts.update(email=other.email)

    actions.withdraw_consent(case=referral.case, key=next(keys), by=operator, at=at)

    assert (state_of(referral), has_letter(referral)) == ("recalled", False)
    assert untold() == [(f"untold:{referral.pk}", referral.run_id, "hotline")]
    assert referral.links.filter(revoked_at=None).count() == 0
