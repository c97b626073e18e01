"""What waits on this phone, and how a phone is emptied."""

import json

from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.views.clocks import in_own_time
from training import actions, queries
from training.choices import Reason, Verb
from training.forms import KeptFileForm

EVERYTHING = '"cache", "cookies", "storage"'
FILE_OF_NOBODY = _("This file is of nobody in your country whom you train. Ask whose phone it comes from.")


@require_GET
def waiting(request):
    """Show what waits on this phone to be sent and what was not accepted; the page's script fills it in."""
    found = queries.waiting_of(request.user, get_language())
    context = {"who": found.who, "is_on": settings.KEEPING, "headings": json.dumps(found.headings, ensure_ascii=False)}
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


@require_http_methods(["GET", "POST"])
@in_own_time
def kept_file(request):
    """Send for a learner the answers that she took out of her phone as a file, and say what became of each."""
    form = KeptFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not form.is_valid():
        return render(request, "training/kept_file.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        learner, outcomes = actions.send_kept(file=form.cleaned_data["file"], by=request.user, at=timezone.now())
    except actions.FileOfNobody:
        form.add_error("file", FILE_OF_NOBODY)
        return render(request, "training/kept_file.html", {"form": form}, status=422)
    headings = queries.waiting_of(learner.user, get_language()).headings
    pairs = zip(form.cleaned_data["file"].arrivals, outcomes, strict=True)
    rows = [_row(arrival, outcome, headings) for arrival, outcome in pairs]
    arrived = sum(1 for one in outcomes if one.status in {"accepted", "duplicate"})
    return render(request, "training/kept_file.html", {"form": form, "rows": rows, "arrived": arrived})


def _row(arrival, outcome, headings: dict[str, str]) -> dict:
    """Return what is told of one event: of what kind, which lesson, when, what became of it; never what was answered."""
    return {
        "what": Verb(arrival.verb).label if arrival.verb in Verb.values else "",
        "lesson": headings.get(arrival.activity, ""),
        "at": arrival.occurred_at,
        "status": outcome.status,
        "reason": Reason(outcome.reason).label if outcome.reason in Reason.values else outcome.reason,
    }
