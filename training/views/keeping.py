"""Keeping a course on a phone: the page that asks for it, and what is drawn for one learner when she does."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.views.clocks import in_own_time
from languages import table
from training import actions, queries
from training.models import Course
from training.views.off import if_course_off


@require_GET
@if_course_off
def keep(request, key):
    """Show what keeping a course costs and what it means on a shared phone; the page's script does the rest."""
    row = next(iter(queries.courses(get_language(), page__course__key=key)), None)
    version = row.version_for(request.user.country_id) if row else ""
    if not version:
        raise Http404
    hers = list(queries.enrolments_of(request.user))
    has_begun = any(one.course_id == row.page for one in hers)
    context = {
        "course": row,
        "closed": None if has_begun else queries.closed_for(row, request.user, timezone.now()),
        "is_on": settings.KEEPING,
        "who": hers[0].learner.public_id if hers else "",
        "languages": [_language(code, key, version) for code in dict.fromkeys([get_language(), *_codes(row)])],
    }
    return render(request, "training/keep/keep.html", context)


def _codes(row) -> list[str]:
    """Return the languages that a course speaks."""
    return [one.code for one in row.languages]


def _language(code: str, key: str, version: str) -> dict:
    """Return a language in which a course can be kept, with the addresses that are asked for it."""
    here = get_language()
    with override(code):
        addresses = {
            "manifest": reverse("training:keep_manifest", args=[key, version]),
            "paper": reverse("training:paper", args=[key]),
        }
    language = table.BY_CODE[code]
    named = {"code": code, "own_name": language.own, "direction": language.direction}
    return addresses | named | {"is_here": code == here}


@require_POST
@in_own_time
def paper(request, key):
    """Draw the test that goes with a kept course, or hand out the open one, with what the phone needs to go on."""
    course = Course.objects.live().filter(key=key).first()
    if course is None and queries.course_taken_off(key, get_language()):
        return JsonResponse({"detail": "taken_off"}, status=410)
    if course is None or not settings.KEEPING:
        raise Http404
    now = timezone.now()
    try:
        _enrolment, attempt = actions.keep_course(user=request.user, course=course, language=get_language(), at=now)
    except (actions.NoVersionYet, actions.NotOffered):
        return JsonResponse({"detail": "not_offered"}, status=409)
    row = next(iter(queries.courses(get_language(), page=course.pk)))
    mine = queries.progress_in(request.user, row, at=now)
    more = {"guest": request.user.is_guest, "test": _test(attempt) if attempt else None}
    return JsonResponse(queries.store_of(mine) | more)


def _ahead(opens) -> str:
    when = date_format(timezone.localtime(opens), "DATETIME_FORMAT")
    return _("You can take this test again from %(when)s. It waits here, also without a network.") % {"when": when}


def _test(attempt) -> dict:
    view = queries.test_view(attempt, get_language(), timezone.now(), queries.kept_answers(attempt))
    items = [{"id": one.question.id, "kind": one.question.kind} for one in view.items]
    opens = attempt.opens_at if attempt.opens_at and attempt.opens_at > timezone.now() else None
    return queries.paper_of(attempt) | {
        "opens": opens.isoformat() if opens else "",
        "ahead": _ahead(opens) if opens else "",
        "items": items,
        "html": render_to_string("training/keep/_paper.html", {"test": view, "here": get_language()}),
        "result": reverse("training:result", args=[attempt.public_id]),
    }
