"""Asking by keys from the console: a recorded question, or the way back to voice."""

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotline import actions
from hotline.views.access import contact_for, go_to
from hotline.views.console import console_url, live_parts

VOICE = "voice"


@require_POST
def ask(request, public_id):
    """Ask the caller one recorded question by keys, or bring her or him back to voice."""
    contact = contact_for(request.user, public_id, "take_call")
    problem = _asked(contact, request.POST.get("question", ""), request.user)
    if request.htmx:
        return live_parts(request, ask_problem=problem)
    if problem:
        messages.warning(request, problem)
    return go_to(request, console_url(contact))


def _asked(contact, question: str, user) -> str:
    """Order it; return why it was not, or ""."""
    try:
        if question == VOICE:
            actions.back_to_voice(contact=contact, by=user, at=timezone.now())
        else:
            actions.ask_by_keys(contact=contact, question=question, by=user, at=timezone.now())
    except actions.NoSuchQuestion as error:
        raise Http404 from error
    except actions.StillAsked:
        return _("A question is being asked by keys. Wait for the answer, or go back to voice.")
    except actions.NotInRoom:
        return _("A question by keys can be asked only while you and the caller are in the call, and not on hold.")
    return ""
