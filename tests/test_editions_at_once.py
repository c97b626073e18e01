"""Two changes of one course at once: the second waits for the first, and the newest edition holds both.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Country
from cms.models import FrontPage
from tests import standing
from tests.cms.conftest import root  # noqa: F401 -- a fixture
from tests.locks import meanwhile
from tests.training.small import small
from training import actions, progress, queries
from training.models import Course, CourseVersion, Lesson, Overlay, Question

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def course(root, tmp_path, at):  # noqa: F811 -- the fixture
    """A course that stands for other connections too."""
    standing.school(root, tmp_path, at, "judicial")
    return Course.objects.get()


@pytest.fixture
def front(course):
    """The front page of its site."""
    return FrontPage.objects.get()


def newest(course):
    """Return the newest edition for all countries: its activities, and the questions that it asks."""
    version = CourseVersion.objects.filter(course=course, country=None).latest("number")
    activities = {one["id"]: one for one in actions.numbering.activities_in(progress.read(version.body))}
    asked = {item["key"] for one in activities.values() for item in one["items"] if "key" in item}
    return activities, asked


def rewrite(lesson, words):
    lesson.aim_en = words
    lesson.go_live()


def test_a_question_that_is_taken_off_beside_a_publish_is_in_no_newest_edition(course, at):
    lesson, question = Lesson.objects.first(), Question.objects.filter(course=course).first()
    before, asked = newest(course)
    assert question.key in asked

    with meanwhile(question.unpublish) as told:
        rewrite(lesson, "Another aim")

    after, asked = newest(course)
    key = str(lesson.translation_key)
    assert told == [None]
    assert question.key not in asked
    assert after[key]["content"] != before[key]["content"]


def test_two_lessons_that_are_published_at_once_are_both_in_the_newest_edition(course, at):
    first, second = Lesson.objects.order_by("path")[:2]
    before, _asked = newest(course)

    with meanwhile(lambda: rewrite(second, "The second's aim")) as told:
        rewrite(first, "The first's aim")

    after, _asked = newest(course)
    keys = [str(one.translation_key) for one in (first, second)]
    assert told == [None]
    assert [after[key]["content"] != before[key]["content"] for key in keys] == [True, True]
    numbers = (
        CourseVersion.objects.filter(course=course, country=None).order_by("number").values_list("number", flat=True)
    )
    assert list(numbers) == [1, 2, 3]


def test_a_plain_change_waits_too_and_finds_nothing_left_to_do(course, at):
    lesson = Lesson.objects.first()

    with meanwhile(lambda: actions.course_changed(course, by="test", at=at)) as told:
        rewrite(lesson, "Another aim")

    assert told == [None]
    assert CourseVersion.objects.filter(course=course, country=None).count() == 2


def test_a_lesson_that_is_published_while_it_is_moved_waits_in_no_ring(course, person, at):
    lesson = Lesson.objects.order_by("path").first()
    by = person("manager", country=Country.objects.get())

    with meanwhile(lambda: rewrite(Lesson.objects.get(pk=lesson.pk), "Another aim")) as told:
        seen = queries.outline_of(course.key).mark
        actions.move_part(course=course, part=lesson.pk, place=1, seen=seen, by=by, at=at)

    assert told == [None]


def locks_of(act):
    """Return in which order an act locked the course, the row of a lesson or question and the head of the audit chain."""
    named = {
        '"training_course"': "course",
        'UPDATE "training_lesson"': "row",
        'UPDATE "training_question"': "row",
        'FROM "training_overlay"': "entry",
        "accounts_audithead": "head",
    }
    with CaptureQueriesContext(connection) as found:
        act()
    locks = [one["sql"] for one in found if "FOR UPDATE" in one["sql"] or "FOR NO KEY" in one["sql"] or one["sql"].startswith("UPDATE")]  # fmt: skip
    told = [name for sql in locks for sign, name in named.items() if sign in sql]
    return list(dict.fromkeys(told))


def test_the_course_is_locked_before_its_rows_and_before_anything_is_recorded(course, front, person, tmp_path, at):
    lesson, entry = Lesson.objects.first(), Overlay.objects.first()
    by = person("manager", country=Country.objects.get())
    lowered = Lesson.objects.last()
    lowered.lowered_because = "slip"
    draft = lowered.save_revision(user=by)
    folder = small("judicial", tmp_path / "again")

    assert locks_of(lambda: rewrite(lesson, "Another aim"))[:2] == ["course", "row"]
    assert locks_of(lambda: draft.publish())[0] == "course"
    assert locks_of(lambda: actions.overlay_changed(overlay=entry, by=by, at=at))[0] == "course"
    assert locks_of(lambda: actions.load_course(folder, front, by="test", at=at))[0] == "course"
