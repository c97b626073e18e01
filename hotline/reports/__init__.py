"""Tables for a spreadsheet: the call log in codes, states and times; who is trained on each shift, in numbers.

Never a caller's number, name or word, and no name of who is trained.
"""

import csv
import io
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.choices import STANDINGS
from hotline.models import Contact
from hotline.queries.trained import Spoken, TrainedShift, TrainedWeek
from languages import table
from languages.text import safe_cell

STANDING = dict(STANDINGS)
ROW_LIMIT = 10_000  # what a spreadsheet opens well; more is refused, never cut


def columns() -> list[str]:
    """Return the heads of the columns, in the reader's language."""
    return [
        _("Code"), _("Began"), _("Ended"), _("Line"), _("Channel"), _("Language"), _("State"), _("Outcome"),
        _("About"), _("Danger"), _("Missed"), _("Follow-up ended"), _("How"), _("Practice"),
    ]  # fmt: skip


def too_many_words(many: int) -> str:
    """Return why so many contacts are no file, and what to do; "" where they fit."""
    if many <= ROW_LIMIT:
        return ""
    return _(
        "These are %(many)s contacts, and a file holds %(most)s at most. Choose fewer days above, and export the days"
        " one part after the other."
    ) % {"many": many, "most": ROW_LIMIT}


def _instant(value) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def _span(contact: Contact) -> list[str]:
    """Return when a contact began and ended; of what was written down later only the day is known."""
    if contact.happened_on:
        return [contact.happened_on.isoformat(), ""]
    return [_instant(contact.started_at), _instant(contact.ended_at)]


def row_of(contact: Contact) -> list[str]:
    """Return one contact of the log as cells."""
    yes = {True: _("yes"), False: ""}
    own = table.BY_CODE[contact.language].own if contact.language in table.BY_CODE else _("not chosen")
    return [
        contact.code, *_span(contact), contact.line.number if contact.line else "", contact.way, own, str(STANDING[contact.standing]),
        contact.get_outcome_display() if contact.outcome else "", contact.get_topic_display() if contact.topic else "",
        yes[contact.is_danger], yes[contact.is_missed], _instant(contact.closed_at),
        contact.get_closing_display() if contact.closing else "", yes[contact.is_practice],
    ]  # fmt: skip


def as_csv(contacts: Iterable[Contact], mark: Iterable[list[str]]) -> str:
    """Return contacts, and below them the mark of who exported them, as text that no spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for cells in (columns(), *(row_of(contact) for contact in contacts), *mark):
        writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def trained_heads() -> list[str]:
    """Return the heads of the table of shifts and languages."""
    return [
        _("Line"), _("Course"), _("From"), _("Until"), _("Language"), _("Operators on shift"), _("Who speak the language"),
        _("Of these current"), _("Of these with a refresher due"), _("Somebody trained"),
    ]  # fmt: skip


def trained_rows(week: TrainedWeek) -> list[list]:
    """Return a row a shift and language, by the clock of the line's country; an open time without an operator too."""
    return [_trained_cells(week, shift, one) for shift in week.shifts for one in shift.spoken]


def _trained_cells(week: TrainedWeek, shift: TrainedShift, one: Spoken) -> list:
    course = str(week.course.heading) if week.course else ""
    times = [timezone.localtime(when).replace(tzinfo=None) for when in (shift.starts_at, shift.ends_at)]
    numbers = [shift.operators, one.speakers, one.current, one.refresher_due]
    answer = "" if shift.is_bare_day else _("yes") if one.is_trained else _("no")
    return [week.line.number, course, *times, table.BY_CODE[one.code].own, *numbers, answer]
