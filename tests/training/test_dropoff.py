"""Where people stop in a course, and how each course stands in each language: counted by hand, drawn, and as files."""

import csv
import datetime as dt
import io
import re
import uuid
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Office
from languages.models import Unit
from tests.training.finishing import finish
from training import actions, progress, reports
from training.actions.counting_lessons import what_of
from training.choices import END, Source
from training.models import Compiled, Counted, Course, CourseFigures, CourseVersion, LessonCount, Progress
from training.queries.completion import completion
from training.queries.dropoff import LESSON, TEST, Part, dropoff, most_begun
from training.queries.freshness import freshness
from training.reports.stacks import BASE

URL, FRESH = "/en/reports/drop-off/", "/en/reports/freshness/"


@pytest.fixture
def read(course, at):
    """Let a person open so many lessons of the course and read all but the last of them to the end."""

    def act(user, opened, ago=0):
        when = at - dt.timedelta(days=ago)
        learner = actions.learner_of(user)
        enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=when)
        version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=lesson.id, version=version.id, language="fr",
                occurred_at=when, payload={"screen": END if place < opened - 1 else lesson.screens[0]},
            )
            for place, lesson in enumerate(version.lessons[:opened])
        ]  # fmt: skip
        actions.record_events(learner=learner, arrivals=arrivals, source=Source.FORM, at=when)

    return act


@pytest.fixture
def court(countries, person):
    """Twelve officials of a court."""
    office = Office.objects.create(country=countries["HT"], name="Court A")
    return [person("learner", country=countries["HT"], office=office, name=f"Official {n}") for n in range(12)]


@pytest.fixture
def learned(court, read, course, at):
    """Of twelve: two finished, three stopped in the second lesson, one is still in it, six have only begun, long ago."""
    for user in court[:2]:
        finish(user, course, at)
    for user in court[2:5]:
        read(user, 2, ago=45)
    read(court[5], 2, ago=3)
    for user in court[6:]:
        read(user, 1, ago=90)
    count(course, at)


def count(course, at):
    actions.count_readiness(at=at)
    actions.count_lessons(course=course.pk, at=at)


def told(report):
    return [(part.opened, part.ended, part.stopped) for part in report.parts]


def test_each_lesson_is_that_of_a_count_by_hand(learned, manager, lessons):
    report = dropoff(manager, {"course": "judicial"}, "en")

    assert (report.begun, report.finished, report.stopped) == (12, 2, 9)
    assert told(report)[:3] == [(12, 6, 6), (6, 2, 3), (2, 2, 0)]
    assert [part.number for part in report.parts if part.kind == LESSON] == list(range(1, len(lessons) + 1))
    assert (report.parts[-1].kind, report.parts[-1].opened, report.parts[-1].ended) == (TEST, 2, 2)
    assert [part.number for part in report.worst] == [1]


def test_people_of_small_offices_and_of_none_are_left_out(learned, person, countries, read, course, manager, at):
    little = Office.objects.create(country=countries["HT"], name="Post B")
    for office in (little, None):
        read(person("learner", country=countries["HT"], office=office), 2, ago=45)
    count(course, at)

    assert dropoff(manager, {"course": "judicial"}, "en").begun == 12


def test_a_country_in_which_few_began_tells_no_number(court, read, course, manager, at):
    for user in court[:9]:
        read(user, 1)
    count(course, at)

    report = dropoff(manager, {"course": "judicial"}, "en")

    assert (report.begun, report.parts, report.hidden) == (None, (), 1)


def test_who_does_not_manage_a_country_is_told_no_small_number_of_those_who_finished(
    learned, court, person, countries, course, at, sign_in
):
    analyst = person("analyst", country=countries["HT"])
    page = sign_in(analyst).get("/en/reports/drop-off/?course=judicial").content.decode()
    few = dropoff(analyst, {"course": "judicial"}, "en")
    for user in court[2:]:
        finish(user, course, at)
    count(course, at)

    assert (few.begun, few.parts, few.hidden, few.withheld) == (None, (), 1, 1)
    assert "Not shown: small numbers could be worked out from it." in page
    everybody = dropoff(analyst, {"course": "judicial"}, "en")
    assert (everybody.begun, everybody.finished) == (12, 12)


def test_what_completion_withholds_is_not_told_by_those_who_began(office, person, countries, course, manager, at):
    court = office("Court A")
    people = [person("learner", country=countries["HT"], office=court) for _n in range(15)]
    for user in people[:13]:
        finish(user, course, at)
    count(course, at)
    analyst = person("analyst", country=countries["HT"])

    found, exact = dropoff(analyst, {"course": "judicial"}, "en"), dropoff(manager, {"course": "judicial"}, "en")
    of_completion = completion(analyst, {"course": "judicial"})

    assert (of_completion.total, of_completion.finished, of_completion.under_way) == (15, None, None)
    assert (found.begun, found.parts, found.withheld) == (None, (), 1)  # of the fifteen two have not begun
    assert (exact.begun, exact.finished) == (13, 13)


@pytest.fixture
def counted(course, lessons, office, staff, at):
    """Offices of some countries, of whom is told how many opened, ended and stopped in each lesson; forty officials each."""

    def fill(code, name, begun, finished, *steps):
        staff(office(name, code), finished=finished, under_way=begun - finished, not_begun=40 - begun)
        rows = [(None, begun, finished, sum(step[2] for step in steps))]
        rows += [(lesson.translation_key, *step) for lesson, step in zip(lessons, steps, strict=False)]
        for activity, opened, ended, stopped in rows:
            LessonCount.objects.create(
                course=course, country_id=code, activity=activity, opened=opened, ended=ended, stopped=stopped
            )

    return fill


FEW = ((24, 24, 0), (24, 24, 0), (13, 13, 11), (12, 12, 1))
MANY = ((24, 24, 0), (24, 24, 0), (12, 12, 12), (12, 12, 0))


@pytest.mark.parametrize(
    ("stopped", "words"),
    [
        ((2, 1, 0, 1), "Lesson 1"),
        ((1, 1, 0, 1), "Lesson 1 · Lesson 2 · Lesson 4, equally many in each"),
        ((1, 1, 1, 1), "4 parts, equally many in each"),
        ((0, 0, 0, 0), "–"),
    ],
)
def test_where_most_stopped_is_one_part_or_several_alike(counted, manager, sign_in, stopped, words):
    counted("HT", "Court A", 24, 12, *((24, 24, number) for number in stopped))

    page = BeautifulSoup(sign_in(manager).get(f"{URL}?course=judicial").content, "html.parser")

    label, _of, alike = page.find("dt", string=re.compile("most of them stopped")).string.partition(", ")
    place = page.find("dt", string=re.compile(label)).find_next_sibling("dd")
    assert ", ".join(filter(None, [" ".join(place.get_text().split()), alike])) == words


def test_one_who_stopped_is_told_to_the_managers_alone(counted, person, countries, manager, sign_in):
    counted("HT", "Court A", 24, 12, *FEW)
    analyst = person("analyst", country=countries["HT"])
    browser = sign_in(analyst)

    own, found = (dropoff(user, {"course": "judicial"}, "en") for user in (manager, analyst))
    page = BeautifulSoup(browser.get(f"{URL}?course=judicial").content, "html.parser")
    file = browser.post("/en/reports/table/dropoff.csv", {"course": "judicial"}).content.decode("utf-8-sig")

    assert (told(own)[:4], own.is_guarded) == (list(FEW), False)
    hidden = [(24, 24, None), (24, 24, None), (None, None, None), (12, 12, None)]
    assert (told(found)[:4], found.is_guarded) == (hidden, True)
    assert (found.begun, found.finished, found.stopped, found.worst) == (24, 12, 12, ())
    assert [cell.text for cell in page.select("tbody tr")[2].select("td")] == ["–"] * 4
    plots = page.select("svg.plot")
    assert [plot.title.text for plot in plots] == ["Opened and read to the end"]  # who stopped would be dashes alone
    (dash,) = [text for text in plots[0].select("text") if text.text == "–"]
    assert BASE - 10 < float(dash["y"]) < BASE  # at the axis, where a bar would begin
    assert "A dash stands where fewer than 10 people are meant" in page.get_text()
    assert list(csv.reader(io.StringIO(file)))[3][1:] == [""] * 5


def test_what_is_not_told_of_a_country_is_not_told_of_several(counted, person):
    counted("HT", "Court A", 24, 12, *FEW)
    counted("TN", "Cour B", 24, 12, *MANY)

    found = dropoff(person("analyst"), {"course": "judicial"}, "en")

    assert (found.begun, found.finished, found.stopped) == (48, 24, 24)
    assert told(found)[:4] == [(48, 48, None), (48, 48, None), (None, None, None), (24, 24, None)]


def test_another_country_is_not_counted(learned, person, countries):
    report = dropoff(person("manager", country=countries["TN"]), {"course": "judicial"}, "en")

    assert (report.begun, report.hidden) == (None, 0)


def test_the_course_that_most_began_is_shown_first(learned, manager, sign_in):
    page = BeautifulSoup(sign_in(manager).get(URL).content, "html.parser")

    assert most_begun(manager) == "judicial"
    assert page.select_one("select[name=course] option[selected]")["value"] == "judicial"
    assert page.select_one(".figures dd").text == "12"


def test_numbers_are_drawn_told_to_screen_readers_and_stand_in_the_table(learned, manager, sign_in):
    page = BeautifulSoup(sign_in(manager).get(URL).content, "html.parser")

    assert [plot.title.text for plot in page.select("svg.plot")] == ["Opened and read to the end", "Stopped here"]
    assert all(plot.desc.text and plot["role"] == "img" for plot in page.select("svg.plot"))
    assert page.select("tbody svg")[0]["aria-label"] == "6 read to the end, 12 opened, of 12"
    assert [cell.text for cell in page.select("tbody tr")[1].select("td.n")] == ["6", "2", "3"]
    assert "style=" not in str(page.select_one("main"))


def test_a_bar_is_told_apart_without_colour():
    bar = reports.stacked(5, 3, 10)

    assert (bar.filled, bar.hatched) == (120, 72)
    assert len(bar.hatches) == 10
    assert all(120 <= x < 192 for x in bar.hatches)
    assert reports.stacked(0, 0, 0) == reports.Stack()


def test_columns_keep_to_the_plot_whatever_the_numbers():
    parts = tuple(Part(LESSON, n, None, opened=100_003 - n, ended=n, stopped=n) for n in range(1, 21))

    plot = reports.lesson_plot(parts)

    assert all(0 <= top <= 170 for column in plot.columns for top in column.tops)
    assert [column.label for column in plot.columns][:3] == ["1", "", "3"]
    assert reports.lesson_plot(()) is None


def test_a_lesson_of_which_a_number_is_not_told_has_no_bar():
    numbers = ((25, None, 3), (None, 12, None), (20, 15, 0))
    parts = tuple(Part(LESSON, n, None, *told) for n, told in enumerate(numbers, 1))

    plot = reports.lesson_plot(parts)

    assert [(column.outer, column.inner) for column in plot.columns] == [(None, None), (None, None), (144, 108)]
    assert plot.lines[-1].value == 20
    assert [column.stopped is None for column in plot.columns] == [False, True, False]


def test_a_plot_of_dashes_alone_is_left_out_and_its_table_says_so():
    parts = tuple(Part(LESSON, n, None, opened, 12, None) for n, opened in ((1, 25), (2, None)))
    closed = tuple(replace(part, opened=None, stopped=part.number) for part in parts)

    plot, other = reports.lesson_plot(parts), reports.lesson_plot(closed)

    assert (bool(plot.lines), bool(plot.stop_lines)) == (True, False)
    assert (bool(other.lines), bool(other.stop_lines)) == (False, True)
    assert reports.lesson_plot(tuple(replace(part, opened=None) for part in parts)) is None


def test_the_table_leaves_as_a_file(learned, manager, sign_in):
    answer = sign_in(manager).post("/en/reports/table/dropoff.csv", {"course": "judicial"})

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1][1:] == ["12", "6", "6", "6", "50"]
    assert lines[1][0].startswith("Lesson 1: ")


def test_one_learner_and_three_need_as_many_queries(learned, course, manager, sign_in, person, countries, read, at):
    client, asked = sign_in(manager), []
    office = Office.objects.get(name="Court A")
    for more in (0, 3):
        for _n in range(more):
            read(person("learner", country=countries["HT"], office=office), 3)
        count(course, at)
        client.get(URL)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 14


def test_each_language_stands_as_its_texts_do(course, lessons):
    units = Unit.objects.filter(object_id=lessons[0].pk, language="fr", live_version__gte=1).order_by("pk")
    Unit.objects.filter(pk=units[0].pk).update(freshness=3)
    Unit.objects.filter(pk=units[1].pk).update(freshness=4)

    (row,) = freshness("en").rows
    cells = {cell.language: cell for cell in row.cells}

    french, arabic = cells["fr"], cells["ar"]
    assert (french.state, french.stale, french.worst_words) == (
        "out_of_date",
        2,
        "law, procedure or number changed since",
    )
    assert (arabic.state, arabic.stale, arabic.worst_words, arabic.percent) == ("published", 0, "", 100)
    assert (cells["en"].state, cells["en"].done) == ("published", cells["en"].total)
    assert [cell.language for cell in row.told] == ["en", "fr", "ar", "ht"]
    assert "bn" not in cells


def test_a_language_that_a_country_speaks_and_nobody_wrote_is_missing(course, countries):
    countries["HT"].language_codes = "fr ht sw"
    countries["HT"].save()

    cell = {cell.language: cell for cell in freshness("en").rows[0].cells}["sw"]

    assert (cell.state, cell.percent, cell.is_wanted) == ("missing", 0, True)


def test_the_page_says_it_in_shapes_and_words_and_sends_it_as_a_file(course, manager, sign_in):
    client = sign_in(manager)
    page = BeautifulSoup(client.get(FRESH).content, "html.parser")
    answer = client.post("/en/reports/table/freshness.csv")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [cell["class"] for cell in page.select(".matrix tbody td")][:2] == [["ok"], ["ok"]]
    assert page.select(".matrix tbody td .vh")[1].text == "published, awaiting a native reader"
    assert lines[2][1:5] == ["français", "Published", "100", "0"]


def test_more_texts_need_no_more_queries(course, lessons, manager, sign_in, django_assert_num_queries):
    client = sign_in(manager)
    client.get(FRESH)
    with CaptureQueriesContext(connection) as captured:
        client.get(FRESH)
    Unit.objects.filter(language="fr").exclude(object_id=lessons[0].pk).delete()

    with django_assert_num_queries(len(captured)):
        client.get(FRESH)
    assert len(captured) <= 18


@pytest.fixture
def newer(front):
    """A live course that was made after the other one, and that nobody has begun."""
    return front.add_child(instance=Course(title="Newer", slug="newer", key="newer", heading="Newer", summary="Newer"))


def test_a_course_that_cannot_be_counted_stops_no_other(course, newer, at, caplog):
    Compiled.objects.filter(page=course).update(body="{")

    done = [actions.count_due_lessons(at=at) for _turn in range(2)]

    assert done == [1, 0]
    assert "lessons_not_counted" in caplog.text
    assert Counted.objects.filter(what=what_of(newer.pk)).exists()
    assert not Counted.objects.filter(what=what_of(course.pk)).exists()


def test_figures_that_cannot_be_counted_stop_no_others(course, newer, at, caplog):
    CourseVersion.objects.filter(course=course).update(body="{")

    done = [actions.count_due_courses(at=at) for _turn in range(2)]

    assert done == [1, 0]
    assert "figures_not_counted" in caplog.text
    assert list(CourseFigures.objects.values_list("course", flat=True)) == [newer.pk]


def test_one_whose_progress_cannot_be_read_is_left_out_and_logged(learned, court, course, manager, at, caplog):
    Progress.objects.filter(enrolment__learner__user=court[0]).update(state="{")

    count(course, at)

    report = dropoff(manager, {"course": "judicial"}, "en")
    assert (report.begun, report.finished, report.stopped) == (11, 1, 9)
    assert caplog.text.count("progress_not_counted") == 1
