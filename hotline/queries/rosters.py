"""Reads of the roster: a week as it is shown, the holes of the next days, the settings of a line."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import staff_of
from hotline import roster
from hotline.models import Line, Shift
from hotline.queries.duty import roster_gaps
from hotline.queries.hours import hours_text
from hotline.queries.lines import memory
from hotline.queries.telephones import people_without
from languages import table

PROOF_DAYS = 14
MOST_AHEAD = 60
GAP_WORDS = {
    "interpreter": _("only through an interpreter"),
    "other": _("only in another language"),
    "nobody": _("nobody: calls go to the duty phone or to a message"),
}


@dataclass(frozen=True)
class Day:
    """One day of the week view: date, shifts that begin on it, whether it is today."""

    date: dt.date
    shifts: list[Shift]
    is_today: bool


@dataclass(frozen=True)
class Hole:
    """One time in which callers of some languages find nobody who speaks theirs."""

    languages: list[table.Row]
    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str
    is_bare: bool


@dataclass(frozen=True)
class LineWeek:
    """A line with its week, its holes and its settings."""

    line: Line
    days: list[Day]
    holes: list[Hole]
    hours: str
    languages: list[tuple[str, str, str]]
    without_telephone: list[User]


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def line_weeks(user: User, monday: dt.date, *, at: dt.datetime) -> list[LineWeek]:
    """Return the active lines of a person's country with the week that begins on a Monday."""
    lines = Line.objects.filter(country_id=user.country_id, is_active=True).select_related("country")
    return [_week(line, monday, at) for line in lines]


def _week(line: Line, monday: dt.date, at: dt.datetime) -> LineWeek:
    zone = ZoneInfo(line.country.time_zone)
    first = dt.datetime.combine(monday, dt.time(), zone)
    last = dt.datetime.combine(monday + dt.timedelta(days=7), dt.time(), zone)
    shifts = list(
        Shift.objects.filter(line=line, starts_at__gte=first, starts_at__lt=last)
        .select_related("user")
        .order_by("starts_at", "user__name")
    )
    today = at.astimezone(zone).date()
    dates = [monday + dt.timedelta(days=count) for count in range(7)]
    days = [
        Day(date, [shift for shift in shifts if shift.starts_at.astimezone(zone).date() == date], date == today)
        for date in dates
    ]
    facts = memory().by_id.get(line.pk)
    return LineWeek(
        line=line,
        days=days,
        holes=_holes(roster_gaps(line, at, PROOF_DAYS), line.language_codes) if facts else [],
        hours=hours_text(facts.hours) if facts else "",
        languages=[(key, code, table.BY_CODE[code].own) for key, code in line.languages],
        without_telephone=people_without(line, at),
    )


def _holes(gaps: list[roster.Gap], order: list[str]) -> list[Hole]:
    """Return the gaps with those of one time and kind told once, all their languages together in the line's order."""
    groups: dict[tuple, list[str]] = {}
    for gap in sorted(gaps, key=lambda gap: (gap.starts_at, order.index(gap.language))):
        groups.setdefault((gap.starts_at, gap.ends_at, gap.kind), []).append(gap.language)
    return [
        Hole([table.BY_CODE[code] for code in codes], starts_at, ends_at, GAP_WORDS[kind], kind == "nobody")
        for (starts_at, ends_at, kind), codes in groups.items()
    ]


def shifts_ahead(user: User, *, at: dt.datetime) -> list[Shift]:
    """Return the shifts of a person that run now or are to come, the next ones first."""
    rows = Shift.objects.filter(user=user, ends_at__gt=at).select_related("line")
    return list(rows.order_by("starts_at")[:MOST_AHEAD])


def people_for_shifts(user: User) -> list[User]:
    """Return who may be put on the roster of a person's country."""
    people = staff_of(user.country_id, "operator", "supervisor", "interpreter") if user.country_id else []
    return sorted(people, key=lambda person: person.get_full_name())
