"""Which offices are ready: numbers counted by hand, past days, staff numbers, files, and how many queries."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from tests.training.trained import CURRENT, DUE, LAPSED, rows, trained
from training import actions, progress
from training.models import Compiled, Course, OfficeCount
from training.queries.readiness import LAPSING, NOBODY, readiness

__all__ = ["trained"]
URL, OVERVIEW = "/en/reports/readiness/", "/en/reports/"


def course_for(course, *countries):
    """Write down another course for countries, as its compiled row keeps it."""
    page = Course(title="Flood", slug="flood", key="flood", heading_en="In the flood", summary_en="Short.")
    course.get_parent().specific.add_child(instance=page)
    row = Compiled.objects.get(page=course, part="", language="en")
    told = progress.read(row.body) | {"id": str(page.translation_key), "key": "flood", "countries": list(countries)}
    told["heading"] = {"text": "In the flood", "lang": "en"}
    Compiled.objects.create(page=page, part="", language="en", body=progress.canonical(told), built_at=row.built_at)
    return page


def test_numbers_are_those_of_a_count_by_hand(office, trained, manager, at):
    court = office("Court A", staff_count=20, staff_counted_on=dt.date(2026, 9, 1))
    trained(court, CURRENT, CURRENT, ("current", "ht", 60), DUE, DUE, LAPSED, untrained=5)

    (row,) = rows(manager, at)

    one = row.numbers
    assert (row.officials, row.is_ready, row.languages, row.staff, row.share) == (11, True, ("fr", "ht"), 20, 15)
    assert (one.current, one.refresher_due, one.lapsed, one.lapsing) == (3, 2, 1, 3)
    assert (one.least, one.minutes) == (9, 27)


def test_an_office_where_nobody_began_is_told_and_one_of_another_country_is_not(office, trained, manager, at):
    trained(office("Court A"), untrained=10)
    trained(office("Cour B", "TN"), *[CURRENT] * 10)

    (row,) = rows(manager, at)

    assert (row.office.name, row.is_ready, row.numbers.current, row.share) == ("Court A", False, 0, None)


def test_a_course_that_is_on_offer_and_held_by_nobody_stands_with_every_office(
    client, sign_in, office, trained, manager, course, at
):
    trained(office("Court A"), CURRENT, untrained=9)
    trained(office("Court B"), untrained=10)
    other = course_for(course, "HT", "NE")

    found, all_courses = rows(manager, at, course=other.key), rows(manager, at)
    report = readiness(manager, {}, "en", at=at)
    html = sign_in(manager).get(URL, {"course": other.key}).content.decode()
    sent = client.post("/en/reports/table/readiness.csv", {"course": other.key}).content.decode("utf-8-sig")

    assert [(row.office.name, row.is_ready, row.numbers.current) for row in found] == [
        ("Court A", False, 0),
        ("Court B", False, 0),
    ]
    assert len(all_courses) == 4
    assert [(one.ready, one.bare) for one in report.courses] == [(1, 1), (0, 2)]
    assert html.count("Court ") == 2
    assert [line[:5] for line in list(csv.reader(io.StringIO(sent)))[1:3]] == [
        ["Court A", "Haiti", "In the flood", "10", "no"],
        ["Court B", "Haiti", "In the flood", "10", "no"],
    ]


def test_a_course_of_other_countries_says_so_and_in_the_demo_stands_with_every_office(
    sign_in, office, trained, manager, course, at, settings
):
    trained(office("Court A"), CURRENT, untrained=9)
    other = course_for(course, "MG")
    client = sign_in(manager)
    actions.count_readiness(at=at)
    settings.DEMO = False

    said = client.get(URL, {"course": other.key}).content.decode()
    settings.DEMO = True
    shown = rows(manager, at, course=other.key)

    assert "This course is not meant for the countries of these offices" in said
    assert [(row.office.name, row.is_ready) for row in shown] == [("Court A", False)]


def test_a_small_office_is_hidden_in_a_course_that_nobody_holds(office, trained, person, course, countries, at):
    trained(office("Court A"), untrained=9)
    other = course_for(course, "HT")

    (row,) = rows(person("analyst", country=countries["HT"]), at, course=other.key)

    assert (row.is_ready, row.numbers, row.officials) == (None, None, None)


@pytest.mark.parametrize(
    ("staff", "words"),
    [(None, "unknown"), (10, "The number of staff is too low: 11 officials have accounts."), (20, "10 % current")],
)
def test_staff_that_was_not_entered_is_unknown_and_never_a_share(client, sign_in, office, trained, manager, at, staff, words):  # fmt: skip
    trained(office("Court A", staff_count=staff), CURRENT, CURRENT, untrained=9)
    actions.count_readiness(at=at)

    html = sign_in(manager).get(URL).content.decode()

    assert words in html
    assert " % current" not in html.replace("10 % current", "")


def test_a_past_day_is_told_as_it_was(office, trained, manager, at):
    trained(office("Court A"), CURRENT, DUE, since=40, untrained=9)
    trained(office("Court A2"), ("current", "fr", -5), since=20, untrained=10)
    day = at.date()

    def then(days_ago):
        found = rows(manager, at, day=day - dt.timedelta(days=days_ago))
        return [(row.is_ready, row.numbers.current, row.numbers.refresher_due, row.numbers.lapsed) for row in found]

    assert then(41) == [(False, 0, 0, 0), (False, 0, 0, 0)]
    assert then(40) == [(True, 1, 1, 0), (False, 0, 0, 0)]
    assert then(6) == [(True, 1, 1, 0), (True, 1, 0, 0)]
    assert then(5) == [(True, 1, 1, 0), (False, 0, 0, 1)]


def test_what_is_looked_for_is_found(office, trained, manager, at):
    trained(office("Court A"), CURRENT, untrained=10)
    trained(office("Court B"), DUE, untrained=10)
    trained(office("Court C"), LAPSED, untrained=10)

    assert [row.office.name for row in rows(manager, at, show=NOBODY)] == ["Court B", "Court C"]
    assert [row.office.name for row in rows(manager, at, show=LAPSING)] == ["Court B"]
    assert [row.is_covered for row in rows(manager, at)] == [False, True, False]


def test_who_left_is_counted_no_more(office, trained, manager, at):
    gone, *_rest = trained(office("Court A"), CURRENT, untrained=11)
    gone.is_active = False
    gone.save()

    (row,) = rows(manager, at)

    assert (row.officials, row.is_ready) == (11, False)


def test_counting_twice_leaves_the_same_rows(office, trained, manager, at):
    trained(office("Court A"), CURRENT, DUE, untrained=10)
    actions.count_readiness(at=at)
    before = list(OfficeCount.objects.values_list("office", "language", "begun", "current", "refresher_due"))
    actions.count_readiness(at=at)

    assert list(OfficeCount.objects.values_list("office", "language", "begun", "current", "refresher_due")) == before


@pytest.mark.parametrize("url", [OVERVIEW, URL, f"{URL}?day=2026-11-20"])
def test_one_office_and_three_need_as_many_queries(client, sign_in, office, trained, manager, at, time_machine, url):
    time_machine.move_to(at)
    sign_in(manager)
    asked = []
    for name in ("A", "B C"):
        for part in name.split():
            trained(office(f"Court {part}"), CURRENT, DUE, untrained=9)
        actions.count_readiness(at=at)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            html = client.get(url).content.decode()
        asked.append(len(captured))

    assert url == OVERVIEW or html.count("Court ") == 3
    assert asked[0] == asked[1] <= 14


def test_the_first_page_of_reports_leads_to_those_that_a_person_may_open(client, sign_in, manager, person, countries):
    def links(user):
        page = BeautifulSoup(sign_in(user).get(OVERVIEW).content, "html.parser")
        return [link["href"] for link in page.select(".report-links a")]

    everything, of_analyst = links(manager), links(person("analyst", country=countries["HT"]))

    assert "/en/reports/people/" in everything
    assert of_analyst == [f"/en/reports/{part}/" for part in ("readiness", "completion", "drop-off", "freshness")]
    assert all(client.get(link).status_code == 200 for link in of_analyst)


def test_a_day_that_has_not_come_is_refused_in_words(sign_in, manager):
    html = sign_in(manager).get(URL, {"day": "2099-01-01"}).content.decode()

    assert "This day has not come yet." in html


def test_the_table_leaves_as_csv_with_who_took_it_and_no_formula(sign_in, office, trained, manager, at):
    trained(office("=Court A"), CURRENT, untrained=10)
    actions.count_readiness(at=at)

    answer = sign_in(manager).post("/en/reports/table/readiness.csv", {"course": "judicial"})

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    entry = AuditEntry.objects.get(verb="training.report_exported")
    assert lines[1][0] == "'=Court A"
    assert lines[1][3:7] == ["11", "yes", "français", "1"]
    assert lines[1][-4:] == ["unknown", "", "unknown", "not known"]
    assert lines[-1][-1] == str(entry.seq)
    assert '"report":"readiness"' in entry.body


@pytest.mark.parametrize("path", ["/en/reports/table/unknown.csv", "/en/reports/table/readiness.exe"])
def test_no_other_table_is_sent(sign_in, manager, path):
    assert sign_in(manager).post(path).status_code == 404
