"""Writes of lines: opening one, its hours, days that differ."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction

from accounts import actions as accounts
from accounts.models import Country
from hotline.choices import LANGUAGE_KEYS
from hotline.models import DayException, Line, OpeningHours
from hotline.queries.lines import forget_lines
from hotline.queries.spoken import unheard

Spans = Sequence[tuple[time, time]]


class NumberTaken(ValueError):
    """Raised when another line answers the same number; one number belongs to one line."""


class HoursOverlap(ValueError):
    """Raised when two spans of a day overlap, or one is empty; the end of a day is 00:00."""


class NotHeard(ValueError):
    """Raised when a line would speak a language without recording or voice; `gaps` holds (prompt, language)."""

    def __init__(self, gaps: Sequence[tuple[str, str]]):
        super().__init__(", ".join(f"{code}: {key}" for key, code in gaps))
        self.gaps = gaps


@transaction.atomic
def open_line(*, country: Country, numbers: Sequence[str], by, at: datetime, **values: object) -> Line:
    """Open a line for a country; its numbers are the ways in which the network writes them.

    A line that people call speaks only languages that can be heard; a practice line may show words instead.
    """
    taken = {number for row in Line.objects.all() for number in row.numbers.split()}
    if double := taken & set(numbers):
        raise NumberTaken(", ".join(sorted(double)))
    line = Line(country=country, numbers=" ".join(numbers), **values)
    line.full_clean()
    if not line.is_practice:
        _check_heard(line.language_codes)
    line.save()
    accounts.record(by=by, verb="hotline.line_opened", thing=line, at=at, country=country.code)
    forget_lines()
    return line


@transaction.atomic
def add_language(*, line: Line, code: str, by, at: datetime) -> Line:
    """Put a language that can be heard now on the line's next free key."""
    if not line.is_practice:
        _check_heard([code])
    taken = {key for key, _code in line.languages}
    free = next((key for key in LANGUAGE_KEYS if key not in taken), "")
    line.language_keys = f"{line.language_keys} {free}:{code}"
    line.full_clean()
    line.save(update_fields=["language_keys"])
    accounts.record(by=by, verb="hotline.language_added", thing=line, at=at, country=line.country_id, language=code)
    forget_lines()
    return line


def _check_heard(codes: Sequence[str]) -> None:
    forget_lines()
    if gaps := unheard(codes, is_practice=False):
        raise NotHeard(gaps)


def _check(spans: Spans) -> None:
    ends = sorted((opens, closes if closes > time(0) else time.max) for opens, closes in spans)
    for opens, closes in ends:
        if opens >= closes:
            raise HoursOverlap
    if any(before[1] > after[0] for before, after in zip(ends, ends[1:], strict=False)):
        raise HoursOverlap


@transaction.atomic
def set_hours(*, line: Line, week: Mapping[int, Spans], by, at: datetime) -> None:
    """Set when a line is open on each weekday, Monday 0; days that are left out are closed."""
    for spans in week.values():
        _check(spans)
    line.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(line=line, weekday=day, opens=opens, closes=closes)
        for day, spans in week.items()
        for opens, closes in spans
    )
    accounts.record(by=by, verb="hotline.hours_set", thing=line, at=at, country=line.country_id)
    forget_lines()


@transaction.atomic
def set_exception(*, line: Line, day: date, spans: Spans, note: str, by, at: datetime) -> None:
    """Set that a day differs from the week: without spans the line is closed all day."""
    _check(spans)
    line.exceptions.filter(day=day).delete()
    rows = [DayException(line=line, day=day, opens=opens, closes=closes, note=note) for opens, closes in spans]
    for row in rows or [DayException(line=line, day=day, note=note)]:
        row.full_clean()
        row.save()
    accounts.record(by=by, verb="hotline.exception_set", thing=line, at=at, country=line.country_id, day=str(day))
    forget_lines()
