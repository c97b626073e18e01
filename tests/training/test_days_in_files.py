"""Near midnight a file has the days of the page from which it is taken, and says by which clock."""

import datetime as dt

import pytest

from tests.training.finishing import finish
from tests.training.test_lists import ask, lines_of
from training import actions

EVENING = dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)  # 21:30 on the 25th in Haiti, already the 26th in UTC
HAITI = "2026-11-25 21:30:00 America/Port-au-Prince"


@pytest.fixture
def evening(time_machine):
    """The clock of the server, which stands."""
    time_machine.move_to(EVENING, tick=False)
    return EVENING


def told(answer):
    """Return the first row of a file by its heads, and its last rows by what they say."""
    heads, row, *rest = lines_of(answer.content)
    return dict(zip(heads, row, strict=True)), dict(line for line in rest if len(line) == 2)


@pytest.fixture
def finished(official, course, evening):
    """An official of Haiti who finished late in the evening there."""
    return finish(official, course, evening)


def test_the_enrolments_have_the_days_of_the_page(client, sign_in, manager, finished):
    client = sign_in(manager)
    page = client.get("/en/reports/people/").content.decode()

    answer = ask(client, what="enrolments")

    row, mark = told(answer)
    days = [row[head] for head in ("Began", "Test passed on", "Finished on", "Last here")]
    assert days == ["2026-11-25"] * 4
    assert ("25 November 2026" in page, "26 November 2026" in page) == (True, False)
    assert mark["Exported on"] == HAITI
    assert 'filename="enrolments-2026-11-25.csv"' in answer["Content-Disposition"]


def test_the_results_have_the_days_of_the_country(sign_in, manager, finished):
    row, mark = told(ask(sign_in(manager)))

    assert (row["Begun"], row["Handed in"]) == ("2026-11-25", "2026-11-25")
    assert mark["Exported on"] == HAITI


def test_who_has_no_country_reads_days_of_utc_in_file_and_page_and_the_file_says_so(sign_in, person, finished):
    client = sign_in(person("manager"))

    page = client.get("/en/reports/people/").content.decode()
    row, mark = told(ask(client))

    assert "26 November 2026" in page
    assert row["Handed in"] == "2026-11-26"
    assert mark["Exported on"] == "2026-11-26 02:30:00 UTC"


@pytest.mark.parametrize(
    ("url", "data", "name"),
    [
        ("/en/groups/table.csv", {}, "groups-2026-11-25.csv"),
        ("/en/groups/table.xlsx", {}, "groups-2026-11-25.xlsx"),
        ("/en/people/export/", {"kind": "csv", "reason": "correction"}, "officials-2026-11-25.csv"),
        ("/en/school/judicial/questions/export/", {"judicial-format": "moodle_xml"}, "judicial-2026-11-25.xml"),
    ],
)
def test_a_file_bears_the_day_of_the_country_of_who_takes_it(sign_in, manager, course, evening, url, data, name):
    answer = sign_in(manager).post(url, data)

    assert f'filename="{name}"' in answer["Content-Disposition"]
    if name.endswith("csv"):
        assert HAITI in answer.content.decode()


@pytest.mark.parametrize("url", ["/en/reports/completion.csv", "/en/reports/table/overview.csv"])
def test_numbers_that_are_counted_by_utc_say_so(sign_in, manager, course, evening, url):
    actions.count_readiness(at=evening)

    lines = dict(row for row in lines_of(sign_in(manager).post(url).content) if len(row) == 2)

    assert (lines["Counted on"], lines["Exported on"]) == ("2026-11-26 02:30:00 UTC",) * 2


def test_her_own_history_bears_her_day(client, sign_in, official, finished):
    answer = sign_in(official).get("/en/learning/history.csv")

    assert 'filename="my-history-2026-11-25.csv"' in answer["Content-Disposition"]
