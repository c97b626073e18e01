"""On PostgreSQL: agency and staff at one request wait for each other in one order, the case first: neither is turned away."""

import pytest
from django.db import connection

from referral import actions
from referral.actions import agency, links
from referral.models import AgencyLink, Case, Escalation
from tests.locks import beside

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


def token_of(path):
    return path.split("/")[3]


def hold(case):
    """Lock a case, as each act of the staff begins."""
    Case.objects.select_for_update().get(pk=case.pk)


def test_the_right_code_waits_for_a_new_link_that_staff_send(offer, operator, at, keys):
    referral, code, path = offer

    with beside(lambda: links.redeem(token=token_of(path), code=code, secret="hers", at=at)) as (begin, told):
        hold(referral.case)
        begin()
        actions.resend(referral=referral, key=next(keys), by=operator, at=at)

    assert [type(one) for one in told] == [links.DeadLink]


def test_a_wrong_code_waits_for_a_new_link_that_staff_send(offer, operator, at, keys):
    referral, _code, path = offer
    AgencyLink.objects.filter(referral=referral).update(tries=links.MOST_TRIES - 1)

    with beside(lambda: links.redeem(token=token_of(path), code="wrong!", secret="hers", at=at)) as (begin, told):
        hold(referral.case)
        begin()
        actions.resend(referral=referral, key=next(keys), by=operator, at=at)

    assert [type(one) for one in told] == [links.DeadLink]
    assert not Escalation.objects.filter(rule__startswith="link_dead").exists()


def test_the_right_code_opens_after_what_staff_did_elsewhere_in_the_case(offer, operator, at, keys):
    referral, code, path = offer

    with beside(lambda: links.redeem(token=token_of(path), code=code, secret="hers", at=at)) as (begin, told):
        hold(referral.case)
        begin()
        actions.answer(case=referral.case, facts={"national": True}, source="call", key=next(keys), by=operator, at=at)

    assert told == [AgencyLink.objects.get(referral=referral)]


def test_a_new_code_waits_too(offer, operator, at, keys):
    referral, _code, _path = offer
    link = AgencyLink.objects.get(referral=referral)

    with beside(lambda: links.fresh_code(link=link, by=operator, at=at)) as (begin, told):
        hold(referral.case)
        begin()
        actions.resend(referral=referral, key=next(keys), by=operator, at=at)

    assert [type(one) for one in told] == [links.DeadLink]


def test_an_agencys_word_that_it_deleted_waits_for_staff_who_send_its_link_again(shared, operator, at, keys):
    case, first, _second = shared
    agency.show(link=AgencyLink.objects.get(referral=first), at=at)
    actions.withdraw_consent(case=case, key=next(keys), by=operator, at=at)
    link = AgencyLink.objects.get(referral=first, purpose="deletion")

    with beside(lambda: agency.confirm_deletion(link=link, at=at)) as (begin, told):
        hold(case)
        begin()
        actions.resend(referral=first, key=next(keys), by=operator, at=at)

    assert told == [None]
    first.refresh_from_db()
    assert first.deletion_confirmed_at == at


def test_what_an_agency_is_shown_waits_for_staff(offer, at, operator, keys):
    referral, code, path = offer
    link = links.redeem(token=token_of(path), code=code, secret="hers", at=at)

    with beside(lambda: agency.show(link=link, at=at)) as (begin, told):
        hold(referral.case)
        begin()
        actions.withdraw_consent(case=referral.case, key=next(keys), by=operator, at=at)

    assert told == [[]]


def test_an_escalation_waits_for_the_case_that_it_is_of(late, operator, at, open_run, keys):
    case, first = late
    run = open_run(case, "screening")

    with beside(lambda: actions.fire_escalation(escalation=first, at=first.at)) as (begin, told):
        hold(case)
        begin()
        actions.answer(case=case, facts={"age": 30, "sex": "female", "immediate_danger": False}, source="call",
                       key=next(keys), by=operator, at=at)  # fmt: skip
        actions.complete_step(case=case, run=run.number, key=next(keys), by=operator, at=at)

    assert told == [False]
    assert not Escalation.objects.filter(pk=first.pk).exists()
