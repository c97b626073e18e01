"""What waits on this phone, and how a phone is emptied."""

import json

from django.contrib.auth import logout
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from training import queries

EVERYTHING = '"cache", "cookies", "storage"'


@require_GET
def waiting(request):
    """Show what waits on this phone to be sent and what was not accepted; the page's script fills it in."""
    found = queries.waiting_of(request.user, get_language())
    context = {"who": found.who, "headings": json.dumps(found.headings, ensure_ascii=False)}
    return render(request, "training/waiting.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def wipe(request):
    """Empty this phone of everything of ours, whoever's it is; works for somebody who is signed out."""
    if request.method == "GET":
        return render(request, "training/wipe.html")
    logout(request)
    response = render(request, "training/wiped.html")
    response["Clear-Site-Data"] = EVERYTHING
    return response
