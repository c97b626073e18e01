"""A question of Moodle XML that stands where none is read, or whose element bears another name, is told, never lost."""

import pytest

from tests.training.quizzes import answer, question, quiz, refused, rows
from training.question_words import REFUSALS

SOUND = question("multichoice", answer(100, "A", "a") + answer(0, "B", "b"))


def named(name, text=SOUND):
    return text.replace("<name><text>n</text>", f"<name><text>{name}</text>")


def written(element, text=SOUND):
    return text.replace("<question ", f"<{element} ").replace("</question>", f"</{element}>")


@pytest.mark.parametrize(
    ("inside", "parent"),
    [
        (f"<bank>{named('lost')}</bank>", "bank"),
        (f"<bank><part>{named('lost')}</part></bank>", "part"),
        (f"<quiz>{named('lost')}</quiz>", "quiz"),
    ],
)
def test_one_inside_another_element_has_a_row_that_names_it(inside, parent):
    found = rows(quiz(named("first"), inside, named("last")))

    assert [(row.line, row.name) for row in found] == [(3, "first"), (4, "lost"), (5, "last")]
    assert [row.item is None for row in found] == [False, True, False]
    assert (found[1].refusal.code, found[1].refusal.detail) == ("question_inside", parent)


def test_one_inside_another_question_is_told_and_the_outer_one_read():
    outer = named("outer").removesuffix("</question>") + named("inner") + "</question>"

    found = rows(quiz(outer))

    assert [(row.name, row.item is None) for row in found] == [("outer", False), ("inner", True)]


@pytest.mark.parametrize("element", ["Question", "QUESTION", "m:question"])
def test_one_whose_element_is_written_otherwise_has_a_row(element):
    found = rows(quiz(named("first"), written(element, named("lost"))))

    assert refused(quiz(named("first"), written(element, named("lost")))) == [(4, "question_named")]
    assert (found[1].name, found[1].type, found[1].refusal.detail) == ("lost", "multichoice", element)


def test_a_category_that_is_not_read_is_told_too_and_files_nothing_under_it():
    category = '\n<Question type="category"><category><text>form 1</text></category></Question>'

    found = rows(quiz(category, SOUND))

    assert [(row.type, row.item is None, row.category) for row in found] == [
        ("category", True, ""), ("multichoice", False, ""),
    ]  # fmt: skip


def test_the_rest_of_a_question_is_no_question():
    subquestions = "<subquestion><text>one</text><answer><text>1</text></answer></subquestion>" * 2

    assert len(rows(quiz(question("matching", subquestions)))) == 1


@pytest.mark.parametrize("code", ["question_inside", "question_named"])
def test_the_words_name_the_element(code):
    assert "bank" in str(REFUSALS[code]) % {"detail": "bank"}
