"""The figures of a line as a page and a file show them: rows with their bars, hours with their shades."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hotline import figures
from hotline.choices import FLAGS, Channel, ContactKind, Outcome, Topic
from hotline.choices.blocks import BLOCKED
from hotline.models import Line
from hotline.queries.figures import Period
from languages import table

WIDTH = 240
WEEK = dt.date(2024, 1, 1)  # a Monday


@dataclass(frozen=True)
class Bar:
    """One row: its words and their language, the number (None: not told), its share in percent, how long its bar is.

    `part`: of how many days alone the number is, in words, where it is of a part of the row's time.
    """

    words: str
    count: int | None
    share: int | None
    width: float
    code: str = ""
    part: str = ""


@dataclass(frozen=True)
class LanguageRow:
    """A language: its bar, and how its calls were answered."""

    bar: Bar
    answered: int
    gave_up: int
    within: str


@dataclass(frozen=True)
class Wait:
    """One band of waiting: its words, how many were answered in it and how many gave up in it."""

    words: str
    answered: int
    gave_up: int
    answered_width: float
    gave_up_width: float


@dataclass(frozen=True)
class Hour:
    """One hour of the map: its words, and a field a weekday with its number and shade."""

    words: str
    fields: list[tuple[int, int]]


def way_words(code: str) -> str:
    """Return by what contacts came, in words."""
    return str(dict(ContactKind.choices).get(code) or dict(Channel.choices).get(code, code))


def outcome_words(code: str) -> str:
    """Return how calls ended, in words."""
    return str(FLAGS[BLOCKED] if code == BLOCKED else Outcome(code).label if code in Outcome.values else code)


def topic_words(code: str) -> str:
    """Return what contacts were about, in words."""
    return str(Topic(code).label) if code in Topic.values else pgettext("topic of a contact", "not noted")


def language_words(code: str) -> str:
    """Return a language by its own name."""
    return table.BY_CODE[code].own if code in table.BY_CODE else _("not chosen")


def within_words(seconds: int | None) -> str:
    """Return in how long half of those who were answered were, in words; nothing where nobody was."""
    if seconds is None:
        return _("more than 10 minutes")
    return length_words(seconds) if seconds else ""


def length_words(seconds: int) -> str:
    """Return a band's length in words."""
    if seconds < 60:
        return ngettext("%(seconds)s second", "%(seconds)s seconds", seconds) % {"seconds": seconds}
    minutes = seconds // 60
    return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}


def bars(numbers: Mapping, words, *, is_language: bool = False) -> list[Bar]:
    """Return a table's rows, the largest first; what is not told comes last, what is nobody's not at all."""
    known = {key: many for key, many in numbers.items() if many or many is None}
    whole = sum(many for many in known.values() if many)
    most = max((many for many in known.values() if many), default=0)
    ordered = sorted(known, key=lambda key: (-(known[key] or 0), str(words(key))))
    return [
        Bar(
            words(key), known[key], figures.share(known[key], whole) if known[key] and None not in known.values() else None,
            round(WIDTH * (known[key] or 0) / most, 1) if most else 0, key if is_language else "",
        )
        for key in ordered
    ]  # fmt: skip


def language_rows(total: figures.Figures) -> list[LanguageRow]:
    """Return the languages with their bars, and how long half of those waited whom somebody answered."""
    drawn = bars({code: row.contacts for code, row in total.languages.items()}, language_words, is_language=True)
    rows = [total.languages[bar.code] for bar in drawn]
    return [
        LanguageRow(bar, row.answered, row.gave_up, within_words(figures.half_within(row.waits)))
        for bar, row in zip(drawn, rows, strict=True)
    ]


def waits(total: figures.Figures) -> list[Wait]:
    """Return the bands of waiting with their bars, drawn to one scale."""
    most = max([*total.answered, *total.gave_up])
    if not most:
        return []
    heads = [_("up to %(long)s") % {"long": length_words(one)} for one in figures.BANDS] + [_("more than 10 minutes")]
    pairs = zip(heads, total.answered, total.gave_up, strict=True)
    return [Wait(words, yes, no, *(round(WIDTH * many / most, 1) for many in (yes, no))) for words, yes, no in pairs]


def quarter_choices(quarters: Sequence[Period]) -> list[tuple[str, str]]:
    """Return quarters as a form offers them: the first day, and from when to when."""
    return [
        (one.first.isoformat(), f"{date_format(one.first, 'DATE_FORMAT')} – {date_format(one.last, 'DATE_FORMAT')}")
        for one in quarters
    ]


def weekdays() -> list[str]:
    """Return the short names of the days, Monday first."""
    return [date_format(WEEK + dt.timedelta(days=day), "D") for day in range(figures.WEEKDAYS)]


def hours(total: figures.Figures) -> list[Hour]:
    """Return the map of calls: a row an hour, a field a weekday, from the first hour with a call to the last."""
    most = max(max(day) for day in total.heat)
    used = [hour for hour in range(figures.HOURS) if any(day[hour] for day in total.heat)]
    if not used:
        return []
    return [
        Hour(f"{hour:02}:00", [(day[hour], figures.shade(day[hour], most)) for day in total.heat])
        for hour in range(used[0], used[-1] + 1)
    ]


def part_words() -> list[str]:
    """Return the quarters of a day as times."""
    return ["00:00–06:00", "06:00–12:00", "12:00–18:00", "18:00–24:00"]


def weeks(total: figures.Figures, period: Period, today: dt.date) -> list[Bar]:
    """Return contacts by week, the first week first; a week without any stands as nought.

    A week that is not whole in the period, or not over by `today`, says of how many days its number is.
    """
    if not total.weeks:
        return []
    first, last, most = min(total.weeks), max(total.weeks), max(total.weeks.values()) or 1
    days = [first + dt.timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    counted = Period(period.first, min(period.last, today))
    return [
        Bar(
            date_format(day, "DATE_FORMAT"), total.weeks[day], None, round(WIDTH * total.weeks[day] / most, 1),
            part=_part_words(figures.days_of_week(day, counted.first, counted.last)),
        )
        for day in days
    ]  # fmt: skip


def _part_words(days: int) -> str:
    """Return of how many days a week's number is, in words; nothing of a whole week, or of one outside the days counted."""
    return (
        "" if days in (0, figures.WEEKDAYS) else ngettext("%(amount)s day", "%(amount)s days", days) % {"amount": days}
    )


def figure_heads() -> list[str]:
    """Return the heads of the file."""
    whose = [_("Country"), _("Line"), _("From"), _("Until")]
    return [
        *whose, _("Table"), _("Row"), pgettext("column of a table", "Column"), pgettext("column of a table", "Number"),
    ]  # fmt: skip


def figures_name(lines: Sequence[Line], period: Period) -> str:
    """Return the name of the file without the day on which it is made: country, line and period, for who keeps several;
    of practice lines it says so, as their page does.
    """
    whose = file_part(lines[0].number) if len(lines) == 1 else "all-lines"
    kept = "practice-" if any(line.is_practice for line in lines) else ""
    return f"line-figures-{kept}{lines[0].country_id}-{whose}-{period.first}-to-{period.last}-made"


def file_part(number: str) -> str:
    """Return a line's number as a part of a file's name: letters and digits alone."""
    return "".join(sign for sign in number if sign.isascii() and sign.isalnum())


def figure_rows(lines: Sequence[Line], period: Period, total: figures.Figures) -> list[list]:
    """Return every number of the page as a row of the file, each beside the country, the lines and the days it counts."""
    numbers = " ".join(line.number for line in lines)
    whose = [lines[0].country.name, numbers, period.first, period.last]
    return [[*whose, *cells] for cells in [*_numbers(total), *_week_numbers(total, period), *_whole_numbers(total)]]


def _week_numbers(total: figures.Figures, period: Period) -> list[list]:
    """Return a row a week; one that is not whole in the period says of how many days its number is, as the page does."""
    return [
        [_("Contacts, by week"), day, _part_words(figures.days_of_week(day, period.first, period.last)), many]
        for day, many in sorted(total.weeks.items())
    ]


def _whole_numbers(total: figures.Figures) -> list[list]:
    return [[_("Cases opened"), "", "", total.cases], [_("In danger"), "", "", total.danger]]


def _numbers(total: figures.Figures) -> list[list]:
    rows = [[_("Contacts, by channel"), way_words(key), "", many] for key, many in sorted(total.ways.items())]
    rows += [[_("How calls ended"), outcome_words(key), "", many] for key, many in sorted(total.outcomes.items())]
    rows += [[_("What contacts were about"), topic_words(key), "", many] for key, many in sorted(total.topics.items())]
    for one in language_rows(total):
        numbers = (("", one.bar.count), (_("answered"), one.answered), (_("hung up while waiting"), one.gave_up))
        rows += [[_("Contacts, by language"), one.bar.words, column, many] for column, many in numbers]
    for one in waits(total):
        rows += [[_("How long callers waited"), one.words, _("answered"), one.answered],
                 [_("How long callers waited"), one.words, _("hung up while waiting"), one.gave_up]]  # fmt: skip
    for day, name in zip(total.heat, weekdays(), strict=True):
        rows += [[_("Calls, by hour and day"), f"{hour:02}:00", name, many] for hour, many in enumerate(day) if many]
    return rows
