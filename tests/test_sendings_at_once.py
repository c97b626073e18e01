"""Two sendings of one official at once: the second waits for the first, and what both brought is in her progress.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import datetime as dt
import uuid

import pytest
from django.db import connection

from tests import standing
from tests.cms.conftest import root  # noqa: F401 -- a fixture
from tests.locks import meanwhile
from training import actions, progress
from training.choices import Source
from training.models import Certificate, Course, CourseVersion, Enrolment, Event, Progress, RefusedEvent
from training.queries.holders import hold_learners

COURSES = ("judicial", "safe-migration")
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def official(root, person, tmp_path, at):  # noqa: F811 -- the fixture
    """An official who has begun neither of two courses, which stand for other connections too, unlike the school's of
    this room; her learner.
    """
    haiti = standing.school(root, tmp_path, at, *COURSES)
    return actions.learner_of(person("learner", country=haiti, language="fr"))


@pytest.fixture
def enrolment(official, at):
    """Her enrolment in one of them."""
    return actions.enrol(learner=official, course=Course.objects.get(key="judicial"), country="HT", at=at)


def ends(course, at):
    """Return the ends of all lessons of a course, as a phone tells of them; sent again they are the same."""
    edition = CourseVersion.objects.filter(course__key=course).latest("number")
    version = progress.version_of(str(edition.public_id), edition.body)
    return [
        actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=lesson.id, version=version.id, language="fr", occurred_at=at,
            payload={"screen": "end"},
        )
        for lesson in version.lessons
    ]  # fmt: skip


def send(learner, arrivals, at, offset_ms=0, source=Source.WEB):
    """Send events; return what became of them."""
    outcomes = actions.record_events(
        learner=learner, arrivals=arrivals, source=source, at=at, offset_ms=offset_ms
    )  # fmt: skip
    return {one.status for one in outcomes}


def test_two_sendings_of_one_official_at_once_both_count(enrolment, at):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)

    def reach(lesson):
        arrival = actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=version.lessons[lesson].id, version=version.id, language="fr",
            occurred_at=at, payload={"screen": "end"}, device=uuid.uuid4(), seq=1,
        )  # fmt: skip
        outcomes = actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.WEB, at=at)
        return [one.status for one in outcomes]

    with meanwhile(lambda: reach(1)) as told:
        first = reach(0)

    assert (first, told) == (["accepted"], [["accepted"]])
    assert Event.objects.count() == 2
    row = Progress.objects.get()
    assert row.done == 2
    assert set(progress.read(row.state)["ended"]) == {lesson.id for lesson in version.lessons[:2]}


@pytest.mark.parametrize("courses", [COURSES[:1], COURSES])
def test_the_first_batch_of_a_course_sent_twice_at_once_counts_once(official, at, courses):
    arrivals = [one for key in courses for one in ends(key, at)]
    later = at + dt.timedelta(minutes=1)

    with meanwhile(lambda: send(official, arrivals, later, offset_ms=-500)) as told:
        first = send(official, arrivals, at)
        rows = list(Progress.objects.order_by("pk").values())

    assert (first, told) == ({"accepted"}, [{"duplicate"}])
    assert list(Progress.objects.order_by("pk").values()) == rows
    assert list(actions.differences()) == []
    assert [one.attained_at for one in Certificate.objects.all()] == [at] * len(courses)
    assert not RefusedEvent.objects.exists()


def test_the_first_batch_of_a_guest_sent_twice_at_once_counts_once(official, at):
    Course.objects.update(without_account=True, is_open=True)
    begun = Course.objects.get(key=COURSES[0])
    guest = actions.begin_without_account(course=begun, country="HT", address="1", at=at)[0]
    arrivals = [*ends(COURSES[0], at), *ends(COURSES[1], at)]

    for some in (ends(COURSES[1], at), arrivals):
        with meanwhile(lambda: send(guest, some, at + dt.timedelta(minutes=1), offset_ms=-500)) as told:  # noqa: B023
            first = send(guest, some, at)
        assert (first, told) == ({"accepted"}, [{"duplicate"}])

    assert Enrolment.objects.filter(learner=guest).count() == 2
    assert list(actions.differences()) == []


def test_a_batch_that_finds_one_of_two_courses_begun_meanwhile_begins_the_other(official, at):
    one, other = ends(COURSES[0], at), ends(COURSES[1], at)

    with meanwhile(lambda: send(official, [*other, *one], at + dt.timedelta(minutes=1), offset_ms=-500)) as told:
        first = send(official, one, at)

    assert (first, told) == ({"accepted"}, [{"accepted", "duplicate"}])
    assert Event.objects.count() == len(one) + len(other)
    assert list(actions.differences()) == []


@pytest.mark.parametrize("is_form_first", [True, False])
def test_a_page_that_begins_a_course_beside_a_first_batch_counts_beside_it(official, at, is_form_first):
    course = Course.objects.get(key=COURSES[0])
    arrivals = ends(course.key, at)

    def form():
        lesson = arrivals[0].activity
        actions.open_lesson(user=official.user, course=course, lesson=lesson, language="fr", at=at, screen="end")

    acts = [form, lambda: send(official, arrivals, at + dt.timedelta(minutes=1), offset_ms=-500)]
    first, second = acts if is_form_first else reversed(acts)
    with meanwhile(second) as told:
        first()

    assert not isinstance(told[0], Exception)
    assert Enrolment.objects.get().progress.done == len(arrivals)
    assert Event.objects.count() == len(arrivals) + 1
    assert list(actions.differences()) == []


def test_two_different_first_batches_at_once_both_count(official, at):
    arrivals = ends(COURSES[0], at)

    with meanwhile(lambda: send(official, arrivals[1:], at)) as told:
        first = send(official, arrivals[:1], at)

    assert (first, told) == ({"accepted"}, [{"accepted"}])
    assert Enrolment.objects.get().progress.done == len(arrivals)
    assert list(actions.differences()) == []


def test_who_sends_of_several_courses_is_held_before_her_enrolments(official, person, at):
    """Two such sendings that hold a course each and begin the other's would wait in a ring."""
    arrivals = [one for key in COURSES for one in ends(key, at)]

    with meanwhile(lambda: send(official, arrivals, at)) as told:
        hold_learners([official])

    assert told == [{"accepted"}]
