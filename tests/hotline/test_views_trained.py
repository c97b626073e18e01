"""The page of trained shifts: who may open it, what it says first, its file, how many queries it takes."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry, Country
from hotline.actions import lines as lines_of
from hotline.models import Line, Shift
from hotline.queries import forget_lines
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.rostered import AT, closed, hold, judicial, liberia, school, shift, wednesday

pytestmark = pytest.mark.either

__all__ = ["closed", "hold", "judicial", "liberia", "school", "shift", "wednesday"]
URL = "/en/roster/trained/"


@pytest.fixture
def supervisor(person, liberia):
    return person("supervisor", country=liberia, name="Supervisor, Liberia")


def page_of(browser, **query):
    answer = browser.get(URL, query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser").select_one("main")


def test_the_page_names_first_what_nobody_trained_speaks(closed, person, liberia, hold, shift, supervisor, sign_in):
    user = person("operator", country=liberia, spoken="fr")
    hold(user)
    shift(user, 29, 22, 6)

    page = page_of(sign_in(supervisor))

    words = " ".join(page.get_text(" ", strip=True).split())
    assert "Nobody trained speaks العربيّة from 22:00 to 06:00 on Sun 29 Nov" in words
    assert page.select_one(".lacks bdi[lang=ar]").get_text() == "العربيّة"
    cells = [" ".join(cell.get_text(" ", strip=True).split()) for cell in page.select("tbody tr > *")]
    bare = ["0", "nobody was on the roster"]
    assert cells[:6] == ["Mon 23 Nov, the whole day over", *bare, "Tue 24 Nov, the whole day over", *bare]
    assert cells[6:] == ["Sun 29 Nov, 22:00 to 06:00", "1", "1 trained of 1 who speaks it", "1 trained of 1 who speaks it", "nobody speaks it"]  # fmt: skip
    assert page.select("main h2")[:1] == page.select("#lacking") or words.index("Shifts with nobody") < words.index(
        "Shift by shift"
    )


def test_where_nothing_is_lacking_it_says_so(closed, person, liberia, hold, shift, supervisor, sign_in):
    user = person("operator", country=liberia, spoken="fr ar")
    hold(user)
    shift(user, 29, 22, 6)

    page = page_of(sign_in(supervisor))

    assert not page.select(".lacks")
    assert "Every shift that is not over has somebody trained in every language of the line." in page.get_text()


def test_where_no_shift_is_left_in_the_week_nothing_is_said_to_be_well(
    closed, person, liberia, shift, supervisor, sign_in
):
    shift(person("operator", country=liberia), 23, 8, 16)

    words = page_of(sign_in(supervisor)).get_text()

    assert "No shift is left in this week." in words
    assert "Every shift" not in words
    assert "Somebody trained" not in words


def test_what_is_over_stands_in_the_table_and_the_page_says_what_is_known_of_it(
    closed, person, liberia, hold, shift, supervisor, sign_in
):
    shift(person("operator", country=liberia), 23, 8, 16)
    shift(person("operator", country=liberia), 29, 8, 16)
    browser = sign_in(supervisor)

    page, ahead = page_of(browser), page_of(browser, week="2026-11-30")
    file = browser.post(f"{URL}csv/", {"line": closed.public_id}).content.decode("utf-8-sig")

    rows = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("tbody tr")]
    assert rows[0].startswith("Mon 23 Nov, 08:00 to 16:00 over 1 nobody trained")
    assert rows[1:-1] == ["Tue 24 Nov, the whole day over 0 nobody was on the roster"]
    notes = ("what they lacked is not named here", "Of days that are over only what stood on the roster is told")
    assert [[note in one.get_text() for note in notes] for one in (page, ahead)] == [[True, True], [False, False]]
    bare = [row for row in csv.reader(io.StringIO(file)) if row and row[2:3] == ["2026-11-24 00:00"]]
    assert [row[5:] for row in bare] == [["0", "0", "0", "0", ""]] * 3


def test_a_country_without_a_line_is_told_so(person, liberia, sign_in):
    page = page_of(sign_in(person("manager", country=liberia)))

    assert "This country has no line yet." in page.get_text()


@pytest.mark.parametrize(("role", "address"), [("manager", URL), ("supervisor", URL), ("supervisor", "/en/roster/")])
def test_who_has_no_country_is_told_that_and_sees_no_line(line, person, sign_in, role, address):
    page = BeautifulSoup(sign_in(person(role)).get(address).content, "html.parser").select_one("main")

    assert "Your account has no country, so there is no line to show." in page.get_text()
    assert "This country" not in page.get_text()
    assert line.number not in page.get_text()


def test_a_day_without_anybody_is_a_row_that_says_so(line, supervisor, sign_in):
    page = page_of(sign_in(supervisor), week="2026-12-07")

    words = [" ".join(row.get_text(" ", strip=True).split()) for row in page.select("tbody tr")]
    assert words[0] == "Mon 7 Dec, the whole day 0 no operator"
    assert len(words) == 7
    assert "No operator is on shift the whole day on Mon 7 Dec, Tue 8 Dec" in " ".join(
        page.get_text(" ", strip=True).split()
    )


@pytest.mark.parametrize("query", [{"line": "x"}, {"course": "x"}, {"week": "x"}, {"week": "1999-01-01"}])
def test_what_cannot_be_shown_is_refused_in_words_and_makes_no_file(line, supervisor, sign_in, query):
    browser = sign_in(supervisor)

    page = page_of(browser, **query)

    (fault,) = page.select("#errors li a")
    assert page.select_one(fault["href"])
    assert not page.select("h2, table")
    assert not page.select("form[method=post]")
    assert browser.post(f"{URL}csv/", query).status_code == 404


def test_the_roster_and_the_reports_lead_there_for_those_who_may_open_it(line, person, liberia, sign_in):
    def leads(role, *pages):
        browser = sign_in(person(role, country=liberia))
        return [f'href="{URL}' in browser.get(page).content.decode() for page in pages]

    readiness = (reverse("training:readiness"), reverse("training:reports"))
    assert leads("supervisor", reverse("hotline:roster"), *readiness) == [True, True, True]
    assert leads("manager", *readiness) == [True, True]
    assert leads("operator", reverse("hotline:roster")) == [False]
    assert leads("analyst", *readiness) == [False, False]


@pytest.mark.parametrize("role", ["operator", "analyst", "trainer", "administrator", "learner", "interpreter"])
def test_nobody_else_is_told(line, person, liberia, sign_in, role):
    browser = sign_in(person(role, country=liberia))

    assert browser.get(URL).status_code == 404
    assert browser.post(f"{URL}csv/", {"line": line.public_id}).status_code == 404


def test_a_line_of_another_country_is_none(line, person, sign_in):
    there = Country.objects.create(code="HT", name="Haiti", slug="haiti", language_codes="fr", time_zone="UTC")
    browser = sign_in(person("manager", country=there))

    assert line.number not in page_of(browser).get_text()
    assert browser.post(f"{URL}csv/", {"line": line.public_id}).status_code == 404
    assert not AuditEntry.objects.filter(verb="hotline.trained_exported").exists()


def test_of_two_lines_the_one_that_is_asked_for_is_shown(closed, liberia, person, shift, supervisor, sign_in):
    other = Line.objects.create(
        country=liberia, number="2884", numbers="2884", account=SIMULATED_ACCOUNT, language_keys="1:fr", duty_phone="+231770009999",
        is_practice=True,
    )  # fmt: skip
    shift(person("operator", country=liberia, spoken="fr"), 26, 8, 16, on=other)

    page = page_of(sign_in(supervisor), line=other.public_id)

    assert page.select_one("select[name=line] option[selected]").get_text() == "2884"
    assert [cell.get_text() for cell in page.select("thead bdi")] == ["français"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_leaves_as_a_file_without_a_formula_and_with_who_took_it(
    closed, person, liberia, hold, shift, supervisor, sign_in, kind
):
    lines_of.set_hours(line=closed, week={3: [(dt.time(22), dt.time(23))]}, by="test", at=AT)
    Line.objects.update(number="=2883")
    user = person("operator", country=liberia, spoken="fr")
    hold(user, "refresher_due")
    shift(user, 26, 8, 16)
    forget_lines()

    answer = sign_in(supervisor).post(
        f"{URL}{kind}/", {"line": closed.public_id, "course": "judicial", "week": "2026-11-26"}
    )

    rows = rows_of(answer, kind)
    entry = AuditEntry.objects.get(verb="hotline.trained_exported")
    assert rows[0][:5] == ["Line", "Course", "From", "Until", "Language"]
    assert [row[2:6] for row in rows[1:7:3]] == [[f"2026-11-{day} 00:00", f"2026-11-{day + 1} 00:00", "English", "0"] for day in (23, 24)]  # fmt: skip
    assert rows[7] == [{"csv": "'=2883", "xlsx": "=2883"}[kind], "Trafficking before the court", "2026-11-26 08:00", "2026-11-26 16:00", "English", "1", "1", "0", "1", "no"]  # fmt: skip
    assert [row[2:6] for row in rows[10:13]] == [["2026-11-26 22:00", "2026-11-26 23:00", name, "0"] for name in ("English", "français", "العربيّة")]  # fmt: skip
    assert rows[-1][1] == str(entry.seq)
    assert all(part in entry.body for part in ('"course":"judicial"', '"week":"2026-11-23"', '"rows":12'))


def rows_of(answer, kind):
    """Return the rows of a file as texts."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    told = {type(None): lambda _none: "", dt.datetime: "{:%Y-%m-%d %H:%M}".format}
    return [[told.get(type(value), str)(value) for value in row] for row in sheet.iter_rows(values_only=True)]


def test_no_other_kind_of_file_is_sent(line, supervisor, sign_in):
    assert sign_in(supervisor).post(f"{URL}exe/", {"line": line.public_id}).status_code == 404


def test_one_shift_and_thirty_need_as_many_queries(line, person, liberia, hold, shift, supervisor, sign_in):
    browser, asked = sign_in(supervisor), []
    people = [person("operator", country=liberia) for _count in range(10)]
    for user in people:
        hold(user)
    page_of(browser)
    for many in (1, 30):
        Shift.objects.all().delete()
        for place in range(many):
            shift(people[place % 10], 26 + place // 10, place % 10, place % 10 + 12)
        with CaptureQueriesContext(connection) as captured:
            page_of(browser)
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 30, asked
