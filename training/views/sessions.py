"""The meetings of a group: planned, moved, taken out; who was there, by list, paper or code; the list to print."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.queries.clocks import day_in
from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from training import actions, printing, queries
from training.choices import VoidReason
from training.forms import owner_of, sign_own
from training.forms.cohorts import AttendanceForm, TakeBackForm
from training.forms.sessions import SessionForm
from training.models import Session
from training.rules import RULES
from training.views import held
from training.views.cohorts import cohort_for
from training.views.printed import pdf_response


def session_for(request, key) -> Session:
    """Return a meeting of a group that this person runs; answer 404 for every other."""
    session = queries.sessions_visible_to(request.user).filter(public_id=key).first()
    if session is None or not allowed(request.user, RULES, "run_cohort", session.cohort):
        raise Http404
    return session


def _members(request, session: Session):
    return queries.members_inside(request.user, session.cohort)


@require_http_methods(["GET", "POST"])
@in_own_time
def new_session(request, cohort):
    """Plan a meeting of a group."""
    row, now = cohort_for(request, cohort), timezone.now()
    initial = {"place": row.place, "minutes": 120}
    data, today = request.POST if request.method == "POST" else None, day_in(row.country, now)
    form = SessionForm(data, cohort=row, today=today, initial=initial)
    if not form.is_valid():
        context = {"form": form, "cohort": row}
        return render(request, "training/session_form.html", context, status=422 if form.is_bound else 200)
    planned = actions.plan_session(cohort=row, by=request.user, at=now, **form.facts())
    messages.success(request, _("The session is planned. Its members see it in “My learning”."))
    return redirect("training:session", planned.public_id)


@require_http_methods(["GET", "POST"])
@in_own_time
def change_session(request, session):
    """Move a meeting, or change how long it is and where."""
    row = session_for(request, session)
    local = timezone.localtime(row.starts_at)
    initial = {"day": local.date(), "time": local.time(), "minutes": row.minutes, "place": row.place}
    data, today = request.POST if request.method == "POST" else None, day_in(row.cohort.country, timezone.now())
    form = SessionForm(data, cohort=row.cohort, today=today, initial=initial)
    if not form.is_valid() or not _is_changed(request, row, form):
        context = {"form": form, "cohort": row.cohort, "session": row}
        return render(request, "training/session_form.html", context, status=422 if form.is_bound else 200)
    messages.success(request, _("The session is changed."))
    return redirect("training:session", row.public_id)


def _is_changed(request, row: Session, form: SessionForm) -> bool:
    """Change a meeting; where people who were there speak against it, the form says so and nothing is changed."""
    told = form.facts() | {"shorten": form.is_to_shorten}
    try:
        actions.change_session(session=row, by=request.user, at=timezone.now(), **told)
    except actions.SessionAttended as refusal:
        form.add_error("day", str(refusal))
    except actions.SessionShortened as refusal:
        form.ask_to_shorten(refusal)
    return form.is_valid()


@require_http_methods(["GET", "POST"])
@in_own_time
def session(request, session):
    """Show who was at a meeting and take the ticks of more, also those that waited; the code for the board stands above.

    Of several that waited each is taken in its turn, and what is odd stands in the form. Names read are recorded.
    """
    row, now = session_for(request, session), timezone.now()
    members, waited = _members(request, row), held.take(request)
    posts = waited or [request.POST] * (request.method == "POST")
    if waited:
        messages.info(request, held.SENT_NOW)
    odd = [form for form in _taken(request, row, posts, members, now) if not form.is_valid()]
    if posts and not odd:
        return redirect("training:session", row.public_id)
    form, ticked = _shown(request, odd, members)
    view = queries.cohort_view(row.cohort, members, get_language(), at=now)
    actions.note_names_read(by=request.user, rows=len(view.lines), at=now)
    key = str(row.public_id)
    context = {
        "session": row,
        "cohort": row.cohort,
        "view": view,
        "form": form,
        "token": sign_own(request.user.public_id, row.public_id),
        "there": [(line, line.minutes[key]) for line in view.lines if key in line.minutes],
        "absent": [(line, str(line.member.public_id) in ticked) for line in view.lines if key not in line.minutes],
        "reasons": VoidReason.choices,
        "is_ahead": now < row.starts_at - actions.EARLY,
        "is_open": row.starts_at - actions.EARLY <= now <= row.ends_at + actions.LATE,
    }
    return render(request, "training/session.html", context, status=422 if form.errors else 200)


def keep_ticks(request) -> bool:
    """Keep the ticks of a meeting that are sent when the session is over; tell whether they wait now."""
    if request.resolver_match.view_name != "training:session":
        return False
    who = owner_of(request.POST, request.resolver_match.kwargs["session"])
    return bool(who) and held.keep(request, who)


def _taken(request, row: Session, posts, members, now) -> list[AttendanceForm]:
    """Take ticks in the order in which they were sent; return the forms they came by."""
    forms = [AttendanceForm(data, members=members) for data in posts]
    for form in forms:
        if form.is_valid():
            _mark(request, row, form.cleaned_data, now)
    return forms


def _shown(request, odd: list[AttendanceForm], members) -> tuple[AttendanceForm, set[str]]:
    """Return the form to show, which is the last of the odd ones, and every tick of theirs; say what is odd in the others."""
    form = odd[-1] if odd else AttendanceForm(members=members)
    for error in (error for one in odd[:-1] for errors in one.errors.values() for error in errors):
        messages.error(request, error)
    return form, {key for one in odd for key in one.data.getlist("members")}


def _mark(request, row: Session, given: dict, now) -> None:
    ticks = {"members": given["members"], "how": given["how"], "minutes": given["minutes"]}
    try:
        count = actions.mark_attendance(session=row, by=request.user, at=now, **ticks)
    except (actions.SessionAhead, actions.NotTaken, actions.NotRecorded) as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(count)s person is down as present.", "%(count)s people are down as present.", count)
        messages.success(request, words % {"count": count})


@require_POST
def take_back(request, session):
    """Take attendance back of one person, with a reason."""
    row = session_for(request, session)
    form = TakeBackForm(request.POST, members=_members(request, row))
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    try:
        actions.take_back(
            session=row, member=given["member"], reason=given["reason"], by=request.user, at=timezone.now()
        )
        messages.success(request, _("The tick is taken back. Who, when and why is recorded."))
    except (actions.NotPresent, actions.NotRecorded) as refusal:
        messages.info(request, str(refusal))
    return redirect("training:session", row.public_id)


@require_POST
def drop_session(request, session):
    """Take a meeting that nobody attended out of the timetable."""
    row = session_for(request, session)
    try:
        actions.drop_session(session=row, by=request.user, at=timezone.now())
    except actions.SessionHeld as refusal:
        messages.error(request, str(refusal))
        return redirect("training:session", row.public_id)
    messages.success(request, _("The session is out of the timetable."))
    return redirect("training:cohort", row.cohort.public_id)


@require_GET
@in_own_time
def sheet(request, session):
    """Send the list of a meeting to sign on paper, with the numbers by which its rows are ticked afterwards."""
    row, now = session_for(request, session), timezone.now()
    names = [(one.number, str(one.enrolment.learner.user)) for one in _members(request, row)]
    actions.note_names_read(by=request.user, rows=len(names), at=now)
    heading = next((str(one.heading) for one in queries.courses(get_language(), page=row.cohort.course_id)), "")
    return pdf_response(
        request,
        lambda: printing.attendance_sheet(
            row, names, heading=heading, language=get_language(), on=timezone.localdate()
        ),
        f"attendance-{timezone.localtime(row.starts_at):%Y-%m-%d}.pdf",
        back=reverse("training:session", args=[row.public_id]),
    )
