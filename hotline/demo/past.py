"""Figures of the twelve weeks before the demo's day: invented, by chance with a fixed seed, without any contact behind them."""

import datetime as dt
import random
from collections.abc import Iterator

from hotline.choices import Topic
from hotline.figures import Fact, counted
from hotline.models import DayFigures, Line

WEEKS = 12
OUTCOMES = (
    ("answered", 62),
    ("abandoned", 9),
    ("voicemail", 6),
    ("callback", 5),
    ("left_greeting", 6),
)
TOPICS = (Topic.INFORMATION, Topic.CONCERN, Topic.REFERRAL, Topic.CRISIS, Topic.WRONG_NUMBER, "")
SHARES = (30, 20, 12, 8, 20, 10)
DAY, BUSY = range(24), (9, 10, 11, 14)


def make(*, at: dt.datetime) -> None:
    """Write the figures of each line's past days; what is there already stays as it is."""
    chance = random.Random(2883)  # noqa: S311 -- nothing secret: the demo is the same each time
    rows = []
    for line in Line.objects.select_related("country").prefetch_related("hours").order_by("pk"):
        for back in range(7 * WEEKS, 1, -1):
            day = at.date() - dt.timedelta(days=back)
            rows.append(DayFigures(line=line, day=day, body=counted(_facts(line, day, chance)), counted_at=at))
    DayFigures.objects.bulk_create(rows, ignore_conflicts=True)


def _facts(line: Line, day: dt.date, chance: random.Random) -> Iterator[Fact]:
    open_hours = _open_hours(line, day)
    busy = [hour for hour in BUSY if hour in open_hours]
    for _call in range(chance.randint(0, 2) if day.weekday() > 4 else chance.randint(3, 9)):
        is_open = bool(open_hours) and (len(open_hours) == len(DAY) or chance.random() < 0.85)
        hour = chance.choice((*open_hours, *busy) if is_open else [one for one in DAY if one not in open_hours])
        outcome = _one(chance, OUTCOMES) if is_open else "after_hours"
        waited = (
            min(chance.expovariate(1 / (25 if outcome == "answered" else 90)) + 4, 600)
            if outcome in ("answered", "abandoned")
            else None
        )
        yield Fact(
            way="call" if chance.random() < 0.85 else "message", hour=hour, outcome=outcome, waited=waited,
            language=chance.choices(line.language_codes, [5, *[2] * (len(line.language_codes) - 1)])[0],
            topic=chance.choices(TOPICS, SHARES)[0] if outcome == "answered" else "", was_danger=chance.random() < 0.03,
            has_case=outcome == "answered" and chance.random() < 0.08,
        )  # fmt: skip


def _open_hours(line: Line, day: dt.date) -> list[int]:
    """Return the hours of a day in which the line is open: nobody calls outside them where it never closes."""
    spans = [(one.opens.hour, one.closes.hour or 24) for one in line.hours.all() if one.weekday == day.weekday()]
    return [hour for hour in DAY if any(opens <= hour < closes for opens, closes in spans)]


def _one(chance: random.Random, weighted) -> str:
    names, weights = zip(*weighted, strict=True)
    return chance.choices(names, weights)[0]
