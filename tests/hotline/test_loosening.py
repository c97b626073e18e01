"""Which changes of a safety state let more happen."""

from datetime import time

import pytest

from hotline.loosening import loosened, minutes

STATE = {
    "may_call": "unknown", "may_text": "no", "may_voicemail": "not_asked", "shared_phone": "yes", "who_may_answer": "only_me",
    "cover": "",
}  # fmt: skip
NONE = (None, None)
EVENING, NIGHT = (time(17), time(21)), (time(22), time(2))


def of(change=None, hours=EVENING, then=EVENING, *, before=None, was_promised=False):
    """What becomes more by one change."""
    state = STATE | (before or {})
    return loosened(state, state | (change or {}), hours, then, was_promised=was_promised)


@pytest.mark.parametrize("name", ["may_call", "may_text", "may_voicemail"])
def test_a_yes_is_more_than_anything_and_so_is_whatever_takes_the_place_of_a_no(name):
    answers = ("yes", "no", "unknown", "not_asked")

    found = {(a, b) for a in answers for b in answers if of({name: b}, before={name: a})}

    assert found == {
        ("no", "yes"), ("unknown", "yes"), ("not_asked", "yes"), ("no", "unknown"), ("no", "not_asked"),
    }  # fmt: skip


def test_a_phone_that_nobody_else_uses_is_more():
    assert of({"shared_phone": "no"}) == {"shared_phone"}
    assert of({"shared_phone": "unknown"}, before={"shared_phone": "no"}) == set()
    assert of({"shared_phone": "yes"}, before={"shared_phone": "no"}) == set()


@pytest.mark.parametrize(
    ("before", "change", "more"),
    [
        ({"shared_phone": "yes", "who_may_answer": ""}, {"shared_phone": "unknown"}, {"shared_phone"}),
        ({"shared_phone": "yes", "who_may_answer": "only_me"}, {"shared_phone": "unknown"}, {"shared_phone"}),
        ({"shared_phone": "yes", "cover": "health"}, {"shared_phone": "unknown"}, {"shared_phone"}),
        ({"shared_phone": "unknown", "who_may_answer": "", "cover": "health"}, {"cover": ""}, {"cover"}),
        ({"shared_phone": "unknown", "who_may_answer": "only_me"}, {"who_may_answer": ""}, {"who_may_answer"}),
    ],
)
def test_that_nobody_else_reads_the_phone_any_more_is_more(before, change, more):
    assert of(change, before=before) == more


@pytest.mark.parametrize("shared", ["yes", "no", "unknown"])
def test_another_cover_than_the_one_that_was_agreed_is_more_and_so_is_none(shared):
    found = {
        (a, b)
        for a in ("", "health", "survey")
        for b in ("", "health", "survey")
        if "cover" in of({"cover": b}, before={"cover": a, "shared_phone": shared})
    }

    assert found == {("health", ""), ("health", "survey"), ("survey", ""), ("survey", "health")}


@pytest.mark.parametrize(
    ("before", "after", "is_more"),
    [
        ("only_me", "trusted", True), ("trusted", "anybody", True), ("", "anybody", True), ("", "only_me", False),
        ("anybody", "trusted", False), ("only_me", "", False), ("anybody", "anybody", False),
    ],
)  # fmt: skip
def test_more_people_who_may_pick_up_are_more(before, after, is_more):
    assert bool(of({"who_may_answer": after}, before={"who_may_answer": before})) is is_more


@pytest.mark.parametrize(
    ("hours", "then", "is_more"),
    [
        (EVENING, EVENING, False),
        (EVENING, (time(18), time(20)), False),
        (EVENING, (time(8), time(21)), True),
        (EVENING, (time(17), time(21, 1)), True),
        (EVENING, NONE, True),
        (NONE, EVENING, False),
        (NONE, (time(7), time(9)), True),
        (NIGHT, (time(23), time(1)), False),
        (NIGHT, (time(21), time(1)), True),
        (NIGHT, (time(2), time(22)), True),
    ],
)
def test_hours_are_more_where_a_minute_is_new(hours, then, is_more):
    assert of(hours=hours, then=then) == ({"hours"} if is_more else set())


def test_who_was_promised_a_call_and_named_no_hours_has_none():
    assert minutes(NONE, was_promised=True) == frozenset()
    assert len(minutes(NONE, was_promised=False)) == 13 * 60
    assert of(hours=NONE, then=EVENING, was_promised=True) == {"hours"}
    assert of(hours=EVENING, then=NONE, was_promised=True) == set()
