"""A certificate of completion whose holder has not passed the test: it follows what she has done, as one who passed."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.training.answers import address
from tests.training.finishing import ask_anew, finish, refresh
from tests.training.stories import changed, play, publish
from training import actions, exchange, printing, progress, queries
from training.models import Attempt, CourseVersion, Enrolment, Scenario


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the course was begun."""
    return lambda days: at + dt.timedelta(days=days)


def told(official, at):
    """How the certificates of completion that count stand: the edition they name, the state, to what they are current."""
    rows = queries.certificates_of(official).filter(kind="completion").order_by("pk")
    found = queries.held(rows, at)
    return [(one.certificate.version.number, str(one.state), one.current_to) for one in found]


def published(course, at):
    """Publish the small story at an instant, so that editions follow one another whatever day it is."""
    with time_machine.travel(at, tick=False):
        return publish(course)


def begin(official, course, at):
    return actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)


def waive(enrolment, activities, manager, at):
    for activity in activities:
        actions.waive_activity(enrolment=enrolment, activity=activity, reason="taught", by=manager, at=at)


def test_lessons_waived_as_they_stand_now_leave_no_refresher(official, manager, course, lessons, day):
    story = published(course, day(0))
    enrolment = begin(official, course, day(0))
    ask_anew(lessons[0], day(10))
    waive(enrolment, [str(one.translation_key) for one in lessons], manager, day(20))

    play(official, enrolment, story, day(21))

    assert told(official, day(22)) == [(3, "current", 3)]


def test_what_is_asked_anew_by_a_later_edition_still_is(official, manager, course, lessons, day):
    story = published(course, day(0))
    enrolment = begin(official, course, day(0))
    waive(enrolment, [str(one.translation_key) for one in lessons], manager, day(1))
    play(official, enrolment, story, day(2))

    ask_anew(lessons[0], day(10))

    assert told(official, day(11)) == [(2, "refresher_due", 2)]
    waive(enrolment, [str(lessons[0].translation_key)], manager, day(20))
    assert told(official, day(21)) == [(2, "replaced", 2), (3, "current", 3)]


def rewrite(course, at):
    """Publish an edition in which the story of the course is asked anew."""
    story = Scenario.objects.get(key="small-file")
    body = exchange.node_blocks(course.key, changed(lambda _story, nodes: nodes["a1"].update(text="The law changed.")))
    with actions.as_one_edition(by="test", at=at):
        story.nodes_en = story._meta.get_field("nodes_en").to_python(body)
        story.save_revision().publish()
        actions.course_changed(course, by="test", at=at, material=str(story.activity))


@pytest.fixture
def overtaken(official, course, day):
    """The enrolment of an official who did all but the test, before its story changed."""
    story = published(course, day(0))
    enrolment = finish(official, course, day(0), passed=False)
    play(official, enrolment, story, day(1))
    with time_machine.travel(day(10), tick=False):
        rewrite(course, day(10))
    return enrolment


def test_a_story_that_changed_is_shown_to_play_again_until_it_is(client, sign_in, official, course, overtaken, day):
    sign_in(official)
    with time_machine.travel(day(11), tick=False):
        pages = [client.get(where).content.decode() for where in ("/en/learning/", address(course))]
    before = told(official, day(11))

    actions.move_to_newest(enrolment=overtaken, language="fr", at=day(20))
    play(official, Enrolment.objects.get(), Scenario.objects.get(key="small-file"), day(20))

    with time_machine.travel(day(21), tick=False):
        after = client.get("/en/learning/").content.decode()
    assert [("Play it again to one of its ends." in page, "Follow the newest version" in page) for page in pages] == [
        (True, True)
    ] * 2
    assert before == [(2, "refresher_due", 2)]
    assert told(official, day(21)) == [(2, "replaced", 2), (3, "current", 3)]
    assert "Play it again" not in after


@pytest.mark.parametrize(
    ("days", "word", "words"),
    [
        (11, "Refresher due", "Refresher due by 5 March 2027, about {} minutes."),
        (150, "Refresher overdue", "the refresher was not done in time."),
    ],
)
def test_her_pages_say_until_when_the_refresher_is_due_as_her_certificate_does(
    sign_in, official, course, lessons, day, days, word, words
):
    finish(official, course, day(0), passed=False)
    ask_anew(lessons[0], day(10))
    minutes = progress.version_of("", CourseVersion.objects.get(country="HT", number=2).body).lessons[0].minutes

    with time_machine.travel(day(days), tick=False):
        client = sign_in(official)
        pages = [client.get(where).content.decode() for where in ("/en/learning/", address(course))]
        with CaptureQueriesContext(connection) as asked:
            client.get("/en/learning/")
        with CaptureQueriesContext(connection) as asked_by_course:
            client.get(address(course))

    parts = [BeautifulSoup(page, "html.parser").select_one(".changed") for page in pages]
    assert [(word in part.text, words.format(minutes) in part.text) for part in parts] == [(True, True)] * 2
    assert "Follow the newest version" in parts[0].text
    assert ["The course changed" in page for page in pages] == [False, False]
    counts = [sum("SAVEPOINT" not in one["sql"] for one in found) for found in (asked, asked_by_course)]
    assert max(counts) <= 8, counts


def test_where_it_was_withdrawn_nothing_is_due(sign_in, official, manager, course, lessons, day):
    finish(official, course, day(0), passed=False)
    (one,) = queries.certificates_of(official)
    actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=day(5))
    ask_anew(lessons[0], day(10))

    (mine,) = queries.progress_of(official, "en", at=day(11))

    assert (mine.due, [lesson.id for lesson in mine.changed]) == (None, [str(lessons[0].translation_key)])


def test_the_sheet_says_until_when_it_counts_as_the_page_does(official, overtaken, day):
    (one,) = queries.held(queries.certificates_of(official), day(11))

    with translation.override("en"):
        rows = dict(printing.certificate._rows(one, day(11).date()))

    assert rows["Trained up to"] == "version 2, on 6 December 2026 · Refresher due"
    assert rows["Runs until"] == "5 March 2027, where the refresher is not done by then"


def test_a_test_set_aside_and_the_changed_lesson_read_bring_it_up_to_the_newest(
    official, manager, course, lessons, day
):
    finish(official, course, day(0))
    ask_anew(lessons[0], day(10))
    actions.void_attempt(attempt=Attempt.objects.get(), reason="other", by=manager, at=day(20))
    before = told(official, day(21))

    refresh(official, course, day(30))

    assert before == [(1, "refresher_due", 1)]
    assert told(official, day(31)) == [(1, "replaced", 1), (2, "current", 2)]
