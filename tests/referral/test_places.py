"""Places of a service: taken by an agency that accepts, free again once its request is taken back."""

import pytest

from referral import actions
from referral.models import Capacity
from tests.referral.pages import url


@pytest.fixture
def accepted(at_referrals, agency, open_run, operator, at, keys, now):
    """A shelter with three free places that accepted, beside counselling that was only asked."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    case = at_referrals(house, room)
    for service in (house, room):
        Capacity.objects.create(service=service, available=3, maximum=5, updated_at=at)
    for step, service in (("shelter", house), ("psychosocial", room)):
        sent = actions.refer(run=open_run(case, step), service=service, key=next(keys), by=operator, at=at)
        if service == house:
            actions.accept(referral=sent.referral, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    return case, house, room


def free(service):
    return Capacity.objects.get(service=service).available


def test_a_withdrawal_gives_back_the_place_of_an_agency_that_had_accepted(accepted, operator, sign_in):
    case, house, room = accepted
    before = free(house), free(room)

    for key in ("one", "one"):
        sign_in(operator).post(
            url("case_withdraw", case), {"organisation": "all", "key": key, "seen": case.event_count}
        )

    assert before == (2, 3)
    assert (free(house), free(room)) == (3, 3)
