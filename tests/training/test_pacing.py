"""How often a test may be taken, and when: the rule of a course, as told before it begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import progress
from training.progress import Chance, Pace, Try

HOUR = 3600 * 1000
THREE = Pace(3, 24)


def failed(day, pace=THREE, began=None):
    """Return a try that was handed in at the beginning of a day and not passed."""
    at = day * 24 * HOUR
    return Try(at - HOUR if began is None else began, at, False, pace)


def passed(day):
    return Try(day * 24 * HOUR - HOUR, day * 24 * HOUR, True, THREE)


def test_the_first_try_is_open_and_the_next_waits_from_the_moment_of_handing_in():
    assert progress.chance([], THREE) == Chance(0, THREE)
    assert progress.chance([failed(1)], THREE) == Chance(1, THREE, opens=2 * 24 * HOUR)


def test_after_the_last_try_nothing_opens_by_itself():
    assert progress.chance([failed(1), failed(3), failed(5)], THREE) == Chance(3, THREE, is_used_up=True)


def test_one_more_that_a_person_allowed_begins_at_once_and_is_one_only():
    used = [failed(1), failed(3), failed(5)]
    allowed = 6 * 24 * HOUR

    assert progress.chance(used, THREE, [allowed]) == Chance(3, THREE)
    again = [*used, failed(7, began=allowed + HOUR)]
    assert progress.chance(again, THREE, [allowed]) == Chance(4, THREE, is_used_up=True)


def test_who_has_passed_begins_anew():
    assert progress.chance([failed(1), failed(3), passed(5)], THREE) == Chance(0, THREE)
    assert progress.chance([failed(1), passed(3), failed(5)], THREE).used == 1


@pytest.mark.parametrize(
    ("told", "now", "held"),
    [
        (Pace(5, 24), Pace(3, 48), Pace(5, 24)),
        (Pace(3, 48), Pace(5, 24), Pace(5, 24)),
        (Pace(), Pace(3, 24), Pace()),
        (Pace(3, 24), Pace(), Pace()),
    ],
)
def test_what_she_was_told_holds_and_a_rule_that_was_eased_holds_too(told, now, held):
    assert progress.chance([failed(1, told)], now).pace == held


def test_without_a_rule_nothing_is_limited():
    assert progress.chance([failed(day, Pace()) for day in range(1, 9)], Pace()) == Chance(8, Pace())


def test_a_phone_whose_clock_ran_behind_shortens_no_wait():
    early = Try(began=10 * HOUR, handed_in=2 * HOUR, passed=False, pace=THREE)

    assert progress.chance([early], THREE).opens == 34 * HOUR


paces = st.builds(Pace, st.none() | st.integers(1, 6), st.integers(0, 72))
tries = st.lists(st.builds(Try, st.integers(0, 10**9), st.integers(0, 10**9), st.booleans(), paces), max_size=8)


@given(tries, paces, paces)
def test_an_eased_rule_opens_a_test_no_later(done, one, other):
    found, eased = progress.chance(done, one), progress.chance(done, one.kinder(other))

    assert eased.is_used_up <= found.is_used_up
    if not found.is_used_up:
        assert (eased.opens or 0) <= (found.opens or 0)


@pytest.mark.parametrize("asked", [["a", "b"], ["b", "a", "a", "b"]])
def test_a_new_paper_asks_what_was_asked_least(asked):
    from tests.training.test_papers import body, entry  # noqa: PLC0415 -- the small paper of that file

    bank = [entry(key) for key in "abcd"]
    paper = progress.draw(body(bank, [["elements", 2]]), "seed", 2, "", asked)

    assert {one["id"] for one in paper["items"]} == {"c", "d"}


def test_a_critical_question_comes_first_however_often_it_was_asked():
    from tests.training.test_papers import body, entry  # noqa: PLC0415 -- the small paper of that file

    bank = [entry("a", critical=True), entry("b"), entry("c")]
    paper = progress.draw(body(bank, [["elements", 2]]), "seed", 2, "", ["a", "b"])

    assert {one["id"] for one in paper["items"]} == {"a", "c"}


def test_one_more_that_was_allowed_as_the_last_try_began_was_that_try():
    used = [failed(1), failed(3), failed(5)]

    found = [progress.chance(used, THREE, [used[-1].began + late]).is_used_up for late in (0, 1)]

    assert found == [True, False]
