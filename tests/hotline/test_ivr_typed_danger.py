"""Where a number is typed a lone 9 is danger, as it is in every menu; within a number it is a digit."""

import pytest

from hotline import ivr
from tests.hotline.test_ivr import line, prompts


def typed(digits, **facts):
    """Type at the question for a number; return the turn."""
    return ivr.advance("callback", ivr.Call(step="callback_number", language="en", digits=digits, **facts), line())


@pytest.mark.parametrize("tries", [0, 1])
@pytest.mark.parametrize("digits", ["9", "9#", "*9", "*9#"])
def test_a_lone_nine_is_danger_at_every_try(digits, tries):
    turn = typed(digits, tries=tries)

    assert (turn.step, turn.changes["is_danger"]) == ("waiting", True)
    assert "callback_none" not in prompts(turn)


@pytest.mark.parametrize("digits", ["99", "90", "0909", "*", "#", ""])
def test_what_is_no_lone_nine_is_no_danger(digits):
    assert typed(digits).step == "callback_number"


def test_a_number_that_begins_with_nine_is_a_number():
    assert typed("9770000007", number_is_valid=True).step == "callback_check"


@pytest.mark.parametrize("step", ["callback_agree", "callback_other"])
def test_who_answers_nothing_hears_that_nobody_can_call_and_is_logged_as_that(step):
    turn = ivr.advance("callback", ivr.Call(step=step, language="en", tries=2), line())

    assert prompts(turn) == ["callback_none", "other_number", "goodbye"]
    assert turn.changes["outcome"] == "no_number"
