"""Who took two courses is no small number either: not in a period, nor in what two periods differ by."""

import pytest

from training import queries
from training.models import OfficeCount, OfficePeople

ANY = {"finished": 80, "finished_12": 60, "begun": 80}
# Two courses, added up: twenty took both ever, twelve of them in the last year.
TWO = {"finished": 100, "finished_12": 72, "begun": 100}


@pytest.fixture
def analyst(person, countries):
    return person("analyst", country=countries["HT"])


def told(user, **filters):
    """How many finished of each group, as a person is told."""
    return [one.finished for one in queries.completion(user, filters).groups]


@pytest.mark.parametrize("group", ["office", "country"])
@pytest.mark.parametrize(
    ("two", "said"),
    [({}, None), ({"finished_12": 71}, None), ({"finished_12": 70}, 60), ({"finished": 102, "begun": 102}, 60)],
)
def test_a_period_is_not_told_where_it_tells_how_few_took_both_courses_before(
    office, staff, analyst, group, two, said
):
    court = office("Court A")
    staff(court, finished=10)
    OfficePeople.objects.filter(office=court).update(officials=120, **ANY)
    OfficeCount.objects.filter(office=court).update(**(TWO | two))

    assert told(analyst, group=group) == [80]
    assert told(analyst, group=group, months="12") == [said]
    assert queries.completion(analyst, {"months": "12"}).finished == said


def test_each_longer_period_is_taken_from_the_one_asked_for(office, staff, analyst):
    court = office("Court A")
    staff(court, finished=10)
    OfficePeople.objects.filter(office=court).update(officials=120, **ANY, finished_6=40, finished_3=20)
    OfficeCount.objects.filter(office=court).update(**(TWO | {"finished_12": 70, "finished_6": 50, "finished_3": 20}))

    assert [told(analyst, months=months) for months in ("", "12", "6", "3")] == [[80], [60], [40], [20]]

    OfficeCount.objects.filter(office=court).update(finished_3=23)
    assert told(analyst, months="3") == [None]
    OfficeCount.objects.filter(office=court).update(finished_6=51, finished_3=20)
    assert told(analyst, months="6") == [None]


def test_a_country_is_told_where_many_of_its_offices_together_took_both_before(office, staff, analyst):
    for name in ("Court A", "Court B"):
        staff(office(name), finished=10)
    OfficePeople.objects.filter(office__isnull=False).update(officials=120, **ANY)
    OfficeCount.objects.filter(office__isnull=False).update(**TWO)

    assert told(analyst, months="12") == [None, None]
    assert told(analyst, months="12", group="country") == [120]
