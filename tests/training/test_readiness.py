"""Which offices are ready: numbers counted by hand, small offices, past days, staff numbers, files, and how many queries."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from training import actions
from training.models import OfficeCount, Progress, TrainedSpan
from training.queries.dashboard import dashboard
from training.queries.readiness import LAPSING, NOBODY, readiness

URL, OVERVIEW = "/en/reports/readiness/", "/en/reports/"


@pytest.fixture
def trained(person, course, at):
    """Put people into an office whose certificates stand as told: (state, language, days until it ends or None)."""

    def fill(office, *states, untrained=0, since=40, minutes=9):
        people = [person("learner", country=office.country, office=office) for _ in range(len(states) + untrained)]
        begins = at - dt.timedelta(days=since)
        for user, (state, language, days) in zip(people, states, strict=False):
            learner = actions.learner_of(user)
            enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=begins)
            Progress.objects.filter(enrolment=enrolment).update(completed_at=begins, last_at=begins, language=language)
            ends = at + dt.timedelta(days=days) if days else None
            facts = {"enrolment": enrolment, "course": course, "user": user, "language": language}
            told = 0 if state == "current" else minutes
            TrainedSpan.objects.create(**facts, state=state, begins=begins, ends=ends, minutes=told)
            if ends:
                TrainedSpan.objects.create(**facts, state="lapsed", begins=ends, minutes=minutes)
        return people

    return fill


CURRENT = ("current", "fr", None)
DUE = ("refresher_due", "fr", 30)
LAPSED = ("lapsed", "fr", None)


def rows(user, at, **filters):
    """The report of a person, counted now."""
    actions.count_readiness(at=at)
    return readiness(user, filters, "en", at=at).rows


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


@pytest.mark.parametrize(("staff", "words"), [(None, "unknown"), (1, "fewer than are current"), (20, "10 % current")])
def test_staff_that_was_not_entered_is_unknown_and_never_a_share(client, sign_in, office, trained, manager, at, staff, words):  # fmt: skip
    trained(office("Court A", staff_count=staff), CURRENT, CURRENT, untrained=9)
    actions.count_readiness(at=at)

    html = sign_in(manager).get(URL).content.decode()

    assert words in html
    assert "0 % current" not in html.replace("10 % current", "")


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


def test_a_small_office_is_in_no_total(small, person, countries, at):
    analyst = person("analyst", country=countries["HT"])
    actions.count_readiness(at=at)

    found, report = dashboard(analyst, "en"), readiness(analyst, {}, "en", at=at)

    assert (found.officials, found.begun, found.finished) == (12, 1, 1)
    assert (found.offices, found.ready, found.hidden) == (1, 1, 1)
    assert [(one.begun, one.offices) for one in found.courses] == [(1, 1)]
    assert [(one.offices, one.ready) for one in report.courses] == [(1, 1)]
    assert report.hidden == 1


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
    assert guarded == [(True, *[None] * 7), (False, *[None] * 7)]


def test_a_number_from_which_no_small_one_follows_is_told(office, trained, person, countries, at):
    trained(office("Court A"), *[CURRENT] * 12)
    trained(office("Court B"), *[LAPSED] * 10)

    first, second = rows(person("analyst", country=countries["HT"]), at)

    assert told(first) == (True, 12, None, None, None, None, None, None)
    assert told(second) == (False, None, None, 10, None, None, None, None)


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
    assert ("&lt;10" in html) is (current is None)
    assert "of 1 offices with 10 officials or more have somebody current" in html


def test_the_pages_say_how_many_small_offices_are_left_out(sign_in, small, manager, person, countries, at):
    actions.count_readiness(at=at)
    analyst = person("analyst", country=countries["HT"])

    overview, of_analyst = (
        sign_in(user).get(url).content.decode() for user, url in ((manager, OVERVIEW), (analyst, URL))
    )

    assert "1 office is left out." in overview
    assert "1 office with fewer than 10 officials is in none of these numbers." in of_analyst
    assert "A dash stands where fewer than 10 people are meant" in of_analyst


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


def test_numbers_of_a_past_day_are_for_the_managers_of_the_country(office, trained, person, countries, at):
    trained(office("Court A", staff_count=30, staff_counted_on=at.date()), CURRENT, untrained=10)

    (row,) = rows(person("analyst", country=countries["HT"]), at, day=at.date() - dt.timedelta(days=3))

    assert (row.is_ready, row.languages, row.numbers, row.staff) == (True, ("fr",), None, None)


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


def test_the_same_table_leaves_as_excel_with_numbers_as_numbers(sign_in, small, manager, at):
    actions.count_readiness(at=at)

    answer = sign_in(manager).post("/en/reports/table/readiness.xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).active
    large, little = list(sheet.iter_rows(values_only=True))[1:3]
    assert large[3:7] == (12, "yes", "français", 1)
    assert little[3:5] == ("<10", "yes")
    assert [cell for cell in little[5:-1] if cell] == []


@pytest.mark.parametrize("path", ["/en/reports/table/unknown.csv", "/en/reports/table/readiness.exe"])
def test_no_other_table_is_sent(sign_in, manager, path):
    assert sign_in(manager).post(path).status_code == 404
