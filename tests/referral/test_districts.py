"""Where about: an agency is told the district at most, however finely a case's area is known."""

import pytest

from referral import actions
from referral.models import Area, Referral
from referral.queries.sharing import district_of, shared_lines


@pytest.fixture
def levels(liberia):
    """A county, its district, a clan of that, a village of that."""
    areas, parent = [], None
    for name in ("Bong", "Jorquelleh", "Zota", "Gbarnla"):
        parent = Area.objects.create(country=liberia, name=name, parent=parent)
        areas.append(parent)
    return areas


def test_the_second_level_is_the_finest_that_is_told(levels):
    assert [district_of(area) for area in levels] == ["Bong", "Jorquelleh", "Jorquelleh", "Jorquelleh"]
    assert district_of(None) == ""


@pytest.mark.parametrize("stage", [1, 2])
def test_an_agency_is_not_told_the_village(levels, at_referrals, agency, open_run, operator, at, keys, stage):
    house = agency("Safe house A", "shelter")
    house.areas.add(levels[0])
    case = at_referrals(house, agency("Listening room", "psychosocial"))
    type(case).objects.filter(pk=case.pk).update(area=levels[-1])
    actions.refer(run=open_run(case, "shelter"), service=house, key=next(keys), by=operator, at=at)

    said = {line.field.key: line.words for line in shared_lines(Referral.objects.get(), stage, at)}

    assert said["area"] == "Jorquelleh"
    assert not {"Gbarnla", "Zota"} & {word for words in said.values() for word in words.split()}
