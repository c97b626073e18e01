"""Groups of learners for who trains them: the list, one group with its members and meetings, made and changed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.queries.clocks import day_in
from accounts.reports import export_mark
from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from accounts.views.files import table_file
from training import actions, lists, queries, reports
from training.choices import Done
from training.forms.cohorts import CohortForm, JoinWindow, OfficeForm
from training.models import Cohort, Course
from training.queries.doubts import waiting_for
from training.rules import RULES

ON_A_PAGE = 50
# Each state of a lesson by a shape of its own, beside its word; no colour is needed to tell them apart.
SHAPES = {Done.DONE: "tick", Done.BEGUN: "half", Done.DUE: "tri", Done.NOT_BEGUN: "ring"}


def cohort_for(request, key) -> Cohort:
    """Return a cohort that this person runs; answer 404 for every other."""
    cohort = queries.cohorts_visible_to(request.user).filter(public_id=key).first()
    if cohort is None or not allowed(request.user, RULES, "run_cohort", cohort):
        raise Http404
    return cohort


@require_GET
@in_own_time
def cohorts(request):
    """Show the groups that this person runs, each with how far its members are."""
    now = timezone.now()
    keys = queries.cohorts_visible_to(request.user).values_list("pk", flat=True)
    page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = queries.completion_by_cohort(request.user, get_language(), at=now, only=page)
    today = timezone.localdate()
    over = {one.cohort.pk for one in rows if one.cohort.due_on and one.cohort.due_on < today}
    bars = [(one, reports.stacked(one.finished, one.under_way, one.total)) for one in rows]
    context = {"page": page, "bars": bars, "over": over, "has_country": bool(request.user.country_id)}
    context["doubts"] = waiting_for(request.user, at=now)
    return render(request, "training/cohorts.html", context)


@require_POST
@in_own_time
def cohorts_file(request, kind):
    """Send how far each group is as a file that no spreadsheet takes for formulas; audited."""
    now = timezone.now()
    rows = queries.completion_by_cohort(request.user, get_language(), at=now)
    entry = actions.note_export(by=request.user, rows=len(rows), at=now)
    country = str(request.user.country or "")  # who has none runs no group
    return table_file(
        name="groups",
        kind=kind,
        title=_("Groups"),
        heads=lists.cohort_heads(),
        rows=[lists.cohort_cells(row, country) for row in rows],
        mark=export_mark(by=request.user, at=now, entry=entry),
    )


@require_GET
@in_own_time
def cohort(request, cohort):
    """Show one group: who is how far, when it meets, who was there. That the names were read is recorded."""
    row, now = cohort_for(request, cohort), timezone.now()
    request.user.country = row.country  # the same one, read with the group: the masthead names it
    members = Paginator(queries.members_inside(request.user, row), ON_A_PAGE).get_page(request.GET.get("page"))
    view = queries.cohort_view(row, members.object_list, get_language(), at=now)
    actions.note_names_read(by=request.user, rows=len(view.lines), at=now)
    today = day_in(row.country, now)
    context = {
        "cohort": row,
        "view": view,
        "page": members,
        "shapes": SHAPES,
        "states": [(state.label, SHAPES[state]) for state in Done],
        "trainers": row.trainers.all(),
        "window": JoinWindow(today=today, initial={"until": max(row.due_on or today, today)}),
        "offices": OfficeForm(cohort=row),
        "is_over": view.due_at is not None and view.due_at <= now,
        "code_is_over": row.join_until is not None and row.join_until < today,
        "now": now,
        "doubts": waiting_for(request.user, at=now),
    }
    return render(request, "training/cohort.html", context)


@require_http_methods(["GET", "POST"])
@in_own_time
def new_cohort(request):
    """Make a group in this person's country; who trains makes it her own."""
    country, now = request.user.country, timezone.now()
    if country is None:
        raise Http404
    courses = [(row.key, str(row.heading)) for row in queries.courses_to_begin(country, get_language(), now)]
    mine = [request.user] if request.user.has_role("trainer") else []
    today = day_in(country, now)
    form = CohortForm(
        request.POST if request.method == "POST" else None,
        country=country,
        today=today,
        courses=courses,
        initial={"trainers": mine, "begins_on": today, "languages": country.languages[:1]},
    )
    if not form.is_valid():
        context = {"form": form, "has_courses": bool(courses)}
        return render(request, "training/cohort_form.html", context, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    given["course"] = Course.objects.get(key=given["course"])
    made = actions.make_cohort(country=country, by=request.user, at=now, **given)
    messages.success(request, _("The group is made. Let its members in, and plan when it meets."))
    return _to_page(request, made)


def _to_page(request, row: Cohort):
    """Lead to the page of a group, or to all groups whoever has just left it to other trainers."""
    is_hers = queries.cohorts_visible_to(request.user).filter(pk=row.pk).exists()
    return redirect("training:cohort", row.public_id) if is_hers else redirect("training:cohorts")


@require_http_methods(["GET", "POST"])
@in_own_time
def change_cohort(request, cohort):
    """Change what a group is called, who trains it, where and until when."""
    row, now = cohort_for(request, cohort), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = CohortForm.of(row, data, today=day_in(row.country, now))
    if not form.is_valid():
        context = {"form": form, "cohort": row, "has_courses": True}
        return render(request, "training/cohort_form.html", context, status=422 if form.is_bound else 200)
    actions.change_cohort(cohort=row, by=request.user, at=now, **form.cleaned_data)
    messages.success(request, _("The group is changed."))
    return _to_page(request, row)


@require_POST
@in_own_time
def open_joining(request, cohort):
    """Let officials of the country in by a new code, until a day."""
    row, now = cohort_for(request, cohort), timezone.now()
    form = JoinWindow(request.POST, today=day_in(row.country, now))
    if form.is_valid():
        actions.open_joining(cohort=row, until=form.cleaned_data["until"], by=request.user, at=now)
        messages.success(request, _("Show the code to those who shall come in. An earlier code counts no more."))
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect("training:cohort", row.public_id)


@require_POST
def close_joining(request, cohort):
    """Let nobody in by the code any more."""
    row = cohort_for(request, cohort)
    actions.close_joining(cohort=row, by=request.user, at=timezone.now())
    messages.success(request, _("The code lets nobody in any more."))
    return redirect("training:cohort", row.public_id)
