"""A course is marked as a draft wherever the report of courses by country says so: in lists, on its page, in its lessons."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.training.answers import address
from training import actions, queries
from training.models import Enrolment

MARK = "Draft for your country"
UNNAMED = "This course is not on offer in your country yet"


@pytest.fixture
def offered(course, countries):
    """Haiti offers the course: its numbers checked, its entries confirmed."""
    now = timezone.now()
    for kind in ("hotline", "referral"):
        countries["HT"].contacts.create(kind=kind, name_en=kind, number="840", checked_at=now.date())
    countries["HT"].overlays.update(confirmed=True, checked_at=now.date())
    actions.course_changed(course, by="test", at=now)
    return now


@pytest.fixture
def unnamed(course, countries):
    """The course names Haiti no longer."""
    course.countries.remove(countries["HT"])
    course.save()
    actions.course_changed(course, by="test", at=timezone.now())


def marks(client, course, lessons, query=""):
    """Return what the list, the course's page and a lesson say of a draft."""
    found = []
    for url in (f"/en/courses/{query}", f"{address(course)}{query}", f"{address(lessons[0])}{query}"):
        main = BeautifulSoup(client.get(url).content, "html.parser").main
        found.append(" ".join(main.text.split()))
    return [MARK in text for text in found], [UNNAMED in text for text in found]


def reported(client, sign_in, manager):
    """Return how the report says that the course stands for the manager's country."""
    sign_in(manager)
    main = BeautifulSoup(client.get("/en/reports/courses/").content, "html.parser").main
    return main.select_one("tbody [data-h=State]").text.strip()


def test_entries_that_nobody_confirmed_are_marked(client, sign_in, official, manager, course, lessons):
    assert reported(client, sign_in, manager) == "Draft"
    sign_in(official)

    assert marks(client, course, lessons) == ([True] * 3, [False] * 3)


def test_a_course_that_does_not_name_her_country_is_marked(
    client, sign_in, official, manager, course, lessons, unnamed
):
    assert reported(client, sign_in, manager) == "Draft"
    sign_in(official)

    assert marks(client, course, lessons) == ([True] * 3, [False, True, True])


def test_without_a_number_that_was_checked_it_is_marked(
    client, sign_in, official, manager, countries, course, lessons, offered
):
    countries["HT"].contacts.filter(kind="hotline").delete()
    assert reported(client, sign_in, manager) == "Draft"
    sign_in(official)

    assert marks(client, course, lessons) == ([True] * 3, [False, True, True])


def test_what_is_live_is_not_marked_also_where_an_entry_is_due_again(
    client, sign_in, official, manager, countries, course, lessons, offered
):
    countries["HT"].overlays.update(review_at="2020-01-01")
    actions.course_changed(course, by="test", at=timezone.now())
    assert reported(client, sign_in, manager) == "Live"
    sign_in(official)

    assert marks(client, course, lessons) == ([False] * 3, [False] * 3)


@pytest.mark.parametrize(("query", "is_marked"), [("", False), ("?country=XX", False), ("?country=HT", True)])
def test_a_visitor_is_told_for_the_country_she_chose(client, course, lessons, unnamed, query, is_marked):
    assert marks(client, course, lessons, query)[0] == [is_marked] * 3


def test_in_production_nobody_begins_a_course_that_does_not_name_her_country(
    client, sign_in, official, course, lessons, offered, unnamed, settings
):
    settings.DEMO = False
    sign_in(official)

    listed = [card.key for card in queries.catalogue("HT", "en")]
    pages = [client.get(address(one)).content.decode() for one in (course, lessons[0])]
    client.post("/en/learning/judicial/test/", {"form": "2"})
    with pytest.raises(actions.NotOffered):
        actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=timezone.now())

    assert listed == []
    assert ["data-closed" in page for page in pages] == [True, True]
    assert Enrolment.objects.count() == 0


def test_in_production_a_number_that_grew_old_takes_nothing_from_who_has_begun(
    client, sign_in, official, course, lessons, offered, countries, settings
):
    settings.DEMO = False
    actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=timezone.now())
    countries["HT"].contacts.all().delete()
    sign_in(official)

    pages = [client.get(address(one)).content.decode() for one in (course, lessons[0])]

    assert [bool(re.search(rf"{MARK}|data-closed", page)) for page in pages] == [False, False]


def test_to_ask_whether_it_is_a_draft_costs_two_queries_at_most_and_none_in_production(course, at, offered, settings):
    row = next(iter(queries.courses("en", page=course.pk)))
    with CaptureQueriesContext(connection) as asked:
        assert queries.draft_for(row, "HT", at) == ""
    settings.DEMO = False
    with CaptureQueriesContext(connection) as in_production:
        assert queries.draft_for(row, "HT", at) == ""
        assert queries.draft_for(row, "TN", at) == "entries"

    assert (len(asked), len(in_production)) == (2, 0)


def test_a_draft_that_the_course_tells_by_itself_costs_no_query(course, at, unnamed, django_assert_num_queries):
    row = next(iter(queries.courses("en", page=course.pk)))

    with django_assert_num_queries(0):
        assert queries.draft_for(row, "HT", at) == "offer"
        assert queries.draft_for(row, "", at) == ""


def test_the_country_is_named_in_the_language_of_the_page(client, sign_in, official, countries, course, unnamed):
    countries["HT"].name_ar = "هايتي"
    countries["HT"].save()
    sign_in(official)

    page = client.get(address(course, "ar")).content.decode()

    assert "(هايتي)" in page.partition('class="native small"')[2][:1000]
