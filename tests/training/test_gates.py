"""What a course still needs before it is on offer in a country: said to managers, and true for the catalogue."""

import pytest

from tests.training.answers import address
from training import actions, queries


def test_gates_name_what_is_missing(client, sign_in, manager, course):
    sign_in(manager)

    html = client.get("/en/reports/courses/").content.decode()

    assert "No hotline number of the country was checked in the last 30 days." in html
    assert "An entry that the course needs is not confirmed. (Definition in law)" in html


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
