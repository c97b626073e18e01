"""Reads of the roster: a week as it is shown, the holes of the next days, the settings of a line."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import staff_of
from hotline import roster
from hotline.models import Absence, Line, Shift
from hotline.queries.browsers import untried_by_line
from hotline.queries.duty import gaps_by_line
from hotline.queries.hours import hours_text
from hotline.queries.lines import LineFacts, memory
from hotline.queries.serving import serves
from hotline.queries.telephones import without_by_line
from languages import table

PROOF_DAYS = 14
MOST_AHEAD = 60
GAP_WORDS = {
    "interpreter": _("only through an interpreter"),
    "other": _("only in another language"),
    "nobody": _("nobody: calls go to the duty phone or to a message"),
}
WITHOUT_MESSAGES = GAP_WORDS | {"nobody": _("The duty phone rings")}


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
    with_untried_browser: list[User]


def monday_of(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def line_weeks(user: User, monday: dt.date, *, at: dt.datetime) -> list[LineWeek]:
    """Return the active lines of a person's country with the week that begins on a Monday, however many, in few queries."""
    lines = list(Line.objects.filter(country_id=user.country_id, is_active=True).select_related("country"))
    if not lines:
        return []
    shifts, gaps = _shifts_of(lines, monday, at), gaps_by_line(lines, at, PROOF_DAYS)
    lacking, untried, known = without_by_line(lines, at), untried_by_line(lines, at), memory().by_id
    return [
        LineWeek(
            line=line,
            days=_days(shifts[line.pk], monday, at.astimezone(_zone(line))),
            holes=_holes(gaps.get(line.pk, []), line.language_codes, _gap_words(line, known)),
            hours=hours_text(known[line.pk].hours) if line.pk in known else "",
            languages=[(key, code, table.BY_CODE[code].own) for key, code in line.languages],
            without_telephone=lacking.get(line.pk, []),
            with_untried_browser=untried.get(line.pk, []),
        )
        for line in lines
    ]


def _zone(line: Line) -> ZoneInfo:
    return ZoneInfo(line.country.time_zone)


def _shifts_of(lines: list[Line], monday: dt.date, at: dt.datetime) -> dict[int, list[Shift]]:
    """Return the shifts of each line of one country that begin in a week, in one query.

    `counts`: she may still serve it; `is_away`: for some of what is left of it she is away.
    """
    first, last = (
        dt.datetime.combine(day, dt.time(), _zone(lines[0])) for day in (monday, monday + dt.timedelta(days=7))
    )
    found: dict[int, list[Shift]] = {line.pk: [] for line in lines}
    rows = Shift.objects.filter(line__in=lines, starts_at__gte=first, starts_at__lt=last).select_related("user")
    rows = rows.annotate(
        counts=ExpressionWrapper(serves(), BooleanField()), is_away=ExpressionWrapper(_is_away(at), BooleanField())
    )
    for shift in rows.order_by("starts_at", "user__name"):
        found[shift.line_id].append(shift)
    return found


def _is_away(at: dt.datetime) -> Q:
    """Return whether the person of a shift is away for some of what is left of it; of one that is over, for some of it."""
    inside = {"starts_at__lt": OuterRef("ends_at"), "ends_at__gt": OuterRef("starts_at")}
    absences = Absence.objects.filter(user=OuterRef("user"), **inside)
    return Exists(absences.filter(ends_at__gt=at)) | Q(Exists(absences), ends_at__lte=at)


def _days(shifts: list[Shift], monday: dt.date, now: dt.datetime) -> list[Day]:
    """Return the days of a week with their shifts; `now` is in the zone of the country."""
    dates = [monday + dt.timedelta(days=count) for count in range(7)]
    by_date: dict[dt.date, list[Shift]] = {date: [] for date in dates}
    for shift in shifts:
        by_date[shift.starts_at.astimezone(now.tzinfo).date()].append(shift)
    return [Day(date, by_date[date], date == now.date()) for date in dates]


def _gap_words(line: Line, known: dict[int, LineFacts]) -> dict[str, str]:
    """Return how the holes of a line are told: of a line that takes no messages none is promised."""
    takes = known[line.pk].plan.takes_messages if line.pk in known else True
    return GAP_WORDS if takes else WITHOUT_MESSAGES


def _holes(gaps: list[roster.Gap], order: list[str], words: dict[str, str]) -> list[Hole]:
    """Return the gaps with those of one time and kind told once, all their languages together in the line's order."""
    ordered = sorted(gaps, key=lambda gap: (gap.starts_at, order.index(gap.language)))
    return [
        Hole([table.BY_CODE[code] for code in codes], starts_at, ends_at, words[kind], kind == "nobody")
        for (starts_at, ends_at, kind), codes in roster.together(ordered).items()
    ]


def shifts_ahead(user: User, *, at: dt.datetime) -> list[Shift]:
    """Return the shifts of a person that run now or are to come, the next ones first; `is_away`: for some of what is left."""
    rows = Shift.objects.filter(serves(), user=user, ends_at__gt=at).select_related("line")
    rows = rows.annotate(is_away=ExpressionWrapper(_is_away(at), BooleanField()))
    return list(rows.order_by("starts_at")[:MOST_AHEAD])


def people_for_shifts(user: User) -> list[User]:
    """Return who may be put on the roster of a person's country."""
    people = staff_of(user.country_id, "operator", "supervisor", "interpreter") if user.country_id else []
    return sorted(people, key=lambda person: person.get_full_name())
