"""Who is trained on each shift: the page of a line's week, and its table as a file. For those who make the roster or answer for it."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.queries import admits
from accounts.reports import export_mark
from accounts.rules import allowed
from accounts.tables import KINDS
from accounts.views.files import table_file
from hotline.actions import exports
from hotline.forms.trained import TrainedFilter
from hotline.models import Line
from hotline.queries.rosters import monday_of
from hotline.queries.trained import WEEK, TrainedWeek, lines_to_compare, trained_week
from hotline.reports import trained_heads, trained_rows
from hotline.rules import RULES
from training import queries as school

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What is shown: the lines to choose from, the week of one of them (None: there is no line), and the filter."""

    lines: list[Line]
    week: TrainedWeek | None
    form: TrainedFilter
    monday: dt.date


def _asked(request, data) -> Asked:
    """Return the line, course and week that a person asks for; what she may not see raises 404."""
    lines, courses = list(lines_to_compare(request.user)), school.courses(get_language())
    if not all(allowed(request.user, RULES, "see_trained", line) for line in lines):
        raise Http404
    bound, at = TrainedFilter(data, lines=lines, courses=courses), timezone.now()
    wanted = bound.cleaned_data if bound.is_valid() else {}
    line = next((one for one in lines if str(one.public_id) == wanted.get("line")), next(iter(lines), None))
    monday = monday_of(wanted.get("week") or timezone.localdate())
    week = trained_week(line, courses, wanted.get("course", ""), monday, at=at) if line else None
    if bound.is_valid() and week:
        course = week.course.key if week.course else ""
        bound = TrainedFilter(
            lines=lines, courses=courses, initial={"line": line.public_id, "course": course, "week": monday}
        )
    return Asked(lines, week, bound, monday)


class Trained(TemplateView):
    """Which shifts of a week have a trained operator in which language, those that have none first."""

    template_name = "hotline/trained.html"

    def get_context_data(self, **kwargs):
        """Return the week and the way to its neighbours."""
        asked = _asked(self.request, self.request.GET)
        return super().get_context_data(**kwargs) | {
            "form": asked.form,
            "week": asked.week,
            "has_lines": len(asked.lines) > 1,
            "before": asked.monday - WEEK,
            "after": asked.monday + WEEK,
            "monday": asked.monday,
            "sunday": asked.monday + WEEK - DAY,
            "may_open_roster": admits("hotline:roster", self.request.user),
            "may_open_report": admits("training:readiness", self.request.user),
        }


@require_POST
def trained_file(request, kind):
    """Send the table of a week as a file that no spreadsheet takes for formulas; audited."""
    asked, now = _asked(request, request.POST), timezone.now()
    if kind not in KINDS or asked.week is None or asked.form.errors:
        raise Http404
    rows = trained_rows(asked.week)
    entry = exports.note_trained_exported(
        line=asked.week.line, course=asked.week.course.key if asked.week.course else "", week=asked.monday,
        rows=len(rows), by=request.user, at=now,
    )  # fmt: skip
    mark = export_mark(by=request.user, at=now, entry=entry)
    return table_file(
        name="trained", kind=kind, title=_("Who is trained, by shift"), heads=trained_heads(), rows=rows, mark=mark
    )
