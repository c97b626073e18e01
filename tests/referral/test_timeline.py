"""Who acted, and how a search for help ended, as the timeline of a case tells it."""

from types import SimpleNamespace

import pytest

from referral import actions
from referral.queries.timeline import timeline_of, who_acted


@pytest.mark.parametrize(
    ("by", "name", "told"),
    [("6f0f4d0e", "Operator, Liberia", "Operator, Liberia"), ("worker", "", "by itself"), ("link:17", "", "by link")],
)
def test_who_acted_is_a_person_an_agency_by_link_or_the_house_by_itself(by, name, told):
    assert str(who_acted(SimpleNamespace(by=by, by_name=name))) == told


def ends(case):
    """Return how the steps of a case ended, in words."""
    return [entry.words for entry in timeline_of(case, "en") if entry.words.startswith("Safe accommodation: ")]


@pytest.mark.django_db
def test_help_for_which_nobody_could_be_asked_is_not_called_unanswered(
    at_referrals, room, open_run, operator, at, keys
):
    case = at_referrals(room)

    actions.give_up(run=open_run(case, "shelter"), key=next(keys), by=operator, at=at)

    assert ends(case) == ["Safe accommodation: nobody could be asked"]


@pytest.mark.django_db
def test_help_that_was_asked_for_in_vain_was_accepted_by_no_agency(at_referrals, house, room, open_run, operator, at, keys):  # fmt: skip
    case = at_referrals(house, room)
    asked = actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at).referral

    actions.decline(referral=asked, reason="full", key=next(keys), by=operator, at=at)

    assert ends(case) == ["Safe accommodation: no agency accepted"]
