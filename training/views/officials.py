"""One official, for her trainer and the manager of her country: her standing, and what a person may decide about it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from training import actions, queries
from training.choices import AllowReason
from training.forms import AllowForm
from training.rules import RULES


@require_GET
@in_own_time
def official(request, learner):
    """Show how far an official is and which tests she took, never what she answered; that it was read is recorded."""
    found = queries.officials_visible_to(request.user).filter(public_id=learner).first()
    if found is None:
        raise Http404
    now = timezone.now()
    actions.note_names_read(by=request.user, rows=1, at=now)
    context = {
        "learner": found,
        "files": queries.course_files(found, get_language(), at=now),
        "may_allow": allowed(request.user, RULES, "allow_attempt", found.user),
        "allow_reasons": AllowReason.choices,
    }
    return render(request, "training/official.html", context)


def enrolment_for(request, enrolment, action: str):
    """Return an enrolment of which a person may decide something, or answer 404."""
    found = queries.enrolments_visible_to(request.user).filter(public_id=enrolment).first()
    if found is None or not allowed(request.user, RULES, action, found.learner.user):
        raise Http404
    return found


@require_POST
def allow_attempt(request, enrolment):
    """Allow an official one more try at a test of which she used all of hers."""
    found, form = enrolment_for(request, enrolment, "allow_attempt"), AllowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why you allow one more try."))
        return redirect("training:official", found.learner.public_id)
    try:
        actions.allow_attempt(enrolment=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.NothingToAllow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("One more try is open to her or him. The audit log has who, when and why."))
    return redirect("training:official", found.learner.public_id)
