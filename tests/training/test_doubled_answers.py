"""Parts of a question that nobody can tell apart are refused by name: in the editor, in files of questions, in shipped courses."""

import re

import pytest
from django.urls import reverse

from tests.training.streamed import sent
from tests.training.test_courses import edit
from tests.training.test_kinds_of_question import options, pairs, parts, steps
from tests.training.test_question_files_refused import answer, one, question, quiz
from training import actions, exchange, grading
from training.models import Question

pytestmark = pytest.mark.either

ID = "1f0c7a52-0d0e-4b55-8c1a-7a1f0f9a52a4"
SAME = {
    "single": {"options": parts({"text": "Coercion", "right": True}, {"text": " coercion", "right": False})},
    "multiple": {"options": parts({"text": "Coercion", "right": True}, {"text": "COERCION", "right": False})},
    "match": {"pairs": parts({"left": "Forced  labour", "right": "x"}, {"left": "forced labour", "right": "y"})},
    "order": {"steps": parts({"text": "Ask"}, {"text": "Listen"}, {"text": "Ask "})},
}
DIFFERENT = {"single": options(True, False), "match": pairs("x", "x", "x"), "order": steps("A", "B", "C")}


@pytest.fixture
def press(editor, course):
    """A function that presses a button of the form of a new question; it returns the page."""
    url = reverse("wagtailsnippets_training_question:add")
    facts = {"key": "twice", "course": str(course.pk), "form": "2", "objective": "", "position": "0"}

    def go(kind, value, **button):
        block = {"type": kind, "id": ID, "value": {"heading": "", "question": "Which?"} | value}
        return editor.post(url, sent(editor.get(url), block) | facts | button)

    return go


@pytest.mark.parametrize("button", [{}, {"action-publish": "1"}], ids=["draft", "publish"])
@pytest.mark.parametrize("kind", SAME)
def test_the_editor_refuses_them_by_name(press, kind, button):
    page = press(kind, SAME[kind], **button)

    doubled = {"match": "forced labour", "order": "ask"}.get(kind, "coercion")
    assert page.status_code == 200
    assert re.search(rf"{doubled}\S{{1,8}} stands here twice", page.content.decode().lower())
    assert not Question.objects.filter(key="twice").exists()


@pytest.mark.parametrize("kind", DIFFERENT)
def test_what_differs_is_taken_and_so_are_many_left_sides_of_one_right_one(press, kind):
    press(kind, DIFFERENT[kind])

    assert Question.objects.filter(key="twice").exists()


def test_two_that_are_still_empty_are_not_called_the_same():
    assert grading.doubled(["", " ", "Yes"]) == ""


@pytest.mark.parametrize(
    "code", ["00a0", "00ad", "200b", "200d", "200e", "2003", "202e", "2060", "2800", "3000", "feff"]
)
def test_a_sign_that_nobody_sees_and_a_space_of_another_kind_make_no_other_answer(code):
    sign = chr(int(code, 16))

    assert grading.doubled(["one", f"{sign}one"])
    assert one(f"Which?{{={sign}one ~one}}").refusal.code == "double_answer"


def test_what_shapes_letters_tells_two_answers_apart():
    assert grading.doubled(["\u0995\u09cd\u09b7", "\u0995\u09cd\u200c\u09b7"]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Which?{=Coercion ~coercion}",
        "Match{=Forced  labour -> 1 =forced labour -> 2}",
        quiz(question("multichoice", answer(100, "Coercion") + answer(0, "Coercion"), "Which?")),
    ],
)
def test_a_file_of_questions_names_it_in_its_row(text):
    refusal = one(text).refusal

    assert refusal.code == "double_answer"
    assert refusal.detail.lower() in {"coercion", "forced labour"}


@pytest.mark.parametrize("name", ["quiz.toml", "a1-1.toml"])
def test_a_course_folder_is_refused_with_the_question_that_has_it(front, folder, at, name):
    first, second = _two_texts(folder / name)
    edit(folder / name, second, first)

    with pytest.raises(exchange.BadCourse, match="twice") as refused:
        actions.load_course(folder, front, by="test", at=at)

    assert name in str(refused.value)


def _two_texts(path):
    entries = exchange._toml(path)
    parts, by = (entries["items"][0]["options"], "text") if "items" in entries else (_pairs(entries), "left")
    return [f'{by} = "{part[by]}"' for part in parts[:2]]


def _pairs(entries):
    return next(one["pairs"] for one in entries["screens"] if one.get("pairs"))
