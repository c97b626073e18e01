"""Writes of lines: opening one, its hours, days that differ."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from django.db import transaction

from accounts import actions as accounts
from accounts.models import Country
from hotline.actions.flows import follow_line
from hotline.actions.public_numbers import keep_public_numbers
from hotline.callers import answered_as
from hotline.ivr.plan import LANGUAGE_KEYS
from hotline.models import DayException, Line, OpeningHours
from hotline.queries.flows import plan_now, plan_of, special_keys
from hotline.queries.lines import days_version, forget_lines, reachable, week_of
from hotline.queries.spoken import unheard

Spans = Sequence[tuple[time, time]]


class NumberTaken(ValueError):
    """Raised when another line answers the same number; one number belongs to one line."""


class SenderTaken(NumberTaken):
    """Raised when answers to a line's texts would reach another line: its sender is that one's number or sender."""


class HoursOverlap(ValueError):
    """Raised when two spans of a day overlap, or one is empty; the end of a day is 00:00."""


class NotHeard(ValueError):
    """Raised when a line would speak a language without recording or voice; `gaps` holds (prompt, language)."""

    def __init__(self, gaps: Sequence[tuple[str, str]]):
        super().__init__(", ".join(f"{code}: {key}" for key, code in gaps))
        self.gaps = gaps


class NoPoliceNumber(ValueError):
    """Raised when a line that people call would name no number of the police, or a line would lose the one that it names.

    Write the local police number, or that of another emergency service. A practice line may be opened without: nobody
    in need calls it, and a number that nobody has confirmed yet is not made up; its call flow is not published so.
    """


class NoKeyFree(ValueError):
    """Raised when a line has a language on every key: one must be taken off it before another finds room."""

    def __init__(self, line: Line, code: str):
        super().__init__(f"Line {line.number} has no free key for {code}: {line.language_keys}")
        self.line = line


class KeyMeansMore(ValueError):
    """Raised when a language would sit on the key of danger, or of who cannot speak, of the line's call flow."""

    def __init__(self, key: str):
        super().__init__(key)
        self.key = key


class ChangedMeanwhile(ValueError):
    """Raised when somebody else changed the line since the page was opened; `line` is the line as it is now."""

    def __init__(self, line: Line):
        super().__init__(f"The line was changed by {line.changed_by}.")
        self.line = line


class DaysChangedMeanwhile(ValueError):
    """Raised when somebody else changed the days that differ since the page was opened; look, and decide again."""


@transaction.atomic
def open_line(*, country: Country, numbers: Sequence[str], by, at: datetime, **values: object) -> Line:
    """Open a line for a country; its numbers are the ways in which the network writes them, its sender is its own.

    A line that a telephone can reach speaks only languages that can be heard; others show words instead.
    """
    senders = [str(values.get(name, "")) for name in ("sender", "whatsapp")]
    _check_numbers(numbers, senders, Line.objects.all())
    line = Line(country=country, numbers=" ".join(numbers), **values)
    line.full_clean()
    if not line.is_practice and not line.police_number:
        raise NoPoliceNumber(line.number)
    if reachable(line):
        _check_heard(line.language_codes, line)
    line.save()
    follow_line(line, by=by, at=at)
    accounts.record(by=by, verb="hotline.line_opened", thing=line, at=at, country=country.code)
    keep_public_numbers(country=country.code, by=by, at=at)
    forget_lines()
    return line


@transaction.atomic
def add_language(*, line: Line, code: str, by, at: datetime) -> Line:
    """Put a language that can be heard now on the next free key of the line as it stands; one that is there stays.

    It changes nothing that anybody looked at, so it needs no version; who has the line's page open is told of it.
    """
    row = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    if code in row.language_codes:
        return row
    if reachable(row):
        _check_heard([code], row)
    taken = {key for key, _code in row.languages} | special_keys(row)
    free = next((key for key in LANGUAGE_KEYS if key not in taken), None)
    if free is None:
        raise NoKeyFree(row, code)
    row.language_keys = f"{row.language_keys} {free}:{code}"
    row.full_clean()
    row.version, row.changed_by, row.changed_at = row.version + 1, accounts.actor_id(by), at
    row.save(update_fields=["language_keys", "version", "changed_by", "changed_at"])
    follow_line(row, by=by, at=at)
    accounts.record(by=by, verb="hotline.language_added", thing=row, at=at, country=row.country_id, language=code)
    forget_lines()
    return row


def change_line(
    *, line: Line, facts: Mapping[str, object], week: Mapping[int, Spans], version: int, by, at: datetime
) -> list[str]:
    """Change what a line is and when it is open; return the names of what changed.

    `version` is the one that the person saw; who sends what stands already has no quarrel with anybody. What the line
    could not say before is no reason to refuse; what it could not say because of this change is.
    """
    _walk_ahead(line, facts)
    return _change(line=line, facts=facts, week=week, version=version, by=by, at=at)


def _walk_ahead(line: Line, facts: Mapping[str, object]) -> None:
    """Walk the flow as it stands and as it would be before a row is locked: it takes seconds, and is known from then on."""
    row = Line.objects.get(pk=line.pk)
    _gaps_of(row)
    for name, value in facts.items():
        setattr(row, name, value)
    _gaps_of(row)


@transaction.atomic
def _change(
    *, line: Line, facts: Mapping[str, object], week: Mapping[int, Spans], version: int, by, at: datetime
) -> list[str]:
    row = Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    other_hours = week_of(row) != {day: list(spans) for day, spans in week.items() if spans}
    if not (changed or other_hours):
        return []
    if row.version != version:
        raise ChangedMeanwhile(row)
    gaps, may_lack = _gaps_of(row), _may_lack_police(row, facts)
    for name in changed:
        setattr(row, name, facts[name])
    _check_numbers(row.numbers.split(), (row.sender, row.whatsapp), Line.objects.exclude(pk=row.pk))
    row.full_clean()
    if not (row.police_number or may_lack):
        raise NoPoliceNumber(row.number)
    if "language_keys" in changed and (taken := sorted(special_keys(row) & {key for key, _code in row.languages})):
        raise KeyMeansMore(taken[0])
    if added := sorted(set(_gaps_of(row)) - set(gaps)):
        raise NotHeard(added)
    if other_hours:
        _set_hours(row, week, by, at)
        changed.append("hours")
    row.version, row.changed_by, row.changed_at = version + 1, accounts.actor_id(by), at
    row.save()
    follow_line(row, by=by, at=at)
    fields = " ".join(sorted(changed))
    accounts.record(by=by, verb="hotline.line_changed", thing=row, at=at, country=row.country_id, fields=fields)
    keep_public_numbers(country=row.country_id, by=by, at=at)
    forget_lines()
    return changed


def _may_lack_police(line: Line, facts: Mapping[str, object]) -> bool:
    """Tell whether a line names no number of the police already and is not about to be called by people for the first time."""
    goes_live = line.is_practice and not facts.get("is_practice", True)
    return not (line.police_number or goes_live)


def _gaps_of(line: Line) -> list[tuple[str, str]]:
    forget_lines()
    return unheard(
        line.language_codes, is_reachable=reachable(line), is_free=line.is_free, line_id=line.pk, plan=plan_now(line)
    )


def _check_numbers(numbers: Sequence[str], senders: Sequence[str], lines) -> None:
    """Refuse what another line answers, with or without the +: its numbers, and the sender of its texts if it is one."""
    taken = {
        one.lstrip("+")
        for row in lines
        for one in (*row.numbers.split(), *answered_as(row.sender), *answered_as(row.whatsapp))
    }
    if double := sorted(number for number in set(numbers) if number.lstrip("+") in taken):
        raise NumberTaken(", ".join(double))
    for sender in senders:
        if answered_as(sender) and sender.lstrip("+") in taken:
            raise SenderTaken(sender)


def _check_heard(codes: Sequence[str], line: Line) -> None:
    forget_lines()
    plan = plan_now(line) if line.pk else plan_of(line)
    if gaps := unheard(codes, is_reachable=True, is_free=line.is_free, line_id=line.pk or 0, plan=plan):
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
    _set_hours(line, week, by, at)
    keep_public_numbers(country=line.country_id, by=by, at=at)
    forget_lines()


def _set_hours(line: Line, week: Mapping[int, Spans], by, at: datetime) -> None:
    for spans in week.values():
        _check(spans)
    line.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(line=line, weekday=day, opens=opens, closes=closes)
        for day, spans in week.items()
        for opens, closes in spans
    )
    accounts.record(by=by, verb="hotline.hours_set", thing=line, at=at, country=line.country_id)


@transaction.atomic
def set_exception(
    *, line: Line, day: date, spans: Spans, note: str, by, at: datetime, version: str | None = None
) -> None:
    """Set that a day differs from the week: without spans the line is closed all day.

    `version` is the mark of the days that the person saw; without one nobody looked at them before. A day that stands
    in the same words stays as it is.
    """
    _check(spans)
    _hold_days(line)
    wanted = {(opens, closes, note) for opens, closes in spans} or {(None, None, note)}
    if set(line.exceptions.filter(day=day).values_list("opens", "closes", "note")) == wanted:
        return
    _refuse_unseen(line, version)
    line.exceptions.filter(day=day).delete()
    rows = [DayException(line=line, day=day, opens=opens, closes=closes, note=note) for opens, closes in spans]
    for row in rows or [DayException(line=line, day=day, note=note)]:
        row.full_clean()
        row.save()
    accounts.record(by=by, verb="hotline.exception_set", thing=line, at=at, country=line.country_id, day=str(day))
    keep_public_numbers(country=line.country_id, by=by, at=at)
    forget_lines()


@transaction.atomic
def drop_exception(*, line: Line, day: date, by, at: datetime, version: str | None = None) -> bool:
    """Let a day follow the week again; return False when it did already."""
    _hold_days(line)
    if not line.exceptions.filter(day=day).exists():
        return False
    _refuse_unseen(line, version)
    line.exceptions.filter(day=day).delete()
    accounts.record(by=by, verb="hotline.exception_dropped", thing=line, at=at, country=line.country_id, day=str(day))
    keep_public_numbers(country=line.country_id, by=by, at=at)
    forget_lines()
    return True


def _hold_days(line: Line) -> None:
    """Let nobody else change the days of a line until this is saved: two rows for a day would contradict each other."""
    Line.objects.select_for_update(no_key=True).only("pk").get(pk=line.pk)


def _refuse_unseen(line: Line, version: str | None) -> None:
    if version is not None and version != days_version(line):
        raise DaysChangedMeanwhile(f"The days of line {line.number} were changed meanwhile.")
