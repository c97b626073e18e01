"""The source's words below a question that is behind: what is to be put in order or paired does not tell how."""

import datetime as dt

import pytest

from languages.choices import Freshness
from languages.queries import Shown
from training.actions import behind

WORDS = ["Sign it", "Ask her", "Record it", "Call the office", "Listen", "Explain"]
OTHERS = ["noon", "dusk", "night", "dawn", "evening", "morning"]


def said(**value):
    """What the source says of a question whose translation is of an earlier day."""
    shown = Shown("fr", Freshness.MATERIAL, dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    return behind.block(shown, {"value": {"question": "Which?"} | value}, is_beside=False)["behind"]["parts"]


def items(*values):
    return [{"id": str(place), "value": value} for place, value in enumerate(values)]


def test_steps_do_not_stand_in_the_right_order():
    assert said(steps=items(*({"text": word} for word in WORDS))) == sorted(WORDS)


def paired():
    return said(pairs=items(*({"left": one, "right": two} for one, two in zip(WORDS, OTHERS, strict=True))))


@pytest.mark.parametrize(("side", "words"), [(slice(0, 6), WORDS), (slice(6, 12), OTHERS)])
def test_the_sides_of_pairs_do_not_stand_beside_each_other(side, words):
    assert paired()[side] == sorted(words)


def test_a_side_that_two_pairs_share_is_said_once():
    pairs = items({"left": "b", "right": "z"}, {"left": "a", "right": "z"}, {"left": "c", "right": "y"})

    assert said(pairs=pairs) == ["a", "b", "c", "y", "z"]
