"""The address that a certificate carries: how it stands today, and whether a name is the one on it."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actions import count_attempt
from accounts.queries import client_address
from training import actions, queries
from training.forms import CodeForm, NameForm

CODES_AN_ADDRESS, WINDOW_SECONDS = 60, 600
NAMES_A_CODE, NAMES_SECONDS = 5, 3600


@require_GET
def type_code(request):
    """Ask for the code that stands on a certificate, and lead to its page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("training:verify", code=form.cleaned_data["code"])
    response = render(request, "training/type_code.html", {"form": form}, status=422 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request, code):
    """Say what is known of a code; one and the same for every one that is unknown, mistyped or malformed.

    Who tries many codes waits, and so does who tries many names of one.
    """
    now = timezone.now()
    key = f"verify:address:{client_address(request)}"
    if not count_attempt(key=key, limit=CODES_AN_ADDRESS, seconds=WINDOW_SECONDS, at=now):
        return _answer(request, {"is_within": False}, status=429, wait=WINDOW_SECONDS)
    certificate = queries.certificate_with(code)
    if certificate is None:
        return _answer(request, {"is_within": True, "code_form": CodeForm()}, status=404)
    found = queries.held([certificate], now)[0]
    context = {
        "is_within": True,
        "one": found,
        "heading": found.heading(get_language()),
        "at": now,
        "form": NameForm(),
    }
    with timezone.override(certificate.zone):  # its dates are those of its paper
        return _named(request, certificate, context) if request.method == "POST" else _answer(request, context)


def _named(request, certificate, context):
    """Say whether a name is the one on the certificate."""
    form = context["form"] = NameForm(request.POST)
    if not form.is_valid():
        return _answer(request, context, status=422)
    key = f"verify:name:{certificate.public_id}"
    if not count_attempt(key=key, limit=NAMES_A_CODE, seconds=NAMES_SECONDS, at=context["at"]):
        return _answer(request, context | {"is_closed": True}, status=429, wait=NAMES_SECONDS)
    is_match = actions.is_named(certificate, form.cleaned_data["name"])
    return _answer(request, context | {"is_asked": True, "is_match": is_match})


def _answer(request, context, *, status=200, wait=0):
    response = render(request, "training/verify.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    if wait:
        response["Retry-After"] = str(wait)
    return response
