"""The telephone in the browser: a small window of its own, so that a call outlives every page of the console.

It alone runs the provider's script and may reach the provider; nothing of a caller stands in it.
"""

from django.contrib import messages
from django.http import HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hotline import actions
from hotline.actions import softphone
from hotline.choices import SERVES, TOKEN_BARS
from hotline.forms.softphone import TrialForm
from hotline.queries.console import my_state
from hotline.queries.softphone import SCRIPT, SCRIPT_HASH, lines_of, softphone_of
from hotline.telephony.browser import EDGES
from hotline.telephony.providers import is_simulated
from hotline.views.access import go_to
from hotline.views.console import console_url


@require_GET
def window(request):
    """Show the window of the telephone: it tries itself, then waits for calls that are taken in the console."""
    shown = softphone_of(request.user, my_state(request.user), lines_of(request.user))
    context = {"phone": shown, "is_live": bool(shown.account) and not is_simulated(shown.account)}
    page = {"script": SCRIPT, "script_hash": SCRIPT_HASH, "edges": ",".join(EDGES)}
    return render(request, "hotline/softphone.html", context | page)


@require_POST
def token(request):
    """Give the browser a token: for the call at hand, or for a trial, which is noted; or say why not."""
    give = softphone.begin_trial if request.POST.get("trial") else softphone.token_for
    try:
        made = give(user=request.user, at=timezone.now())
    except softphone.NoToken as refused:
        return JsonResponse({"words": str(TOKEN_BARS[refused.code])}, status=409)
    return JsonResponse({"token": made})


@require_POST
def trial(request):
    """Keep what a trial measured; answer whether the browser serves, in words."""
    form = TrialForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = softphone.end_trial(user=request.user, trial=form.trial(), at=timezone.now())
    return JsonResponse({"serves": row.result in SERVES, "words": str(row.get_result_display())})


@require_POST
def leave(request):
    """Let her own telephone take the place of the browser; the call that waits for her rings it."""
    shown = softphone_of(request.user, my_state(request.user), lines_of(request.user))
    try:
        softphone.choose_telephone(
            user=request.user, lost=shown.lost if shown.has_telephone else None, at=timezone.now()
        )
    except actions.AlreadyTaken as taken:
        messages.warning(request, _("%(name)s has taken this call.") % {"name": taken.holder})
    except (actions.NotReady, actions.NobodyRings, actions.NoTelephone):
        messages.warning(request, _("The call could not be taken again. Take it from the queue."))
    return go_to(request, console_url())
