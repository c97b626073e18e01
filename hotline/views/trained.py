"""Who is trained on each shift: the page of a line's week, and its table as a file. For those who make the roster or answer for it."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
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
from hotline.actions.rosters import set_duty_rule
from hotline.forms.trained import DutyRuleForm, TrainedFilter
from hotline.models import DutyRule, Line
from hotline.queries import forget_lines
from hotline.queries.rosters import monday_of
from hotline.queries.trained import WEEK, TrainedWeek, lines_to_compare, trained_week
from hotline.reports import trained_heads, trained_rows
from hotline.reports.figures import file_part
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
            "rule_form": _rule_form(self.request) if admits("hotline:duty_rule", self.request.user) else None,
            "may_open_roster": admits("hotline:roster", self.request.user),
            "may_open_report": admits("training:readiness", self.request.user),
        }


def _rule_form(request, data=None) -> DutyRuleForm:
    """Return the form of the country's rule, as it stands."""
    courses = school.courses(get_language())
    rule = DutyRule.objects.filter(country_id=request.user.country_id).values_list("course", flat=True).first()
    key = next((one.key for one in courses if one.page == rule), "")
    return DutyRuleForm(data, prefix="rule", courses=courses, initial={"course": key})


@require_POST
def duty_rule(request):
    """Choose whose certificate operators of the manager's country must hold to be counted on."""
    form = _rule_form(request, request.POST)
    if request.user.country_id is None or not form.is_valid():
        raise Http404
    key = form.cleaned_data["course"]
    course = next((one.page for one in school.courses(get_language()) if one.key == key), 0)
    set_duty_rule(country=request.user.country, course=course, key=key, by=request.user, at=timezone.now())
    forget_lines()
    messages.success(request, _("Saved."))
    return redirect("hotline:trained")


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
    name = f"trained-{asked.week.line.country_id}-{file_part(asked.week.line.number)}-week-{asked.monday}-made"
    return table_file(
        name=name, kind=kind, title=_("Who is trained, by shift"), heads=trained_heads(), rows=rows, mark=mark
    )
