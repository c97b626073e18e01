"""Who acted, as the timeline of a case tells it."""

from types import SimpleNamespace

import pytest

from referral.queries.timeline import who_acted


@pytest.mark.parametrize(
    ("by", "name", "told"),
    [("6f0f4d0e", "Operator, Liberia", "Operator, Liberia"), ("worker", "", "by itself"), ("link:17", "", "by link")],
)
def test_who_acted_is_a_person_an_agency_by_link_or_the_house_by_itself(by, name, told):
    assert str(who_acted(SimpleNamespace(by=by, by_name=name))) == told
