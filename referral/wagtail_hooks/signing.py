"""Sign, publish, retire."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from referral import actions
from referral.forms.pathways import RetireForm, SignForm
from referral.models import PathwayVersion
from referral.queries import compiling, editing, publishing
from referral.wagtail_hooks.base import editable_for

REFUSALS = (
    actions.PathwayHasFaults, actions.TextHasChanged, actions.SignedAlready, actions.BothHaveEdited,
    actions.SignaturesMissing, actions.PublishedAlready, actions.RetiredAlready, actions.NotYourPathway,
)  # fmt: skip


@require_POST
def sign(request, pk):
    """Sign the working copy as it was shown; every open gap is accepted by name."""
    pathway = editable_for(request.user, pk=pk)
    found = publishing.finding_lines(pathway, compiling.findings(pathway))
    form = SignForm(request.POST, gaps=[line.sentence for line in found if not line.is_fault])
    if not form.is_valid():
        messages.error(request, _("Accept every open gap and take responsibility, then sign."))
        return redirect("pathways:detail", pk)
    try:
        actions.sign(pathway=pathway, digest=form.cleaned_data["digest"], by=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, editing.standing_of(pathway, request.user).why_not)
    return redirect("pathways:detail", pk)


@require_POST
def publish(request, pk):
    """Freeze the signed working copy as the next version."""
    pathway = editable_for(request.user, pk=pk)
    try:
        version = actions.publish_pathway(pathway=pathway, by=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
        return redirect("pathways:detail", pk)
    messages.success(
        request,
        _("Version %(number)s is published. New cases start on it; running cases stay on theirs.")
        % {"number": version.number},
    )
    return redirect("pathways:version", version.pk)


@require_POST
def retire(request, version):
    """End a version for new cases."""
    row = PathwayVersion.objects.filter(pk=version).select_related("pathway__country").first()
    if row is None:
        raise Http404
    editable_for(request.user, pk=row.pathway_id)
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the version ends."))
        return redirect("pathways:version", version)
    try:
        actions.retire_version(version=row, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("No new case starts on this version. Running cases stay on it."))
    return redirect("pathways:version", version)
