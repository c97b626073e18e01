"""The tables of the reports as rows of cells, for files; small groups are named without their numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages import table
from languages.choices import Public
from training.queries.dashboard import Dashboard
from training.queries.dropoff import LESSON, STORY, DropOff, Part
from training.queries.freshness import FreshCell, FreshnessTable
from training.queries.readiness import OfficeReady, Readiness
from training.queries.small_numbers import SMALLEST


def overview_heads() -> list[str]:
    """Return the heads of the table of courses."""
    return [
        _("Course"),
        pgettext("number of people", "Began"),
        pgettext("number of people", "Finished"),
        pgettext("number of people", "Current"),
        pgettext("number of people", "Refresher due"),
        pgettext("number of people", "Lapsed"),
        _("Lapse within 90 days"),
        _("Offices with somebody current"),
    ]


def overview_rows(report: Dashboard) -> list[list]:
    """Return a row a course, empty where it is not told; after them one for those without an account, of whom less is known."""
    rows = []
    for one in report.courses:
        told = (one.begun, one.finished, one.current, one.refresher_due, one.lapsed, one.lapsing, one.offices)
        rows.append([str(one.course), *("" if many is None else many for many in told)])
    for one in report.without_account:
        heading = _("%(course)s, without an account") % {"course": one.course}
        begun = f"<{SMALLEST}" if one.begun is None else one.begun
        rows.append([heading, begun, "" if one.finished is None else one.finished, *[""] * 5])
    return rows


def readiness_heads() -> list[str]:
    """Return the heads of the table of offices."""
    return [
        _("Office"),
        _("Place"),
        _("Course"),
        _("Officials"),
        _("Somebody current"),
        _("Languages"),
        pgettext("number of people", "Current"),
        pgettext("number of people", "Refresher due"),
        pgettext("number of people", "Lapsed"),
        _("Lapse within 90 days"),
        _("Minutes until one more is current"),
        _("Minutes until all are current"),
        _("Staff"),
        _("Staff counted on"),
        _("Share of the staff, per cent"),
        _("Shift"),
    ]


def readiness_rows(report: Readiness) -> list[list]:
    """Return a row an office and course; a small office says at most whether somebody is current."""
    return [_office_cells(row) for row in report.rows]


def _office_cells(row: OfficeReady) -> list:
    is_ready = {True: _("yes"), False: _("no"), None: ""}[row.is_ready]
    many = f"<{SMALLEST}" if row.officials is None else row.officials
    spoken = ", ".join(table.BY_CODE[code].own for code in row.languages)
    staff = row.staff if row.staff is not None else _("unknown")
    counted_on = row.office.staff_counted_on if row.staff is not None else None
    head = [row.office.name, " · ".join(row.places), str(row.course), many, is_ready, spoken]
    share = _("unknown") if row.share is None and row.current is not None else row.share
    tail = [staff, counted_on or "", "" if share is None else share]
    if row.officials is None:
        tail = ["", "", ""]
    numbers = row.numbers
    told = [""] * 6
    if numbers:
        told = [
            numbers.current,
            numbers.refresher_due,
            numbers.lapsed,
            numbers.lapsing,
            numbers.least,
            numbers.minutes,
        ]
    return [*head, *("" if one is None else one for one in told), *tail, _("not known")]


def dropoff_heads() -> list[str]:
    """Return the heads of the table of lessons."""
    return [
        _("Part of the course"),
        _("Opened"),
        _("Read to the end"),
        _("Opened only"),
        _("Stopped here"),
        _("Share of those who began, per cent"),
    ]


def dropoff_rows(report: DropOff) -> list[list]:
    """Return a row a lesson, empty where a number is not told; none where too few began."""
    if report.begun is None:
        return []
    return [[part_name(part), *_part_cells(part, report.begun)] for part in report.parts]


def _part_cells(part: Part, begun: int) -> list:
    share = None if part.ended is None else 100 * part.ended // begun
    return ["" if one is None else one for one in (part.opened, part.ended, part.opened_only, part.stopped, share)]


def part_name(part: Part) -> str:
    """Return how a part of a course is called."""
    if part.kind == LESSON:
        return _("Lesson %(number)s: %(heading)s") % {"number": part.number, "heading": part.heading}
    if part.kind == STORY:
        return _("Story: %(heading)s") % {"heading": part.heading}
    return _("Test after the course (passed)")


def freshness_heads() -> list[str]:
    """Return the heads of the table of courses and languages: a row each pair."""
    return [
        _("Course"),
        _("Language"),
        _("State"),
        _("Share published, per cent"),
        _("Texts out of date"),
        _("Gravest change not followed"),
        _("Texts that no native reader has read"),
    ]


def freshness_rows(report: FreshnessTable) -> list[list]:
    """Return a row a course and language."""
    return [
        [
            str(row.course.heading), table.BY_CODE[cell.language].own, state_words(cell), cell.percent, cell.stale,
            cell.worst_words, cell.awaiting,
        ]
        for row in report.rows
        for cell in row.told
    ]  # fmt: skip


def state_words(cell: FreshCell) -> str:
    """Return how a course stands in a language, in words."""
    return str(Public(cell.state).label)
