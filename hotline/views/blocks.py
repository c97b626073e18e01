"""A number is kept out of the queue, or let in again, from the page of its contact."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotline.actions import blocks
from hotline.forms.blocks import BlockForm
from hotline.views.access import contact_for, go_to


@require_POST
def block(request, public_id):
    """Block the number of a contact, with a reason and an end; without them the form stands open and says so."""
    contact, form = contact_for(request.user, public_id, "block_number"), BlockForm(request.POST)
    if not form.is_valid():
        asked = urlencode({"block": request.POST.get("hours", "")})
        return redirect(f"{reverse('hotline:contact', args=[public_id])}?{asked}")
    values = {"reason": form.cleaned_data["why"], "hours": form.cleaned_data["hours"]}
    try:
        blocks.block_number(contact=contact, by=request.user, at=timezone.now(), **values)
    except blocks.CannotBlock:
        messages.error(request, _("This number cannot be blocked."))
    else:
        messages.success(request, _("Blocked. Who calls in danger, or cannot speak, is let in all the same."))
    return go_to(request, "hotline:contact", public_id=public_id)


@require_POST
def lift(request, public_id):
    """Let the number of a contact into the queue again."""
    contact = contact_for(request.user, public_id, "block_number")
    if blocks.lift_block(contact=contact, by=request.user, at=timezone.now()):
        messages.success(request, _("The number is let in again."))
    return go_to(request, "hotline:contact", public_id=public_id)
