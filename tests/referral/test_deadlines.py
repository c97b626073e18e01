"""Time counted right: over clock changes, leap days, weekends, holidays, office hours."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendars import Calendar
from referral import deadlines

MONROVIA = Calendar("Africa/Monrovia")
TUNIS = Calendar("Africa/Tunis")
PARIS = Calendar("Europe/Paris")
DHAKA = Calendar("Asia/Dhaka", weekend=frozenset({4, 5}))


def utc(*parts):
    """Return an instant in UTC."""
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("calendar", "anchor", "amount", "unit", "due"),
    [
        (MONROVIA, utc(2026, 11, 25, 10), 4, "h", utc(2026, 11, 25, 14)),
        # clocks go forward in Paris on 29 March 2026, 02:00 -> 03:00; back on 25 October, 03:00 -> 02:00
        (PARIS, utc(2026, 3, 28, 12), 24, "h", utc(2026, 3, 29, 12)),
        (PARIS, utc(2026, 3, 28, 12), 1, "d", utc(2026, 3, 29, 11)),
        (PARIS, utc(2026, 10, 24, 12), 1, "d", utc(2026, 10, 25, 13)),
        (PARIS, utc(2026, 3, 28, 1, 30), 1, "d", utc(2026, 3, 29, 1, 30)),
        # leap day
        (MONROVIA, utc(2028, 2, 28, 9), 1, "d", utc(2028, 2, 29, 9)),
        (MONROVIA, utc(2028, 1, 30, 9), 30, "d", utc(2028, 2, 29, 9)),
        (MONROVIA, utc(2027, 1, 30, 9), 30, "d", utc(2027, 3, 1, 9)),
        # working days: from a Friday over the weekend; the day itself does not count
        (MONROVIA, utc(2026, 11, 27, 9), 1, "wd", utc(2026, 11, 30, 16)),
        (MONROVIA, utc(2026, 11, 25, 23), 5, "wd", utc(2026, 12, 2, 16)),
        (DHAKA, utc(2026, 11, 26, 9), 1, "wd", utc(2026, 11, 29, 10)),
        # working hours: 8 to 16
        (MONROVIA, utc(2026, 11, 25, 10), 4, "wh", utc(2026, 11, 25, 14)),
        (MONROVIA, utc(2026, 11, 25, 15), 4, "wh", utc(2026, 11, 26, 11)),
        (MONROVIA, utc(2026, 11, 27, 15, 30), 1, "wh", utc(2026, 11, 30, 8, 30)),
        (MONROVIA, utc(2026, 11, 28, 3), 8, "wh", utc(2026, 11, 30, 16)),
    ],
)  # fmt: skip
def test_end_of_a_period(calendar, anchor, amount, unit, due):
    assert deadlines.end_of(anchor, amount, unit, calendar) == due


def test_a_local_time_that_the_clock_leaves_out_moves_on():
    due = deadlines.end_of(utc(2026, 3, 28, 1, 30), 1, "d", PARIS)

    assert due.astimezone(PARIS.zone).time() == dt.time(3, 30)


def test_a_holiday_is_no_working_day():
    calendar = Calendar("Africa/Monrovia", holidays=frozenset({dt.date(2026, 12, 25)}))

    assert deadlines.end_of(utc(2026, 12, 24, 9), 1, "wd", calendar) == utc(2026, 12, 28, 16)


def test_a_calendar_without_working_days_is_told():
    calendar = Calendar("UTC", weekend=frozenset(range(7)))

    for unit in ("wd", "wh"):
        with pytest.raises(deadlines.NoWorkingDay):
            deadlines.end_of(utc(2026, 1, 1), 1, unit, calendar)


def test_an_unknown_unit_is_refused():
    with pytest.raises(deadlines.NoSuchUnit):
        deadlines.end_of(utc(2026, 1, 1), 1, "m", MONROVIA)


FROM, UNTIL = dt.datetime(2020, 1, 1), dt.datetime(2035, 1, 1)  # noqa: DTZ001 -- hypothesis adds the zone
instants = st.datetimes(FROM, UNTIL, timezones=st.just(dt.UTC))
calendars = st.sampled_from([MONROVIA, TUNIS, PARIS, DHAKA, Calendar("America/Port-au-Prince")])


@given(instants, st.integers(1, 60), st.sampled_from(sorted(deadlines.UNITS)), calendars)
def test_more_time_is_never_earlier_and_always_after_the_anchor(anchor, amount, unit, calendar):
    due = deadlines.end_of(anchor, amount, unit, calendar)

    assert due > anchor
    assert deadlines.end_of(anchor, amount + 1, unit, calendar) > due
    assert due.tzinfo is dt.UTC


@given(instants, st.integers(1, 40), calendars)
def test_working_days_end_when_offices_close_on_a_working_day(anchor, count, calendar):
    due = deadlines.end_of(anchor, count, "wd", calendar).astimezone(calendar.zone)

    assert calendar.is_working_day(due.date())
    assert due.time() == calendar.office_until


@given(instants, st.integers(1, 400), calendars)
def test_days_keep_the_local_clock(anchor, days, calendar):
    local, due = (
        anchor.astimezone(calendar.zone),
        deadlines.end_of(anchor, days, "d", calendar).astimezone(calendar.zone),
    )

    assert (due.date() - local.date()).days == days
    assert due.time() == local.time() or abs(due.utcoffset() - local.utcoffset()) > dt.timedelta(0)


@given(instants, st.integers(1, 30), calendars)
def test_working_hours_add_up(anchor, hours, calendar):
    due = deadlines.end_of(anchor, hours, "wh", calendar)

    assert worked(anchor, due, calendar) == dt.timedelta(hours=hours)


def worked(start, end, calendar):
    """Return the office time between two instants, counted day by day."""
    total, day = dt.timedelta(0), start.astimezone(calendar.zone).date()
    while day <= end.astimezone(calendar.zone).date():
        if calendar.is_working_day(day):
            opens = dt.datetime.combine(day, calendar.office_from, calendar.zone).astimezone(dt.UTC)
            closes = dt.datetime.combine(day, calendar.office_until, calendar.zone).astimezone(dt.UTC)
            total += max(dt.timedelta(0), min(end, closes) - max(start, opens))
        day += dt.timedelta(days=1)
    return total


RULE = {"amount": 4, "unit": "h", "type": "within", "basis": "default"}


def test_escalations_fall_before_at_and_after_the_deadline():
    deadline = deadlines.counted(RULE, utc(2026, 11, 25, 10), MONROVIA)
    rules = [
        {"after": "deadline+50%", "to": "head", "action": "reassign"},
        {"after": "deadline", "to": "coordinator", "action": "notify"},
        {"after": "deadline-25%", "to": "health", "action": "notify"},
    ]

    dues = deadlines.escalations(rules, deadline)

    assert [(due.at, due.to, due.rule) for due in dues] == [
        (utc(2026, 11, 25, 13), "health", "deadline-25%:notify"),
        (utc(2026, 11, 25, 14), "coordinator", "deadline:notify"),
        (utc(2026, 11, 25, 16), "head", "deadline+50%:reassign"),
    ]


def test_a_closing_window_warns_at_half_and_at_four_fifths():
    window = deadlines.counted(RULE | {"amount": 72, "type": "window_closes"}, utc(2026, 11, 25), MONROVIA)

    assert [due.at for due in deadlines.window_warnings([window], "health")] == [
        utc(2026, 11, 26, 12),
        utc(2026, 11, 27, 9, 36),
    ]


def test_the_earliest_counts_and_a_not_before_never_does():
    early = deadlines.counted(RULE, utc(2026, 11, 25), MONROVIA)
    late = deadlines.counted(RULE | {"amount": 9}, utc(2026, 11, 25), MONROVIA)
    wait = deadlines.counted(RULE | {"amount": 1, "type": "not_before"}, utc(2026, 11, 25), MONROVIA)

    assert deadlines.earliest([late, wait, early]) is early
    assert deadlines.earliest([wait]) is None


@given(st.integers(-90, 500))
def test_offsets_are_written_and_read_back(percent):
    assert deadlines.offset_of(deadlines.after_of(percent)) == percent
