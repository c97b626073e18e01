"""A translator's text costs as it is long: four times the text, about four times the CPU."""

import pytest

from languages.text import plain
from tests.costs import LINEAR, growth


@pytest.mark.parametrize("unit", ["<1>", "</1><2>", "<1", "a<1> "])
def test_the_words_of_a_numbered_text_cost_as_it_is_long(unit):
    assert growth(plain, lambda n: "a" + unit * n + " b", 2000) < LINEAR


@pytest.mark.parametrize(
    ("tagged", "words"),
    [
        ("<1>One</1><2>Two</2>", "One Two"),
        ("<1><2>One</2></1>.", "One."),
        ("A word <1>of two</1>", "A word of two"),
        ("<1>Call</1><2/>116", "Call 116"),
        ("5&gt;<1>4</1>", "5> 4"),
        ("end</1>", "end"),
    ],
)
def test_a_run_of_tags_parts_two_words_and_nothing_else(tagged, words):
    assert plain(tagged) == words
