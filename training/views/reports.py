"""Reports for managers and analysts: numbers without names; and, for trainers, who finished what."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import TooManyExports, TooManyRows, export_list, refuse_long
from accounts.queries import admits
from accounts.reports import export_mark
from accounts.views.clocks import in_own_time
from accounts.views.exports import list_refused
from accounts.views.files import table_file
from training import actions, lists, queries, reports
from training.forms import CompletionFilter, LearnersFile, StatementsForm
from training.queries.lists import enrolments_counted, enrolments_listed, results_counted, results_listed
from training.queries.statements import events_between, statement_lines

PEOPLE_ON_A_PAGE, ROWS_ON_A_PAGE = 25, 50
LISTS = {
    "enrolments": (enrolments_counted, enrolments_listed, lists.enrolment_heads, lists.enrolment_cells),
    "results": (results_counted, results_listed, lists.result_heads, lists.result_cells),
}


def _filter(request, data) -> CompletionFilter:
    return CompletionFilter(
        data, countries=queries.countries_visible_to(request.user), courses=queries.course_choices(get_language())
    )


@require_GET
def completion(request):
    """Show who finished what, by office or country, as plots and as a table."""
    form = _filter(request, request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    found = queries.completion(request.user, filters)
    page = Paginator(reports.group_bars(found), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": form,
        "report": found,
        "page": page,
        "month_plot": reports.month_plot(found.months),
        "language_plot": reports.language_plot(found.languages),
        "group": filters.get("group") or "office",
        "smallest": reports.SMALLEST,
        "is_filtered": bool(request.GET),
        "may_export": admits("training:completion_csv", request.user),
        "may_see_groups": admits("training:cohorts", request.user),
        "hidden": reports.completion_left_out(found),
        "may_see_names": queries.is_told_all(request.user),
    }
    return render(request, "training/completion.html", context)


@require_POST
def completion_file(request, kind):
    """Send the completion table as a file that no spreadsheet takes for formulas; audited."""
    form = _filter(request, request.POST)
    filters = form.cleaned_data if form.is_valid() else {}
    now = timezone.now()
    found = queries.completion(request.user, filters)
    entry = actions.note_export(by=request.user, rows=len(found.groups), at=now)
    told = {"counted_at": found.counted_at, "left_out": reports.completion_left_out(found)}
    return table_file(
        name="completion",
        kind=kind,
        title=_("Completion"),
        heads=reports.completion_heads(),
        rows=reports.completion_rows(found),
        mark=export_mark(by=request.user, at=now, entry=entry, **told),
    )


@require_POST
@in_own_time
def learners_file(request):
    """Send who began what, or how the tests ended, in the manager's country; with a reason, audited.

    Too many are refused before one is read.
    """
    form, now = LearnersFile(request.POST), timezone.now()
    if not form.is_valid():
        messages.error(request, _("Choose a list, a format, and why you export it."))
        return redirect("training:people")
    what, reason = form.cleaned_data["what"], form.cleaned_data["reason"]
    counted, listed, heads, cells = LISTS[what]
    asked = (request.user, form.cleaned_data["course"])
    try:
        refuse_long(counted(*asked))
        rows = list(listed(*asked))
        told = {"ids": [str(row.public_id) for row in rows], "reason": reason}
        entry = export_list(verb=f"training.{what}_exported", by=request.user, at=now, **told)
    except (TooManyExports, TooManyRows) as error:
        list_refused(request, error)
        return redirect("training:people")
    words = str(dict(form.fields["reason"].choices)[reason])
    return table_file(
        name=what,
        kind=form.cleaned_data["kind"],
        title=dict(form.fields["what"].choices)[what],
        heads=heads(),
        rows=[cells(row) for row in rows],
        mark=export_mark(by=request.user, at=now, entry=entry, reason=words),
    )


@require_GET
@in_own_time
def people(request):
    """Show a manager who in her country finished what, a trainer who in her groups; never what anybody answered."""
    form = _filter(request, request.GET)
    course = form.cleaned_data.get("course", "") if form.is_valid() else ""
    people = queries.learners_listed(request.user, course)
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    actions.note_names_read(by=request.user, rows=len(page), at=timezone.now())
    headings = dict(queries.course_choices(get_language()))
    file = LearnersFile(initial={"course": course}) if admits("training:learners_file", request.user) else None
    context = {"filter": form, "page": page, "headings": headings, "file": file}
    context["people"] = queries.with_progress(page.object_list, course)
    context["is_of_groups"] = not queries.is_told_all(request.user)
    return render(request, "training/people.html", context)


@require_GET
def gates(request):
    """Show what each course still needs before it goes live in a country."""
    rows = queries.gates(request.user, get_language(), timezone.now())
    return render(
        request,
        "training/gates.html",
        {"rows": rows, "left_out": queries.courses_off(get_language()), "statements": StatementsForm()},
    )


def _none_words(form: StatementsForm) -> str:
    if form.cleaned_data["since"] or form.cleaned_data["until"]:
        return _("No record lies in these days, so there is no file. Choose other days.")
    return _("There is no record yet, so there is no file.")


@require_POST
def statements(request):
    """Stream the events of this person's countries as xAPI statements, one a line; audited. Without any there is no file."""
    form, now = StatementsForm(request.POST), timezone.now()
    if not form.is_valid():
        for words in dict.fromkeys(words for of_field in form.errors.values() for words in of_field):
            messages.error(request, words)
        return redirect("training:gates")
    events = events_between(form.cleaned_data["since"], form.cleaned_data["until"], user=request.user)
    rows = events.count()
    if not rows:
        messages.info(request, _none_words(form))
        return redirect("training:gates")
    actions.note_statements_exported(by=request.user, rows=rows, at=now)
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    is_whole = request.user.has_role("administrator")  # a manager reads by name who did what, and when
    lines = statement_lines(events, base=base, numbered=actions.number_of, with_choices=is_whole)
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="statements-{now:%Y-%m-%d}.jsonl"'
    return response
