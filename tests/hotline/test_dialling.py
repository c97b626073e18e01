"""Whether a person may be called back now, and if not why: no database, no clock but the caller's."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from hotline.choices.calling import CALL_BARS
from hotline.dialling import UNNAMED, Facts, is_safe_hour, opens_at, unsafe, why_not

NOON = dt.datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Africa/Monrovia"))
SAFE = Facts(local=NOON, may_call="yes", asked_at=NOON - dt.timedelta(days=1))
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, ""),
        ({"may_call": "no"}, "not_safe"),
        ({"may_call": "unknown"}, "not_safe"),
        ({"may_call": "not_asked"}, "not_safe"),
        ({"asked_at": NOON - dt.timedelta(days=30)}, ""),
        ({"asked_at": NOON - dt.timedelta(days=30, seconds=1)}, "too_old"),
        ({"has_number": False}, "no_number"),
        ({"is_erased": True}, "erased"),
        ({"is_on_the_line": True}, "on_the_line"),
        ({"is_under_way": True}, "under_way"),
        ({"was_promised": True}, "no_time"),
        ({"was_promised": True, "part": "afternoon"}, ""),
        ({"was_promised": True, "part": "any"}, ""),
        ({"was_promised": True, "part": "evening"}, "not_now"),
        ({"part": "morning"}, "not_now"),
        ({"part": "evening", "safe_from": dt.time(12), "safe_until": dt.time(13)}, ""),
        ({"safe_from": dt.time(12), "safe_until": dt.time(13)}, ""),
        ({"safe_from": dt.time(11), "safe_until": dt.time(12)}, "not_now"),
        ({"safe_from": dt.time(22), "safe_until": dt.time(13)}, ""),
        ({"safe_from": dt.time(22), "safe_until": dt.time(6)}, "not_now"),
        ({"dialled": (NOON - HOUR,)}, ""),
        ({"dialled": (NOON - HOUR + MINUTE,)}, "too_soon"),
        ({"dialled": (NOON - 9 * HOUR, NOON - 5 * HOUR)}, ""),
        ({"dialled": (NOON - 9 * HOUR, NOON - 5 * HOUR, NOON - 2 * HOUR)}, "tries"),
    ],
)
def test_each_fact_that_forbids_a_call_has_its_code(values, code):
    assert why_not(replace(SAFE, **values)) == code
    assert code == "" or code in CALL_BARS


def test_hours_are_the_callers_own():
    facts = replace(SAFE, safe_from=dt.time(12), safe_until=dt.time(13))

    assert why_not(replace(facts, local=NOON.astimezone(ZoneInfo("America/Port-au-Prince")))) == "not_now"


def test_what_is_not_safe_comes_before_what_is_only_early():
    facts = replace(SAFE, may_call="no", dialled=(NOON,) * 3, is_under_way=True)

    assert (why_not(facts), unsafe(replace(facts, may_call="yes"))) == ("not_safe", "")


@pytest.mark.parametrize(
    ("hour", "minute", "may"), [(7, 59, False), (8, 0, True), (20, 59, True), (21, 0, False), (3, 0, False)]
)
def test_where_nobody_named_hours_it_is_eight_to_nine_in_the_evening(hour, minute, may):
    facts = replace(SAFE, local=NOON.replace(hour=hour, minute=minute))

    assert why_not(facts) == ("" if may else "not_now")
    assert why_not(replace(facts, is_overridden=True)) == ""


def test_at_night_only_who_was_just_here_and_named_no_hours_is_called():
    night = replace(SAFE, local=NOON.replace(hour=3), was_just_here=True)
    named = replace(night, safe_from=dt.time(9), safe_until=dt.time(12))

    assert (why_not(night), why_not(named), why_not(replace(night, part="any"))) == ("", "not_now", "not_now")
    assert why_not(replace(night, may_call="unknown")) == "not_safe"
    assert why_not(replace(night, was_promised=True)) == "no_time"


def test_half_of_the_hours_is_none():
    assert [is_safe_hour(dt.time(hour), dt.time(1), None, was_just_here=False) for hour in (2, 8)] == [False, True]
    assert (dt.time(8), dt.time(21)) == UNNAMED


@pytest.mark.parametrize(
    ("values", "hour", "days"),
    [
        ({"part": "evening"}, 17, 0),
        ({"part": "morning"}, 8, 1),
        ({"safe_from": dt.time(22), "safe_until": dt.time(6)}, 22, 0),
        ({"local": NOON + 11 * HOUR}, 8, 1),
        ({"local": NOON + 11 * HOUR, "was_just_here": True, "dialled": (NOON + 11 * HOUR,)}, 8, 1),
        ({"dialled": (NOON.astimezone(dt.UTC) - HOUR / 2,)}, 12.5, 0),
        ({"local": NOON + 8.75 * HOUR, "dialled": (NOON + 8.5 * HOUR,)}, 8, 1),
        ({"part": "evening", "dialled": (NOON + 4.75 * HOUR,), "local": NOON + 4.9 * HOUR}, 17.75, 0),
    ],
)
def test_from_when_a_call_may_be_made_is_known_where_only_the_hour_forbids_it(values, hour, days):
    facts = replace(SAFE, **values)

    opens = opens_at(facts)

    assert why_not(facts) in {"not_now", "too_soon"}
    assert opens == NOON + (hour - 12 + 24 * days) * HOUR
    assert opens.tzinfo == NOON.tzinfo
    assert why_not(replace(facts, local=opens, was_just_here=False)) == ""


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"may_call": "no"},
        {"was_just_here": True},
        {"part": "evening", "may_call": "unknown"},
        {"part": "evening", "asked_at": NOON - dt.timedelta(days=30)},
        {"part": "evening", "dialled": (NOON - 9 * HOUR, NOON - 5 * HOUR, NOON - 2 * HOUR)},
        {"safe_from": dt.time(9), "safe_until": dt.time(9)},
    ],
)
def test_no_hour_is_named_where_one_may_be_called_or_the_hour_is_not_all(values):
    assert opens_at(replace(SAFE, **values)) is None
