"""The plots and the table of completion, and the file of a learner's history."""

import csv
import io
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from languages import table
from languages.text import safe_cell
from training.queries.completion import SMALLEST, Completion, Group, Share
from training.queries.history import Entry
from training.queries.small_numbers import Span
from training.reports.stacks import BASE, LEFT, PLOT_WIDTH, Line, guides, round_up, stacked

ROW_HEIGHT = 66


@dataclass(frozen=True)
class Bar:
    """A group as one bar: finished filled, under way hatched, the rest outlined."""

    group: Group
    finished: float = 0
    under_way: float = 0
    hatches: tuple[float, ...] = ()


@dataclass(frozen=True)
class Column:
    """One month or several: where the column stands, how high it is, its words."""

    x: float
    y: float
    height: float
    count: int
    middle: float
    label: str
    full_label: str


@dataclass(frozen=True)
class MonthPlot:
    """Finished by months; `is_joined` when some stand together."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    width: float
    is_joined: bool


@dataclass(frozen=True)
class Row:
    """One language: its words, and below them its bar of those who began and of those who finished."""

    name: str
    code: str
    finished: int
    begun: int
    words_y: int
    y: int
    begun_x: float
    begun_width: float
    finished_x: float
    finished_width: float


@dataclass(frozen=True)
class LanguagePlot:
    """Finished by language; a line of words begins at `start_x` and ends at `end_x`, as the reader's writing runs."""

    rows: tuple[Row, ...]
    height: int
    start_x: float
    end_x: float


def _from_start(x: float, width: float = 0) -> float:
    """Return where a thing is drawn that lies so far from where writing begins; a time axis is not mirrored."""
    return round(PLOT_WIDTH - x - width, 1) if get_language_bidi() else x


def group_bars(report: Completion) -> tuple[Bar, ...]:
    """Return each group's bar; a small group has none, nor one of which too little is told."""
    return tuple(_bar(group) for group in report.groups)


def _bar(group: Group) -> Bar:
    if group.under_way is None:
        return Bar(group)
    drawn = stacked(group.finished, group.under_way, group.total)
    return Bar(group, drawn.filled, drawn.hatched, drawn.hatches)


def month_plot(months: tuple[Span, ...]) -> MonthPlot | None:
    """Return the columns of a plot by months, or None when there is nothing to show."""
    if not months:
        return None
    top = round_up(max(span.count for span in months))
    step = (PLOT_WIDTH - LEFT) / len(months)
    width = round(min(34.0, step * 0.6), 1)
    columns = []
    for place, span in enumerate(months):
        height = round((BASE - 26) * span.count / top, 1)
        x = round(LEFT + step * place + (step - width) / 2, 1)
        short, long = _said(span, "M"), _said(span, "YEAR_MONTH_FORMAT")
        middle = round(x + width / 2, 1)
        columns.append(Column(x, round(BASE - height, 1), height, span.count, middle, short, long))
    return MonthPlot(tuple(columns), guides(top), width, any(span.first != span.last for span in months))


def _said(span: Span, form: str) -> str:
    """Return the months of a span: the one, or from the first to the last."""
    return "–".join(dict.fromkeys(date_format(month, form) for month in (span.first, span.last)))


def language_plot(shares: tuple[Share, ...]) -> LanguagePlot | None:
    """Return one bar a language, drawn to the scale of the largest, or None when there is nothing to show."""
    if not shares:
        return None
    unit = PLOT_WIDTH / max(share.begun for share in shares)
    rows = tuple(_row(share, unit, ROW_HEIGHT * place) for place, share in enumerate(shares))
    return LanguagePlot(rows, ROW_HEIGHT * len(rows), _from_start(0), _from_start(PLOT_WIDTH))


def _row(share: Share, unit: float, top: int) -> Row:
    begun, finished = round(share.begun * unit - 2, 1), round(share.finished * unit - 2, 1)
    return Row(
        name=table.BY_CODE[share.code].own,
        code=share.code,
        finished=share.finished,
        begun=share.begun,
        words_y=top + 26,
        y=top + 34,
        begun_x=_from_start(1, begun),
        begun_width=begun,
        finished_x=_from_start(1, max(finished, 0)),
        finished_width=max(finished, 0),
    )


def completion_heads() -> list[str]:
    """Return the heads of the table of completion."""
    return [_("Group"), _("Place"), _("People"), _("Finished"), _("Under way"), _("Not begun"), _("Share, per cent")]


def completion_rows(report: Completion) -> list[list]:
    """Return the rows of the table; a small group is named without its numbers, and what is not told is empty."""
    return [_cells(group) for group in report.groups]


def _cells(group: Group) -> list:
    name, place = group.name or _("No office"), " · ".join(group.places)
    if group.has_only_small:
        return [name, place, pgettext("a number", "hidden"), "", "", "", ""]
    if group.is_hidden:
        return [name, place, f"<{SMALLEST}", "", "", "", ""]
    told = (group.finished, group.under_way, group.not_begun, group.percent)
    return [name, place, group.total, *("" if one is None else one for one in told)]


def history_csv(entries: list[Entry]) -> str:
    """Return everything that is kept of a learner as a file: one row an event, with what it says and its id."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(
        [
            _("When"), _("Received"), _("What"), _("Course"), _("Lesson or test"), _("Language"), _("How it came"),
            _("Version of the course"), _("Country of the version"), _("What was sent"), _("Number of the record"),
        ]
    )  # fmt: skip
    for one in entries:
        about = " · ".join(part for part in (str(one.lesson or ""), one.about) if part)
        course = str(one.course) if one.course else ""
        cells = [one.at.isoformat(), one.received_at.isoformat(), one.what, course, about, one.language, one.road]
        write([safe_cell(str(cell)) for cell in [*cells, one.edition, one.edition_of, one.payload, one.id]])
    return "\ufeff" + out.getvalue()
