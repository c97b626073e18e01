"""The address that a certificate carries: what is known of a code. No certificate is issued yet, so none is known."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.actions import count_attempt
from accounts.queries import client_address

CODES_AN_ADDRESS, WINDOW_SECONDS = 60, 600


@never_cache
@require_GET
def verify(request, code):
    """Answer one and the same for every code that is unknown, mistyped or malformed; who tries many waits."""
    key = f"verify:address:{client_address(request)}"
    is_within = count_attempt(key=key, limit=CODES_AN_ADDRESS, seconds=WINDOW_SECONDS, at=timezone.now())
    response = render(request, "training/verify.html", {"is_within": is_within}, status=404 if is_within else 429)
    response["X-Robots-Tag"] = "noindex"
    if not is_within:
        response["Retry-After"] = str(WINDOW_SECONDS)
    return response
