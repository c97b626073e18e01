"""What the line did, in numbers: a day's contacts counted, days added up, small numbers withheld. Pure.

A day is counted as a plain dictionary, so that it is kept as JSON; hours and days are of the line's country.
Waiting is told in bands, by which half of the callers are found: an exact median of months would need every call.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

BANDS = (10, 30, 60, 120, 300, 600)  # seconds: waited at most so long; the last band is longer
HOURS, WEEKDAYS = 24, 7
SHADES = (0.2, 0.4, 0.6, 0.8)
GAVE_UP = frozenset({"abandoned"})


@dataclass(frozen=True)
class Fact:
    """One contact: by what it came, language, outcome, topic, hour of the day, seconds in the queue (None: never in it)."""

    way: str
    hour: int
    language: str = ""
    outcome: str = ""
    topic: str = ""
    waited: float | None = None
    was_danger: bool = False
    has_case: bool = False


def band(seconds: float) -> int:
    """Return in which band of waiting so many seconds lie."""
    return next((place for place, most in enumerate(BANDS) if seconds <= most), len(BANDS))


def counted(facts: Iterable[Fact]) -> dict:
    """Return a day as counts: keys of JSON, numbers and nothing else."""
    ways, outcomes, topics, languages = Counter(), Counter(), Counter(), {}
    hours, danger, cases = [0] * HOURS, 0, 0
    answered, gave_up = [0] * (len(BANDS) + 1), [0] * (len(BANDS) + 1)
    for one in facts:
        ways[one.way] += 1
        topics[one.topic] += 1
        danger, cases = danger + one.was_danger, cases + one.has_case
        row = languages.setdefault(
            one.language, {"contacts": 0, "answered": 0, "gave_up": 0, "waits": [0] * (len(BANDS) + 1)}
        )
        row["contacts"] += 1
        if one.way != "call":
            continue
        hours[one.hour] += 1
        outcomes[one.outcome] += 1
        row["answered"] += one.outcome == "answered"
        row["gave_up"] += one.outcome in GAVE_UP
        if one.waited is not None and one.outcome == "answered":
            answered[band(one.waited)] += 1
            row["waits"][band(one.waited)] += 1
        elif one.waited is not None and one.outcome in GAVE_UP:
            gave_up[band(one.waited)] += 1
    return {
        "ways": dict(ways), "outcomes": dict(outcomes), "topics": dict(topics), "languages": languages, "hours": hours,
        "danger": danger, "cases": cases, "answered": answered, "gave_up": gave_up,
    }  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """A language: contacts in it, calls answered and given up, and in which bands the answered ones waited."""

    code: str
    contacts: int
    answered: int
    gave_up: int
    waits: tuple[int, ...]


@dataclass
class Figures:
    """Days added up. `heat` is calls by weekday (0 is Monday) and hour, `weeks` contacts by the Monday of each week."""

    ways: Counter = field(default_factory=Counter)
    outcomes: Counter = field(default_factory=Counter)
    topics: Counter = field(default_factory=Counter)
    languages: dict[str, Spoken] = field(default_factory=dict)
    heat: list[list[int]] = field(default_factory=lambda: [[0] * HOURS for _day in range(WEEKDAYS)])
    weeks: Counter = field(default_factory=Counter)
    answered: list[int] = field(default_factory=lambda: [0] * (len(BANDS) + 1))
    gave_up: list[int] = field(default_factory=lambda: [0] * (len(BANDS) + 1))
    danger: int = 0
    cases: int = 0

    @property
    def contacts(self) -> int:
        """Return how many contacts there were by any way."""
        return sum(self.ways.values())

    @property
    def calls(self) -> int:
        """Return how many of them were calls."""
        return self.ways["call"]


def added(days: Iterable[tuple[dt.date, Mapping]]) -> Figures:
    """Add days up."""
    total = Figures()
    for day, body in days:
        for name in ("ways", "outcomes", "topics"):
            getattr(total, name).update(body[name])
        for hour, many in enumerate(body["hours"]):
            total.heat[day.weekday()][hour] += many
        total.weeks[day - dt.timedelta(days=day.weekday())] += sum(body["ways"].values())
        total.answered = _sums(total.answered, body["answered"])
        total.gave_up = _sums(total.gave_up, body["gave_up"])
        total.danger, total.cases = total.danger + body["danger"], total.cases + body["cases"]
        for code, row in body["languages"].items():
            total.languages[code] = _with(total.languages.get(code), code, row)
    return total


def days_of_week(monday: dt.date, first: dt.date, last: dt.date) -> int:
    """Return how many days of a week lie in a period, its first and last day counted: 0 to 7."""
    sunday = monday + dt.timedelta(days=WEEKDAYS - 1)
    return max(0, (min(sunday, last) - max(monday, first)).days + 1)


def _sums(one: Iterable[int], other: Iterable[int]) -> list[int]:
    return [left + right for left, right in zip(one, other, strict=True)]


def _with(known: Spoken | None, code: str, row: Mapping) -> Spoken:
    before = known or Spoken(code, 0, 0, 0, (0,) * (len(BANDS) + 1))
    return Spoken(
        code, before.contacts + row["contacts"], before.answered + row["answered"], before.gave_up + row["gave_up"],
        tuple(_sums(before.waits, row["waits"])),
    )  # fmt: skip


def half_within(bands: Iterable[int]) -> int | None:
    """Return within how many seconds half of those in these bands were served; 0 of nobody, None beyond the last band."""
    bands = list(bands)
    whole, seen = sum(bands), 0
    if not whole:
        return 0
    for place, many in enumerate(bands):
        seen += many
        if seen * 2 >= whole:
            return BANDS[place] if place < len(BANDS) else None
    return None


def share(part: int, whole: int) -> int | None:
    """Return a share in whole percent, rounded down; None of nothing."""
    return part * 100 // whole if whole else None


def shade(many: int, most: int) -> int:
    """Return how dark a field of the map of hours is: 0 for no call, then 1 to 5 by its share of the fullest field."""
    if not many or not most:
        return 0
    return 1 + sum(many / most > step for step in SHADES)


Told = Callable[
    [Mapping], set
]  # which groups of a table may be shown beside its total (training.queries.small_numbers.told_of)


def guarded(numbers: Mapping, told: Told) -> dict:
    """Return a table for readers outside the team: each number, or None where it is not told."""
    shown = told(numbers)
    hides = any(many and key not in shown for key, many in numbers.items())
    return {key: many if key in shown or (not many and not hides) else None for key, many in numbers.items()}
