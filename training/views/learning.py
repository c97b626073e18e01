"""A learner's own screens: her courses and her tests."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.clocks import in_own_time
from training import actions, queries
from training.forms import owner_of_test, sign_test, sound_response
from training.models import Course
from training.views import held


@require_GET
@in_own_time
def learning(request):
    """Show a person's courses: go on, what changed, what is finished; first take what waited for her."""
    waiting = held.address(request)
    if waiting:
        return redirect(waiting)
    found = queries.progress_of(request.user, get_language())
    context = {
        "refused": queries.refused_of(request.user, found, at=timezone.now()),
        "now": next((one for one in found if not one.completed_at), None),
        "open": [one for one in found if not one.completed_at][1:],
        "finished": [one for one in found if one.completed_at],
        "has_any": bool(found),
        "cards": [] if found else queries.catalogue(request.user.country_id or "", get_language()),
    }
    return render(request, "training/learning.html", context)


@require_POST
def move(request, enrolment):
    """Move an enrolment to the newest edition of its course."""
    found = queries.enrolments_of(request.user).filter(public_id=enrolment).first()
    if found is None:
        raise Http404
    actions.move_to_newest(enrolment=found, language=get_language(), at=timezone.now())
    messages.success(request, _("Your course now follows the newest version. What you did stays done."))
    return redirect("training:learning")


@require_http_methods(["GET", "POST"])
def start_test(request, key):
    """Begin a course's test, or go back to the one that is open; who only opens the address is led to the course."""
    course = Course.objects.live().filter(key=key).first()
    if course is None:
        raise Http404
    if request.method == "GET":
        return redirect(f"{course.url}#test")
    try:
        attempt = actions.begin_test(user=request.user, course=course, language=get_language(), at=timezone.now())
    except (actions.NoVersionYet, actions.NoQuestions, actions.NotOffered) as refusal:
        return _no_test(request, course, is_closed=isinstance(refusal, actions.NotOffered))
    return redirect("training:test", attempt=attempt.public_id)


def _no_test(request, course, *, is_closed: bool):
    """Say why no test begins: the course is not on offer to her, or has no question."""
    row = next(iter(queries.courses(get_language(), page=course.pk)), None)
    closed = queries.closed_to(row, request.user.country_id, timezone.now()) if row and is_closed else None
    return render(request, "training/no_test.html", {"course": row, "closed": closed}, status=409)


@require_http_methods(["GET", "POST"])
def test(request, attempt):
    """Show an open test, or take it in, also when it waited; one that was handed in shows its result."""
    found, waited = _attempt(request, attempt), held.take(request)
    if waited:
        messages.info(request, held.SENT_NOW)
    if found.submitted_at is not None:
        return redirect("training:result", attempt=attempt)
    if request.method == "POST" or waited:
        return _handed_in(request, found, waited[-1] if waited else request.POST)
    return _asked(request, found, queries.kept_answers(found))


def keep_test(request) -> bool:
    """Keep a test that is handed in when the session is over; tell whether it waits now."""
    if request.resolver_match.view_name != "training:test":
        return False
    who = owner_of_test(request.POST, request.resolver_match.kwargs["attempt"])
    return bool(who) and held.keep(request, who)


def _handed_in(request, found, data):
    """Take in a test, or keep its answers for later."""
    attempt, items = found.public_id, queries.items_of(found)
    given = {item.id: sound_response(item, data, f"{item.id}-") for item in items}
    if "keep" in data:
        actions.keep_answers(attempt=found, responses=given, language=get_language(), at=timezone.now())
        messages.success(request, _("Your answers are kept. Hand in the test when you are ready."))
        return redirect("training:test", attempt=attempt)
    open_items = [item.id for item in items if not given[item.id]]
    if open_items and "anyway" not in data:
        return _asked(request, found, given, open_items)
    actions.submit_attempt(attempt=found, responses=given, language=get_language(), at=timezone.now())
    return redirect("training:result", attempt=attempt)


def _attempt(request, key):
    found = queries.attempts_of(request.user).filter(public_id=key).first()
    if found is None:
        raise Http404
    return found


def _asked(request, attempt, given: dict, open_items=()):
    view = queries.paper_view(attempt, get_language(), given)
    token = sign_test(request.user.public_id, attempt.public_id)
    context = {"test": view, "open_items": set(open_items), "open_count": len(open_items), "token": token}
    return render(request, "training/test.html", context, status=422 if open_items else 200)


@require_GET
def result(request, attempt):
    """Show the result of a test with a reason for each answer."""
    found = _attempt(request, attempt)
    if found.submitted_at is None:
        return redirect("training:test", attempt=attempt)
    return render(request, "training/result.html", {"test": queries.paper_view(found, get_language())})
