"""Hours and shifts: overnight, holidays, clock changes, gaps."""

import datetime as dt

from hotline.roster import Hours, ShiftFacts, Span, is_open, next_change, open_spans, proof, shift_faults, targets

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


def test_shift_that_cannot_stand_says_why():
    other = [(instant(25, 8), instant(25, 16))]

    assert [one.code for one in shift_faults(instant(25, 9), instant(25, 8), [])] == ["ends_before_it_starts"]
    assert [one.code for one in shift_faults(instant(25, 0), instant(25, 17), [])] == ["too_long"]
    assert "overlaps" in [one.code for one in shift_faults(instant(25, 15), instant(25, 18), other)]
    assert shift_faults(instant(25, 16), instant(25, 20), other) == []
