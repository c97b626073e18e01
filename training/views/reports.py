"""Reports for managers and analysts: numbers without names; and, for trainers, who finished what."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from accounts.queries import admits
from accounts.reports import export_mark
from accounts.views.clocks import in_own_time
from training import actions, queries, reports
from training.forms import CompletionFilter

PEOPLE_ON_A_PAGE = 50


def _filter(request, data) -> CompletionFilter:
    return CompletionFilter(
        data, countries=queries.countries_visible_to(request.user), courses=queries.course_choices(get_language())
    )


@require_GET
def completion(request):
    """Show who finished what, by office or country, as plots and as a table."""
    form = _filter(request, request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    found = queries.completion(request.user, filters, at=now)
    context = {
        "filter": form,
        "report": found,
        "bars": reports.group_bars(found),
        "month_plot": reports.month_plot(found.months),
        "language_plot": reports.language_plot(found.languages),
        "group": filters.get("group") or "office",
        "counted_at": now,
        "smallest": reports.SMALLEST,
        "is_filtered": bool(request.GET),
        "may_export": admits("training:completion_csv", request.user),
    }
    return render(request, "training/completion.html", context)


@require_POST
def completion_csv(request):
    """Send the completion table as a file that no spreadsheet takes for formulas; audited."""
    form = _filter(request, request.POST)
    filters = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    found = queries.completion(request.user, filters, at=now)
    entry = actions.note_export(by=request.user, rows=len(found.groups), at=now)
    mark = export_mark(by=request.user, at=now, entry=entry)
    response = HttpResponse(reports.completion_csv(found, mark), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="completion-{now:%Y-%m-%d}.csv"'
    return response


@require_GET
@in_own_time
def people(request):
    """Show a trainer who in her country finished what; never what anybody answered."""
    form = _filter(request, request.GET)
    course = form.cleaned_data.get("course", "") if form.is_valid() else ""
    page = Paginator(queries.people_progress(request.user, course), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    actions.note_names_read(by=request.user, rows=len(page), at=timezone.now())
    headings = dict(queries.course_choices(get_language()))
    return render(request, "training/people.html", {"filter": form, "page": page, "headings": headings})


@require_GET
def gates(request):
    """Show what each course still needs before it goes live in a country."""
    return render(
        request, "training/gates.html", {"rows": queries.gates(request.user, get_language(), timezone.now())}
    )
