"""A text from outside costs as it is long, however it is made: four times the text, about four times the CPU."""

from contextlib import suppress

import pytest

from tests.costs import LINEAR, growth
from training import question_files, rephrasing
from training.question_files.values import FileRefused

GIFT = {
    "an order whose settings are spaces": (lambda n: "::a:: Put in order {>" + " " * n + "x\ny\n}\n", 10),
    "a tag that is begun with spaces": (lambda n: "q <" + " " * n + "{T}\n", 5000),
    "tags of a comment that are not closed": (lambda n: "// " + "[tag:" * n + "\nq {T}\n", 4000),
    "tags that are begun and not ended": (lambda n: "[html]q " + "<a" * n + " {T}\n", 5000),
    "a fact that is all spaces": (lambda n: "// [tag:objective:" + " " * n + "!]\nq {T}\n", 2000),
    "comments before a long question": (lambda n: "//\n" * 10 * n + "a\n" * n, 3000),
}
XML = {
    "a fact that is all spaces": (lambda n: tagged("objective:" + " " * n + "!"), 2000),
    "a tag that is begun with spaces": (lambda n: asked("&lt;" + " " * n), 5000),
}


def tagged(tag):
    return f'<quiz><question type="essay"><tags><tag><text>{tag}</text></tag></tags></question></quiz>'


def asked(text):
    return (
        '<quiz><question type="truefalse"><questiontext format="moodle_auto_format">'
        f"<text>{text}</text></questiontext></question></quiz>"
    )


def read(text):
    """Read a file of questions; one with too many of them is refused."""
    with suppress(FileRefused):
        question_files.read(text.encode())


@pytest.mark.parametrize("name", GIFT)
def test_a_gift_file_costs_as_it_is_long(name):
    text, times = GIFT[name]

    assert growth(read, text, times) < LINEAR


@pytest.mark.parametrize("name", XML)
def test_a_file_of_moodle_costs_as_it_is_long(name):
    text, times = XML[name]

    assert growth(read, text, times) < LINEAR


def test_more_questions_than_can_be_read_cost_nothing_more():
    assert growth(read, lambda n: "q{=a}\n" * n, 5000) < 2


@pytest.mark.parametrize("unit", ["<", "<br", "<hr ", ". "])
def test_what_an_editor_wrote_costs_as_it_is_long(unit):
    assert growth(lambda text: rephrasing.sentences([text]), lambda n: unit * n, 4000) < LINEAR


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ("3 ALL VERTICAL ABSOLUTE_POSITION SHOW none", ["One", "Two", "Three"]),
        ("ALL_OR_NOTHING", ["One", "Two"]),
        ("HIDE", ["One", "Two"]),
        ("", ["Yes", "No"]),
        ("  2\u00a0v  iiii ", ["One", "Two"]),
    ],
)
def test_the_settings_of_an_order_are_no_step(settings, steps):
    listed = "\n".join(steps)
    reading = question_files.read(f"Order {{>{settings}\n{listed}\n}}".encode())

    assert [part.text["en"] for part in reading.rows[0].item.parts] == steps


def test_a_fact_and_a_key_are_read_from_the_comment():
    text = "// [id:own-key] [tag:objective: law ] [tag:critical] [tag:open\nTrue? {T}\n"
    row = question_files.read(text.encode()).rows[0]

    assert (row.key, row.facts) == ("own-key", {"objective": "law", "critical": "yes"})


def test_a_category_is_kept_to_a_thousand_signs():
    text = "$CATEGORY: form 3/" + "a" * 2000 + "\n\nTrue? {T}\n"
    row = question_files.read(text.encode()).rows[0]

    assert (len(row.category), row.facts) == (1000, {"form": "3"})
