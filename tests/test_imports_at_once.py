"""One file into two courses at once: the second import waits for the first, and is shown what is left.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import pytest
from django.db import connection

from tests.cms.conftest import root  # noqa: F401 -- a fixture
from tests.locks import meanwhile
from tests.test_editions_at_once import course, front  # noqa: F401 -- fixtures
from training import actions, question_files
from training.models import Course, Question
from training.queries.question_imports import plan_import

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
ROWS = [
    "// [id:fresh]\nWho comes first?{=Amina#Yes. ~Brahim#No.}",
    "// [id:alike]\nWho comes last?{=Amina#Yes. ~Brahim#No.}",
]


@pytest.fixture
def manager(person):
    return person("manager")


@pytest.fixture
def other(course):  # noqa: F811 -- the fixture
    """Another course of the same curriculum."""
    page = Course(title="Other", slug="other", key="other", heading_en="Other", summary_en="Other")
    course.get_parent().add_child(instance=page)
    return page


@pytest.mark.parametrize("second", [ROWS, ROWS[::-1]])
def test_a_file_that_two_courses_take_at_once_is_shown_anew_to_the_second(course, other, manager, at, second):  # noqa: F811 -- the fixture
    def shown(where, rows):
        reading = question_files.read("\n\n".join(rows).encode())
        return {"reading": reading, "confirmed": plan_import(where, reading, by=manager).fingerprint}

    first, told_later = shown(course, ROWS), shown(other, second)

    with meanwhile(lambda: actions.import_questions(course=other, by=manager, at=at, **told_later)) as told:
        actions.import_questions(course=course, by=manager, at=at, **first)

    (error,) = told
    assert isinstance(error, actions.BankChanged)
    assert {row.refusal.code for row in error.plan.rows} == {"key_elsewhere"}
    assert set(Question.objects.filter(key__in=["fresh", "alike"]).values_list("course", flat=True)) == {course.pk}
