"""Which shifts of a line have a trained operator in which language: the week, the course, what is lacking."""

import datetime as dt

from accounts.models import Country
from hotline.models import Line
from hotline.queries import forget_lines
from hotline.queries.trained import Lack, lines_to_compare, trained_week
from tests.hotline.rostered import AT, closed, hold, judicial, liberia, school, shift, wednesday
from training.models import Course
from training.queries import courses

__all__ = ["closed", "hold", "judicial", "liberia", "school", "shift", "wednesday"]
MONDAY = dt.date(2026, 11, 23)


def week_of(line, key="", monday=MONDAY, at=AT):
    """The week of a line as the page tells it."""
    forget_lines()
    return trained_week(line, courses("en"), key, monday, at=at)


def told(week):
    """Each shift as (day, from, until), with (language, speakers, current, refresher due); days without any are left out."""
    return [
        (one.starts_at.day, one.starts_at.hour, one.ends_at.hour,
         [(it.code, it.speakers, it.current, it.refresher_due) for it in one.spoken])
        for one in week.shifts if not one.is_bare_day
    ]  # fmt: skip


def test_lines_of_other_countries_and_closed_ones_are_not_compared(line, person, liberia):
    haiti = Country.objects.create(code="HT", name_en="Haiti", slug="haiti", language_codes="fr", time_zone="UTC")
    facts = {"account": line.account, "language_keys": "1:fr", "duty_phone": "+50934000009", "other_number": "116"}
    other = Line.objects.create(country=haiti, name="Other", number="5555", numbers="5555", **facts)
    Line.objects.create(country=liberia, name="Closed", number="6666", numbers="6666", is_active=False, **facts)

    found = {who: list(lines_to_compare(person("supervisor", country=who))) for who in (liberia, haiti, None)}

    assert found == {liberia: [line], haiti: [other], None: []}


def test_each_shift_tells_who_is_trained_by_language(closed, person, liberia, hold, shift):
    one, two, three = (person("operator", country=liberia, spoken=spoken) for spoken in ("fr", "", "fr"))
    hold(one)
    hold(three, "refresher_due")
    for user in (one, two):
        shift(user, 26, 8, 16)
    shift(three, 26, 22, 6)

    assert told(week_of(closed)) == [
        (26, 8, 16, [("en", 2, 1, 0), ("fr", 1, 1, 0), ("ar", 0, 0, 0)]),
        (26, 22, 6, [("en", 1, 0, 1), ("fr", 1, 0, 1), ("ar", 0, 0, 0)]),
    ]


def test_who_runs_out_before_the_shift_ends_is_not_counted(closed, person, liberia, hold, shift):
    user = person("operator", country=liberia)
    hold(user, ends=dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC))
    for day in (26, 27, 28):
        shift(user, day, 8, 16)

    assert [spoken[0][2] for *_times, spoken in told(week_of(closed))] == [1, 0, 0]


def test_only_operators_who_may_still_serve_count(closed, person, liberia, hold, shift):
    interpreter, gone, other = (
        person("interpreter", country=liberia), person("operator", country=liberia, is_active=False),
        person("learner", country=liberia),
    )  # fmt: skip
    for user in (interpreter, gone, other):
        hold(user)
        shift(user, 26, 8, 16, duty="interpreter" if user == interpreter else "operator")

    assert told(week_of(closed)) == []
    assert week_of(closed).is_bare


def test_shifts_that_overlap_are_told_in_parts(closed, person, liberia, hold, shift):
    trained, other = person("operator", country=liberia), person("operator", country=liberia)
    hold(trained)
    shift(other, 26, 8, 16)
    shift(trained, 26, 12, 20)

    shown = [(begins, ends, spoken[0]) for _day, begins, ends, spoken in told(week_of(closed))]

    assert shown == [(8, 12, ("en", 1, 0, 0)), (12, 16, ("en", 2, 1, 0)), (16, 20, ("en", 1, 1, 0))]


def test_what_begins_in_the_week_by_the_clock_of_the_country_is_told(closed, person, liberia, hold, shift):
    liberia.time_zone = "America/Port-au-Prince"
    liberia.save()
    closed.country = liberia
    user = person("operator", country=liberia)
    for day in (23, 24, 30):
        shift(user, day, 2, 8)  # 21:00 of the day before in Port-au-Prince

    assert [day for day, *_rest in told(week_of(closed))] == [24, 30]


def test_the_same_lack_is_told_once_with_its_days_and_what_is_over_is_not(closed, person, liberia, hold, shift):
    one, two = (person("operator", country=liberia, spoken=spoken) for spoken in ("fr ar", ""))
    hold(one)
    for day in (24, 26, 27):
        shift(one, day, 8, 16)
        shift(two, day, 22, 6)

    week = week_of(closed)

    night = (dt.time(22), dt.time(6))
    assert week.lacks == (Lack(("en", "fr", "ar"), *night, (dt.date(2026, 11, 26), dt.date(2026, 11, 27))),)
    assert len(told(week)) == 6
    assert week.lacks[0].on_days == "Thu 26 Nov, Fri 27 Nov"


def test_of_a_week_that_is_over_everything_lacking_is_told(closed, person, liberia, shift):
    shift(person("operator", country=liberia), 17, 8, 16)

    week = week_of(closed, monday=MONDAY - dt.timedelta(days=7))

    assert week.is_over
    assert [lack.days for lack in week.lacks] == [(dt.date(2026, 11, 17),)]


def test_open_hours_without_an_operator_are_named_from_today_on(office, person, liberia, hold, shift):
    user = person("operator", country=liberia, spoken="fr ar")
    hold(user)
    for day in (23, 26):
        shift(user, day, 8, 12)

    week = week_of(office)

    assert [(lack.codes, lack.opens.hour, lack.closes.hour, [day.day for day in lack.days]) for lack in week.lacks] == [
        ((), 8, 16, [25, 27]), ((), 12, 16, [26]),
    ]  # fmt: skip
    assert [(one.starts_at.day, one.operators, one.is_bare_day) for one in week.shifts] == [
        (23, 1, False), (24, 0, True), (25, 0, False), (26, 1, False), (26, 0, False), (27, 0, False),
    ]  # fmt: skip


def test_each_day_of_the_week_that_is_over_is_told_though_nobody_was_on_the_roster(closed, person, liberia, shift):
    user = person("operator", country=liberia)
    shift(user, 23, 22, 6)
    shift(user, 27, 8, 16)

    running, over, ahead = (
        week_of(closed, at=AT + dt.timedelta(days=days)) for days in (1, 7, -7)
    )  # fmt: skip

    def days(week):
        return [(one.starts_at.day, one.is_over, one.is_bare_day) for one in week.shifts]

    # Of the night that ends on Tuesday somebody was there on Tuesday too.
    assert days(running) == [(23, True, False), (25, True, True), (27, False, False)]
    assert days(over) == [
        (23, True, False),
        (25, True, True),
        (26, True, True),
        (27, True, False),
        (28, True, True),
        (29, True, True),
    ]
    assert days(ahead) == [(23, False, False), (27, False, False)]
    assert [len(week.lacks) for week in (running, over, ahead)] == [1, 2, 2]  # when the line was open is not known
    assert all(
        one.is_whole_day and [it.code for it in one.spoken] == ["en", "fr", "ar"]
        for one in running.shifts
        if one.is_bare_day
    )


def test_a_line_that_never_closes_is_told_day_by_day(line):
    week = week_of(line, monday=MONDAY + dt.timedelta(days=7))

    (lack,) = week.lacks
    assert lack.is_whole_day
    assert [day.day for day in lack.days] == [30, 1, 2, 3, 4, 5, 6]


def test_the_course_is_the_one_that_is_asked_for_else_the_operators_own(closed, person, liberia, hold, shift):
    responders = Course.objects.get(key="first-responders")
    one, two = person("operator", country=liberia), person("operator", country=liberia)
    for user in (one, two):
        shift(user, 26, 8, 16)

    def shown(key=""):
        week = week_of(closed, key)
        return week.course.key, week.is_own, week.shifts[-1].spoken[0].current

    assert shown() == ("judicial", False, 0)  # nobody holds any: what Liberia offers
    hold(one, course=responders)
    assert shown() == ("first-responders", True, 1)
    hold(one)
    hold(two)
    assert shown() == ("judicial", True, 2)
    assert shown("first-responders") == ("first-responders", False, 1)
