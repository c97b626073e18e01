"""What readiness says without a number: yes and no, languages and filters say no more to others than the numbers told."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from tests.training.trained import CURRENT, DUE, LAPSED, rows, trained
from training import actions
from training.queries.dashboard import dashboard
from training.queries.readiness import LAPSING, NOBODY, readiness

pytestmark = pytest.mark.either

__all__ = ["trained"]
URL, OVERVIEW, FILE = "/en/reports/readiness/", "/en/reports/", "/en/reports/table/readiness"
ENDING = ("current", "fr", 60)


@pytest.fixture
def analyst(person, countries):
    """An analyst of Haiti."""
    return person("analyst", country=countries["HT"])


@pytest.fixture
def fifteen(office, trained, at):
    """Fifteen of eighteen who are current at Court A, and thirty who have not begun at Court B."""
    trained(office("Court A"), *[CURRENT] * 15, untrained=3)
    trained(office("Court B"), untrained=30)
    actions.count_readiness(at=at)


def said(found):
    """What is said of offices without a number."""
    return [(row.is_ready, row.is_covered, row.languages) for row in found]


def test_yes_and_no_do_not_tell_whose_a_number_of_the_first_page_is(fifteen, analyst, manager, at):
    of_analyst, of_manager = dashboard(analyst, "en"), dashboard(manager, "en")

    assert said(rows(manager, at)) == [(True, False, ("fr",)), (False, False, ())]
    assert said(rows(analyst, at)) == [(None, None, ())] * 2
    assert [(one.ready, one.offices) for one in readiness(analyst, {}, "en", at=at).courses] == [(None, None)]
    assert (of_analyst.current, of_analyst.ready, of_analyst.courses[0].offices) == (15, None, None)
    assert (of_manager.current, of_manager.ready, of_manager.courses[0].offices) == (15, 1, 1)
    assert of_analyst.is_guarded


def test_what_is_not_said_is_a_dash_on_the_page_and_empty_in_its_files(sign_in, fifteen, analyst):
    client = sign_in(analyst)

    page = BeautifulSoup(client.get(URL).content, "html.parser")
    assert {" ".join(table.parent.get("class", ())) for table in page.select("table.fold")} == {"scroll"}
    text = client.post(f"{FILE}.csv").content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(client.post(f"{FILE}.xlsx").content)).active
    first = BeautifulSoup(client.get(OVERVIEW).content, "html.parser")

    cells = [cell.get_text(strip=True) for cell in page.select('td[data-h="Somebody current"]')]
    assert cells == ["–", "–"]
    assert "A dash stands where fewer than 10 people are meant" in page.get_text()
    assert [line[3:7] for line in list(csv.reader(io.StringIO(text)))[1:3]] == [["18", "", "", ""], ["30", "", "", ""]]
    assert [line[4:6] for line in list(sheet.iter_rows(values_only=True))[1:3]] == [(None, None)] * 2
    assert [one.dd.get_text() for one in first.select(".figures div") if "offices" in one.dt.get_text()] == ["–"]
    assert [one.get_text() for one in first.select('td[data-h="Offices with somebody current"]')] == ["–"]


def test_no_is_said_where_all_numbers_are_told_and_counts(office, trained, analyst, at):
    trained(office("Court A"), *[CURRENT] * 12, untrained=10)
    trained(office("Court B"), *[DUE] * 10, untrained=10)
    trained(office("Court C"), untrained=12)

    found = rows(analyst, at)
    (course,) = readiness(analyst, {}, "en", at=at).courses
    first = dashboard(analyst, "en")

    assert said(found) == [(True, False, ("fr",)), (False, True, ()), (False, False, ())]
    assert (course.ready, course.covered, course.bare) == (1, 1, 1)
    assert (first.offices, first.ready, first.courses[0].offices) == (3, 1, 1)
    assert [row.office.name for row in rows(analyst, at, show=NOBODY)] == ["Court B", "Court C"]


def test_of_nobody_current_it_is_not_said_that_a_refresher_is_due_where_that_is_not_told(office, trained, analyst, at):
    trained(office("Court A"), *[CURRENT] * 12, *[DUE] * 3, untrained=20)
    trained(office("Court B"), *[DUE] * 12, untrained=20)
    trained(office("Court C"), *[CURRENT] * 12, untrained=20)

    found = rows(analyst, at)

    assert [row.numbers.refresher_due for row in found] == [None] * 3
    assert all(row.is_covered is None for row in found if not row.is_ready)


def test_how_many_are_ready_is_told_where_it_says_nothing_of_one(office, trained, analyst, at):
    for name, states in (("A", 15), ("B", 14), ("C", 0)):
        trained(office(f"Court {name}"), *[CURRENT] * states, untrained=16 - states)

    found = rows(analyst, at)

    assert [row.is_ready for row in found] == [None, None, None]
    assert dashboard(analyst, "en").ready == 2


def test_languages_are_told_only_where_how_many_are_current_in_each_is(office, trained, analyst, manager, at):
    trained(office("Court A"), *[CURRENT] * 12, untrained=12)
    trained(office("Court B"), *[("current", "ht", None)] * 20, *[CURRENT] * 2, untrained=12)

    found = rows(analyst, at)

    assert [(row.current, row.languages) for row in found] == [(12, ()), (22, ())]
    assert [row.languages for row in rows(manager, at)] == [("fr",), ("fr", "ht")]


def test_a_filter_finds_by_what_is_told(office, trained, analyst, manager, at):
    trained(office("Court A"), *[ENDING] * 15, untrained=3)
    trained(office("Court B"), *[CURRENT] * 15, untrained=15)

    assert [row.office.name for row in rows(manager, at, show=LAPSING)] == ["Court A"]
    assert rows(analyst, at, show=LAPSING) == rows(analyst, at, show=NOBODY) == ()


def test_who_lapses_soon_is_told_beside_who_is_current_or_due_where_few_others_are_not(office, trained, analyst, at):
    trained(office("Court A"), *[CURRENT] * 2, *[ENDING] * 10, *[DUE] * 10, *[LAPSED] * 12, untrained=30)

    (row,), (course,) = rows(analyst, at), dashboard(analyst, "en").courses

    # Twenty of the twenty-two lapse soon: two would not.
    assert [(one.current, one.refresher_due, one.lapsed, one.lapsing) for one in (row.numbers, course)] == [
        (12, 10, 12, None)
    ] * 2


def test_who_lapses_soon_is_told_where_no_small_number_follows(office, trained, analyst, at):
    trained(office("Court A"), *[ENDING] * 11, untrained=10)

    assert [row.numbers.lapsing for row in rows(analyst, at, show=LAPSING)] == [11]


@pytest.mark.parametrize("query", ["", "?course=judicial", f"?show={LAPSING}"])
def test_a_course_of_which_no_number_is_told_keeps_its_row_and_says_why(sign_in, fifteen, analyst, query):
    page = BeautifulSoup(sign_in(analyst).get(f"{URL}{query}").content, "html.parser")

    cells = page.select_one("td.full").find_parent("tr").select("td")
    words = "Not shown: small numbers could be worked out from it."
    assert [cell.get_text(strip=True) for cell in cells] == [words, "–", "–", "–", "–"]
    assert page.select_one("td.full svg") is None


@pytest.mark.parametrize("show", [LAPSING, NOBODY])
@pytest.mark.parametrize("lapsing", [0, 3, 9])
def test_a_filter_of_which_nothing_is_told_says_the_same_whether_nobody_fits_or_few(
    sign_in, office, trained, analyst, show, lapsing, at
):
    trained(office("Court A"), *[ENDING] * lapsing, *[CURRENT] * (15 - lapsing), untrained=3)
    actions.count_readiness(at=at)

    page = BeautifulSoup(sign_in(analyst).get(f"{URL}?show={show}").content, "html.parser").get_text(" ", strip=True)

    assert "No office whose numbers you are told fits these filters." in page
    assert "Offices whose numbers are not told to you are left out here, whether they fit or not." in page
    assert "No office fits these filters." not in page
    assert "A dash stands where fewer than 10 people are meant" in page


def test_what_is_found_says_as_well_that_others_may_fit_and_a_manager_is_told_all(
    sign_in, office, trained, analyst, manager, at
):
    trained(office("Court A"), *[ENDING] * 11, untrained=10)
    trained(office("Court B"), untrained=12)
    actions.count_readiness(at=at)
    left_out = "left out here, whether they fit or not"

    of_analyst, all_of_it, of_manager = (
        sign_in(who).get(f"{URL}{query}").content.decode()
        for who, query in ((analyst, f"?show={LAPSING}"), (analyst, ""), (manager, f"?show={LAPSING}"))
    )

    assert "Court A" in of_analyst
    assert "Court B" not in of_analyst
    assert left_out in of_analyst
    assert left_out not in all_of_it
    assert left_out not in of_manager
