"""The follow-up of a missed contact: whose it is, how it ended, and open again where it was closed by mistake."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.models import User
from hotline.actions import follow_up
from hotline.actions.answering import AnsweredBy, CaseOfColleague
from hotline.actions.in_hand import InHand
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.choices import EVENTS, Closing
from hotline.choices.calling import CALL_BARS
from hotline.forms.log import FollowUpForm, OwnerForm
from hotline.queries.followers import followers_of
from hotline.rules import may_end_follow_up
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

NOTHING_TO_FOLLOW = gettext_lazy("Nothing was changed: this contact was not missed, so it has no follow-up.")

IN_NEED = gettext_lazy(
    "Not closed: this person is in need now, and nobody has reached her or him since. Call back as the safety state allows, or open a case."
)


def _back(request, public_id):
    """Lead back to the page whose form could not be taken: that of the contact, or the ledger."""
    if request.POST.get("on") == "contact":
        return go_to(request, "hotline:contact", public_id=public_id)
    return go_to(request, "hotline:missed")


@require_POST
def close_follow_up(request, public_id):
    """Close the follow-up of a missed contact with how it ended."""
    contact = contact_for(request.user, public_id, "close_follow_up")
    if contact.closed_at is None and not may_end_follow_up(request.user, contact):
        return became_case(request, contact)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how the follow-up ended."))
        return _back(request, public_id)
    try:
        closing, seen = form.cleaned_data["closing"], request.POST.get("seen", "")
        follow_up.close_follow_up(contact=contact, closing=closing, seen=seen, by=request.user, at=timezone.now())
    except CaseOfColleague:
        return became_case(request, contact)
    except follow_up.NotSeen:
        messages.warning(request, NOT_SEEN)
        return _back(request, public_id)
    except AnsweredBy as other:
        messages.warning(request, TAKE_OVER % {"name": other.holder})
        return _back(request, public_id)
    except InHand as other:
        messages.warning(request, in_hand_words(other))
        return _back(request, public_id)
    except follow_up.StillOnTheLine:
        messages.warning(request, CALL_BARS["under_way"])
        return _back(request, public_id)
    except follow_up.StillInNeed:
        messages.error(request, IN_NEED)
        return _back(request, public_id)
    except follow_up.NothingToFollow:
        messages.warning(request, NOTHING_TO_FOLLOW)
    except follow_up.AlreadyClosed:
        messages.warning(request, _("This follow-up was closed before."))
    else:
        told = told_of(contact, EVENTS["follow_up_closed"], Closing(closing).label)
        way = reverse("hotline:contact", args=[public_id])
        messages.success(request, format_html('{} <a href="{}#follow-up">{}</a>', told, way, _("Open again")))
    return go_to(request, "hotline:missed")


@require_POST
def reopen_follow_up(request, public_id):
    """Open a follow-up again that was closed by mistake."""
    contact = contact_for(request.user, public_id, "close_follow_up")
    try:
        seen = request.POST.get("seen", "")
        follow_up.reopen_follow_up(contact=contact, seen=seen, by=request.user, at=timezone.now())
    except follow_up.NotHers:
        return became_case(request, contact)
    except InHand as other:
        messages.warning(request, in_hand_words(other))
    except SavedMeanwhile as other:
        tell_meanwhile(request, other)
    except follow_up.NothingToFollow:
        messages.warning(request, NOTHING_TO_FOLLOW)
    else:
        messages.success(request, told_of(contact, EVENTS["follow_up_opened"]))
    return go_to(request, "hotline:contact", public_id=public_id)


@require_POST
def give_owner(request, public_id):
    """Give the follow-up of a missed contact to somebody."""
    contact = contact_for(request.user, public_id, "open_contact")
    form = OwnerForm(request.POST, people=followers_of(request.user, contact))
    if form.is_valid():
        owner = User.objects.get(public_id=form.cleaned_data["owner"])
        try:
            seen = request.POST.get("seen", "")
            follow_up.give_owner(contact=contact, owner=owner, seen=seen, by=request.user, at=timezone.now())
        except InHand as other:
            messages.warning(request, in_hand_words(other))
            return _back(request, public_id)
        except SavedMeanwhile as other:
            tell_meanwhile(request, other)
        except follow_up.NothingToFollow:
            messages.warning(request, NOTHING_TO_FOLLOW)
        except follow_up.AlreadyClosed:
            messages.warning(request, _("This follow-up was closed before."))
    else:
        messages.error(request, _("Choose who follows it up."))
        return _back(request, public_id)
    return go_to(request, "hotline:missed")
