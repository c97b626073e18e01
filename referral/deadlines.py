"""Deadlines: when a step is due, from when it may be closed, when a window shuts, when somebody is told. Pure.

Instants are UTC; they are counted in the country's zone (accounts.calendars.Calendar):
`h` elapsed hours · `d` same local clock time, calendar days later · `wd` end of the n-th working day after the
anchor's day · `wh` hours inside office hours.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.calendars import Calendar

UNITS = frozenset({"h", "d", "wd", "wh"})
TYPES = frozenset({"within", "not_before", "window_closes"})
WINDOW_WARNINGS = (50, 80)
LONGEST_DAYS = 3660
SHORTEST_ANSWER = dt.timedelta(minutes=30)
URGENT_ANSWER = dt.timedelta(hours=4)
QUESTION_HOURS = 24
URGENT_QUESTION_HOURS = 4


class NoSuchUnit(ValueError):
    """Raised for a unit that is none of h, d, wd, wh; the validator refuses it before publishing."""


class NoWorkingDay(ValueError):
    """Raised when a calendar has no working day within ten years: mend the country's weekend and holidays."""


@dataclass(frozen=True)
class Deadline:
    """One deadline counted out: what it means, from when, until when, and on what it rests."""

    type: str
    starts_at: dt.datetime
    at: dt.datetime
    amount: int
    unit: str
    basis: str
    reference: str = ""

    def share(self, percent: int) -> dt.datetime:
        """Return the instant at a share of the period: 100 is the deadline itself, 150 half the period later."""
        return self.starts_at + (self.at - self.starts_at) * percent / 100


@dataclass(frozen=True)
class Due:
    """When one escalation is due: its rule ("deadline+50%:notify"), whom it tells, what it does."""

    rule: str
    to: str
    action: str
    at: dt.datetime


def end_of(anchor: dt.datetime, amount: int, unit: str, calendar: Calendar) -> dt.datetime:
    """Return the instant that lies `amount` of `unit` after the anchor, in UTC."""
    if unit == "h":
        return (anchor + dt.timedelta(hours=amount)).astimezone(dt.UTC)
    if unit == "d":
        return _days_later(anchor, amount, calendar)
    if unit == "wd":
        return _working_days_later(anchor, amount, calendar)
    if unit == "wh":
        return _working_hours_later(anchor, amount, calendar)
    raise NoSuchUnit(unit)


def end_of_urgent(anchor: dt.datetime, calendar: Calendar) -> dt.datetime:
    """Return when an urgent request must be answered: after four hours or at the end of the day, never in a moment."""
    tomorrow = anchor.astimezone(calendar.zone).date() + dt.timedelta(days=1)
    end_of_day = _instant(tomorrow, dt.time(), calendar)
    return max(min(anchor + URGENT_ANSWER, end_of_day), anchor + SHORTEST_ANSWER)


def _days_later(anchor: dt.datetime, days: int, calendar: Calendar) -> dt.datetime:
    local = anchor.astimezone(calendar.zone)
    return _instant(local.date() + dt.timedelta(days=days), local.time(), calendar)


def _instant(day: dt.date, clock: dt.time, calendar: Calendar) -> dt.datetime:
    """Return a local clock time in UTC; a clock time that a clock change leaves out moves on by the gap."""
    return dt.datetime.combine(day, clock.replace(fold=0), calendar.zone).astimezone(dt.UTC)


def _working_days(after: dt.date, calendar: Calendar) -> Iterable[dt.date]:
    for days in range(1, LONGEST_DAYS):
        day = after + dt.timedelta(days=days)
        if calendar.is_working_day(day):
            yield day
    raise NoWorkingDay(calendar.time_zone)


def _working_days_later(anchor: dt.datetime, count: int, calendar: Calendar) -> dt.datetime:
    first = anchor.astimezone(calendar.zone).date()
    for number, day in enumerate(_working_days(first, calendar), start=1):
        if number == count:
            return _instant(day, calendar.office_until, calendar)
    raise NoWorkingDay(calendar.time_zone)


def _working_hours_later(anchor: dt.datetime, hours: int, calendar: Calendar) -> dt.datetime:
    left = dt.timedelta(hours=hours)
    today = anchor.astimezone(calendar.zone).date()
    for day in _working_days(today - dt.timedelta(days=1), calendar):
        opens = _instant(day, calendar.office_from, calendar)
        closes = _instant(day, calendar.office_until, calendar)
        start = max(opens, anchor)
        if start >= closes:
            continue
        if left <= closes - start:
            return (start + left).astimezone(dt.UTC)
        left -= closes - start
    raise NoWorkingDay(calendar.time_zone)


def counted(rule: dict, anchor: dt.datetime, calendar: Calendar) -> Deadline:
    """Count out a compiled deadline from its anchor."""
    return Deadline(
        type=rule["type"],
        starts_at=anchor,
        at=end_of(anchor, rule["amount"], rule["unit"], calendar),
        amount=rule["amount"],
        unit=rule["unit"],
        basis=rule["basis"],
        reference=rule.get("reference", ""),
    )


def unanswered(is_urgent: bool) -> dict:
    """Return the deadline of a question that a case stands still for: the house's default, no law's."""
    hours = URGENT_QUESTION_HOURS if is_urgent else QUESTION_HOURS
    return {"type": "within", "amount": hours, "unit": "h", "basis": "default"}


def offset_of(after: str) -> int:
    """Return the percent of an escalation's `after`: deadline 0, deadline+50% 50, deadline-20% -20."""
    rest = after.removeprefix("deadline").removesuffix("%")
    return int(rest) if rest else 0


def after_of(offset: int) -> str:
    """Return the `after` of a percent, the other way round."""
    return f"deadline{offset:+d}%" if offset else "deadline"


def escalations(rules: Iterable[dict], deadline: Deadline) -> list[Due]:
    """Return when each escalation of a step is due, earliest first."""
    found = [
        Due(
            rule=f"{rule['after']}:{rule['action']}",
            to=rule["to"],
            action=rule["action"],
            at=deadline.share(100 + offset_of(rule["after"])),
        )
        for rule in rules
    ]
    return sorted(found, key=lambda due: (due.at, due.rule))


def window_warnings(windows: Iterable[Deadline], to: str) -> list[Due]:
    """Return the warnings of closing windows, at half and at four fifths of each."""
    return [
        Due(rule=f"window{number}-{percent}%:notify", to=to, action="notify", at=window.share(percent))
        for number, window in enumerate(windows, start=1)
        for percent in WINDOW_WARNINGS
    ]


def earliest(deadlines: Iterable[Deadline]) -> Deadline | None:
    """Return the deadline that counts: the earliest `within` or closing window."""
    counting = [deadline for deadline in deadlines if deadline.type != "not_before"]
    return min(counting, key=lambda deadline: deadline.at, default=None)
