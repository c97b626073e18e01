"""Readiness and the first page: of small offices and small numbers nobody is told more than she may know."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from tests.training.trained import CURRENT, DUE, LAPSED, rows, trained
from training import actions
from training.models import OfficePeople
from training.queries.dashboard import dashboard
from training.queries.readiness import readiness

__all__ = ["trained"]
URL, OVERVIEW = "/en/reports/readiness/", "/en/reports/"


@pytest.fixture
def small(office, trained):
    """An office of nine, in which one is current, beside one of twelve."""
    trained(office("Court A"), CURRENT, untrained=11)
    return trained(office("Post B"), CURRENT, untrained=8)[0].office


def test_of_a_small_office_the_manager_of_its_country_is_told_yes_or_no_and_nothing_else(small, manager, at):
    row = rows(manager, at)[1]

    assert (row.office, row.is_ready, row.officials, row.numbers, row.languages, row.staff) == (
        small, True, None, None, (), None,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["analyst", "supervisor", "trainer", "administrator"])
def test_of_a_small_office_others_are_told_nothing(small, person, countries, at, role):
    row = rows(person(role, country=countries["HT"]), at)[1]

    assert (row.office, row.is_ready, row.numbers, row.is_covered) == (small, None, None, False)


def test_a_manager_of_no_country_is_no_manager_of_this_one(small, person, at):
    assert [row.is_ready for row in rows(person("manager"), at) if row.office == small] == [None]


def test_a_small_office_is_in_no_total(small, manager, person, countries, at):
    analyst = person("analyst", country=countries["HT"])
    actions.count_readiness(at=at)

    found, report = dashboard(analyst, "en"), readiness(analyst, {}, "en", at=at)

    own = dashboard(manager, "en")
    assert [(one.officials, one.begun, one.finished) for one in (own, found)] == [(12, 1, 1), (12, None, None)]
    assert [(one.offices, one.ready, one.hidden.offices) for one in (own, found)] == [(1, 1, 1), (1, None, 1)]
    assert [(one.begun, one.offices) for one in (*own.courses, *found.courses)] == [(1, 1), (None, None)]
    assert [(one.ready, one.offices, one.languages) for one in report.courses] == [(None, None, {})]
    assert report.hidden.offices == 1


def told(row):
    """What a reader is told of an office in numbers."""
    one = row.numbers
    return (row.is_ready, one.current, one.refresher_due, one.lapsed, one.lapsing, one.minutes, one.least, row.share)


def test_small_numbers_of_an_office_are_told_to_the_managers_of_its_country_alone(
    office, trained, manager, person, countries, at
):
    trained(office("Court A", staff_count=20), *[CURRENT] * 3, DUE, LAPSED, untrained=6)
    trained(office("Court B"), *[DUE] * 11)

    exact = [told(row) for row in rows(manager, at)]
    guarded = [told(row) for row in rows(person("analyst", country=countries["HT"]), at)]

    assert exact == [(True, 3, 1, 1, 1, 18, 9, 15), (False, 0, 11, 0, 11, 99, 9, None)]
    # The one due at Court A would be the difference between what is told of Court B and the total on the first page.
    assert guarded == [(None,) * 8] * 2


def test_a_number_from_which_no_small_one_follows_is_told(office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 12)
    trained(office("Court B"), *[LAPSED] * 10)

    first, second = rows(person("analyst", country=countries["HT"]), at)

    # That nobody is meant is told as well, since all the others are.
    assert told(first) == (True, 12, 0, 0, 0, 0, None, None)
    assert told(second) == (False, 0, 0, 10, 0, 90, 9, None)


def test_a_number_that_leaves_few_of_the_office_is_told_to_the_managers_alone(
    office, trained, manager, person, countries, at
):
    trained(office("Court A"), *[CURRENT] * 12, untrained=3)
    trained(office("Court B"), *[CURRENT] * 20, untrained=20)
    trained(office("Court C"), *[CURRENT] * 30, untrained=12)

    exact = [row.current for row in rows(manager, at)]
    guarded = [row.current for row in rows(person("analyst", country=countries["HT"]), at)]

    assert exact == [12, 20, 30]
    # The three of Court A would follow from the total and the others; Court C hides them with it.
    assert guarded == [None, 20, None]


def test_numbers_that_together_leave_few_of_the_office_are_not_told_together(office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 12, *[LAPSED] * 10, untrained=3)
    analyst = person("analyst", country=countries["HT"])

    (row,), (course,) = rows(analyst, at), dashboard(analyst, "en").courses

    assert (row.numbers.current, row.numbers.lapsed) == (12, None)
    assert (course.begun, course.finished, course.current, course.lapsed) == (None, None, 12, None)


def first_page(analyst, at, **of_any_course):
    """What the first page tells of the course, where so many finished and are current in any."""
    actions.count_readiness(at=at)
    OfficePeople.objects.filter(office__isnull=False).update(**of_any_course)
    found = dashboard(analyst, "en")
    (one,) = found.courses
    return (found.finished, found.current), (one.finished, one.current, one.refresher_due, one.lapsed)


def test_columns_of_the_first_page_do_not_add_up_to_who_finished_where_that_is_withheld(
    office, trained, person, countries, at
):
    trained(office("Court A"), *[CURRENT] * 20, *[LAPSED] * 12, untrained=3)
    analyst = person("analyst", country=countries["HT"])

    assert first_page(analyst, at) == ((None, 20), (None, 20, 0, None))


def test_no_column_of_a_course_leaves_few_of_those_who_finished_or_are_current_in_any(
    office, trained, person, countries, at
):
    trained(office("Court A"), *[CURRENT] * 20, *[LAPSED] * 12, untrained=30)
    analyst = person("analyst", country=countries["HT"])

    assert first_page(analyst, at) == ((32, 20), (32, 20, 0, 12))
    assert first_page(analyst, at, begun=35, finished=35) == ((35, 20), (None, 20, 0, None))
    assert first_page(analyst, at, begun=42, finished=42, current=22) == ((42, 22), (32, None, 0, 12))


def test_the_first_page_does_not_tell_how_few_took_two_courses(office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 20, *[LAPSED] * 12, untrained=30)
    analyst = person("analyst", country=countries["HT"])

    (finished, current), _course = first_page(analyst, at, begun=30, finished=30)  # two of them in two courses
    assert (finished, current) == (None, 20)

    (finished, current), _course = first_page(analyst, at, begun=22, finished=22, current=11)
    assert (finished, current) == (22, None)


def test_who_is_current_is_not_told_beside_few_more_who_finished(office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 12, LAPSED, LAPSED, untrained=12)
    analyst = person("analyst", country=countries["HT"])

    (row,), report = rows(analyst, at), dashboard(analyst, "en")

    assert (report.finished, report.current, report.courses[0].finished) == (14, None, 14)
    assert (row.current, report.courses[0].current) == (None, None)


@pytest.mark.parametrize(("role", "current"), [("manager", 3), ("analyst", None)])
def test_a_small_total_of_all_offices_is_told_to_the_managers_alone(
    sign_in, office, trained, person, countries, at, role, current
):
    trained(office("Court A"), *[CURRENT] * 3, untrained=8)
    actions.count_readiness(at=at)
    reader = person(role, country=countries["HT"])

    found = dashboard(reader, "en")
    html = sign_in(reader).get(OVERVIEW).content.decode()

    assert (found.current, found.courses[0].current, found.courses[0].lapsed) == (current, current, 0)
    assert (found.begun, found.finished, found.courses[0].begun, found.courses[0].finished) == (current,) * 4
    assert ("A dash stands where fewer than 10 people are meant" in html) is (current is None)
    assert ("–</dd>" in html, "–</td>" in html) == ((current is None),) * 2
    assert (found.ready, found.courses[0].offices) == ((None, None) if current is None else (1, 1))
    assert "of 1 office with 10 officials or more has somebody current" in html


def test_the_first_page_totals_only_countries_of_which_no_small_number_follows(
    sign_in, office, trained, person, countries, at
):
    trained(office("Court A"), *[CURRENT] * 3, untrained=12)
    trained(office("Cour B", "TN"), *[CURRENT] * 12, untrained=11)
    actions.count_readiness(at=at)
    everywhere = person("analyst")
    browser = sign_in(everywhere)

    found = dashboard(everywhere, "en")
    html = browser.get(OVERVIEW).content.decode()
    file = browser.post("/en/reports/table/overview.csv").content.decode("utf-8-sig")

    assert (found.officials, found.begun, found.finished, found.current) == (23, 12, 12, 12)
    assert [(one.begun, one.finished, one.current) for one in found.courses] == [(12, 12, 12)]
    assert (found.offices, found.ready) == (2, None)  # two would say yes of the court in Haiti
    assert "Left out of the totals: countries" in html
    assert ",12,12,12,0,0,0,\r\n" in file


def test_what_is_not_told_on_the_first_page_is_empty_in_its_file(sign_in, office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 3, untrained=12)
    actions.count_readiness(at=at)

    file = sign_in(person("analyst", country=countries["HT"])).post("/en/reports/table/overview.csv")

    assert ",,,,0,0,0,\r\n" in file.content.decode("utf-8-sig")


def test_the_pages_say_how_many_small_offices_are_left_out(sign_in, small, manager, person, countries, at):
    actions.count_readiness(at=at)
    analyst = person("analyst", country=countries["HT"])

    overview, of_analyst = (
        sign_in(user).get(url).content.decode() for user, url in ((manager, OVERVIEW), (analyst, URL))
    )

    for page in (overview, of_analyst):
        assert "1 office with fewer than 10 officials is in none of these numbers." in page
    assert "A dash stands where fewer than 10 people are meant" in of_analyst


def test_numbers_of_a_past_day_are_for_the_managers_of_the_country(office, trained, person, countries, at):
    trained(office("Court A", staff_count=30, staff_counted_on=at.date()), CURRENT, untrained=10)

    analyst, day = person("analyst", country=countries["HT"]), at.date() - dt.timedelta(days=3)
    (row,) = rows(analyst, at, day=day)

    assert (row.is_ready, row.is_covered, row.languages, row.numbers, row.staff) == (None, None, (), None, None)
    assert readiness(analyst, {"day": day}, "en", at=at).is_guarded


def test_the_same_table_leaves_as_excel_with_numbers_as_numbers(sign_in, small, manager, at):
    actions.count_readiness(at=at)

    answer = sign_in(manager).post("/en/reports/table/readiness.xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    large, little = list(sheet.iter_rows(values_only=True))[1:3]
    assert large[3:7] == (12, "yes", "français", 1)
    assert little[3:5] == ("<10", "yes")
    assert [cell for cell in little[5:-1] if cell] == []
