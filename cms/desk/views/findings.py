"""Questions that are harder or easier in one language only: both texts side by side, and what the translator found."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cms.desk import queries
from cms.desk.findings import findings_for
from training import actions as training
from training.models import LanguageFinding


@require_GET
def findings(request):
    """Show the questions that wait in the languages of this person."""
    return render(request, "desk/findings.html", {"findings": findings_for(request.user)})


@require_POST
def settle_finding(request, pk):
    """Note that both texts say the same, or that the translation was changed."""
    found = LanguageFinding.objects.filter(pk=pk).first()
    outcome = request.POST.get("outcome", "")
    if found is None or not queries.may_translate(request.user, found.language):
        raise Http404
    if outcome not in training.OUTCOMES:
        messages.error(request, _("Say what you found."))
        return redirect("desk:findings")
    try:
        training.settle_finding(finding=found, outcome=outcome, by=request.user, at=timezone.now())
    except training.NothingChanged as refusal:
        messages.error(request, str(refusal))
    except training.FindingSettled:
        messages.info(request, _("Somebody settled this before."))
    else:
        messages.success(request, _("Noted. Thank you for comparing."))
    return redirect("desk:findings")
