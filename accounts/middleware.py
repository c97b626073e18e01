"""Every route is declared with who may open it; what is not declared does not exist."""

import traceback
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import structlog
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import get_resolver, reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from wagtail.search.backends.base import FieldError

from accounts import actions
from accounts.queries import ROOMS, is_our_path, route_for
from accounts.rules import Route, guest_of, last_act, waits_for_sender
from accounts.sealing import NoSealKey, SealError
from accounts.sessions import SessionStore, keep_whose, read_at_once
from languages import table

log = structlog.get_logger(__name__)

# Pages on which a person sets up or shows the second factor; they cannot ask for it.
OWN_ACCOUNT = ("account_", "mfa_", "usersessions_")
SEEN_EVERY = 60
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LARGEST_KEY = 2**63 - 1


def has_second_factor(request) -> bool:
    """Tell whether this session was opened with a second factor (or by the demo's one-click sign-in)."""
    if settings.DEMO_SIGN_IN and request.session.get("demo_second_factor"):
        return True
    return any(entry.get("method") == "mfa" for entry in get_authentication_records(request, request.user))


class DeclaredRoutes:
    """Refuses what no room declared, and whom a route does not admit."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = _unreadable(request) if "\0" in request.path_info else self.get_response(request)
        if response.status_code == 405 and _is_for_people(request):
            response = _not_allowed(request, response)
        route = getattr(request, "route", None)
        if route is not None and not route.is_public and response.status_code != 404:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex"
        return response

    def process_view(self, request, view, args, kwargs):
        """Admit, send to sign-in or second factor, or answer 404: missing and forbidden look the same."""
        name = request.resolver_match.view_name or ""
        route = request.route = route_for(name)
        if route is None:
            raise Http404
        if route.by_itself:
            _read_at_once(request)
        if route.guests and not request.user.is_authenticated:
            request.user = guest_of(request) or request.user
        if not route.is_public:
            with translation.override(_language_of(request)):
                answer = _admission(request, name, route)
            if answer is not None:
                return answer
        if request.method not in route.allowed_methods:
            return HttpResponseNotAllowed(route.allowed_methods)
        if any(isinstance(value, int) and value > LARGEST_KEY for value in (*args, *kwargs.values())):
            raise Http404  # no row has such a key, and SQLite cannot even be asked for it
        return None

    def process_exception(self, request, exception):
        """Answer a guest who is none any more since she was let in, and of whom nothing is found, as the stranger she is now."""
        is_lost = isinstance(exception, (LookupError, Http404, ObjectDoesNotExist))
        if not is_lost or not getattr(request.user, "is_guest", False) or guest_of(request):
            return None
        request.user = AnonymousUser()
        match = request.resolver_match
        answer = self.process_view(request, match.func, match.args, match.kwargs)
        return answer or match.func(request, *match.args, **match.kwargs)


def _read_at_once(request) -> None:
    """Ask who is signed in by one statement, where a page asks every two seconds; another store of sessions is left alone."""
    if not isinstance(request.session, SessionStore):
        return
    with read_at_once(request.session):
        if request.user.is_authenticated:
            keep_whose(request.session, request.user)


def _is_for_people(request) -> bool:
    """Tell whether a person reads the answer: a page under a language or of the editor, no part of one, no machine's door."""
    path = request.path_info
    return not request.htmx and (path.startswith("/admin/") or bool(translation.get_language_from_path(path)))


def _unreadable(request) -> HttpResponse:
    """Answer an address with a NUL in it: people get the page of what cannot be read."""
    if not _is_for_people(request) and "text/html" not in request.headers.get("Accept", ""):
        return HttpResponseBadRequest()
    return get_resolver().resolve_error_handler(400)(request, None)


def _not_allowed(request, response: HttpResponse) -> HttpResponse:
    """Say what to do at an address that only takes what a form sends."""
    with translation.override(_language_of(request)):
        page = render(request, "accounts/not_allowed.html", status=405)
    page["Allow"] = response["Allow"]
    return page


def _language_of(request) -> str:
    """Return the language in which to answer: the one of the address, or of the page that asks; else the person's own."""
    named = translation.get_language_from_path(request.path_info)
    named = named or (request.htmx and translation.get_language_from_path(_page_of(request)))
    own = request.user.language if request.user.is_authenticated else ""
    return named or own or translation.get_language()


def _admission(request, name: str, route: Route) -> HttpResponse | None:
    """Return None for who may enter; else where to go first, or raise 404."""
    user = request.user
    if not route.who:
        raise Http404
    if not user.is_authenticated:
        return _lead_to_sign_in(request)
    if "signed_in" not in route.who and not user.has_role(*route.who):
        raise Http404
    is_guarded = user.needs_second_factor
    if is_guarded and _is_worn_out(request):
        logout(request)
        return _lead_to_sign_in(
            request, _("You were signed out because nothing happened for a while. Sign in to go on.")
        )
    if (is_guarded or route.second_factor) and not name.startswith(OWN_ACCOUNT) and not has_second_factor(request):
        enrolled = Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).exists()
        return _lead_to(request, "mfa_reauthenticate" if enrolled else "mfa_index")
    return None


def _lead_to_sign_in(request, words: str = "") -> HttpResponse:
    """Send the browser to sign-in first, and say what became of a form that was sent without a session."""
    if request.method == "POST" and not request.htmx and waits_for_sender(request):
        messages.info(request, _("You were signed out. What you sent is kept for one hour: sign in, and it is sent."))
        return _lead_to(request, settings.LOGIN_URL, back=request.path)
    guest = guest_of(request)
    if words or guest:
        messages.info(request, words or guest.turned_away)
    elif request.method == "POST" and not request.htmx and not _is_part_of_editor(request) and _page_of(request):
        messages.warning(request, _("You were signed out, so this was not saved. Sign in, then do it again."))
    return _lead_to(request, settings.LOGIN_URL)


def _lead_to(request, name: str, back: str = "") -> HttpResponse:
    """Send the browser to another page first, with the way back; a part gets 401, so that its page may keep what is typed."""
    back = back or _page_of(request)
    url = reverse(name) + (f"?{urlencode({'next': back})}" if back else "")
    if request.route.by_script or _is_part_of_editor(request):
        return JsonResponse({"success": False, "error_code": "signed_out"}, status=401)
    if not request.htmx:
        return redirect(url)
    return HttpResponse(status=401, headers={"HX-Redirect": url})


def _is_part_of_editor(request) -> bool:
    """Tell whether a page of Wagtail's editor asks in the background: autosave, a chooser, the list of who else edits."""
    is_background = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    is_background = is_background or request.headers.get("Accept") == "application/json"
    return is_background and request.path_info.startswith("/admin/")


def _page_of(request) -> str:
    """Return the address to come back to: the page that is asked for, or the one that asks for a part or sends a form."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or ""
        return page if is_our_path(page) else ""
    return request.get_full_path() if request.method == "GET" else _form_page_of(request)


def _form_page_of(request) -> str:
    """Return the address of the page of ours that held the form."""
    page = urlsplit(request.headers.get("Referer", ""))
    path = page.path + (f"?{page.query}" if page.query else "")
    return path if page.netloc == request.get_host() and is_our_path(path) else ""


def _is_worn_out(request) -> bool:
    """Tell whether a staff session has idled too long or is too old; else note that the person did something.

    What a page asks by itself is no act. A call is one while it lasts: nobody is signed out in the middle of it.
    """
    if not settings.STAFF_IDLE_SECONDS:
        return False
    now, session = int(timezone.now().timestamp()), request.session
    seen, began = _noted(session, "seen_at", now), _noted(session, "began_at", now)
    is_old = now - began > settings.STAFF_SESSION_SECONDS
    if is_old or now - seen > settings.STAFF_IDLE_SECONDS:
        act = last_act(request.user)
        acted = int(act.timestamp()) if act else 0
        if now - acted > (0 if is_old else settings.STAFF_IDLE_SECONDS):
            return True
        session["seen_at"] = seen = max(seen, acted)
    if now - seen >= SEEN_EVERY and not request.route.by_itself:
        session["seen_at"] = now
    return False


def _noted(session, name: str, now: int) -> int:
    """Return a time of a session; from now on where none is noted, or one noted by a clock that stood ahead."""
    if session.get(name, now + 1) > now:
        session[name] = now
    return session[name]


class Headers:
    """Adds what no library sets: no loading by other sites; an empty browser once its page has found nobody else's work.

    Of what is moved, gone or not there a browser may keep the answer by itself, some without an end (RFC 9111, 4.2.2);
    what is put on again would stay gone for its readers. So each of these is asked anew.
    """

    KEPT_BY_ITSELF = frozenset({300, 301, 308, 404, 405, 410, 414, 501})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.status_code in self.KEPT_BY_ITSELF:
            response.setdefault("Cache-Control", "no-store")
        match = request.resolver_match
        if match and match.view_name == "account_logout" and request.method == "POST" and request.POST.get("wipe"):
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Editor:
    """Keeps Wagtail's editor in its place: own content policy, the person's language, a clear answer to what it cannot read."""

    UNREADABLE = (ValueError, KeyError, AttributeError, OverflowError, FieldError)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_editor(request):
            response._csp_replace = settings.EDITOR_POLICY
        return response

    def process_view(self, request, view, args, kwargs):
        """Speak the person's own language; what she chose in the editor's own settings still goes before it.

        Also on our own pages there (pathways, call flows, triage forms): their addresses have no language either.
        A `next` that is no address is refused before anything is done: Wagtail would do the act, then look for a page
        of that name.
        """
        if request.path_info.startswith("/admin/") and request.user.is_authenticated:
            translation.activate(table.editor_language(request.user.language))
        if not _is_editor(request):
            return None
        if any(url and "/" not in url for url in (request.GET.get("next"), request.POST.get("next"))):
            log.info("editor_refused", exception="NoAddress", route=request.resolver_match.view_name)
            return _nothing_changed(request)
        return None

    def process_exception(self, request, exception):
        """Answer 400 where the editor stumbles over an odd id or a form without fields; our own faults stay 500."""
        if not _is_editor(request) or not isinstance(exception, self.UNREADABLE) or _passes_our_code(exception):
            return None
        log.warning("editor_refused", exception=type(exception).__name__, route=request.resolver_match.view_name)
        return _nothing_changed(request, is_search=isinstance(exception, FieldError))


class Unopened:
    """Answers for every view when a sealed value cannot be opened: a clear page, the attempt recorded, an alert.

    503 where no seal key is at hand, so that it can be tried again once it is back, else 409.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Show that the value cannot be opened; the view's transaction is undone by now, so this has its own."""
        if not isinstance(exception, (SealError, NoSealKey)):
            return None
        user = getattr(request, "user", None)
        by = user if user is not None and user.is_authenticated else "anonymous"
        actions.record_unopened(exception, by=by, at=timezone.now(), place=request.resolver_match.view_name)
        route = getattr(request, "route", None)
        base = "base.html" if route is None or route.is_public else "base_staff.html"
        if not request.htmx:
            return render(
                request,
                "accounts/unopened.html",
                {"base": base},
                status=503 if isinstance(exception, NoSealKey) else 409,
            )
        response = render(request, "accounts/unopened.html", {"base": base})  # htmx swaps in no fault
        response["HX-Reselect"], response["HX-Reswap"] = "#unopened", "innerHTML"
        return response


def _nothing_changed(request, *, is_search: bool = False) -> HttpResponse:
    """Say that the editor cannot read this request; a search beside a filter that it cannot join is told as such."""
    return render(request, "accounts/unreadable.html", {"is_search": is_search}, status=400)


def _is_editor(request) -> bool:
    name = getattr(request.resolver_match, "view_name", None) or ""
    return name.startswith("wagtail") and request.path.startswith("/admin/")


def _passes_our_code(exception: Exception) -> bool:
    """Tell whether a file of ours is among those through which an exception came."""
    files = (frame.f_code.co_filename for frame, _ in traceback.walk_tb(exception.__traceback__))
    return any(Path(file).is_relative_to(settings.BASE_DIR / room) for file in files for room in (*ROOMS, "languages"))
