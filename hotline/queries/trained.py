"""Which shifts of a line have a trained operator in which language: a week of its roster beside the certificates of its people.

Who counts as trained is asked of the school, which answers its own report of readiness by the same rule.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import User
from hotline import roster
from hotline.models import Line
from hotline.queries.duty import operators_on
from hotline.queries.lines import line_by_id
from languages.clocks import short_day
from languages.text import listed
from training import queries as school
from training.choices import Trained
from training.queries.course_rows import CourseRow

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Spoken:
    """A language in a shift: how many of its operators speak it, and of these how many are current or due a refresher."""

    code: str
    speakers: int
    current: int
    refresher_due: int

    @property
    def is_trained(self) -> bool:
        """Tell whether somebody who speaks it is current."""
        return self.current > 0


@dataclass(frozen=True)
class TrainedShift:
    """A time of the roster: how many operators are on shift the whole of it, and each language of the line."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    operators: int
    spoken: tuple[Spoken, ...]
    is_over: bool
    is_whole_day: bool
    is_bare_day: bool = False  # a day that is over, with nobody on the roster; whether the line was open is not kept

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return the languages that nobody speaks who is current."""
        return tuple(one.code for one in self.spoken if not one.is_trained)


@dataclass(frozen=True)
class Lack:
    """What is lacking at the same hours of some days: trained speakers of languages, or where there are none, operators."""

    codes: tuple[str, ...]
    opens: dt.time
    closes: dt.time
    days: tuple[dt.date, ...]

    @property
    def is_whole_day(self) -> bool:
        """Tell whether it lasts from midnight to midnight."""
        return self.opens == self.closes == roster.END_OF_DAY

    @property
    def on_days(self) -> str:
        """Return the days in words."""
        days = listed([short_day(day) for day in self.days], get_language())
        return days.removesuffix(".")  # the sentence it stands in ends with one


@dataclass(frozen=True)
class TrainedWeek:
    """A line's week in one course; `is_own` where the course was not asked for and most of its operators hold it."""

    line: Line
    course: CourseRow | None
    is_own: bool
    shifts: tuple[TrainedShift, ...]
    lacks: tuple[Lack, ...]
    is_over: bool

    @property
    def days_over(self) -> bool:
        """Tell whether the week runs, and some of it is over."""
        return not self.is_over and any(one.is_over for one in self.shifts)

    @property
    def is_done(self) -> bool:
        """Tell whether the week runs, and no shift of it is left."""
        return self.days_over and all(one.is_over for one in self.shifts)

    @property
    def is_bare(self) -> bool:
        """Tell whether nobody is on the roster of the whole week, and no open time of it is known."""
        return all(one.is_bare_day for one in self.shifts)


def lines_to_compare(user: User) -> QuerySet[Line]:
    """Return the lines whose shifts may be compared with certificates for a person: the active ones of her country."""
    return Line.objects.filter(country_id=user.country_id, is_active=True).select_related("country")


def trained_week(line: Line, courses: list[CourseRow], key: str, monday: dt.date, *, at: dt.datetime) -> TrainedWeek:
    """Return how the shifts that begin in a week stand in a course, by its key; the same queries however many shifts.

    Where none is asked for it is the course of which most of the week's operators hold a certificate, as theirs; where
    nobody holds any, the first that the line's country offers.
    """
    zone = ZoneInfo(line.country.time_zone)
    since, until = (_midnight(day, zone) for day in (monday, monday + WEEK))
    shifts = operators_on(line, since, until + roster.LONGEST)
    held = school.certified((one.person for one in shifts), since, until + 2 * roster.LONGEST)
    course, is_own = _course(courses, key, held, line.country_id)
    today = _midnight(at.astimezone(zone).date(), zone)
    times = [*roster.parts(shifts, since, until), *_empty(line, shifts, max(since, today), until)]
    page = course.page if course else 0
    told = [_told(part, line.language_codes, page, held, at, zone) for part in times]
    ahead = sorted((one for one in told if until <= at or not one.is_over), key=_begins)
    bare = _bare_days(shifts, monday, min(monday + WEEK, at.astimezone(zone).date()), zone, line.language_codes)
    told = tuple(sorted([*told, *bare], key=_begins))
    return TrainedWeek(line, course, is_own, told, tuple(_lacks(ahead, zone)), until <= at)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)


def _begins(part: TrainedShift) -> dt.datetime:
    return part.starts_at


def _bare_days(
    shifts: list[roster.ShiftFacts], since: dt.date, until: dt.date, zone: ZoneInfo, codes: list[str]
) -> Iterable[TrainedShift]:
    """Yield the days between two in which nobody was on shift at any time."""
    nobody = tuple(_spoken(code, []) for code in codes)
    for number in range((until - since).days):
        begins, ends = (_midnight(since + dt.timedelta(days=number + more), zone) for more in (0, 1))
        if not any(one.starts_at < ends and one.ends_at > begins for one in shifts):
            yield TrainedShift(begins, ends, 0, nobody, is_over=True, is_whole_day=True, is_bare_day=True)


def _course(courses: list[CourseRow], key: str, held: school.Certified, country: str) -> tuple[CourseRow | None, bool]:
    """Return the course that is shown, and whether it is the operators' own."""
    asked = next((one for one in courses if one.key == key), None)
    if asked or not courses:
        return asked, False
    most = max(courses, key=lambda one: (held.holders(one.page), country in one.countries))
    return most, held.holders(most.page) > 0


def _empty(line: Line, shifts: list[roster.ShiftFacts], since: dt.datetime, until: dt.datetime) -> list[roster.Part]:
    """Return the open times without an operator; asked from today on, for of past days no other hours are kept."""
    known = line_by_id(line.pk)
    return roster.empty_parts(known.hours, shifts, since, until) if known and since < until else []


def _told(
    part: roster.Part, codes: list[str], course: int, held: school.Certified, at: dt.datetime, zone: ZoneInfo
) -> TrainedShift:
    states = {one.person: held.state(course, one.person, part.starts_at, part.ends_at) for one in part.shifts}
    return TrainedShift(
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        operators=len(part.shifts),
        spoken=tuple(
            _spoken(code, [states[one.person] for one in part.shifts if code in one.languages]) for code in codes
        ),
        is_over=part.ends_at <= at,
        is_whole_day=_hours(part, zone) == (roster.END_OF_DAY, roster.END_OF_DAY),
    )


def _hours(part: roster.Part | TrainedShift, zone: ZoneInfo) -> tuple[dt.time, dt.time]:
    """Return from when until when something lasts, by the clock of a country."""
    return part.starts_at.astimezone(zone).time(), part.ends_at.astimezone(zone).time()


def _spoken(code: str, states: list[str]) -> Spoken:
    return Spoken(code, len(states), states.count(Trained.CURRENT), states.count(Trained.REFRESHER_DUE))


def _lacks(shifts: Iterable[TrainedShift], zone: ZoneInfo) -> list[Lack]:
    """Return what is lacking in shifts, the same at the same hours told once with all its days, the first day first."""
    found: dict[tuple, list[dt.date]] = {}
    for one in shifts:
        codes = one.lacking if one.operators else ()
        if codes or not one.operators:
            found.setdefault((codes, *_hours(one, zone)), []).append(one.starts_at.astimezone(zone).date())
    return [Lack(*key, tuple(days)) for key, days in found.items()]
