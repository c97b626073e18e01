"""Where officials are in no number of a report: no nought stands for them, and page and file say why."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook

from tests.training.trained import CURRENT, trained
from training import actions
from training.models import OfficePeople
from training.queries.small_numbers import SMALLEST

pytestmark = pytest.mark.either

__all__ = ["trained"]
OVERVIEW, READY, COMPLETION = "/en/reports/", "/en/reports/readiness/", "/en/reports/completion/"
FILES = ("/en/reports/table/overview", "/en/reports/completion", "/en/reports/table/readiness")
HIDDEN = "Numbers of people are hidden, so that no single person can be told from them."
TWO = "2 offices with fewer than 10 officials are in none of these numbers."
UNPLACED = "Officials without an office are in none of these numbers."


@pytest.fixture
def small(office, trained, at):
    """Two offices of nine and four; of each one official is current."""
    trained(office("Post A"), CURRENT, untrained=8)
    trained(office("Post B"), CURRENT, untrained=3)
    actions.count_readiness(at=at)


def page_of(client, url, **filters):
    return BeautifulSoup(client.get(url, filters).content, "html.parser")


def figures(page):
    return {" ".join(one.dt.get_text().split()): one.dd.get_text() for one in page.select(".figures div")}


def said(page):
    found = page.select_one('dl.figures + p[data-part="hidden"]')
    return " ".join(found.get_text().split()) if found else ""


def lines_of(client, url, kind):
    content = client.post(f"{url}.{kind}").content
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [
        [cell or "" for cell in row] for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    ]


def left_out(lines):
    return [line[1] for line in lines if line and line[0] == "Left out of the numbers"]


def test_where_all_are_hidden_dashes_stand_and_the_reason_beside_them(sign_in, small, manager):
    client = sign_in(manager)

    overview, completion = page_of(client, OVERVIEW), page_of(client, COMPLETION)

    assert figures(overview) == dict.fromkeys(
        ["hold a current certificate", "have finished a course", "have begun a course"], "–"
    )
    assert set(figures(completion).values()) == {"–"}
    for page in (overview, completion):
        assert said(page).startswith(f"{HIDDEN} {TWO}")
        assert page.select_one('[data-part="hidden"] a')["href"] == "/en/reports/people/"
        assert "No official is counted here yet" not in page.get_text()
        assert "A dash stands where fewer than" not in page.get_text()
    assert "Hidden: no office with 10 officials or more" in overview.select_one("#by-course").parent.get_text()


def test_who_may_not_see_names_is_led_to_none(sign_in, small, person, countries):
    page = page_of(sign_in(person("analyst", country=countries["HT"])), OVERVIEW)

    assert HIDDEN in said(page)
    assert page.select('[data-part="hidden"] a') == []


def test_where_a_part_is_hidden_a_line_under_the_figures_says_so(sign_in, small, office, trained, manager, person, at):
    trained(office("Court C"), CURRENT, untrained=11)
    person("learner", country=manager.country)
    actions.count_readiness(at=at)
    client = sign_in(manager)

    for url in (OVERVIEW, COMPLETION):
        page = page_of(client, url)
        assert set(figures(page).values()) & {"1", "12"}
        assert said(page).startswith(f"{TWO} {UNPLACED}")


def test_without_anybody_hidden_nothing_is_said(sign_in, office, trained, manager, at):
    trained(office("Court C"), CURRENT, untrained=11)
    actions.count_readiness(at=at)

    assert said(page_of(sign_in(manager), OVERVIEW)) == ""


def test_an_office_of_just_as_many_as_are_told_is_in_the_numbers(sign_in, office, trained, manager, at):
    trained(office("Court C"), CURRENT, untrained=SMALLEST - 1)
    actions.count_readiness(at=at)

    assert said(page_of(sign_in(manager), OVERVIEW)) == ""


def test_officials_of_no_office_alone_are_hidden_too(sign_in, manager, person, at):
    person("learner", country=manager.country)
    actions.count_readiness(at=at)

    page = page_of(sign_in(manager), OVERVIEW)

    assert said(page).startswith(f"{HIDDEN} {UNPLACED}")


def test_where_nobody_is_counted_nought_is_nought(sign_in, manager, at):
    actions.count_readiness(at=at)

    page = page_of(sign_in(manager), OVERVIEW)

    assert not OfficePeople.objects.exists()
    assert set(figures(page).values()) == {"0"}
    assert "No official is counted here yet." in page.get_text()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("url", FILES)
def test_each_file_says_who_is_left_out(sign_in, small, person, countries, url, kind):
    lines = lines_of(sign_in(person("analyst", country=countries["HT"])), url, kind)

    assert left_out(lines) == [HIDDEN, TWO]


def test_the_managers_own_readiness_says_that_small_offices_have_a_yes_or_no_only(sign_in, small, manager):
    client = sign_in(manager)
    words = "Of 2 offices with fewer than 10 officials it is told whether somebody is current, and no number."

    assert left_out(lines_of(client, FILES[2], "csv")) == [HIDDEN, words]
    told = page_of(client, READY).select_one('[data-part="hidden"]')
    assert words in told.get_text()
    assert told.a["href"] == "/en/reports/people/"


def test_where_people_stop_says_in_its_file_who_is_left_out(sign_in, small, manager):
    (words,) = left_out(lines_of(sign_in(manager), "/en/reports/table/dropoff", "csv"))

    assert words.startswith("Offices under 10 officials are left out")


def test_a_country_of_small_offices_only_stands_among_the_countries_without_numbers(
    sign_in, small, office, staff, person
):
    staff(office("Cour C", "TN"), finished=12)
    client = sign_in(person("administrator"))

    table = page_of(client, COMPLETION, group="country").select_one("table.fold tbody")
    file = client.post("/en/reports/completion.csv", {"group": "country"}).content.decode("utf-8-sig")

    assert [row.th.get_text(strip=True) for row in table.select("tr")] == ["Haiti", "Tunisia"]
    assert "Hidden: no office with 10 officials or more" in table.tr.get_text()
    assert "&lt;10" not in str(table.tr)
    assert "\r\nHaiti,,hidden,,,,\r\n" in file


def test_offices_that_are_counted_and_have_not_begun_are_not_called_uncounted(sign_in, office, staff, manager):
    staff(office("Court C"), not_begun=12)

    page = page_of(sign_in(manager), OVERVIEW)

    assert "None of the officials who are counted here has begun a course." in page.get_text()
