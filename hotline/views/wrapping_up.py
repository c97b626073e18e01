"""How an operator closes a sheet, and opens it again when she closed it by mistake."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.queries import names_of
from hotline.actions import follow_up, sheet_again
from hotline.actions.answering import AnsweredBy, CaseOfColleague
from hotline.actions.in_hand import InHand
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.actions.operators import NotReady
from hotline.actions.ways_on import NothingChosen
from hotline.choices import EVENTS, ContactKind
from hotline.choices.calling import CALL_BARS
from hotline.forms.console import WrapUpForm
from hotline.rules import may_wrap_up
from hotline.views.access import (
    NOT_SEEN,
    TAKE_OVER,
    became_case,
    contact_for,
    go_to,
    in_hand_words,
    tell_meanwhile,
    told_of,
)
from hotline.views.console import console_url

CHOOSE_CUT = gettext_lazy("The call was cut in danger. Choose what happens now, then what it was about.")
CHOOSE = gettext_lazy(
    "Somebody has to go on with what stands in the sheet. Choose what happens now, then what it was about."
)
NOT_HERS_NOW = gettext_lazy(
    "Not opened again: within ten minutes of its closing, who closed a sheet opens it again. Its answers and its note may still be changed."
)
CHANGED_SINCE = gettext_lazy(
    "Not opened again: %(name)s worked on this contact since (%(what)s). Look at its timeline, and talk to each other."
)


@require_POST
def wrap_up(request, public_id):
    """Close the sheet with what the contact was about."""
    contact = contact_for(request.user, public_id, "open_contact")
    form = WrapUpForm(request.POST, kind=contact.kind)
    if not form.is_valid():
        messages.error(request, _("Choose what the contact was about."))
        return go_to(request, console_url(contact))
    if not may_wrap_up(request.user, contact):
        return became_case(request, contact)
    seen = request.POST.get("seen", "")
    try:
        row = follow_up.wrap_up(contact=contact, **form.cleaned_data, seen=seen, by=request.user, at=timezone.now())
    except CaseOfColleague:
        return became_case(request, contact)
    except follow_up.NotSeen:
        messages.warning(request, NOT_SEEN)
        return go_to(request, console_url(contact))
    except follow_up.StillOnTheLine:
        messages.error(request, _still_there(contact))
        return go_to(request, console_url(contact))
    except InHand as other:
        messages.error(request, in_hand_words(other))
        return go_to(request, console_url(contact))
    except NothingChosen as asked:
        messages.error(request, CHOOSE_CUT if asked.is_cut else CHOOSE)
        return go_to(request, console_url(contact))
    except AnsweredBy as other:
        messages.warning(request, TAKE_OVER % {"name": other.holder})
        return go_to(request, console_url(contact))
    except SavedMeanwhile as other:
        tell_meanwhile(request, other)
        return go_to(request, console_url(contact))
    if row.kind == ContactKind.MESSAGE or row.claimed_by_id != request.user.pk:  # of her own the console tells it
        told = told_of(row, EVENTS["wrapped_up"], row.get_topic_display())
        way = f"{reverse('hotline:contact', args=[public_id])}#follow-up"
        messages.success(
            request, format_html('{} <a href="{}">{}</a>', told, way, _("Open again")) if row.closed_at else told
        )
    return go_to(request, console_url())


@require_POST
def reopen_sheet(request, public_id):
    """Open a sheet again that its operator has just closed; what keeps her from it is told."""
    contact = contact_for(request.user, public_id, "open_contact")
    try:
        seen = request.POST.get("seen", "")
        sheet_again.reopen_sheet(contact=contact, seen=seen, by=request.user, at=timezone.now())
    except sheet_again.NotHersNow:
        messages.warning(request, NOT_HERS_NOW)
        return go_to(request, console_url(contact))
    except sheet_again.ChangedSince as other:
        name = names_of([other.by]).get(other.by, "–")
        messages.warning(request, CHANGED_SINCE % {"name": name, "what": EVENTS.get(other.kind, other.kind)})
        return go_to(request, console_url(contact))
    except follow_up.StillOnTheLine:
        messages.warning(request, CALL_BARS["under_way"])
        return go_to(request, console_url(contact))
    except InHand as other:
        messages.warning(request, in_hand_words(other))
        return go_to(request, console_url(contact))
    except NotReady:
        messages.warning(request, _("End the call and wrap it up first."))
        return go_to(request, console_url())
    messages.success(request, told_of(contact, EVENTS["sheet_reopened"]))
    return go_to(request, console_url(contact))


def _still_there(contact) -> str:
    """Return why a call cannot be wrapped up yet: nobody ended it, its end is not confirmed, or a call back goes on."""
    if not contact.is_live:
        return CALL_BARS["under_way"]
    if contact.end_asked_at:
        return _("The network has not confirmed the end of the call yet. Wait a moment, or press “End” again.")
    return _("The caller is still on the line. End the call first.")
