"""The reports beside completion: the first page with all of them, readiness, where people stop, freshness; and their files."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.queries import admits
from accounts.reports import export_mark
from accounts.tables import KINDS
from accounts.views.files import table_file
from training import actions, queries, reports
from training.forms import CourseReportFilter, ReadinessFilter, ReportFilter
from training.queries.dashboard import CourseNumbers, Dashboard, dashboard
from training.queries.dropoff import DropOff, dropoff, most_begun
from training.queries.freshness import FreshnessTable, freshness
from training.queries.readiness import Readiness, readiness

ROWS_ON_A_PAGE = 50


def _filled(form_class: type[ReportFilter], request, data) -> tuple[ReportFilter, dict]:
    """Return a filter with what it says; one that cannot be used says nothing."""
    countries, courses = queries.countries_visible_to(request.user), queries.course_choices(get_language())
    form = form_class(data, countries=countries, courses=courses)
    return form, form.cleaned_data if form.is_valid() else {}


def _frame(request, name: str, form: ReportFilter | None = None) -> dict:
    """Return what each of these pages needs around its numbers."""
    return {
        "report_name": name,
        "filter": form,
        "smallest": reports.SMALLEST,
        "is_filtered": bool(request.GET),
        "may_export": admits("training:report_file", request.user),
        "may_see_names": queries.is_told_all(request.user),
    }


def left_out() -> list:
    """Return the courses that were taken off, for the pages that tell of what is published only."""
    return queries.courses_off(get_language())


def _dashboard(request, filters: dict) -> Dashboard:
    return dashboard(request.user, get_language())


def _readiness(request, filters: dict) -> Readiness:
    return readiness(request.user, filters, get_language(), at=timezone.now())


def _dropoff(request, filters: dict) -> DropOff:
    found = dropoff(request.user, filters, get_language())
    if found is None:
        raise Http404
    return found


def _freshness(request, filters: dict) -> FreshnessTable:
    return freshness(get_language())


OTHERS = (
    (
        "training:readiness",
        _("Who is ready"),
        _("Which offices have somebody trained now, on what, in which language."),
    ),
    # A page of the room above, known here by its name in the tables of routes.
    (
        "hotline:trained",
        _("Who is trained, by shift"),
        _("Which shifts of the hotline have a trained operator in which language."),
    ),
    ("training:completion", _("Who has finished what"), _("By office and country, by month, by language.")),
    ("training:cohorts", _("Groups"), _("How far each group is that takes a course together, and when it meets.")),
    (
        "training:dropoff",
        _("Where people stop"),
        _("Lesson by lesson, how many opened it and how many reached its end."),
    ),
    ("training:freshness", _("Courses and languages"), _("What is published, partly, out of date or missing.")),
    ("training:questions", _("How hard the questions are"), _("Course by course, overall and in each language.")),
    ("training:gates", _("Courses by country"), _("What a course still needs before a country can offer it.")),
    ("training:people", _("Learners"), _("With their names: who is how far.")),
    (
        "training:doubts",
        _("Refused and doubtful records"),
        _("What phones sent and was not counted, or counts with a time in doubt."),
    ),
    ("training:issued", _("Certificates"), _("Issued and withdrawn ones, with their codes.")),
)


def _bar(one: CourseNumbers) -> reports.Stack | None:
    """Return how a course is drawn; not at all where a number is not told, for its bar would tell it."""
    if one.current is None or one.refresher_due is None or one.finished is None:
        return None
    return reports.stacked(one.current, one.refresher_due, one.finished)


@require_GET
def overview(request):
    """Show how many are trained, course by course, and the way to every report that this person may open."""
    found = _dashboard(request, {})
    bars = [(one, _bar(one)) for one in found.courses]
    links = [(reverse(name), title, words) for name, title, words in OTHERS if admits(name, request.user)]
    context = {
        "report": found,
        "bars": bars,
        "hidden": reports.overview_left_out(found),
        "links": links,
        "news": queries.news_for(request.user, get_language(), at=timezone.now()),
        **_frame(request, "overview"),
    }
    return render(request, "training/overview.html", context)


@require_GET
def ready(request):
    """Show which offices have somebody trained, on which course and in which language, now or on a day that is past."""
    form, filters = _filled(ReadinessFilter, request, request.GET)
    found = _readiness(request, filters)
    bars = [
        (one, None if one.offices is None else reports.stacked(one.ready, one.covered, one.offices))
        for one in found.courses
    ]
    page = Paginator(found.rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"report": found, "bars": bars, "page": page, **_frame(request, "readiness", form)}
    context["hidden"] = reports.readiness_left_out(found)
    context["may_see_shifts"] = admits("hotline:trained", request.user)
    return render(request, "training/readiness.html", context)


@require_GET
def stops(request):
    """Show where people stop in a course, lesson by lesson."""
    data = request.GET if request.GET.get("course") else {**request.GET.dict(), "course": most_begun(request.user)}
    form, filters = _filled(CourseReportFilter, request, data)
    found = dropoff(request.user, filters, get_language())
    parts = found.parts if found else ()
    bars = [
        (part, None if part.opened_only is None else reports.stacked(part.ended, part.opened_only, found.begun or 0))
        for part in parts
    ]
    context = {"report": found, "bars": bars, "plot": reports.lesson_plot(parts), **_frame(request, "dropoff", form)}
    return render(request, "training/dropoff.html", context)


@require_GET
def fresh(request):
    """Show how each course stands in each language."""
    context = {"report": _freshness(request, {}), "left_out": left_out(), **_frame(request, "freshness")}
    return render(request, "training/freshness.html", context)


@dataclass(frozen=True)
class _File:
    """How a report leaves as a file: its filter, what finds it, its heads and rows, its title, who is left out."""

    form: type[ReportFilter]
    find: Callable
    heads: Callable[[], list[str]]
    rows: Callable[..., list[list]]
    title: str
    hidden: Callable[..., list[str]] = lambda _found: []


FILES = {
    "overview": _File(
        ReportFilter,
        _dashboard,
        reports.overview_heads,
        reports.overview_rows,
        _("Training at a glance"),
        reports.overview_left_out,
    ),
    "readiness": _File(
        ReadinessFilter,
        _readiness,
        reports.readiness_heads,
        reports.readiness_rows,
        _("Readiness"),
        reports.readiness_left_out,
    ),
    "dropoff": _File(
        CourseReportFilter,
        _dropoff,
        reports.dropoff_heads,
        reports.dropoff_rows,
        _("Where people stop"),
        reports.dropoff_left_out,
    ),
    "freshness": _File(
        ReportFilter, _freshness, reports.freshness_heads, reports.freshness_rows, _("Courses and languages")
    ),
}


@require_POST
def report_file(request, report, kind):
    """Send the table of a report, as it is filtered, as a file that no spreadsheet takes for formulas; audited."""
    if report not in FILES or kind not in KINDS:
        raise Http404
    file, now = FILES[report], timezone.now()
    found = file.find(request, _filled(file.form, request, request.POST)[1])
    rows = file.rows(found)
    entry = actions.note_report_exported(by=request.user, report=report, rows=len(rows), at=now)
    counted_at = None if report == "freshness" else found.counted_at
    mark = export_mark(by=request.user, at=now, entry=entry, counted_at=counted_at, left_out=file.hidden(found))
    return table_file(name=report, kind=kind, title=file.title, heads=file.heads(), rows=rows, mark=mark)
