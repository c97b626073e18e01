"""The roof's own doors: health, the way out, the choice of language, errors."""

import posixpath
import sys
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.static import serve
from wagtail.models import Site
from wagtail.url_routing import RouteResult
from wagtail.views import serve as serve_page

from accounts.queries import is_our_path
from cms import away, chores, health, queries
from languages import table
from languages.middleware import offered
from training import queries as training
from training.views.pages import curriculum, off_at_address

log = structlog.get_logger(__name__)

FOR_SCRIPTS = "/api/"
PICTURES = ("images/", "original_images/", "avatar_images/")


def livez(request):
    """Answer that the process is alive; touches no database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request):
    """Answer whether the product can do its work; which part cannot is for the log and `./fanal doctor`.

    Late: it can, and something waits for a person (cms.chores); no reason to take a machine out.
    """
    if faults := health.faults():
        log.warning("not_ready", part=[fault.code for fault in faults])
        return JsonResponse({"status": "not ready"}, status=503)
    if late := chores.chores():
        log.warning("late", part=[fault.code for fault in late])
    return JsonResponse({"status": "late" if late else "ok"})


def signed_in(request):
    """Tell a page of the staff who is signed in now, with the token that the forms of this session need."""
    return JsonResponse({"person": str(request.user.public_id), "token": get_token(request)})


@csrf_exempt
@never_cache
def leave(request):
    """End the session and send the visitor to the neutral page; works without JavaScript, and for its beacon."""
    logout(request)
    response = (
        HttpResponse(status=204) if request.method == "POST" else HttpResponseRedirect(queries.exit_address(request))
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def media(request, path):
    """Serve a picture that editors uploaded; a file of ours can do nothing but be shown.

    Documents lie beside the pictures and have an address of their own, which asks who may read them.
    """
    if not posixpath.normpath(path).startswith(PICTURES):
        raise Http404
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def page(request, path):
    """Serve a page of the site.

    The school is asked first: one query finds a lesson, where Wagtail reads the site and its front page and then takes
    two queries a level. A lesson that went into another module is still found by the address it had, and what was
    taken off of a course says so, as a curriculum does. Every page is public: cms.public_pages.
    """
    roots, components = Site.get_site_root_paths(), [component for component in path.split("/") if component]
    found = training.page_at(roots[0].root_path, components) if len(roots) == 1 else None
    if found is not None:
        request._wagtail_route_for_request = RouteResult(found)
    elif (
        len(roots) == 1 and request.method == "GET" and (now := training.moved_lesson(roots[0].root_path, components))
    ):
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        return redirect(f"{reverse('wagtail_serve', args=[now])}{query}")
    elif len(roots) == 1 and (
        off := training.taken_off_at(roots[0].root_path, components, translation.get_language())
    ):
        return off_at_address(request, off)
    elif len(roots) == 1 and (gone := training.curriculum_taken_off(roots[0].root_path, components)):
        return curriculum(request, gone)
    return serve_page(request, path)


def choose_language(request):
    """List the languages in their own names; each link keeps the page the reader came from."""
    here = request.GET.get("next", "")
    if not is_our_path(here):
        here = f"/{translation.get_language()}/"
    path, query = urlsplit(here).path, urlsplit(here).query
    rows = [
        (table.BY_CODE[code], translate_url(path, code) + (f"?{query}" if query else "")) for code in offered(request)
    ]
    return render(request, "choose_language.html", {"rows": rows})


def csrf_failure(request, reason=""):
    """Say what to do when a form was open too long."""
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    """Answer missing and forbidden with the same page: the number is never far away."""
    return render(request, "404.html", status=404)


def reserved(request, **kwargs):
    """Answer an address that is kept for machines with 404 where it is: no page in any language stands there."""
    response = not_found(request)
    response.stays_here = True
    return response


def broken(request):
    """Answer an error of ours without touching the database or saying what happened."""
    if away.is_away(sys.exc_info()[1]):
        return unavailable(request)
    return render(request, "500.html", status=500)


def unreadable(request, exception=None):
    """Answer what cannot be read, without the database or the host: either may be what is wrong."""
    is_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    with translation.override(_language_of(request)):
        return HttpResponse(render_to_string("400.html", {"is_large": is_large}), status=413 if is_large else 400)


def _language_of(request) -> str:
    """Return the reader's language from the address or the browser; a middleware may not have come to it."""
    language = translation.get_language_from_request(request, check_path=True)
    return language if language in table.BY_CODE else table.SOURCE


def unavailable(request):
    """Answer while the database is away or locked: try again, and the numbers, which still work; a script gets JSON."""
    response = _away_for_script() if request.path_info.startswith(FOR_SCRIPTS) else _away_page(request)
    response["Retry-After"] = str(away.RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _away_for_script() -> JsonResponse:
    return JsonResponse({"detail": "away"}, status=503)


def _away_page(request) -> HttpResponse:
    language = _language_of(request)
    rows = [(one.name(language), one) for one in away.numbers_for(request.path_info)]
    path = request.get_full_path() if request.method == "GET" else request.path
    with translation.override(language):
        text = render_to_string("503.html", {"numbers": rows, "path": path})
    return HttpResponse(text, status=503)
