"""A learner's own screens: her courses and her tests."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.clocks import in_own_time
from training import actions, grading, queries, reports
from training.choices import Reason
from training.forms import (
    StartForm,
    TrackForm,
    asks_for_units,
    changed_in,
    owner_of,
    said_in,
    shown_in,
    sign_own,
)
from training.models import Course
from training.views import held
from training.views.off import if_course_off, taken_off

EVENTS_ON_A_PAGE = 50


@require_GET
@in_own_time
def learning(request):
    """Show a person's courses: go on, what changed, what is finished; first take what waited for her."""
    waiting = held.address(request)
    if waiting:
        return redirect(waiting)
    now = timezone.now()
    found = queries.progress_of(request.user, get_language(), at=now)
    under_way = [one for one in found if not one.completed_at and not one.course.is_off]
    context = {
        "refused": queries.refused_of(request.user, found, at=now),
        "now": next(iter(under_way), None),
        "open": under_way[1:],
        "finished": [one for one in found if one.completed_at and not one.course.is_off],
        "off": [one for one in found if one.course.is_off],
        "has_any": bool(found),
        "who": found[0].enrolment.learner.public_id if found else "",
        "is_on": settings.KEEPING,
        "cards": [] if found else queries.catalogue(request.user.country_id or "", get_language()),
    }
    return render(request, "training/learning.html", context)


@require_POST
def move(request, enrolment):
    """Move an enrolment to the newest edition of its course."""
    found = queries.enrolments_of(request.user).filter(public_id=enrolment).first()
    if found is None:
        raise Http404
    try:
        actions.move_to_newest(enrolment=found, language=get_language(), at=timezone.now())
    except actions.NotRecorded as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your course now follows the newest version. What you did stays done."))
    return redirect("training:learning")


@require_http_methods(["GET", "POST"])
@in_own_time
@if_course_off
def start_test(request, key):
    """Begin a test of a course, or go back to the one that is open; who only opens the address is led to the course."""
    course = _course(key)
    if request.method == "GET":
        return redirect(f"{course.url}#test")
    form = StartForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        attempt = actions.begin_test(
            user=request.user,
            course=course,
            form=form.cleaned_data["form"],
            language=get_language(),
            at=timezone.now(),
        )
    except (actions.NoVersionYet, actions.NoQuestions, actions.NotOffered, actions.TestNotOpen) as refusal:
        return _no_test(request, course, refusal)
    return redirect("training:test", attempt=attempt.public_id)


def _course(key: str) -> Course:
    course = Course.objects.live().filter(key=key).first()
    if course is None:
        raise Http404
    return course


def _no_test(request, course, refusal: Exception):
    """Say why no test begins: the course is not on offer to her, has no question, or this test is not open to her."""
    row = next(iter(queries.courses(get_language(), page=course.pk)), None)
    is_closed = row is not None and isinstance(refusal, actions.NotOffered)
    closed = queries.closed_for(row, request.user, timezone.now()) if is_closed else None
    context = {
        "course": row,
        "closed": closed,
        "is_over": isinstance(refusal, actions.TestNotOpen),
        "is_used_up": isinstance(refusal, actions.TestUsedUp),
        "opens_at": getattr(refusal, "opens_at", None),
    }
    return render(request, "training/no_test.html", context, status=409)


@require_http_methods(["GET", "POST"])
@if_course_off
def choose_track(request, key):
    """Note for which group of readers a person takes a course; who only opens the address is led to the course."""
    course = _course(key)
    if request.method == "GET":
        return redirect(course.url)
    form = TrackForm(request.POST, course=course)
    if not form.is_valid():
        messages.error(request, _("Choose one of the groups, then send it."))
        return redirect(course.url)
    try:
        actions.choose_track(
            user=request.user,
            course=course,
            track=form.cleaned_data["track"],
            language=get_language(),
            at=timezone.now(),
        )
    except (actions.NoVersionYet, actions.NotOffered) as refusal:
        return _no_test(request, course, refusal)
    messages.success(request, _("Your choice is kept. You can change it at any time; what you have done stays done."))
    return redirect("training:learning" if form.cleaned_data["then"] else course.url)


@require_http_methods(["GET", "POST"])
@in_own_time
def test(request, attempt):
    """Show an open test, or take it in, also when it waited; one that was handed in shows its result.

    One that a phone took along says until when its learner waits. Of several that waited the answers of each count, the
    later ones first, and the last says whether the test is handed in: after none of the others was its result seen.
    """
    found, waited = _attempt(request, attempt), held.take(request)
    if waited:
        messages.info(request, held.SENT_NOW)
    sent = waited or [request.POST] * (request.method == "POST")
    if found.submitted_at is not None:
        if not all(
            queries.was_handed_in(found, said_in(queries.items_of(found), one, _units(found, one))) for one in sent
        ):
            messages.warning(
                request, f"{_('This test was handed in before.')} {_('What you sent now does not count.')}"
            )
        return redirect("training:result", attempt=attempt)
    if found.opens_at and found.opens_at > timezone.now():
        return _no_test(request, found.enrolment.course, actions.TestWaits(found.opens_at))
    if sent:
        return _handed_in(request, found, sent)
    if off := queries.page_taken_off(found.enrolment.course_id, get_language()):
        return taken_off(request, off)
    return _asked(request, found)


@require_GET
@in_own_time
def history(request):
    """Show everything that is kept of what a person did, newest first."""
    page = Paginator(queries.events_of(request.user), EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    entries = queries.history(request.user, page.object_list, get_language())
    return render(request, "training/history.html", {"page": page, "entries": entries})


@require_GET
@in_own_time
def history_csv(request):
    """Send a person everything that is kept of what she did, as a file that no spreadsheet takes for formulas."""
    entries = queries.history(request.user, queries.events_of(request.user), get_language())
    response = HttpResponse(reports.history_csv(entries), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-history-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def keep_test(request) -> bool:
    """Keep a test that is handed in when the session is over; tell whether it waits now."""
    if request.resolver_match.view_name != "training:test":
        return False
    who = owner_of(request.POST, request.resolver_match.kwargs["attempt"])
    return bool(who) and held.keep(request, who)


def _handed_in(request, found, sent):
    """Take in a test, or keep its answers for later; of several forms the last says which.

    One with open questions is kept too, and its page is asked for anew with the warning: a page that only a form brings
    cannot be gone back to from the result. So is one that cannot be handed in, with the reason.
    """
    attempt, items, now, data = found.public_id, queries.items_of(found), timezone.now(), sent[-1]
    changes: dict[str, object] = {}
    for one in sent:
        changes |= changed_in(items, one, _units(found, one))
    page = reverse("training:test", args=[attempt])
    given = queries.kept_answers(found) | changes
    is_open = not all(grading.is_whole(item, given.get(item.id)) for item in items)
    is_asked = is_open and "anyway" not in data
    if "keep" not in data and not is_asked:
        outcome = actions.submit_attempt(attempt=found, responses=given, language=get_language(), at=now)
        if outcome.status != "rejected":
            return redirect("training:result", attempt=attempt)
        told = _("The test was not handed in: %(reason)s Your answers stand here.")
        messages.error(request, told % {"reason": Reason(outcome.reason).label})
    kept = actions.keep_answers(attempt=found, changes=changes, language=get_language(), at=now)
    if lost := next((one for one in kept if one.status not in {"accepted", "duplicate"}), None):
        told = _("Not every answer could be kept: %(reason)s Look through the test and keep it again.")
        messages.error(request, told % {"reason": Reason(lost.reason).label})
    elif "keep" in data:
        messages.success(request, _("Your answers are kept. Hand in the test when you are ready."))
    return redirect(f"{page}?open=1" if "keep" not in data and is_open else page)


def _units(found, data) -> dict[str, tuple[str, str]]:
    """Return the units of a test's questions where one may stand behind a number that was sent."""
    return queries.units_of(found, get_language()) if asks_for_units(queries.items_of(found), data) else {}


def _attempt(request, key):
    found = queries.attempts_of(request.user).filter(public_id=key).first()
    if found is None:
        raise Http404
    return found


def _asked(request, attempt):
    """Show an open test with the answers that are kept, and which questions are open once it was to be handed in."""
    kept = queries.kept_answers(attempt)
    view = queries.test_view(attempt, get_language(), timezone.now(), kept)
    items = queries.items_of(attempt) if "open" in request.GET else []
    open_items = {item.id for item in items if not grading.is_whole(item, kept.get(item.id))}
    token = sign_own(request.user.public_id, attempt.public_id)
    context = {"test": view, "open_items": open_items, "open_count": len(open_items), "token": token}
    context |= {
        "shown": shown_in(queries.items_of(attempt), kept),
        "kept_items": {item for item, one in kept.items() if one},
    }
    return render(request, "training/test.html", context)


@require_GET
@in_own_time
def result(request, attempt):
    """Show the result of a test: with a reason for each answer once it is passed, else where to read again."""
    found = _attempt(request, attempt)
    if found.submitted_at is None:
        return redirect("training:test", attempt=attempt)
    return render(
        request, "training/result.html", {"test": queries.result_view(found, get_language(), timezone.now())}
    )
