"""Learning without an account: begun, the code shown once and typed again, a new one, erased everywhere, taken into an account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.queries import client_address
from training import actions, credentials, queries
from training.forms.codes import BeginForm, EraseForm, ProgressCodeForm
from training.models import Course
from training.views import guests, held
from training.views.off import if_course_off
from training.views.pages import country_of, form_answer
from training.views.waiting import EVERYTHING


def _page(view):
    """Return a view as every page of this file needs it: GET and POST, kept by nobody, the code in no report of a fault."""
    return never_cache(require_http_methods(["GET", "POST"])(sensitive_post_parameters("code")(view)))


def _answer(request, template: str, context: dict, refusal: Exception | None = None):
    """Return a page with a form that no search engine keeps."""
    response = form_answer(request, template, context, getattr(refusal, "wait", 0))
    response["X-Robots-Tag"] = "noindex"
    return response


def _words_of(refusal: Exception) -> str:
    if isinstance(refusal, actions.CodeTaken):
        return _("An account has taken this progress over. Sign in to go on.")
    if isinstance(refusal, actions.CodeUnknown):
        return _("Nothing is kept under this code. Look at it once more; a code that was replaced opens nothing.")
    return str(refusal)


REFUSALS = (actions.TooMany, actions.CodeUnknown, actions.CodeTaken)


def _shown(request, learner, code: str, then: str):
    """Show a code, this once, and the way on."""
    guests.open_for(request, learner)
    context = {"code": credentials.grouped(code, credentials.PROGRESS_GROUP), "then": then}
    return render(request, "training/code.html", context)


@_page
@if_course_off
def begin(request, key):
    """Let somebody begin a course without an account, and show her the code of her progress."""
    course = Course.objects.live().filter(key=key, without_account=True).first()
    row = next(iter(queries.courses(get_language(), page=course.pk)), None) if course else None
    if row is None or not row.lessons:
        raise Http404
    if request.user.is_authenticated:
        return _begun_already(request, course, row)
    offered = [(code, name) for code, name in row.country_names.items() if code in row.countries]
    data = request.POST if request.method == "POST" else None
    form = BeginForm(data, countries=offered, tracks=row.track_choices, initial={"country": country_of(request)})
    refusal = None
    if form.is_valid():
        try:
            track = form.cleaned_data.get("track", "")
            learner, _enrolment, code = actions.begin_without_account(
                course=course, country=form.cleaned_data["country"], address=client_address(request),
                at=timezone.now(), track=track, language=get_language(),
            )  # fmt: skip
            return _shown(request, learner, code, _first(row, track).url)
        except actions.TooMany as error:
            refusal = error
            form.add_error(None, str(error))
        except (actions.NotOffered, actions.NoVersionYet):
            form.add_error("country", _("This course is not on offer there yet. Choose another country."))
    return _answer(request, "training/begin.html", {"form": form, "course": row}, refusal)


def _first(row, track: str):
    """Return the lesson with which a group of readers begins."""
    return next((one for one in row.lessons if one.is_for(track)), row.lessons[0])


def _begun_already(request, course: Course, row):
    """Lead somebody known to the course: who holds a code takes it up, no second one is made."""
    if request.method == "POST" and queries.is_holder(request.user):
        try:
            actions.begin_another(learner=request.user.learner, course=course, at=timezone.now())
        except (actions.NotOffered, actions.NoVersionYet):
            return redirect(row.url)
        messages.info(
            request,
            _("You have a code already; it keeps this course too. If you did not write it down, make a new one."),
        )
        return redirect("training:learning")
    return redirect(row.url)


@_page
def open_code(request):
    """Let somebody go on where her code is known: on another phone, or after this one was emptied."""
    if request.user.is_authenticated:
        return redirect("training:learning")
    form, refusal = ProgressCodeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            learner = actions.open_with_code(
                code=form.cleaned_data["code"], address=client_address(request), at=timezone.now()
            )
            guests.open_for(request, learner)
            return redirect(held.address(request) or "training:learning")
        except REFUSALS as error:
            refusal = error
            form.add_error("code", _words_of(error))
    return _answer(request, "training/open_code.html", {"form": form}, refusal)


@_page
def new_code(request):
    """Make another code for who has lost hers and is still known on this phone."""
    if not queries.is_holder(request.user):
        return redirect("training:open_code")
    if request.method == "GET":
        return render(request, "training/new_code.html")
    code = actions.replace_code(learner=request.user.learner, at=timezone.now())
    return _shown(request, request.user.learner, code, reverse("training:learning"))


@_page
def claim(request):
    """Take what was done with a code into the account of who is signed in, and say what became of each course."""
    form, refusal = ProgressCodeForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            found = actions.claim(
                user=request.user, code=form.cleaned_data["code"], address=client_address(request), at=timezone.now()
            )
            held.claim(request, request.user)
            return render(request, "training/claimed.html", _told(found))
        except REFUSALS as error:
            refusal = error
            form.add_error("code", _words_of(error))
    return _answer(request, "training/claim.html", {"form": form}, refusal)


def _told(found: actions.Claimed) -> dict:
    """Return what was taken over and what was joined, by the headings of the courses."""
    pages = [one.course_id for one in (*found.taken, *found.joined)]
    rows = {row.page: row for row in queries.courses_known(get_language(), pages)}
    told = {"taken": found.taken, "joined": found.joined}
    shown = {name: [rows[one.course_id] for one in some if one.course_id in rows] for name, some in told.items()}
    return shown | {"practice": found.practice}


@_page
def erase(request):
    """Erase everything that is kept under a code, wherever it was done; told apart from emptying this phone."""
    is_known = queries.is_holder(request.user)
    form, refusal = EraseForm(request.POST if request.method == "POST" else None, is_known=is_known), None
    if form.is_valid():
        try:
            return _erased(request, form.cleaned_data)
        except REFUSALS as error:
            refusal = error
            form.add_error("code", _words_of(error))
    return _answer(request, "training/erase.html", {"form": form, "is_known": is_known}, refusal)


def _erased(request, given: dict):
    now = timezone.now()
    learner = (
        request.user.learner
        if queries.is_holder(request.user)
        else actions.found_by(code=given["code"], address=client_address(request), at=now)
    )
    actions.erase_progress(learner=learner, by="anonymous", at=now)
    if queries.is_holder(request.user):
        logout(request)
    response = render(request, "training/erased.html", {"is_empty": given["phone"]})
    if given["phone"]:
        response["Clear-Site-Data"] = EVERYTHING
    return response
