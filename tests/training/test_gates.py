"""What a course still needs before it is on offer in a country: said to managers, and true for the catalogue."""

import datetime as dt

import pytest

from accounts.models import PublicContact
from tests.training.answers import address
from training import actions, queries
from training.queries import offers

pytestmark = pytest.mark.either


def test_gates_name_what_is_missing(client, sign_in, manager, course):
    sign_in(manager)

    html = client.get("/en/reports/courses/").content.decode()

    assert "The country has no hotline number." in html
    assert "An entry that the course needs is not confirmed. (Definition in law)" in html


@pytest.mark.parametrize(
    ("kind", "number", "fault"),
    [
        ("hotline", "1343", "no_hotline"),
        ("hotline", "", "hotline_lacking"),
        ("labour", "1343", "hotline_lacking"),
    ],
)
def test_a_country_without_a_hotline_is_told_so_and_not_that_it_was_not_checked(
    course, countries, at, kind, number, fault
):
    tunisia, old = countries["TN"], at.date() - dt.timedelta(days=31)
    (row,) = [one for one in queries.courses("en") if one.key == course.key]

    gates = offers.gate(row, tunisia, [PublicContact(kind=kind, number=number, checked_at=old)], at)

    assert {one.code for one in gates} & {"no_hotline", "hotline_lacking"} == {fault}


@pytest.mark.parametrize("is_demo", [True, False])
def test_gates_speak_of_the_demonstration_only_there(client, sign_in, manager, course, settings, is_demo):
    settings.DEMO = is_demo
    sign_in(manager)

    html = client.get("/en/reports/courses/").content.decode().partition("<main")[2]

    assert "What each course still needs before it goes live in a country." in html
    assert ("In the demonstration" in html) is is_demo


def test_a_course_is_live_once_everything_is_confirmed(course, countries, at, settings):
    haiti = countries["HT"]
    for kind in ("hotline", "referral"):
        haiti.contacts.create(kind=kind, name_en=kind, number="840", checked_at=at.date())
    settings.DEMO = False
    before = [card.key for card in queries.catalogue("HT", "fr", at=at)]
    for entry in haiti.overlays.all():
        entry.confirmed, entry.checked_at = True, at.date()
        entry.save()
    actions.course_changed(course, by="test", at=at)

    assert before == []
    assert [card.key for card in queries.catalogue("HT", "fr", at=at)] == ["judicial"]
    assert [card.key for card in queries.catalogue("TN", "fr", at=at)] == []
    assert [card.key for card in queries.catalogue("", "fr", at=at)] == ["judicial"]


def test_in_production_nothing_is_listed_where_no_country_is_named_and_none_offers_it(course, client, settings):
    settings.DEMO = False

    page = client.get("/en/courses/").content.decode()

    assert ("Trafficking before the court" in page, "No course is on offer here yet." in page) == (False, True)


@pytest.mark.parametrize("is_demo", [True, False])
def test_what_nobody_confirmed_in_the_country_is_read_in_the_demo_only(lessons, client, settings, is_demo):
    settings.DEMO = is_demo

    page = client.get(f"{address(lessons[0], 'en')}?country=HT").content.decode()

    assert ("Law CL/2014-0010" in page) is is_demo
    assert ("is not yet confirmed for your country: ask the competent authority." in page) is not is_demo
