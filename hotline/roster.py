"""Opening hours and who is on duty, for the live router and for the proof of the roster alike. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

END_OF_DAY = dt.time(0)
LONGEST = dt.timedelta(hours=16)  # that one person works, at a stretch or on one day


@dataclass(frozen=True)
class Span:
    """Open from `opens` until `closes`; `closes` at 00:00, or not after `opens`, lies on the next day."""

    opens: dt.time
    closes: dt.time


@dataclass(frozen=True)
class Hours:
    """When a line is open: the week (Monday 0), days that differ, holidays, zone."""

    time_zone: str
    week: dict[int, tuple[Span, ...]]
    exceptions: dict[dt.date, tuple[Span, ...]]
    holidays: frozenset[dt.date] = frozenset()
    opens_on_holidays: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.time_zone)

    def spans_on(self, day: dt.date) -> tuple[Span, ...]:
        """Return the spans that begin on a day: an exception beats a holiday, a holiday beats the week."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.holidays and not self.opens_on_holidays:
            return ()
        return self.week.get(day.weekday(), ())


def _instants(span: Span, day: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Return the span of a day as two UTC instants; a time that a clock change skips moves on with the clock."""
    last = day if span.closes > span.opens else day + dt.timedelta(days=1)
    start = dt.datetime.combine(day, span.opens, zone).astimezone(dt.UTC)
    end = dt.datetime.combine(last, span.closes, zone).astimezone(dt.UTC)
    return start, end


def open_spans(hours: Hours, since: dt.datetime, until: dt.datetime) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the open spans between two instants as UTC pairs, in order, touching ones joined."""
    first = since.astimezone(hours.zone).date() - dt.timedelta(days=1)
    last = until.astimezone(hours.zone).date()
    days = [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]
    pairs = sorted(_instants(span, day, hours.zone) for day in days for span in hours.spans_on(day))
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in pairs:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return [(max(start, since), min(end, until)) for start, end in joined if end > since and start < until]


def is_open(hours: Hours, at: dt.datetime) -> bool:
    """Tell whether the line is open at an instant."""
    return bool(open_spans(hours, at, at + dt.timedelta(microseconds=1)))


def next_change(hours: Hours, at: dt.datetime, days: int = 14) -> dt.datetime | None:
    """Return when the line next opens or closes, or None when nothing changes within the days."""
    horizon = at + dt.timedelta(days=days)
    spans = open_spans(hours, at, horizon)
    if not spans:
        return None
    start, end = spans[0]
    if start > at:
        return start
    return end if end < horizon else None


@dataclass(frozen=True)
class ShiftFacts:
    """One shift: who, from, until, which languages the person works in, operator or interpreter, can be reached."""

    person: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    languages: tuple[str, ...]
    duty: str = "operator"
    is_reachable: bool = True

    def covers(self, at: dt.datetime) -> bool:
        """Tell whether the shift runs at an instant."""
        return self.starts_at <= at < self.ends_at


Times = tuple[dt.datetime, dt.datetime]


def left_of(start: dt.datetime, end: dt.datetime, away: Iterable[Times]) -> list[Times]:
    """Return what is left of a shift when its person is away: nothing, the whole, or parts of it in order."""
    rest = [(start, end)] if start < end else []
    for gone, back in away:
        parts = [part for first, last in rest for part in ((first, min(last, gone)), (max(first, back), last))]
        rest = [(first, last) for first, last in parts if first < last]
    return sorted(rest)


@dataclass(frozen=True)
class Targets:
    """Who can answer now: operators of the language, interpreters of the language, operators of other languages."""

    speakers: tuple[int, ...] = ()
    interpreters: tuple[int, ...] = ()
    others: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """Return the best way to be answered: speaker, interpreter, other, or nobody."""
        if self.speakers:
            return "speaker"
        if self.others and self.interpreters:
            return "interpreter"
        return "other" if self.others else "nobody"


def targets(shifts: Iterable[ShiftFacts], language: str, at: dt.datetime) -> Targets:
    """Return who is on duty at an instant and can be reached, seen from a caller's language."""
    on = [shift for shift in shifts if shift.covers(at) and shift.is_reachable]
    operators = [shift for shift in on if shift.duty == "operator"]
    speakers = tuple(shift.person for shift in operators if language in shift.languages)
    interpreters = tuple(shift.person for shift in on if shift.duty == "interpreter" and language in shift.languages)
    others = tuple(shift.person for shift in operators if language not in shift.languages)
    return Targets(speakers, interpreters, others)


@dataclass(frozen=True)
class Gap:
    """A time in which a caller of one language would find nobody who speaks it; `kind` is what she finds instead."""

    language: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    kind: str


def proof(
    hours: Hours, shifts: Sequence[ShiftFacts], languages: Sequence[str], since: dt.datetime, days: int = 14
) -> list[Gap]:
    """Return every gap of the next days: each open minute and language is judged by the live router's own function."""
    until = since + dt.timedelta(days=days)
    spans = open_spans(hours, since, until)
    edges = sorted(
        {edge for span in spans for edge in span}
        | {edge for shift in shifts for edge in (shift.starts_at, shift.ends_at) if since < edge < until}
    )
    gaps: list[Gap] = []
    for start, end in zip(edges, edges[1:], strict=False):
        if not any(first <= start < last for first, last in spans):
            continue
        for language in languages:
            kind = targets(shifts, language, start).kind
            if kind != "speaker":
                gaps.append(Gap(language, start, end, kind))
    return _joined(gaps)


def _joined(gaps: list[Gap]) -> list[Gap]:
    """Return the gaps with neighbours of one language and kind made one."""
    open_ends: dict[str, Gap] = {}
    done: list[Gap] = []
    for gap in gaps:
        before = open_ends.get(gap.language)
        if before and before.ends_at == gap.starts_at and before.kind == gap.kind:
            open_ends[gap.language] = Gap(gap.language, before.starts_at, gap.ends_at, gap.kind)
            continue
        if before:
            done.append(before)
        open_ends[gap.language] = gap
    return sorted([*done, *open_ends.values()], key=lambda gap: (gap.starts_at, gap.language))


def together(gaps: Iterable[Gap]) -> dict[tuple[dt.datetime, dt.datetime, str], list[str]]:
    """Return the holes as people are told of them: from, until and kind, each with its languages, in the order they came in."""
    found: dict[tuple[dt.datetime, dt.datetime, str], list[str]] = {}
    for gap in gaps:
        found.setdefault((gap.starts_at, gap.ends_at, gap.kind), []).append(gap.language)
    return found


@dataclass(frozen=True)
class Part:
    """A time of the roster and the shifts that run the whole of it; none where the line is open and nobody is there."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    shifts: tuple[ShiftFacts, ...] = ()


def parts(shifts: Sequence[ShiftFacts], since: dt.datetime, until: dt.datetime) -> list[Part]:
    """Return the times that begin between two instants and in which somebody is on shift, in order.

    Shifts that overlap are told in parts, so that what is said of a part holds at each minute of it.
    """
    edges = sorted({edge for shift in shifts for edge in (shift.starts_at, shift.ends_at)})
    found = [
        Part(start, end, tuple(shift for shift in shifts if shift.covers(start)))
        for start, end in pairwise(edges)
        if since <= start < until
    ]
    return [part for part in found if part.shifts]


def empty_parts(hours: Hours, shifts: Sequence[ShiftFacts], since: dt.datetime, until: dt.datetime) -> list[Part]:
    """Return the open times between two instants in which nobody is on shift, day by day."""
    first, last = (at.astimezone(hours.zone).date() for at in (since, until))
    days = [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]
    midnights = {dt.datetime.combine(day, END_OF_DAY, hours.zone).astimezone(dt.UTC) for day in days}
    shift_edges = {edge for shift in shifts for edge in (shift.starts_at, shift.ends_at)}
    return [
        Part(start, end)
        for opens, closes in open_spans(hours, since, until)
        for start, end in pairwise(
            sorted({opens, closes} | {edge for edge in midnights | shift_edges if opens < edge < closes})
        )
        if not any(shift.covers(start) for shift in shifts)
    ]


@dataclass(frozen=True)
class Fault:
    """Why a shift is refused: code and the day that would be too long, or the other shift's start."""

    code: str
    value: str = ""


def shift_faults(
    starts_at: dt.datetime, ends_at: dt.datetime, others: Iterable[tuple[dt.datetime, dt.datetime]], zone: ZoneInfo
) -> list[Fault]:
    """Return why a shift cannot stand beside the same person's other shifts.

    A day is the day of the country, as its people work it: what lies on both sides of midnight counts for both days,
    hours that a clock change gives or takes are counted as they are worked.
    """
    starts_at, ends_at = _in_utc(starts_at, ends_at)
    if ends_at <= starts_at:
        return [Fault("ends_before_it_starts")]
    pairs = [_in_utc(start, end) for start, end in others]
    if ends_at - starts_at > LONGEST:
        faults = [Fault("too_long")]
    else:
        days = _days_between(starts_at, ends_at, zone)
        full = [day for day in days if _worked([(starts_at, ends_at), *pairs], day, zone) > LONGEST]
        faults = [Fault("too_much_that_day", day.isoformat()) for day in full]
    return faults + [
        Fault("overlaps", start.isoformat()) for start, end in pairs if start < ends_at and starts_at < end
    ]


def in_a_row(
    starts_at: dt.datetime, ends_at: dt.datetime, others: Iterable[tuple[dt.datetime, dt.datetime]]
) -> tuple[dt.datetime, dt.datetime]:
    """Return from when until when somebody works without a pause: a shift, with all that touch it or touch those."""
    first, last = _in_utc(starts_at, ends_at)
    rest = [_in_utc(start, end) for start, end in others]
    while touching := [one for one in rest if one[0] <= last and one[1] >= first]:
        first, last = min(first, *(one[0] for one in touching)), max(last, *(one[1] for one in touching))
        rest = [one for one in rest if one not in touching]
    return first, last


def _in_utc(start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return two instants in UTC: two of one zone would be compared by their clock, which a change puts back."""
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def _days_between(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> list[dt.date]:
    """Return the days of a zone on which something lies that goes from one instant to another."""
    first, last = (at.astimezone(zone).date() for at in (start, end - dt.timedelta(microseconds=1)))
    return [first + dt.timedelta(days=count) for count in range((last - first).days + 1)]


def _worked(shifts: Iterable[tuple[dt.datetime, dt.datetime]], day: dt.date, zone: ZoneInfo) -> dt.timedelta:
    """Return how much of some shifts lies on a day of a zone."""
    begins, ends = _instants(Span(END_OF_DAY, END_OF_DAY), day, zone)
    parts = (min(end, ends) - max(start, begins) for start, end in shifts if start < ends and begins < end)
    return sum(parts, dt.timedelta())
