"""The page of completion and who may see it; its table as a file that is no formula; the list of learners by name."""

import csv
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry, Country
from training import actions, queries
from training.queries.completion import SMALLEST

pytestmark = pytest.mark.either

URL = "/en/reports/completion/"


def test_the_one_small_language_cannot_be_worked_out_from_the_totals(client, sign_in, office, staff, manager):
    court = office("Court A")
    staff(court, finished=8, under_way=2, language="ar")
    staff(court, finished=3, under_way=3, language="fr")
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert "of 16 officials have finished" in html
    assert "<bdi>العربيّة" not in html
    assert "8 of 10" not in html
    assert "so that none can be worked out" in html


@pytest.mark.both
def test_months_in_which_few_finished_are_counted_together(client, sign_in, office, staff, manager, at, time_machine):
    time_machine.move_to(at)
    court = office("Court A")
    for ago, finished in ((200, 1), (140, 10), (100, 1), (45, 9), (0, 2)):
        staff(court, finished=finished, ago=ago)
    sign_in(manager)

    ever = queries.completion(manager, {})
    quarter = queries.completion(manager, {"months": "3"})
    page = client.get(URL).content.decode()

    assert [span.count for span in ever.months] == [11, 12]
    assert quarter.months == ()  # the eleven of these months, less the twelve of the span, would be one person
    assert "Months in which fewer than 10 finished are counted together with others." in page
    assert f'<td class="n">{ever.months[0].count}</td>' in page


def test_a_manager_cannot_ask_for_another_country(client, sign_in, office, staff, manager):
    staff(office("Cour B", "TN"), finished=12)
    sign_in(manager)

    html = client.get(URL, {"country": "TN"}).content.decode()

    assert "Cour B" not in html
    assert "This filter cannot be used as it is." in html


def test_the_page_shows_plots_and_the_same_numbers_as_tables(client, sign_in, office, staff, manager):
    staff(office("Court A"), finished=11, under_way=3, not_begun=3)
    staff(office("Post B"), finished=2)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert html.count("<svg") - html.count('<svg class="i') >= 4
    assert 'aria-label="11 finished, 3 under way, of 17"' in html
    assert "Hidden: fewer than 10 officials" in html
    assert "style=" not in html
    assert html.count("The same numbers as a table") == 2


def test_the_page_without_anybody_says_so(client, sign_in, manager):
    sign_in(manager)

    assert "No official is counted here yet." in client.get(URL).content.decode()


@pytest.mark.both
def test_queries_are_the_same_for_one_and_thirty_offices(client, sign_in, office, staff, manager, person, at):
    staff(office("Court 0"), finished=10)
    sign_in(manager)

    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    count()
    one = count()
    for number in range(1, 30):
        place = office(f"Court {number}")
        for _n in range(SMALLEST):
            person("learner", country=place.country, office=place)
    actions.count_readiness(at=at)

    assert count() == one <= 14


@pytest.mark.parametrize(
    ("role", "status"),
    [("manager", 200), ("analyst", 200), ("supervisor", 200), ("trainer", 200), ("learner", 404), ("operator", 404),
     ("translator", 404), ("focal_point", 404)],
)  # fmt: skip
def test_who_may_see_the_numbers(client, sign_in, person, countries, role, status):
    sign_in(person(role, country=countries["HT"]))

    assert client.get(URL).status_code == status


@pytest.mark.parametrize(("role", "status"), [("trainer", 200), ("manager", 200), ("analyst", 404), ("learner", 404)])
def test_who_may_see_names(client, sign_in, person, countries, role, status):
    sign_in(person(role, country=countries["HT"]))

    assert client.get("/en/reports/people/").status_code == status


def test_a_manager_sees_names_of_her_country_and_no_answers(client, sign_in, manager, office, staff):
    hers = staff(office("Court A"), finished=1)[0]
    other = staff(office("Cour B", "TN"), finished=1)[0]
    sign_in(manager)

    html = client.get("/en/reports/people/").content.decode()

    assert str(hers) + "</bdi>" in html
    assert str(other) + "</bdi>" not in html
    assert "4 of 4" in html
    assert AuditEntry.objects.filter(verb="training.names_read").count() == 1


def test_no_name_stands_in_the_numbers(client, sign_in, office, staff, manager):
    people = staff(office("Court A"), finished=12)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert not [user for user in people if user.email in html or f">{user.name}<" in html]


def test_the_page_says_before_the_export_that_the_file_names_who_exports_it(client, sign_in, manager):
    sign_in(manager)

    form = client.get(URL).content.decode().split("Table as CSV")[1].split("</form>")[0]

    assert "Its last rows name you, the time and that entry." in form


@pytest.mark.both
def test_the_file_guards_formulas_leaves_out_small_groups_and_is_audited(client, sign_in, office, staff, manager):
    staff(office("=HYPERLINK(1)"), finished=10)
    staff(office("Post B"), finished=3)
    sign_in(manager)

    response = client.post("/en/reports/completion.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert [row[0] for row in rows[1:3]] == ["'=HYPERLINK(1)", "Post B"]
    assert rows[1][2:] == ["10", "10", "0", "0", "100"]
    assert rows[2][2:] == ["<10", "", "", "", ""]
    entry = AuditEntry.objects.get(verb="training.completion_exported")
    assert entry.actor == str(manager.public_id)
    assert rows[3] == []
    assert rows[4] == [
        "Left out of the numbers", "1 office with fewer than 10 officials is in none of these numbers.",
    ]  # fmt: skip
    assert rows[6] == ["Exported by", str(manager)]
    assert [row[0] for row in rows[5:]] == ["Counted on", "Exported by", "Exported on", "Entry in the audit log"]
    assert rows[-1][1] == str(entry.seq)


def test_what_is_not_told_is_a_dash_on_the_page_and_an_empty_cell_in_the_file(
    sign_in, office, staff, person, countries
):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Court B"), finished=12, under_way=3, not_begun=10)
    staff(office("Court C"), finished=14, under_way=10, not_begun=10)
    browser = sign_in(person("analyst", country=countries["HT"]))

    page = BeautifulSoup(browser.get(URL).content, "html.parser")
    file = browser.post("/en/reports/completion.csv").content.decode("utf-8-sig")

    cells = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select(".table.fold tbody tr")]
    assert cells == [
        ["–", "–", "–", "–", "12", "–"],
        ["–", "–", "–", "–", "25", "–"],
        ["–", "14", "–", "–", "34", "41 %"],
    ]
    assert "A dash stands where fewer than 10 people are meant" in page.get_text()
    assert [row[2:] for row in csv.reader(io.StringIO(file))][1:4] == [
        ["12", "", "", "", ""], ["25", "", "", "", ""], ["34", "14", "", "", "41"],
    ]  # fmt: skip


@pytest.mark.parametrize("group", ["office", "country"])
def test_what_is_withheld_of_the_one_office_stands_neither_over_the_table_nor_in_a_file(
    sign_in, office, staff, person, countries, group
):
    staff(office("Court A"), finished=3, under_way=3, not_begun=9)
    browser = sign_in(person("analyst", country=countries["HT"]))

    page = BeautifulSoup(browser.get(URL, {"group": group}).content, "html.parser")
    file = browser.post("/en/reports/completion.csv", {"group": group}).content.decode("utf-8-sig")
    book = browser.post("/en/reports/completion.xlsx", {"group": group}).content

    assert [one.get_text(strip=True) for one in page.select(".figures dd")] == ["–"] * 4
    assert [one.get_text(strip=True) for one in page.select(".table.fold tbody td")] == ["–", "–", "–", "–", "15", "–"]
    assert not page.select("figure svg, figure table")
    assert page.get_text().count("Not shown: small numbers could be worked out from it.") == 2
    assert "A dash stands where fewer than 10 people are meant" in page.get_text()
    assert list(csv.reader(io.StringIO(file)))[1][2:] == ["15", "", "", "", ""]
    row = list(load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True))[1]
    assert (row[2], {cell for cell in row[3:] if cell}) == (15, set())


def test_the_page_says_that_a_country_is_left_out_of_the_totals(sign_in, office, staff, person):
    staff(office("Court A"), finished=3, under_way=3, not_begun=9)
    staff(office("Cour B", "TN"), finished=12, under_way=10, not_begun=11)

    page = BeautifulSoup(sign_in(person("analyst")).get(URL).content, "html.parser")

    assert [one.get_text(strip=True) for one in page.select(".figures dd")][:3] == ["12", "10", "11"]
    assert "Left out of the totals: countries" in page.get_text()
    assert "By month and by language, a course is left out in a country" in page.get_text()


@pytest.mark.parametrize("role", ["manager", "analyst", "administrator", "supervisor", "trainer"])
def test_the_file_is_offered_to_whom_it_opens(client, sign_in, person, countries, role):
    sign_in(person(role, country=countries["HT"]))

    is_offered = "completion.csv" in client.get(URL).content.decode()

    assert is_offered is (client.post("/en/reports/completion.csv").status_code == 200)
    assert is_offered is (role in {"manager", "analyst", "administrator"})


def test_the_page_says_that_shares_are_rounded_down(client, sign_in, office, staff, manager):
    staff(office("Court A"), finished=4, not_begun=11)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert "26 %</td>" in html
    assert "Shares are rounded down" in html


def test_a_file_is_not_made_by_a_link(client, sign_in, manager):
    sign_in(manager)

    assert client.get("/en/reports/completion.csv").status_code == 405


def test_the_page_says_that_languages_are_hidden_since_few_finished(
    sign_in, office, staff, manager, person, countries
):
    court = office("Court A")
    for language, finished, under_way in (("fr", 3, 9), ("ar", 20, 10), ("en", 30, 30), ("ht", 14, 16)):
        staff(court, finished=finished, under_way=under_way, language=language)
    said = "Languages in which fewer than 10 officials of a country began a course, finished it or are under way are hidden"

    of_analyst, own = (
        BeautifulSoup(sign_in(user).get(URL).content, "html.parser")
        for user in (person("analyst", country=countries["HT"]), manager)
    )

    assert [(" ".join(page.get_text().split()).count(said), "3 of 12" in page.get_text()) for page in (of_analyst, own)] == [
        (1, False), (0, True),
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "direction", "name_x", "count_x", "finished_x"), [
    ("en", "ltr", 0, 540, 1), ("ar", "rtl", 540, 0, 540 - 1 - (540 / 12 * 10 - 2)),
])  # fmt: skip
def test_the_name_of_a_bar_begins_where_writing_begins(
    client, sign_in, office, staff, manager, language, direction, name_x, count_x, finished_x
):
    staff(office("Court A"), finished=10, under_way=2)
    sign_in(manager)

    page = BeautifulSoup(client.get(f"/{language}/reports/completion/").content, "html.parser")
    months, languages = page.select("figure svg.plot")
    name, count = languages.select("text")

    assert (name.string, languages.get("direction")) == ("français", direction)
    assert (float(name.get("x")), name.get("text-anchor")) == (name_x, None)
    assert (float(count.get("x")), count.get("text-anchor")) == (count_x, "end")
    assert float(languages.select_one("rect.f")["x"]) == finished_x
    assert months.get("direction") == "ltr"  # time runs one way everywhere


def test_places_and_limits_read_right_in_arabic(client, sign_in, office, staff, manager, countries):
    Country.objects.filter(pk="HT").update(name_ar="هايتي")
    staff(office("Court A"), finished=10)
    staff(office("Post B"), finished=1)
    sign_in(manager)

    by_office = client.get("/ar/reports/completion/").content.decode()
    by_country = client.get("/ar/reports/completion/?group=country").content.decode()

    assert by_office.count("<bdi>هايتي</bdi>") == 2
    assert '<th scope="row"><bdi>هايتي</bdi>' in by_country
    assert '<bdi dir="ltr">&lt;10</bdi>' in by_office
    assert "Haiti" not in by_office.split("<main")[1]


@pytest.mark.parametrize(("language", "head"), [("es", "Proporción"), ("pt", "Proporção"), ("ht", "Pwopòsyon")])
def test_the_last_column_is_a_proportion_not_an_act_of_sharing(
    client, sign_in, office, staff, manager, language, head
):
    staff(office("Court A"), finished=10)
    sign_in(manager)

    page = BeautifulSoup(client.get(f"/{language}/reports/completion/").content, "html.parser")
    table = page.select_one("main table.fold")

    assert table.select("thead th")[-1].string == head
    assert table.select("tbody td")[-1]["data-h"] == head


def test_the_page_says_when_it_was_counted(client, sign_in, office, staff, manager, at):
    staff(office("Court A"), finished=10)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert "Counted 25 November 2026, 10:00 (UTC)." in html


@pytest.mark.both
def test_many_offices_stand_on_several_pages_and_all_in_the_file(client, sign_in, person, office, manager, at):
    for number in range(51):
        place = office(f"Court {number:02}")
        person("learner", country=place.country, office=place)
    actions.count_readiness(at=at)
    sign_in(manager)

    first, second = (client.get(URL, {"page": page}).content.decode() for page in (1, 2))
    file = client.post("/en/reports/completion.csv").content.decode("utf-8-sig")

    assert [html.count("<bdi>Court ") for html in (first, second)] == [50, 1]
    assert file.count("Court ") == 51
