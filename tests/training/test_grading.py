"""Grading, against tables counted by hand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import grading
from training.grading import Item, PassRule

SINGLE = Item("q", "single", ("a", "b", "c"), right=("b",))
MULTIPLE = Item("q", "multiple", ("a", "b", "c", "d"), right=("a", "b"))
ORDER = Item("q", "order", ("a", "b", "c"), right=("a", "b", "c"))
MATCH = Item("q", "match", ("1", "2", "3"), groups=(("1", "1"), ("2", "2"), ("3", "1")))
NUMBER = Item("q", "number", answer="20", tolerance="0.5")
ITEMS = [SINGLE, MULTIPLE, ORDER, MATCH, NUMBER]


@pytest.mark.parametrize(
    ("item", "response", "points", "right"),
    [
        (SINGLE, "b", 1000, True),
        (SINGLE, "a", 0, False),
        (SINGLE, "", 0, False),
        (MULTIPLE, ["a", "b"], 1000, True),
        (MULTIPLE, ["b", "a"], 1000, True),
        (MULTIPLE, ["a"], 500, False),
        (MULTIPLE, ["a", "c"], 0, False),
        (MULTIPLE, ["a", "b", "c"], 500, False),
        (MULTIPLE, ["c", "d"], 0, False),
        (ORDER, ["a", "b", "c"], 1000, True),
        (ORDER, ["a", "c", "b"], 333, False),
        (MATCH, [["1", "1"], ["2", "2"], ["3", "1"]], 1000, True),
        (MATCH, [["1", "1"], ["2", "1"], ["3", "1"]], 666, False),
        (MATCH, [["1", "1"]], 333, False),
        (NUMBER, "20", 1000, True),
        (NUMBER, "20,5", 1000, True),
        (NUMBER, "20.6", 0, False),
        (NUMBER, "twenty", 0, False),
        (NUMBER, "2e1", 1000, True),
        (NUMBER, "1" * 200, 0, False),
        (NUMBER, "1e1000000", 0, False),
        (replace(NUMBER, answer="1e1000000"), "20", 0, False),
        (replace(NUMBER, tolerance="1e1000000"), "20", 0, False),
    ],
)
def test_grade_counts_as_by_hand(item, response, points, right):
    mark = grading.grade(item, response)

    assert (mark.points, mark.right) == (points, right)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("480,000", "480000"),
        ("480.000", "480000"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("٢٠", "20"),
        ("২০", "20"),
        ("٢٠٫٥", "20.5"),
        ("- 3", "-3"),
        ("2 000", "2000"),
        ("1.000.000", "1000000"),
        ("1,500", "1500"),
        ("-1.500", "-1500"),
        ("12,345,678.9", "12345678.9"),
        ("1 234 567,125", "1234567.125"),
        ("1,50,000", "150000"),
        ("১,৫০,০০০", "150000"),
        ("0.125", "0.125"),
        ("0,500", "0.500"),
        ("-0,500", "-0.500"),
        ("٠٫١٢٥", "0.125"),
        ("٢٠٫٥٠٠", "20.500"),
        ("١٬٢٠٠٫٥", "1200.5"),
        (".125", "0.125"),
        ("1234,567", "1234.567"),
        ("1_000", "1000"),
    ],
)
def test_number_reads_what_people_write(text, value):
    assert str(grading.number(text)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1/2",
        "NaN",
        "Infinity",
        "1e",
        "--3",
        "\u202e5",
        "1,2,3",
        "0.125.000",
        "1,234,5",
        "1.5,000",
        "1e1000000",
        "-1e1000000",
        "1e-1000000",
        "0e1000000",
        "1e999999999999999999999",
    ],
)
def test_number_refuses_what_is_none(text):
    assert grading.number(text) is None


@pytest.mark.parametrize(
    ("item", "response"),
    [
        (SINGLE, "z"),
        (SINGLE, ["a"]),
        (MULTIPLE, ["a", "a"]),
        (MULTIPLE, "a"),
        (MULTIPLE, ["z"]),
        (ORDER, ["a", "b"]),
        (ORDER, ["a", "a", "b"]),
        (MATCH, [["1", "9"]]),
        (MATCH, [["1", "1"], ["1", "2"]]),
        (MATCH, [["1"]]),
        (NUMBER, 20),
        (NUMBER, "1" * 201),
    ],
)
def test_fits_refuses_a_response_of_another_shape(item, response):
    assert not grading.fits(item, response)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["a", "b", "1", "2"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(st.sampled_from(ITEMS), anything)
def test_whatever_fits_can_be_graded_and_is_between_nothing_and_all(item, response):
    if grading.fits(item, response):
        mark = grading.grade(item, response)

        assert 0 <= mark.points <= 1000
        assert mark.right == (mark.points == 1000)


@pytest.mark.parametrize(
    ("points", "passed"),
    [
        ({"a": 1000, "b": 1000, "c": 0}, True),
        ({"a": 1000, "b": 0, "c": 0}, False),
        ({"a": 0, "b": 1000, "c": 1000}, False),
        ({"a": 999, "b": 1000, "c": 1000}, False),
    ],
)
def test_passing_asks_for_the_minimum_and_every_critical_item(points, passed):
    assert grading.passes(points, PassRule(2, ("a",))) is passed


def test_shuffle_is_the_same_for_a_seed_and_keeps_every_option():
    options = [str(number) for number in range(8)]

    assert grading.shuffled("s", "q", options) == grading.shuffled("s", "q", options[::-1])
    assert sorted(grading.shuffled("s", "q", options)) == options
    assert grading.shuffled("s", "q", options) != grading.shuffled("t", "q", options)


def test_a_pair_without_its_right_side_leaves_the_item_open():
    pairs = Item("m", "match", ("a", "b"), groups=(("a", "x"), ("b", "y")))
    one = Item("s", "single", ("a", "b"), right=("a",))

    assert grading.is_whole(pairs, [["a", "x"], ["b", "x"]])
    assert not grading.is_whole(pairs, [["a", "x"], ["b", ""]])
    assert not grading.is_whole(pairs, [["a", "x"]])
    assert not grading.is_whole(pairs, [])
    assert grading.is_whole(one, "b")
    assert not grading.is_whole(one, None)


def test_a_corrected_tolerance_is_another_right_answer():
    assert grading.right_in(NUMBER) != grading.right_in(replace(NUMBER, tolerance="1"))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("3", "3"),
        ("3.00", "3"),
        ("30", "30"),
        ("-0.0", "0"),
        ("2.50", "2.5"),
        ("1E+3", "1000"),
        (22, "22"),
        ("few", "few"),
    ],
)
def test_a_number_has_one_plainest_writing_and_right_is_right_in_whatever_one(written, plain):
    assert grading.plainest(written) == plain
    one, other = (replace(NUMBER, answer=str(text), tolerance=str(text)) for text in (written, plain))
    assert grading.right_in(one) == grading.right_in(other)
    assert grading.as_key(one) == grading.as_key(other)


def test_digits_beyond_the_measure_of_a_sum_are_kept():
    assert (
        grading.plainest("0.1234567890123456789012345678901234567890") == "0.123456789012345678901234567890123456789"
    )


def test_what_is_typed_fits_up_to_the_longest_text_and_no_further():
    assert [grading.fits(NUMBER, "1" * (grading.MAX_TEXT + more)) for more in (0, 1)] == [True, False]
