"""Hours and shifts: overnight, holidays, clock changes, gaps."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from hotline.roster import (
    Hours,
    ShiftFacts,
    Span,
    empty_parts,
    is_open,
    next_change,
    open_spans,
    parts,
    proof,
    shift_faults,
    targets,
)

UTC = dt.UTC
DAY = tuple(range(7))
OFFICE = (Span(dt.time(8), dt.time(16)),)


def hours(spans=OFFICE, days=(0, 1, 2, 3, 4), zone="Africa/Monrovia", **more):
    return Hours(
        time_zone=zone, week={day: tuple(spans) for day in days}, exceptions=more.pop("exceptions", {}), **more
    )


def instant(day, hour, minute=0):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_line_is_open_in_its_hours_only():
    week = hours()

    assert is_open(week, instant(25, 8))
    assert not is_open(week, instant(25, 7, 59))
    assert not is_open(week, instant(25, 16))
    assert not is_open(week, instant(28, 10))


def test_span_may_cross_midnight_and_cover_the_whole_day():
    night = hours([Span(dt.time(20), dt.time(4))], DAY)
    always = hours([Span(dt.time(0), dt.time(0))], DAY)

    assert is_open(night, instant(25, 2))
    assert not is_open(night, instant(25, 12))
    assert next_change(always, instant(25, 2)) is None
    assert len(open_spans(always, instant(24, 0), instant(26, 0))) == 1


def test_exception_beats_holiday_and_holiday_beats_the_week():
    day = dt.date(2026, 11, 25)
    shut = hours(holidays=frozenset({day}))
    opened = hours(holidays=frozenset({day}), exceptions={day: (Span(dt.time(10), dt.time(12)),)})

    assert not is_open(shut, instant(25, 10))
    assert is_open(opened, instant(25, 11))
    assert not is_open(opened, instant(25, 13))


def test_clock_change_neither_loses_nor_doubles_an_hour():
    """In Port-au-Prince clocks go forward on 8 March 2026 at 2:00 and back on 1 November at 2:00."""
    always = hours([Span(dt.time(0), dt.time(0))], DAY, zone="America/Port-au-Prince")
    spring = dt.datetime(2026, 3, 7, 0, tzinfo=UTC)
    autumn = dt.datetime(2026, 10, 31, 0, tzinfo=UTC)

    assert len(open_spans(always, spring, spring + dt.timedelta(days=3))) == 1
    assert len(open_spans(always, autumn, autumn + dt.timedelta(days=3))) == 1


def shift(person, start, end, *languages, **more):
    return ShiftFacts(person, start, end, languages, **more)


def test_targets_say_who_can_answer():
    shifts = [
        shift(1, instant(25, 8), instant(25, 16), "en"),
        shift(2, instant(25, 8), instant(25, 16), "fr", duty="interpreter"),
        shift(3, instant(25, 8), instant(25, 16), "fr", is_reachable=False),
    ]

    assert targets(shifts, "en", instant(25, 9)).kind == "speaker"
    assert targets(shifts, "fr", instant(25, 9)).kind == "interpreter"
    assert targets(shifts, "ar", instant(25, 9)).kind == "other"
    assert targets(shifts, "en", instant(25, 16)).kind == "nobody"


def test_proof_agrees_with_the_live_router_at_every_quarter_of_an_hour():
    week = hours()
    shifts = [shift(1, instant(25, 8), instant(25, 12), "en"), shift(2, instant(25, 11), instant(25, 16), "fr")]
    gaps = proof(week, shifts, ["en", "fr"], instant(25, 0), days=2)

    for minutes in range(0, 48 * 60, 15):
        at = instant(25, 0) + dt.timedelta(minutes=minutes)
        for language in ("en", "fr"):
            found = [gap for gap in gaps if gap.language == language and gap.starts_at <= at < gap.ends_at]
            kind = targets(shifts, language, at).kind
            expected = [kind] if is_open(week, at) and kind != "speaker" else []
            assert [gap.kind for gap in found] == expected, (at, language)


MONROVIA, DHAKA = ZoneInfo("Africa/Monrovia"), ZoneInfo("Asia/Dhaka")
HAITI = ZoneInfo("America/Port-au-Prince")


def codes(faults):
    return [one.code for one in faults]


def local(zone, day, begins, ends, until=None):
    """Return a shift as the form makes it: from and until by the clock of a zone, as two instants."""
    first, last = dt.date.fromisoformat(day), dt.date.fromisoformat(until or day)
    pairs = ((first, begins), (last, ends))
    return tuple(
        dt.datetime.combine(date, dt.time.fromisoformat(clock), zone).astimezone(UTC) for date, clock in pairs
    )


def test_shift_that_cannot_stand_says_why():
    other = [(instant(25, 8), instant(25, 16))]

    assert codes(shift_faults(instant(25, 9), instant(25, 8), [], MONROVIA)) == ["ends_before_it_starts"]
    assert codes(shift_faults(instant(25, 0), instant(25, 17), [], MONROVIA)) == ["too_long"]
    assert "overlaps" in codes(shift_faults(instant(25, 15), instant(25, 18), other, MONROVIA))
    assert shift_faults(instant(25, 16), instant(25, 20), other, MONROVIA) == []


def test_hours_of_a_day_are_those_of_the_countrys_day_and_not_of_the_servers():
    """In Dhaka the first half of the day lies on the day before in UTC; in Haiti the evening lies on the day after."""
    morning = local(DHAKA, "2027-02-01", "00:00", "12:00")
    evening = local(HAITI, "2027-03-02", "19:30", "23:30")

    (fault,) = shift_faults(*local(DHAKA, "2027-02-01", "12:00", "23:59"), [morning], DHAKA)
    assert (fault.code, fault.value) == ("too_much_that_day", "2027-02-01")
    assert shift_faults(*local(HAITI, "2027-03-03", "05:00", "18:00"), [evening], HAITI) == []


@pytest.mark.parametrize("zone", [MONROVIA, DHAKA, HAITI])
def test_shift_over_midnight_counts_for_both_of_its_days(zone):
    night = local(zone, "2027-02-01", "18:00", "06:00", until="2027-02-02")

    def on_the_second(begins, ends):
        return shift_faults(*local(zone, "2027-02-02", begins, ends), [night], zone)

    assert on_the_second("08:00", "18:00") == []
    assert [one.value for one in on_the_second("08:00", "18:01")] == ["2027-02-02"]
    before = local(zone, "2027-02-02", "06:00", "16:00")
    assert shift_faults(*night, [before], zone) == []
    assert codes(shift_faults(*night, [before, local(zone, "2027-02-02", "16:00", "17:00")], zone)) == [
        "too_much_that_day"
    ]


def test_nobody_works_more_than_sixteen_hours_at_a_stretch_though_each_day_has_fewer():
    long = local(HAITI, "2027-02-01", "15:00", "08:00", until="2027-02-02")

    assert codes(shift_faults(*long, [], HAITI)) == ["too_long"]


def test_clock_change_counts_the_hours_that_are_worked():
    """In Haiti the 14th of March 2027 has 23 hours, the 7th of November 25."""
    spring = local(HAITI, "2027-03-14", "00:00", "12:00")
    autumn = local(HAITI, "2027-11-07", "00:00", "12:00")

    assert shift_faults(*local(HAITI, "2027-03-14", "12:00", "17:00"), [spring], HAITI) == []
    assert codes(shift_faults(*local(HAITI, "2027-03-14", "12:00", "17:01"), [spring], HAITI)) == ["too_much_that_day"]
    assert shift_faults(*local(HAITI, "2027-11-07", "12:00", "15:00"), [autumn], HAITI) == []
    assert codes(shift_faults(*local(HAITI, "2027-11-07", "12:00", "15:01"), [autumn], HAITI)) == ["too_much_that_day"]
    by_the_clock = dt.datetime(2027, 11, 7, 0, tzinfo=HAITI), dt.datetime(2027, 11, 7, 15, 30, tzinfo=HAITI)
    assert codes(shift_faults(*by_the_clock, [], HAITI)) == ["too_long"]


def test_day_that_begins_at_one_is_whole():
    """In Cairo clocks go forward at midnight: 30 April 2027 has no 00:00, and 23 hours."""
    cairo = ZoneInfo("Africa/Cairo")
    night = local(cairo, "2027-04-29", "20:00", "08:00", until="2027-04-30")

    assert shift_faults(*local(cairo, "2027-04-30", "10:00", "19:00"), [night], cairo) == []
    assert codes(shift_faults(*local(cairo, "2027-04-30", "10:00", "19:01"), [night], cairo)) == ["too_much_that_day"]


def on(person, begins, ends):
    """A shift from an hour of the 25th to another one."""
    start = instant(25, 0)
    return ShiftFacts(person, start + dt.timedelta(hours=begins), start + dt.timedelta(hours=ends), ("en",))


def who(found, zero):
    """Parts as (from, until, people), in hours."""
    hour = dt.timedelta(hours=1)
    return [
        ((one.starts_at - zero) / hour, (one.ends_at - zero) / hour, [shift.person for shift in one.shifts])
        for one in found
    ]


def test_shifts_that_overlap_are_parts_and_what_lies_between_two_is_none():
    shifts = [on(1, 8, 16), on(2, 8, 12), on(3, 14, 18), on(4, 22, 30)]

    found = parts(shifts, instant(25, 0), instant(26, 0))

    expected = [(8, 12, [1, 2]), (12, 14, [1]), (14, 16, [1, 3]), (16, 18, [3]), (22, 30, [4])]
    assert who(found, instant(25, 0)) == expected


def test_a_part_belongs_to_where_it_begins():
    shifts = [on(1, -2, 6), on(2, 22, 30)]

    assert who(parts(shifts, instant(25, 0), instant(26, 0)), instant(25, 0)) == [(22, 30, [2])]
    assert who(parts(shifts, instant(24, 0), instant(25, 0)), instant(25, 0)) == [(-2, 6, [1])]


def test_open_hours_without_anybody_are_told_day_by_day_by_the_clock_of_the_line():
    always = hours([Span(dt.time(0), dt.time(0))], DAY, zone="Asia/Dhaka")  # six hours ahead
    shifts = [on(1, 2, 10), on(2, 10, 12)]

    found = empty_parts(always, shifts, instant(24, 18), instant(26, 18))

    assert who(found, instant(25, 0)) == [(-6, 2, []), (12, 18, []), (18, 42, [])]


def test_outside_its_hours_nobody_is_missing():
    found = empty_parts(hours(), [on(1, 6, 10)], instant(25, 0), instant(26, 0))

    assert who(found, instant(25, 0)) == [(10, 16, [])]
