"""A question of a GIFT file whose braces are not closed: what stands after it is read, or named, never lost."""

import pytest

from tests.training.quizzes import one, refused, rows
from training.question_words import REFUSALS, note_in_words

GOOD = "{=A#a ~B#b}"


def test_a_named_question_after_one_that_is_left_open_is_read():
    text = f"::Q5:: Good {GOOD}\n\n::Q6:: broken {{ =A ~B\n::Q7:: Who? {GOOD}\n::Q8:: Why? {GOOD}\n"

    found = rows(text)

    assert [(row.line, row.name) for row in found] == [(1, "Q5"), (3, "Q6"), (4, "Q7"), (5, "Q8")]
    assert refused(text) == [(3, "broken_braces")]


def test_each_that_is_left_open_is_named_and_counted():
    text = f"::Q6:: broken {{ =A ~B\n::Q7:: Who? {{ =A ~B\n::Q8:: Why? {GOOD}\n"

    assert refused(text) == [(1, "broken_braces"), (2, "broken_braces")]
    assert [row.name for row in rows(text)] == ["Q6", "Q7", "Q8"]


def test_a_brace_that_a_later_question_closes_takes_it_not_along():
    text = f"::Q6:: broken {{ =A#a ~B#b\n::Q7:: Who? ~C#c ~D#d }}\n\n::Q8:: Why? {GOOD}"

    assert refused(text) == [(1, "broken_braces"), (2, "broken_braces")]


def test_questions_without_a_name_are_named_by_their_words_and_counted():
    text = f"::Q6:: broken {{ =A ~B\nWho is it?\nWhich {{mlang en}}one{{mlang}}? {GOOD}\n\n::Q9:: Good {GOOD}"

    assert refused(text) == [(1, "broken_braces"), (3, "two_in_one")]
    assert [row.name for row in rows(text)] == ["Q6", "Which one?", "Q9"]


def test_the_key_before_a_question_stays_its_own():
    text = f"// [id:six]\n::Q6:: broken {{ =A ~B\n// [id:seven]\n::Q7:: Who? {GOOD}\n"

    assert [(row.name, row.key) for row in rows(text)] == [("Q6", "six"), ("Q7", "seven")]


def test_answers_on_lines_of_their_own_are_no_questions():
    text = "::Q1:: Who? {\n=A#see \\{here\\}\n~B#a \\:\\: b\n::no name\n}\n"

    assert one(text).refusal is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("::A::Q1 {=a ~b} ::B::Q2 {=c ~d}", [(1, "A", "two_in_one"), (1, "B", "two_in_one")]),
        ("::A::Q1 {=a ~b ::B::Q2 {=c ~d}", [(1, "A", "broken_braces"), (1, "B", "two_in_one")]),
        ("::A::Q1 {=a\n~b} ::B::Q2 {=c ~d}", [(1, "A", "two_in_one"), (2, "B", "two_in_one")]),
        ("::A::Q1 {=a ~b} ::B::Q2\n{=c ~d}", [(1, "A", "two_in_one"), (1, "B", "two_in_one")]),
        ("::A::\nQ1\n{=a ~b} ::B::Q2 {=c ~d}", [(1, "A", "two_in_one"), (3, "B", "two_in_one")]),
        (
            "::A::Q1 {=a ~b}::B \\:\\: b::Q2 {=c ~d} ::C::Q3 {}",
            [(1, "A", "two_in_one"), (1, "B :: b", "two_in_one"), (1, "C", "two_in_one")],
        ),
    ],
)
def test_each_question_on_a_line_with_another_is_named(text, found):
    told = [(row.line, row.name, row.refusal.code) for row in rows(f"{text}\n\n::Z::Good {GOOD}")[:-1]]

    assert told == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("::A::Q1 {=a#x ~b#y} ::B::Who waits?", [(1, "A", "two_in_one"), (1, "B", "name_inside")]),
        ("::A::Q1 {\n=a#x\n~b#y\n} ::B::Who waits?", [(1, "A", "two_in_one"), (4, "B", "name_inside")]),
        ("::A::Q1 {=a#x ~b#y ::B::Who waits?}", [(1, "A", "two_in_one"), (1, "B", "name_inside")]),
        ("::A::Q1 ::B::Who waits? {=a#x ~b#y}", [(1, "A", "two_in_one"), (1, "B", "two_in_one")]),
        ("::A::Q1 ::B::Who waits?\n{=a#x ~b#y}", [(1, "A", "two_in_one"), (1, "B", "two_in_one")]),
    ],
)
def test_a_name_without_braces_inside_a_sound_question_is_named_with_its_line(text, found):
    told = [(row.line, row.name, row.refusal.code) for row in rows(f"{text}\n\n::Z::Good {GOOD}")[:-1]]

    assert told == found


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("::A::Q1 {=x ~y after. ::B::Q2 =c -> d}", "not_one_right"),
        ("::A::Q1 {=a -> b =c ::B::Q2\n~%50%a#1\n~%50%b\n}", "partial_weights"),
        ("::A::Q1 ::B::Q2 {}", "essay"),
        ("::A::Q1 {#3:x ::B::Q2 }", "not_a_number"),
        ("::A::Q1 {=x* ::B::Q2 }", "wildcard"),
    ],
)
def test_a_name_in_a_block_that_is_refused_for_whatever_reason_has_a_row_of_its_own(broken, code):
    found = rows(f"{broken}\n\n::Z::Good {GOOD}")

    assert [row.name for row in found] == ["A", "B", "Z"]
    assert found[0].refusal.code == code
    assert found[1].refusal.code in {"name_inside", "two_in_one"}


def test_a_question_without_braces_takes_not_the_next_one_along():
    text = f"::A::Who waits?\n::B::Who? {GOOD}\n::C::Why? {GOOD}\n"

    assert refused(text) == [(1, "description")]
    assert [(row.line, row.name) for row in rows(text)] == [(1, "A"), (2, "B"), (3, "C")]


def test_colons_that_belong_to_the_text_are_escaped():
    assert one("::A::Which \\:\\:sign\\:\\: is it? {=A#a ~B#b}").item.question == {"en": "Which ::sign:: is it?"}


def test_a_name_on_a_line_of_its_own_belongs_to_what_follows():
    assert one("::A::\nWho is it? {=A#a ~B#b}").name == "A"


def test_the_words_say_what_to_do():
    assert r"write \:\: for them" in str(REFUSALS["name_inside"])


@pytest.mark.parametrize(("count", "words"), [("1", "in 1 place;"), ("3", "in 3 places;")])
def test_missing_feedback_agrees_with_its_number(count, words):
    assert words in note_in_words("no_feedback", count)


def test_another_note_keeps_its_detail_as_it_is():
    assert note_in_words("key_left_out", "007").endswith("007")
