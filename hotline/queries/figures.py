"""What lines did, in numbers: exact for the team of the country, with small numbers withheld for everybody else."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Case, QuerySet, Value, When

from accounts.models import Country
from hotline import figures
from hotline.choices import REHEARSED, Outcome
from hotline.choices.blocks import BLOCKED
from hotline.models import Contact, DayFigures, Line
from hotline.queries.blocks import kept_out
from training.queries.small_numbers import is_told, told_of

DAY = dt.timedelta(days=1)
MONTHS_OF_QUARTER = 3


def facts_of(line: Line, day: dt.date) -> Iterator[figures.Fact]:
    """Yield the contacts that began on a day of the line's country; what staff practised on is none.

    A blocked number that hung up at the menu was kept out, whoever was on shift: it is told by its mark, not as having
    found nobody.
    """
    zone = ZoneInfo(line.country.time_zone)
    since, until = (dt.datetime.combine(one, dt.time(), zone) for one in (day, day + DAY))
    rows = Contact.objects.filter(line=line, country=line.country_id, started_at__gte=since, started_at__lt=until)
    columns = (
        "kind", "channel", "started_at", "language", "end", "topic", "queued_at", "connected_at", "ended_at",
        "is_danger", "case_id",
    )  # fmt: skip
    kept = When(kept_out(), outcome=Outcome.NOBODY, then=Value(BLOCKED))
    rows = rows.exclude(flags__contains=REHEARSED).annotate(end=Case(kept, default="outcome"))
    for row in rows.filter(is_practice=line.is_practice).order_by().values_list(*columns):
        yield _fact(zone, *row)


def _fact(
    zone, kind, channel, began, language, outcome, topic, queued, connected, ended, is_danger, case
) -> figures.Fact:
    reached = connected or ended
    return figures.Fact(
        way=channel if channel == "whatsapp" else kind, hour=began.astimezone(zone).hour, language=language, outcome=outcome,
        topic=topic, waited=(reached - queued).total_seconds() if queued and reached else None, was_danger=is_danger,
        has_case=case is not None,
    )  # fmt: skip


@dataclass(frozen=True)
class Period:
    """From one day to another, both counted."""

    first: dt.date
    last: dt.date


def lines_counted(country: str) -> QuerySet[Line]:
    """Return the lines of a country that have figures of callers: the live ones, or where there is none those to practise on."""
    lines = Line.objects.filter(country_id=country).select_related("country").order_by("-is_active", "number")
    live = lines.filter(is_practice=False)
    return live if live.exists() else lines


def figures_between(lines: list[Line], period: Period) -> figures.Figures:
    """Return what some lines did together in a period."""
    rows = DayFigures.objects.filter(line__in=lines, day__gte=period.first, day__lte=period.last)
    return figures.added(rows.order_by("day").values_list("day", "body"))


def counted_at(lines: list[Line]) -> dt.datetime | None:
    """Return when the newest day of some lines was counted."""
    return DayFigures.objects.filter(line__in=lines).order_by("-day").values_list("counted_at", flat=True).first()


def quarters(country: Country, today: dt.date) -> list[Period]:
    """Return the quarters of all lines of a country (`quarters_of`)."""
    return quarters_of(lines_counted(country.code), today)


def quarters_of(lines: Iterable[Line], today: dt.date) -> list[Period]:
    """Return the whole quarters that are over and have figures, the newest first.

    Readers outside the team, and files that leave the house, have these alone: periods that overlap would tell a small number by their difference.
    """
    first = DayFigures.objects.filter(line__in=lines).order_by("day").values_list("day", flat=True).first()
    found = []
    while first is not None and (quarter := _quarter_of(first)).last < today:
        found.append(quarter)
        first = quarter.last + DAY
    return found[::-1]


def _quarter_of(day: dt.date) -> Period:
    month = (day.month - 1) // MONTHS_OF_QUARTER * MONTHS_OF_QUARTER + 1
    first = day.replace(month=month, day=1)
    after = (first + dt.timedelta(days=31 * MONTHS_OF_QUARTER)).replace(day=1)
    return Period(first, after - DAY)


@dataclass(frozen=True)
class Guarded:
    """What readers outside the team are told of a quarter: None where a number is small or gives a small one away."""

    contacts: int | None
    ways: dict
    languages: dict
    outcomes: dict
    hours: list[list[int | None]] | None


def guarded_between(lines: list[Line], period: Period) -> Guarded:
    """Return the figures of all lines of a country in a quarter, each number nobody's or ten people's and more."""
    known = figures_between(lines, period)
    if not is_told(known.contacts):
        return Guarded(None, {}, {}, {}, None)
    languages = {code: row.contacts for code, row in known.languages.items()}
    # Outcomes, and parts of the day, add up to the calls, and what the contacts have more came by other ways.
    tells_calls = is_told(known.calls) and is_told(known.contacts - known.calls)
    return Guarded(
        known.contacts,
        figures.guarded(known.ways, told_of),
        figures.guarded(languages, told_of),
        figures.guarded(known.outcomes, told_of) if tells_calls else {},
        _parts_of_day(known) if tells_calls else None,
    )


PARTS = ((0, 6), (6, 12), (12, 18), (18, 24))


def _parts_of_day(known: figures.Figures) -> list[list[int | None]]:
    """Return calls by weekday and quarter of the day: hours are too small to be told."""
    cells = {(day, part): sum(known.heat[day][slice(*PARTS[part])]) for day in range(7) for part in range(len(PARTS))}
    told = figures.guarded(cells, told_of)
    return [[told[day, part] for part in range(len(PARTS))] for day in range(7)]
