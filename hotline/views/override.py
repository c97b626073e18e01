"""A call that is not known to be safe: a supervisor asks for it, a second person agrees."""

from datetime import UTC, datetime

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions.seconds import NotAsked, SamePerson
from hotline.actions import override
from hotline.actions.call_back import CallRefused
from hotline.choices.calling import CALL_BARS
from hotline.forms.log import OverrideForm
from hotline.views.access import contact_for
from hotline.views.call_back import show_page


@require_POST
def ask(request, public_id):
    """Ask a second person, with a reason; without one the form stays open and says so."""
    contact, form = contact_for(request.user, public_id, "override_call"), OverrideForm(request.POST)
    if not form.is_valid():
        form.fields["reason"].widget.attrs["autofocus"] = True
        return show_page(request, contact, status=422, reason_form=form)
    _tried(request, override.ask_override, contact, reason=form.cleaned_data["reason"])
    return redirect("hotline:call_back", public_id=public_id)


@require_POST
def agree(request, public_id):
    """Agree to what a supervisor asked for."""
    contact = contact_for(request.user, public_id, "call_back")
    _tried(request, override.agree_override, contact, asked_at=_asked_at(request.POST.get("asked", "")))
    return redirect("hotline:call_back", public_id=public_id)


def _asked_at(value: str) -> datetime:
    """Return when what was seen was asked for; what says nothing was seen never."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _tried(request, act, contact, **more) -> None:
    try:
        act(contact=contact, by=request.user, at=timezone.now(), **more)
    except CallRefused as refused:
        messages.error(request, CALL_BARS[refused.code])
    except SamePerson:
        messages.error(request, _("Another person has to agree."))
    except NotAsked:
        messages.warning(request, _("Nobody asks for this any more. Ask anew."))
