"""Who is in no number of a report, in words: the same beside the figures of its page and in its files."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.queries.completion import Completion
from training.queries.dashboard import Dashboard
from training.queries.dropoff import DropOff
from training.queries.hidden import Hidden
from training.queries.readiness import Readiness
from training.queries.small_numbers import SMALLEST


def overview_left_out(report: Dashboard) -> list[str]:
    """Return who is in no number of the first page."""
    return [*_hidden(report.hidden), *_withheld(report.is_partial)]


def completion_left_out(report: Completion) -> list[str]:
    """Return who is in no number of completion."""
    return _hidden(report.hidden)


def readiness_left_out(report: Readiness) -> list[str]:
    """Return who is in no number of readiness, and of how many offices only a yes or no is told."""
    return _hidden(report.hidden, report.only_said)


def dropoff_left_out(report: DropOff) -> list[str]:
    """Return who is in no number of where people stop."""
    words = _(
        "Offices under %(smallest)s officials are left out, and countries in which fewer than %(smallest)s began."
    )
    return [words % {"smallest": SMALLEST}, *_withheld(report.withheld)]


def _withheld(is_withheld: object) -> list[str]:
    words = _("Left out of the totals: countries where the small number of an office could be worked out from them.")
    return [words] if is_withheld else []


def _hidden(hidden: Hidden, only_said: int = 0) -> list[str]:
    """Return who is left out and why, a sentence each."""
    said = []
    if hidden.is_all:
        said.append(_("Numbers of people are hidden, so that no single person can be told from them."))
    if hidden.offices:
        words = ngettext(
            "%(number)s office with fewer than %(smallest)s officials is in none of these numbers.",
            "%(number)s offices with fewer than %(smallest)s officials are in none of these numbers.",
            hidden.offices,
        )
        said.append(words % {"number": hidden.offices, "smallest": SMALLEST})
    if only_said:
        words = ngettext(
            "Of %(number)s office with fewer than %(smallest)s officials it is told whether somebody is current, and no number.",
            "Of %(number)s offices with fewer than %(smallest)s officials it is told whether somebody is current, and no number.",
            only_said,
        )
        said.append(words % {"number": only_said, "smallest": SMALLEST})
    if hidden.has_no_office:
        said.append(_("Officials without an office are in none of these numbers."))
    return said
