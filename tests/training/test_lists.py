"""Lists as files: CSV and XLSX without a formula, with who took them out; who may, how often, and what is in them."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from accounts import tables
from accounts.models import AuditEntry
from accounts.officials import Known, read
from languages.text import clean
from training import actions, progress
from training.models import Attempt
from training.views.reports import LISTS

FORMULA = '=HYPERLINK("http://evil.example")'
TABLE = tables.Table("Sheet: one/two", ["Name", "=Head"], [[FORMULA, 3], ["\u0001+1\uffff", "٣"]], [[], ["By", "-x"]])


def cells_of(content):
    sheet = load_workbook(io.BytesIO(content)).active
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


def lines_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_xlsx_holds_text_as_text_and_whole_numbers_as_numbers():
    cells = cells_of(tables.written(TABLE, "xlsx"))

    assert cells[0] == [("Name", "s"), ("=Head", "s")]
    assert cells[1] == [(FORMULA, "s"), (3, "n")]
    assert cells[2][1] == ("٣", "s")
    assert not any(kind == "f" for row in cells for _value, kind in row)
    assert "\u0001" not in cells[2][0][0]


def test_days_and_moments_are_days_in_xlsx_and_figures_that_sort_in_csv():
    table = tables.Table(
        "t", ["day", "moment"], [[dt.date(2026, 3, 1), dt.datetime.fromisoformat("2026-03-01T14:05")]], []
    )

    sheet = load_workbook(io.BytesIO(tables.written(table, "xlsx"))).active
    assert [cell.is_date for cell in sheet[2]] == [True, True]
    assert [cell.number_format for cell in sheet[2]] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert lines_of(tables.written(table, "csv"))[1] == ["2026-03-01", "2026-03-01 14:05"]


def test_csv_guards_every_cell_and_begins_with_its_mark():
    content = tables.written(TABLE, "csv")

    assert content.startswith(b"\xef\xbb\xbf")
    assert lines_of(content)[:2] == [["Name", "'=Head"], [f"'{FORMULA}", "3"]]
    assert lines_of(content)[-1] == ["By", "'-x"]


BEGINNINGS = pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "＝1"])


@BEGINNINGS
def test_no_cell_of_csv_is_a_formula(cell):
    content = tables.written(tables.Table("t", ["h"], [[cell]], []), "csv")

    assert lines_of(content)[1][0].startswith("'")


@BEGINNINGS
def test_text_of_xlsx_is_typed_as_text_and_bears_no_apostrophe(cell):
    content = tables.written(tables.Table("t", ["h"], [[cell]], []), "xlsx")
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert cells_of(content)[1] == [(clean(cell), "s")]
    assert load_workbook(io.BytesIO(content)).active["A2"].number_format == "@"
    assert "<f>" not in sheet
    assert 't="n"' not in sheet


@pytest.fixture
def learned(official, course, at):
    """An official of Haiti who handed in one test, all right."""
    official.name = FORMULA
    official.save()
    attempt = actions.begin_test(user=official, course=course, language="fr", at=at)
    entries = progress.read(attempt.paper)["items"]
    actions.submit_attempt(
        attempt=attempt, responses={one["id"]: one["right"][0] for one in entries}, language="fr", at=at
    )
    return Attempt.objects.get(pk=attempt.pk)


def ask(client, **more):
    told = {"what": "results", "kind": "csv", "reason": "reporting"} | more
    return client.post("/en/reports/people/file/", told)


def test_the_results_hold_how_many_were_right_and_never_which(client, sign_in, manager, learned):
    answer = ask(sign_in(manager))

    heads, row, *mark = lines_of(answer.content)
    told = dict(zip(heads, row, strict=True))
    assert (told["Right"], told["Questions"], told["Passed"]) == ("6", "6", "yes")
    assert told["Name"] == f"'{FORMULA}"
    assert mark[1][1] == str(manager)
    entry = AuditEntry.objects.get(verb="training.results_exported")
    assert str(learned.public_id) in entry.body
    assert '"reason":"reporting"' in entry.body
    assert "HYPERLINK" not in entry.body


def test_the_enrolments_as_xlsx(client, sign_in, manager, learned, course, at):
    answer = ask(sign_in(manager), what="enrolments", kind="xlsx", course="judicial")
    other = ask(client, what="enrolments", course="another")
    begun = load_workbook(io.BytesIO(answer.content)).active["I2"]

    cells = cells_of(answer.content)
    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert [value for value, _kind in cells[1]][5:7] == [
        "judicial",
        course.versions.filter(country="HT").first().number,
    ]
    assert (begun.value.date(), begun.number_format) == (timezone.localtime(at).date(), "yyyy-mm-dd")
    assert dict(zip(*([value for value, _kind in row] for row in cells[:2]), strict=True))["Minutes"] is None
    assert len(lines_of(other.content)) == 1 + 5


def test_a_manager_of_another_country_gets_nobody(client, sign_in, person, countries, learned):
    answer = ask(sign_in(person("manager", country=countries["TN"])))

    assert FORMULA not in answer.content.decode()
    assert AuditEntry.objects.filter(verb="training.results_exported", body__contains='"count":0').exists()


@pytest.mark.parametrize("role", ["trainer", "analyst", "supervisor", "administrator", "learner"])
def test_nobody_but_a_manager_takes_the_list(client, sign_in, person, countries, learned, role):
    assert ask(sign_in(person(role, country=countries["HT"]))).status_code in (403, 404)
    assert not AuditEntry.objects.filter(verb="training.results_exported").exists()


def test_a_list_asks_for_a_reason_and_leaves_five_times_a_day(client, sign_in, manager, learned):
    sign_in(manager)

    without = ask(client, reason="")
    sent = [ask(client).status_code for _time in range(6)]
    told = client.get("/en/reports/people/").content.decode()

    assert without.status_code == 302
    assert sent == [200] * 5 + [302]
    assert "as often in 24 hours as one person may" in told


@pytest.mark.parametrize(("what", "asked"), [("enrolments", 1), ("results", 2)])
def test_a_list_asks_as_often_for_three_rows_as_for_one(what, asked, manager, learned, person, countries, course, at,
                                                        django_assert_num_queries):  # fmt: skip

    _counted, listed, _heads, cells = LISTS[what]
    for _one in range(2):
        other = person("learner", country=countries["HT"])
        attempt = actions.begin_test(user=other, course=course, language="fr", at=at)
        actions.submit_attempt(attempt=attempt, responses={}, language="fr", at=at)

    with django_assert_num_queries(asked):
        rows = [cells(row) for row in listed(manager, "")]

    assert len(rows) == 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("what", "left"), [("enrolments", ["paper", "state", "body"]), ("results", ["state", "body"])]
)
def test_a_list_is_counted_first_and_reads_its_own_columns_alone(client, sign_in, manager, learned, what, left, kind):
    sign_in(manager)
    table = {"enrolments": "training_enrolment", "results": "training_attempt"}[what]

    with CaptureQueriesContext(connection) as caught:
        ask(client, what=what, kind=kind)

    count, rows = (one["sql"] for one in caught if f'FROM "{table}"' in one["sql"].split(" WHERE ")[0])
    assert count.startswith("SELECT COUNT(*)")
    selected = rows.split(" FROM ")[0]
    assert '"training_course"."key"' in selected
    assert selected.count('"training_course"') == 1
    assert "wagtailcore_page" not in selected
    assert not [name for name in left if f'"{name}"' in selected]


@pytest.mark.parametrize("what", ["enrolments", "results"])
def test_too_many_rows_are_refused_before_one_is_read(client, sign_in, manager, learned, monkeypatch, what):
    monkeypatch.setattr("accounts.actions.exports.ROW_LIMIT", 0)
    sign_in(manager)

    with CaptureQueriesContext(connection) as caught:
        ask(client, what=what)
    told = client.get("/en/reports/people/").content.decode()

    assert not [one["sql"] for one in caught if '"training_course"."key"' in one["sql"]]
    assert "These are 1 rows, and a file holds 10,000 at most." in told
    assert not AuditEntry.objects.filter(verb=f"training.{what}_exported").exists()


def test_officials_go_out_as_they_come_in(client, sign_in, manager, official, countries):
    answer = sign_in(manager).post("/en/people/export/", {"kind": "csv", "reason": "correction"})

    lines = lines_of(answer.content)
    assert lines[0] == ["Name", "E-mail", "Office", "Country", "Language"]
    assert lines[1] == ["Official, Haiti", official.email, "", "HT", "fr"]
    known = Known(countries={"ht": "HT"}, offices={}, addresses=frozenset())
    assert read(answer.content, known).rows[0].email == official.email
    entry = AuditEntry.objects.get(verb="officials.exported")
    assert str(official.public_id) in entry.body
    assert official.email not in entry.body


def test_completion_goes_to_excel_too(client, sign_in, manager, official, at):
    actions.count_readiness(at=at)

    answer = sign_in(manager).post("/en/reports/completion.xlsx")

    cells = cells_of(answer.content)
    assert cells[0][0] == ("Group", "s")
    assert cells[1][2] == ("<10", "s")
    assert AuditEntry.objects.filter(verb="training.completion_exported").count() == 1
