"""Lessons, courses and curricula, served for Wagtail's pages; the catalogue."""

from contextlib import suppress

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.views.clocks import in_own_time
from training import actions, grading, progress, queries
from training.choices import END, WHAT_IS_MISSING, Reason, Source, Verb
from training.exchange import stable_id
from training.forms import TokenForm, sign, sound_response
from training.models import Course, Curriculum, Lesson, Module
from training.queries.holders import is_of
from training.views import held
from training.views.off import taken_off, tell_kept
from training.views.refreshed import taken, tell_refreshed


def serve(request, page):
    """Return the response for a school page."""
    return _VIEWS[type(page)](request, page)


def country_of(request) -> str:
    """Return the reader's country: her account's, else the one she chose on this page."""
    if request.user.is_authenticated and request.user.country_id:
        return request.user.country_id
    chosen = request.GET.get("country", "")
    return chosen if len(chosen) == 2 and chosen.isascii() and chosen.isupper() else ""


def lesson(request, page: Lesson):
    """Show a lesson, or take an answer to its check or its end."""
    form = TokenForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        return _posted(request, page, form.cleaned_data["token"], request.POST)
    waited = held.take(request)
    if waited:
        return _resumed(request, page, waited)
    view = _lesson_view(request, page)
    if _is_to_note(request, view):
        with suppress(actions.NotOffered):  # taken off this very moment: what is read anew says so
            _note(request, view)
        view = _lesson_view(request, page)
    if form is None:
        return _render(request, view)
    return _render(request, view, faults=form.errors["token"], status=422)


def off_at_address(request, found: queries.TakenOff):
    """Say what was taken off at this address; what a page sends that was open when it went is taken in all the same."""
    sent = [request.POST] if request.method == "POST" else held.take(request)
    if sent and found.lesson and not request.user.is_authenticated:
        form = TokenForm(request.POST)
        if (
            form.is_valid()
            and form.cleaned_data["token"]["who"]
            and held.keep(request, form.cleaned_data["token"]["who"])
        ):
            messages.warning(
                request, _("You are signed out. What you sent is kept for one hour: sign in, and it is sent.")
            )
    elif sent and found.lesson and queries.has_begun(request.user, found.course.page):
        page = Lesson.objects.get(pk=found.lesson)
        if sum(_is_taken_in(request, page, data) for data in sent):
            tell_kept(request)
    return taken_off(request, found)


def _is_taken_in(request, page: Lesson, data) -> bool:
    form = TokenForm(data)
    if not form.is_valid() or not is_of(request.user, form.cleaned_data["token"]["who"]):
        return False
    with suppress(Http404):
        return _posted(request, page, form.cleaned_data["token"], data).status_code == 302
    return False


def _lesson_view(request, page: Lesson, responses: dict | None = None):
    view = queries.lesson_view(
        page, language=get_language(), user=request.user, at=timezone.now(), country=country_of(request),
        responses=responses,
    )  # fmt: skip
    if view is None:
        raise Http404
    return view


def _screen_asked(request, view):
    wanted = request.GET.get("screen", "")
    return next((screen for screen in view.screens if screen.id == wanted), None)


def _is_to_note(request, view) -> bool:
    """Tell whether something is kept for the reader, and this opening is new."""
    if view.closed or not request.user.is_authenticated:
        return False
    return view.id not in view.place.opened or _is_new_screen(request, view)


def _is_new_screen(request, view) -> bool:
    screen = _screen_asked(request, view)
    return screen is not None and not view.place.has_read(view.id, screen.id)


def _note(request, view) -> None:
    """Enrol at the first opening; note the lesson, and the screen that the address names."""
    screen = _screen_asked(request, view)
    actions.open_lesson(
        user=request.user,
        course=Course.objects.get(pk=view.course.page),
        lesson=view.id,
        screen=screen.id if screen else "",
        language=get_language(),
        at=timezone.now(),
    )


def _resumed(request, page: Lesson, waited):
    """Take what waited for a learner since her session was over, as if she sent it now."""
    messages.info(request, held.SENT_NOW)
    response = HttpResponseRedirect(request.path)
    for form, data in ((TokenForm(data), data) for data in waited):
        if form.is_valid():
            response = _posted(request, page, form.cleaned_data["token"], data)
    return response


def _render(request, view, *, faults=(), status=200, is_lost=False, is_held=False):
    is_signed_in = request.user.is_authenticated
    keeps = is_signed_in and not view.closed
    person = str(request.user.public_id) if keeps else ""
    place = {"who": person, "lesson": view.id, "version": view.version}
    tokens = {item: sign(place | {"item": item, "turn": turn}) for item, turn in view.turns.items()}
    context = {
        "lesson": view,
        "tokens": tokens,
        "end_token": sign(place | {"item": END, "turn": 1}),
        "faults": faults,
        "is_lost": is_lost,
        "is_held": is_held,
        "at_screen": _screen_asked(request, view),
        "query": "" if is_signed_in or not view.country else f"?country={view.country}",
        "is_signed_in": is_signed_in,
        "keeps": keeps,
        "after": _after(view, request) if keeps else "",
        "site": f"{request.scheme}://{request.get_host()}",
        "next_path": request.get_full_path(),
    }
    return render(request, "training/lesson.html", context, status=status)


def _posted(request, page: Lesson, token: dict, data):
    """Take what the form sent: kept for a learner, explained for anybody; a learner's whose session is over waits for her."""
    view = _lesson_view(request, page)
    if token["lesson"] != view.id:
        raise Http404
    is_hers = request.user.is_authenticated and is_of(request.user, token["who"])
    if is_hers and view.closed:
        return _render(request, view, faults=[Reason.NOT_OFFERED.label], status=409)
    is_lost = bool(token["who"]) and not is_hers
    is_held = is_lost and not request.user.is_authenticated and held.keep(request, token["who"])
    if token["item"] == END:
        if is_lost:
            return _render(request, view, status=409, is_lost=True, is_held=is_held)
        if is_hers:
            _record(
                request,
                token,
                Verb.REACHED,
                {"screen": END},
                stable_id("end", token["who"], view.id, token["version"]),
            )
        return HttpResponseRedirect(_after(view, request))
    return _answered(request, page, view, token, data, is_hers=is_hers, is_lost=is_lost, is_held=is_held)


def _after(view, request) -> str:
    """Return where the end of a lesson leads: to what else is asked anew, where something may be, else to the next lesson."""
    if request.user.is_authenticated and (view.is_risen or view.place.has_done_all):
        return reverse("training:go_on", args=[view.course.key])
    if view.next is not None:
        return view.next.url + (
            "" if request.user.is_authenticated or not view.country else f"?country={view.country}"
        )
    return f"{view.course.url}#test"


def _answered(request, page, view, token, data, *, is_hers, is_lost, is_held):
    screen = next((one for one in view.screens if one.id == token["item"] and one.question), None)
    if screen is None:
        raise Http404
    item = screen.question.item
    response = sound_response(item, data, units=screen.question.units)
    if grading.is_empty(response):
        return _render(request, view, faults=[WHAT_IS_MISSING[item.kind]], status=422)
    if not is_hers:
        explained = _lesson_view(request, page, {screen.id: response})
        return _render(request, explained, is_lost=is_lost, is_held=is_held)
    payload = {"attempt": None, "item": screen.id, "turn": token["turn"], "response": response}
    key = stable_id(
        "answer", token["who"], token["version"], screen.id, str(token["turn"]), progress.canonical(response)
    )
    _record(request, token, Verb.ANSWERED, payload, key)
    return HttpResponseRedirect(f"{request.path}?screen={screen.id}#s-{screen.id}")


def _record(request, token: dict, verb: str, payload: dict, key) -> None:
    now = timezone.now()
    arrival = actions.Arrival(
        id=key, verb=verb, activity=token["lesson"], version=token["version"], language=get_language(),
        occurred_at=now, payload=payload,
    )  # fmt: skip
    learner = actions.learner_of(request.user)
    outcomes = actions.record_events(learner=learner, arrivals=[arrival], source=Source.FORM, at=now)
    tell_refreshed(request, learner, taken([arrival], outcomes), now)


@in_own_time
def course(request, page: Course):
    """Show a course: what it asks, its lessons, its languages, where the reader is."""
    view = queries.course_view(page, language=get_language(), user=request.user, country=country_of(request),
                               at=timezone.now())  # fmt: skip
    if view is None:
        raise Http404
    return render(
        request, "training/course.html", {"course": view.course, "view": view, "next_path": request.get_full_path()}
    )


def curriculum(request, page: Curriculum):
    """Show a curriculum with its courses; of one that was taken off say so, with the courses that stand."""
    view = queries.curriculum_view(page, language=get_language(), country=country_of(request), at=timezone.now())
    status, since = (410, getattr(page, "off_since", None)) if view.is_off else (200, None)
    return render(
        request, "training/curriculum.html", {"curriculum": view, "page": page, "since": since}, status=status
    )


def module(request, page: Module):
    """Send the reader of a module's address to its course, which lists the lessons."""
    return redirect(queries.course_url_of(page))


@require_GET
def catalogue(request):
    """Show every course that is offered where the reader is."""
    country = country_of(request)
    cards = queries.catalogue(country, get_language(), at=timezone.now())
    return render(request, "training/catalogue.html", {"cards": cards, "country": country})


_VIEWS = {Lesson: lesson, Course: course, Curriculum: curriculum, Module: module}


def form_answer(request, template: str, context: dict, wait: int = 0):
    """Return a page with a form: 200, 422 where the form says what is wrong, 429 for who has to wait so many seconds."""
    response = render(request, template, context, status=429 if wait else 422 if context["form"].errors else 200)
    if wait:
        response["Retry-After"] = str(wait)
    return response
