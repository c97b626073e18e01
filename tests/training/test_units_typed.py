"""What is typed where a number is asked for: the question's own unit behind it is read over, what is no number costs no try."""

import pytest

from tests.training.answers import address, paper, token_of
from tests.training.test_typed_numbers import BLOCK
from training import grading, queries, written
from training.models import Event, Lesson, Question

pytestmark = pytest.mark.either

DAYS = BLOCK | {
    "value": BLOCK["value"] | {"answer": "12.5", "unit": "days", "wrong_feedback": "It is twelve and a half."}
}
ONLY = "Write a number only"


@pytest.fixture
def lesson(lessons):
    """The first lesson, with a number of days at its end."""
    page = lessons[0]
    page.body_en = [*page.body_en.get_prep_value(), DAYS]
    page.go_live()
    return Lesson.objects.get(pk=page.pk)


@pytest.fixture
def begun(course, client, request):
    """A test that asks for the number of days."""
    Question.objects.filter(course=course).last().delete()
    Question.objects.create(key="days", course=course, live=True, body_en=[DAYS]).go_live()
    return request.getfixturevalue("attempt")


@pytest.mark.parametrize("text", ["12.5 days", "12,5 DAYS", "12.5days", "১২.৫ দিন", " 12.5  jours ouvrables "])
def test_the_unit_is_read_over_in_any_case_and_in_both_languages(text):
    units = ("দিন" if "দ" in text else "jours  ouvrables", "days")

    assert grading.number(written.bare(text, units)) == grading.number("12.5")


@pytest.mark.parametrize("text", ["12.5 weeks", "abc", "days", "", "12.5 days and more", "Infinity", "nan"])
def test_anything_else_is_no_number(text):
    assert written.bare(text, ("days", "")) is None


def test_a_number_beyond_measure_is_one():
    assert written.bare("1e1000000", ()) == "1e1000000"


def test_no_number_leaves_its_question_open():
    item = grading.Item("q", "number", answer="3")

    assert [grading.is_whole(item, text) for text in ("3", "7", "abc", "3 days")] == [True, True, False, False]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_in_a_lesson_it_is_right(client, sign_in, official, lesson, language):
    sign_in(official)
    token = token_of(client.get(address(lesson, language)).content.decode(), 'data-check="number"')

    client.post(address(lesson, language), {"token": token, "r": "12.5 Days"})

    assert '"response":"12.5"' in Event.objects.get(verb="answered").payload
    assert "It is twelve" not in client.get(address(lesson, "en")).content.decode()


@pytest.mark.parametrize("is_known", [True, False])
def test_in_a_lesson_no_number_is_answered_and_nothing_is_kept(client, sign_in, official, lesson, is_known):
    if is_known:
        sign_in(official)
    token = token_of(client.get(address(lesson, "en")).content.decode(), 'data-check="number"')

    page = client.post(address(lesson, "en"), {"token": token, "r": "abc"})

    assert page.status_code == 422
    assert ONLY in page.content.decode()
    assert "It is twelve" not in page.content.decode()
    assert not Event.objects.filter(verb="answered").exists()


def _answers(attempt, text):
    answers = {f"{one.id}-r": one.right[0] for one in queries.items_of(attempt) if one.right}
    item = next(one for one in queries.items_of(attempt) if one.kind == "number")
    return answers | {f"{item.id}-r": text}


def test_in_a_test_it_is_right(client, begun):
    client.post(paper(begun), _answers(begun, "12,5 days"))

    begun.refresh_from_db()
    assert begun.right == len(queries.items_of(begun))


def test_in_a_test_no_number_is_open_and_no_try_is_used(client, begun):
    page = client.post(paper(begun, "en"), _answers(begun, "about twelve"), follow=True).content.decode()

    begun.refresh_from_db()
    assert begun.submitted_at is None
    assert "1 question is still open." in page
    assert ONLY in page


def test_handed_in_all_the_same_it_counts_as_left_open(client, begun):
    client.post(paper(begun), _answers(begun, "about twelve") | {"anyway": "1"})

    begun.refresh_from_db()
    assert begun.right == len(queries.items_of(begun)) - 1


def test_a_phone_is_told_the_units_of_both_languages(client, sign_in, official, lesson):
    sign_in(official)

    page = client.get(address(lesson, "fr")).content.decode()

    assert 'data-unit="days" data-unit-source="days"' in page
