"""On PostgreSQL: whoever changes the free places of a service locks the count before the audit head: nobody waits in a ring."""

import pytest
from django.db import connection

from referral import actions
from referral.actions.directory import ServiceChangedMeanwhile, ServiceDetails
from referral.choices import ReferralState
from referral.models import Capacity, Count, Referral
from tests.locks import beside

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def house(offer, at):
    """The safe house that is asked, with one free place of four."""
    service = offer[0].service
    Capacity.objects.create(service=service, available=1, maximum=4, updated_at=at)
    return service


@pytest.fixture
def another(at_referrals, house, open_run, operator, at, keys):
    """A request of another case to the same house."""
    run = open_run(at_referrals(house), "shelter")
    return actions.refer(run=run, service=house, key=next(keys), by=operator, at=at).referral


@pytest.fixture
def confirmed_beside(house, person, liberia, at):
    """Do an act that waits for the count while a manager confirms the service; return what became of the act."""
    manager = person("manager", country=liberia)

    def run(act):
        with beside(act) as (begin, told):
            list(Capacity.objects.select_for_update(no_key=True).filter(service=house))
            begin()
            actions.confirm_service(service=house, by=manager, at=at)
        return told

    return run


def free(service):
    return Capacity.objects.get(service=service).available


def test_an_agency_accepts_while_its_service_is_confirmed(offer, house, confirmed_beside, at):
    told = confirmed_beside(lambda: actions.accept(referral=offer[0], key="yes", by="link:x", at=at))

    assert told == [offer[0]]
    assert free(house) == 0


@pytest.mark.parametrize("way", ["failed", "withdrawn", "refused"])
def test_a_place_is_given_back_while_its_service_is_confirmed(offer, house, confirmed_beside, operator, at, way):
    referral, _code, _path = offer
    common = {"key": "back", "by": operator, "at": at}
    acts = {
        "failed": lambda: actions.progress(referral=referral, to=ReferralState.FAILED, **common),
        "withdrawn": lambda: actions.withdraw_consent(case=referral.case, **common),
        "refused": lambda: actions.record_consent(
            case=referral.case, lines=[], giver="person", language="en", **common
        ),
    }
    actions.accept(referral=referral, key="yes", by="link:x", at=at)

    told = confirmed_beside(acts[way])

    assert not [one for one in told if isinstance(one, Exception)]
    assert free(house) == 1


def test_of_two_who_accept_at_once_one_gets_the_last_place(offer, house, another, at):
    with beside(lambda: actions.accept(referral=another, key="two", by="link:y", at=at)) as (begin, told):
        actions.accept(referral=offer[0], key="one", by="link:x", at=at)
        begin()

    assert [type(one) for one in told] == [actions.NoPlaceLeft]
    assert free(house) == 0
    assert Referral.objects.get(pk=another.pk).state == ReferralState.REQUESTED


@pytest.mark.parametrize("way", ["confirmed", "saved"])
def test_a_count_that_was_shown_before_the_last_place_was_taken_waits_and_is_refused(
    offer, house, person, liberia, at, way
):
    common = {"service": house, "by": person("manager", country=liberia), "at": at, "counted": Count(1, 4)}
    details = ServiceDetails(name=house.name_en, term=house.term, available=2, maximum=4)
    acts = {
        "confirmed": lambda: actions.confirm_service(**common),
        "saved": lambda: actions.save_service(organisation=house.organisation, details=details, **common),
    }

    with beside(acts[way]) as (begin, told):
        actions.accept(referral=offer[0], key="yes", by="link:x", at=at)
        begin()

    assert [type(one) for one in told] == [ServiceChangedMeanwhile]
    assert free(house) == 0
