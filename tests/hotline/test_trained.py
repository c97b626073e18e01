"""Which shifts of a line have a trained operator in which language: the week, the course, what is lacking, how many queries."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page, Site

from accounts.models import AuditEntry, Country
from cms.models import FrontPage
from hotline.actions import lines as lines_of
from hotline.models import Line, Shift
from hotline.queries import forget_lines
from hotline.queries.trained import Lack, trained_week
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.training.small import small
from training import actions
from training.models import Course, TrainedSpan
from training.queries import courses

MONDAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
URL = "/en/roster/trained/"


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker, tmp_path_factory):
    """Liberia and two courses, of which one is offered there, inside one transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        page = FrontPage(title="Fanal", slug="fanal", heading_en="Fanal")
        Page.objects.get(depth=1).add_child(instance=page)
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
        zone = "Africa/Monrovia"
        Country.objects.create(code="LR", name_en="Liberia", slug="liberia", language_codes="en", time_zone=zone)
        for key in ("first-responders", "judicial"):
            folder = small(key, tmp_path_factory.mktemp("content"))
            actions.load_course(folder, page, by="test", at=AT - dt.timedelta(days=90))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def liberia(school, db):
    return Country.objects.get(code="LR")


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture
def judicial(school, db):
    return Course.objects.get(key="judicial")


@pytest.fixture
def closed(line):
    """The line without opening hours, so that nothing but its shifts is told."""
    line.hours.all().delete()
    return line


@pytest.fixture
def hold(judicial):
    """Let somebody hold a certificate that stands as told from a month ago until an instant (None: for good)."""

    def make(user, state="current", ends=None, course=judicial):
        learner = actions.learner_of(user)
        enrolment = actions.enrol(learner=learner, course=course, country="LR", at=AT - dt.timedelta(days=40))
        facts = {"enrolment": enrolment, "course": course, "user": user, "language": "en"}
        TrainedSpan.objects.create(**facts, state=state, begins=AT - dt.timedelta(days=30), ends=ends)
        if ends:
            TrainedSpan.objects.create(**facts, state="lapsed", begins=ends)

    return make


@pytest.fixture
def shift(line):
    """Put somebody on shift on a day of November from an hour to another, which may lie on the next day."""

    def make(user, day, begins, ends, duty="operator", on=line):
        first = dt.datetime(2026, 11, day, begins, tzinfo=dt.UTC)
        last = dt.datetime(2026, 11, day, ends, tzinfo=dt.UTC)
        last += dt.timedelta(days=0 if ends > begins else 1)
        return Shift.objects.create(line=on, user=user, duty=duty, starts_at=first, ends_at=last)

    return make


def week_of(line, key="", monday=MONDAY, at=AT):
    """The week of a line as the page tells it."""
    forget_lines()
    return trained_week(line, courses("en"), key, monday, at=at)


def told(week):
    """Each shift as (day, from, until), with (language, speakers, current, refresher due)."""
    return [
        (one.starts_at.day, one.starts_at.hour, one.ends_at.hour,
         [(it.code, it.speakers, it.current, it.refresher_due) for it in one.spoken])
        for one in week.shifts
    ]  # fmt: skip


def test_each_shift_tells_who_is_trained_by_language(closed, person, liberia, hold, shift):
    one, two, three = (person("operator", country=liberia, spoken=spoken) for spoken in ("fr", "", "fr"))
    hold(one)
    hold(three, "refresher_due")
    for user in (one, two):
        shift(user, 26, 8, 16)
    shift(three, 26, 22, 6)

    assert told(week_of(closed)) == [
        (26, 8, 16, [("en", 2, 1, 0), ("fr", 1, 1, 0), ("ar", 0, 0, 0)]),
        (26, 22, 6, [("en", 1, 0, 1), ("fr", 1, 0, 1), ("ar", 0, 0, 0)]),
    ]


def test_who_runs_out_before_the_shift_ends_is_not_counted(closed, person, liberia, hold, shift):
    user = person("operator", country=liberia)
    hold(user, ends=dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC))
    for day in (26, 27, 28):
        shift(user, day, 8, 16)

    assert [spoken[0][2] for *_times, spoken in told(week_of(closed))] == [1, 0, 0]


def test_only_operators_who_may_still_serve_count(closed, person, liberia, hold, shift):
    interpreter, gone, other = (
        person("interpreter", country=liberia), person("operator", country=liberia, is_active=False),
        person("learner", country=liberia),
    )  # fmt: skip
    for user in (interpreter, gone, other):
        hold(user)
        shift(user, 26, 8, 16, duty="interpreter" if user == interpreter else "operator")

    assert week_of(closed).shifts == ()


def test_shifts_that_overlap_are_told_in_parts(closed, person, liberia, hold, shift):
    trained, other = person("operator", country=liberia), person("operator", country=liberia)
    hold(trained)
    shift(other, 26, 8, 16)
    shift(trained, 26, 12, 20)

    shown = [(begins, ends, spoken[0]) for _day, begins, ends, spoken in told(week_of(closed))]

    assert shown == [(8, 12, ("en", 1, 0, 0)), (12, 16, ("en", 2, 1, 0)), (16, 20, ("en", 1, 1, 0))]


def test_what_begins_in_the_week_by_the_clock_of_the_country_is_told(closed, person, liberia, hold, shift):
    liberia.time_zone = "America/Port-au-Prince"
    liberia.save()
    closed.country = liberia
    user = person("operator", country=liberia)
    for day in (23, 24, 30):
        shift(user, day, 2, 8)  # 21:00 of the day before in Port-au-Prince

    assert [day for day, *_rest in told(week_of(closed))] == [24, 30]


def test_the_same_lack_is_told_once_with_its_days_and_what_is_over_is_not(closed, person, liberia, hold, shift):
    one, two = (person("operator", country=liberia, spoken=spoken) for spoken in ("fr ar", ""))
    hold(one)
    for day in (24, 26, 27):
        shift(one, day, 8, 16)
        shift(two, day, 22, 6)

    week = week_of(closed)

    night = (dt.time(22), dt.time(6))
    assert week.lacks == (Lack(("en", "fr", "ar"), *night, (dt.date(2026, 11, 26), dt.date(2026, 11, 27))),)
    assert len(week.shifts) == 6
    assert week.lacks[0].on_days == "Thu 26 Nov, Fri 27 Nov"


def test_of_a_week_that_is_over_everything_lacking_is_told(closed, person, liberia, shift):
    shift(person("operator", country=liberia), 17, 8, 16)

    week = week_of(closed, monday=MONDAY - dt.timedelta(days=7))

    assert week.is_over
    assert [lack.days for lack in week.lacks] == [(dt.date(2026, 11, 17),)]


def test_open_hours_without_an_operator_are_named_from_today_on(office, person, liberia, hold, shift):
    user = person("operator", country=liberia, spoken="fr ar")
    hold(user)
    for day in (23, 26):
        shift(user, day, 8, 12)

    week = week_of(office)

    assert [(lack.codes, lack.opens.hour, lack.closes.hour, [day.day for day in lack.days]) for lack in week.lacks] == [
        ((), 8, 16, [25, 27]), ((), 12, 16, [26]),
    ]  # fmt: skip
    assert [one.operators for one in week.shifts] == [1, 0, 1, 0, 0]


def test_a_line_that_never_closes_is_told_day_by_day(line):
    week = week_of(line, monday=MONDAY + dt.timedelta(days=7))

    (lack,) = week.lacks
    assert lack.is_whole_day
    assert [day.day for day in lack.days] == [30, 1, 2, 3, 4, 5, 6]


def test_the_course_is_the_one_that_is_asked_for_else_the_operators_own(closed, person, liberia, hold, shift):
    responders = Course.objects.get(key="first-responders")
    one, two = person("operator", country=liberia), person("operator", country=liberia)
    for user in (one, two):
        shift(user, 26, 8, 16)

    def shown(key=""):
        week = week_of(closed, key)
        return week.course.key, week.is_own, week.shifts[0].spoken[0].current

    assert shown() == ("judicial", False, 0)  # nobody holds any: what Liberia offers
    hold(one, course=responders)
    assert shown() == ("first-responders", True, 1)
    hold(one)
    hold(two)
    assert shown() == ("judicial", True, 2)
    assert shown("first-responders") == ("first-responders", False, 1)


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
    assert cells == ["Sun 29 Nov, 22:00 to 06:00", "1", "1 trained of 1 who speaks it", "1 trained of 1 who speaks it", "nobody speaks it"]  # fmt: skip
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


def test_a_country_without_a_line_is_told_so(person, liberia, sign_in):
    page = page_of(sign_in(person("manager", country=liberia)))

    assert "This country has no line yet." in page.get_text()


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
    assert rows[1] == ["'=2883", "Trafficking before the court", "2026-11-26 08:00", "2026-11-26 16:00", "English", "1", "1", "0", "1", "no"]  # fmt: skip
    assert [row[2:6] for row in rows[4:7]] == [["2026-11-26 22:00", "2026-11-26 23:00", name, "0"] for name in ("English", "français", "العربيّة")]  # fmt: skip
    assert rows[-1][1] == str(entry.seq)
    assert all(part in entry.body for part in ('"course":"judicial"', '"week":"2026-11-23"', '"rows":6'))


def rows_of(answer, kind):
    """Return the rows of a file as texts."""
    if kind == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]


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
