"""Who has finished what, by months and by language, and how long it took; from counts made ahead.

A course of a country whose totals are not told is in none of it: its months and its languages would add up to them.
"""

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import accumulate

from django.db.models import Q, QuerySet, Sum

from training.models import DaysCount, MonthCount, OfficeCount, OfficePeople
from training.models.readiness import PERIODS
from training.queries.small_numbers import (
    SMALLEST,
    Span,
    Told,
    shown,
    shown_apart,
    spans_of,
    spans_within,
    told_together,
)

FROM_LONGEST = tuple(PERIODS[months] for months in ("", "12", "6", "3"))
Cell = tuple[int, int]  # how many began, and how many of them finished
Pair = tuple[str, int]  # a country and a course


@dataclass(frozen=True)
class Share:
    """How many of those who began finished, of one language."""

    code: str
    finished: int
    begun: int


@dataclass(frozen=True)
class Asked:
    """What a report is asked for: countries by code, the key of a course or "", the column of a period."""

    countries: tuple[str, ...]
    course: str
    period: str

    def of(self, rows: QuerySet) -> QuerySet:
        """Narrow counts to the countries and the course."""
        rows = rows.filter(country__in=self.countries).order_by()
        return rows.filter(course__key=self.course) if self.course else rows

    @property
    def periods(self) -> tuple[str, ...]:
        """Return the columns of the longer periods, the longest first, and of the one that is asked for."""
        return FROM_LONGEST[: FROM_LONGEST.index(self.period) + 1]


@dataclass(frozen=True)
class Guarded:
    """A country of which this reader is not told everything: its officials; how many began and finished in each table.

    The tables are those of any course, the longest period first, and then those of the course asked for.
    """

    officials: int
    cells: list[Cell]


@dataclass(frozen=True)
class Plots:
    """Months, languages, the median of days; how many languages are hidden, and how many courses of a country.

    Of the hidden languages some are `languages_withheld`: many began in them, but few finished or are under way.
    """

    months: tuple[Span, ...]
    languages: tuple[Share, ...]
    median_days: int | None
    languages_hidden: int
    languages_withheld: int
    courses_hidden: int


def plots_of(asked: Asked, guarded: Mapping[str, Guarded], since: dt.date | None) -> Plots:
    """Return what is drawn; three queries."""
    tables = _tables(asked)
    ever = {pair for pair, cells in tables.items() if not _told(pair, cells, 1, guarded).finished}
    now = {pair for pair, cells in tables.items() if not _told(pair, cells, len(asked.periods), guarded).parts}
    many, days = _median_days(asked, ever)
    languages, hidden, apart = _languages({pair: cells for pair, cells in tables.items() if pair not in now}, guarded)
    return Plots(
        months=spans_within(_spans(asked, ever, guarded), since, many),
        languages=languages,
        median_days=days if many >= SMALLEST else None,
        languages_hidden=hidden,
        languages_withheld=apart,
        courses_hidden=len(ever | now),
    )


def _tables(asked: Asked) -> dict[Pair, dict[str, list[Cell]]]:
    """Return by course of a country how many began and finished in each language, of the periods the longest first."""
    large = OfficePeople.objects.filter(officials__gte=SMALLEST, office__isnull=False).values("office")
    rows = asked.of(OfficeCount.objects.filter(office__in=large)).values_list("country", "course", "language")
    sums = {f"sum_{name}": Sum(name) for name in ("begun", *asked.periods)}
    tables: dict[Pair, dict[str, list[Cell]]] = defaultdict(dict)
    for country, course, language, begun, *finished in rows.annotate(**sums):
        if begun:
            tables[country, course][language] = [(begun, many) for many in finished]
    return tables


def _told(pair: Pair, cells: Mapping[str, list[Cell]], upto: int, guarded: Mapping[str, Guarded]) -> Told:
    """Return what is told of a course of a country in the period that is at this place, beside any course and longer ones."""
    if pair[0] not in guarded:
        return Told(finished=True, parts=True)
    country = guarded[pair[0]]
    periods = list(zip(*cells.values(), strict=True))[:upto]
    *longer, own = ((sum(one[0] for one in period), sum(one[1] for one in period)) for period in periods)
    return told_together(country.officials, own, [*country.cells[:upto], *longer])


def _without(rows: QuerySet, pairs: set[Pair]) -> QuerySet:
    """Leave courses of countries out."""
    for country, course in sorted(pairs):
        rows = rows.exclude(Q(country=country) & Q(course=course))
    return rows


def _median_days(asked: Asked, hidden: set[Pair]) -> tuple[int, int]:
    """Return how many finished, and the median of the days they took, rounded down."""
    rows = _without(asked.of(DaysCount.objects.all()), hidden).values_list("days").annotate(many=Sum(asked.period))
    days, counts = zip(*sorted(row for row in rows if row[1]), strict=True) if rows else ((), ())
    upto = list(accumulate(counts))
    if not upto:
        return 0, 0
    middle = (days[bisect_right(upto, place)] for place in ((upto[-1] - 1) // 2, upto[-1] // 2))
    return upto[-1], sum(middle) // 2


def _spans(asked: Asked, hidden: set[Pair], guarded: Container[str]) -> list[Span]:
    """Return the months, some joined: the same ones whatever the period, so that two periods tell no small number.

    Nor do two countries or courses: whoever may look at each course of a country alone reads spans of all together that
    cut none of it. They begin and end by UTC for every country and reader: the same month by two clocks would tell one too.
    """
    rows = _without(asked.of(MonthCount.objects.all()), hidden)
    total, parts = Counter(), defaultdict(dict)
    for country, course, month, finished in rows.values_list("country", "course", "month", "finished"):
        total[month] += finished
        if country in guarded:
            parts[country, course][month] = finished
    return spans_of(total, parts.values())


def _languages(
    tables: Mapping[Pair, dict[str, list[Cell]]], guarded: Mapping[str, Guarded]
) -> tuple[tuple[Share, ...], int, int]:
    """Return the languages as sums of what each course in each country may show, so that no two filters differ by less."""
    begun, finished, hidden, apart = Counter(), Counter(), 0, 0
    for (country, _course), periods in tables.items():
        left = shown({language: cells[-1] for language, cells in periods.items()})
        told = shown_apart(periods) if country in guarded else left
        hidden += len(periods) - len(told)
        apart += len(left) - len(told)
        for language, (began, done_with) in told.items():
            begun[language] += began
            finished[language] += done_with
    return tuple(Share(code, finished[code], count) for code, count in begun.most_common()), hidden, apart
