"""Tags of language that are broken are no words of a question; signs that nobody sees are taken out, and that is told."""

import pytest

from tests.training.quizzes import answer, one, question, quiz, refused
from tests.training.test_views_question_files import NEW, confirm, send
from training.models import Question

GOOD = "{=yes#ok ~no#no}"
OPEN = {
    "{mlang en}Hello{mlang}{mlang fr}Bonjour": "{mlang fr}",
    "{mlang en}Hello": "{mlang en}",
    "Hello{mlang}": "{mlang}",
    "{mlang en}Hello{mlang}{mlang}": "{mlang}",
    "{mlang en}Hello{mlang fr}Bonjour{mlang}": "{mlang fr}",
    "{mlang en}Hello{mlang}{mlang xx}a{mlang fr}Bonjour{mlang}": "{mlang fr}",
    "{mlang en}Hello{mlang}{mlang français}Bonjour{mlang}": "{mlang français}",
}
HTML = {
    **OPEN,
    "{mlang en}Hello{mlang}{mlang fr!}Bonjour{mlang}": "{mlang fr!}",
    "{<b>mlang</b> fr}Bonjour{mlang en}Hello{mlang}": "{mlang fr}",
    "Hello &#123;mlang fr}Bonjour": "{mlang fr}",
    '<span lang="en" class="multilang">Hello</span><span lang="fr" class="multilang">Bonjour': (
        '<span lang="fr" class="multilang">'
    ),
    '<span lang="fr" class="multilang">Bonjour': '<span lang="fr" class="multilang">',
    '<span lang="en">Hello</span> <span lang="fr">Bonjour': '<span lang="fr">',
}


@pytest.fixture
def manager_in(sign_in, manager):
    return sign_in(manager)


def in_xml(text, said="Yes"):
    return quiz(question("multichoice", answer(100, said, "ok") + answer(0, "No", "no"), text))


@pytest.mark.parametrize("text", OPEN)
def test_a_broken_tag_in_gift_refuses_the_row_and_is_named(text):
    row = one(f"{text} {GOOD}")

    assert (row.item, row.refusal.code, row.refusal.detail) == (None, "language_tag", OPEN[text])


@pytest.mark.parametrize("text", HTML)
def test_a_broken_tag_in_moodle_xml_refuses_the_row_and_is_named(text):
    row = one(in_xml(text))

    assert (row.item, row.refusal.code, row.refusal.detail) == (None, "language_tag", HTML[text])


def test_a_broken_tag_in_an_answer_or_its_feedback_refuses_too():
    assert refused("Who? {=a{mlang fr}#ok ~no#no}\n\nWho? {=a#{mlang en}ok ~no#no}") == [
        (1, "language_tag"), (3, "language_tag"),
    ]  # fmt: skip


def test_the_report_names_the_tag_and_nothing_is_written(manager_in, course):
    report = send(manager_in, f"::u1::{{mlang en}}Hello{{mlang}}{{mlang fr}}Bonjour {GOOD}").content.decode()

    assert "The tag of language {mlang fr} is not closed" in report
    assert "1 refused" in report


def test_a_name_has_no_tags_in_the_report_nor_in_the_key(manager_in, course):
    report = send(manager_in, f"{{mlang en}}Who comes?{{mlang}}{{mlang fr}}Qui ?{{mlang}}{GOOD}")
    confirm(manager_in, report)

    assert "mlang" not in report.content.decode()
    assert Question.objects.filter(key="judicial-who-comes").exists()


def told(row):
    return [(note.code, note.detail) for note in row.notes]


@pytest.mark.parametrize(
    "text",
    [
        f"::u2::Is th\u202eis odd {GOOD}",
        f"::u2::[html]Is th&\\#x202e;is odd {GOOD}",
        in_xml("Is th\u202eis odd"),
        in_xml("Is th&#x202e;is odd"),
    ],
)
def test_signs_that_nobody_sees_are_taken_out_of_the_words_and_named(text):
    row = one(text)

    assert row.item.question == {"en": "Is this odd"}
    assert told(row) == [("signs_left_out", "U+202E")]


def test_signs_in_answers_and_marks_of_the_reader_are_named_together():
    gift = one("Is it odd? {=y\u2066es\ufeff#o\ufdd0k\U000e0041 ~no#no}")
    xml = one(in_xml("Is it odd?", "Y\u2066es\ufeff"))

    assert told(gift) == [("signs_left_out", "U+2066, U+E0041, U+FDD0, U+FEFF")]
    assert gift.item.parts[0].feedback == {"en": "ok"}
    assert told(xml) == [("signs_left_out", "U+2066, U+FEFF")]


def test_spaces_without_width_are_taken_out_and_named_but_where_thai_says_by_them_where_a_line_ends():
    row = one(f"{{mlang en}}Is\u2060 it\u200b odd?{{mlang}}{{mlang th}}\u0e01\u200b\u0e02{{mlang}} {GOOD}")

    assert row.item.question == {"en": "Is it odd?", "th": "\u0e01\u200b\u0e02"}
    assert told(row) == [("signs_left_out", "U+200B, U+2060")]


def test_direction_marks_and_joiners_stay_and_nothing_is_told():
    assert told(one(f"Is \u200fit\u200d odd? {GOOD}")) == []


def test_the_report_tells_of_the_signs_and_shows_none(manager_in, course):
    report = send(manager_in, NEW.replace("Fresh", "Fr\u202eesh").replace("child", "ch\u202eild")).content.decode()

    assert "Signs that nobody sees are taken out of its words: U+202E" in report
    assert "\u202e" not in report
