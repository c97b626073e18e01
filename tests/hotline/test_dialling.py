"""Whether a person may be called back now, and if not why: no database, no clock but the caller's."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from hotline.choices.calling import CALL_BARS
from hotline.dialling import Facts, unsafe, why_not

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
