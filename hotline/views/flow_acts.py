"""What is done with a call flow: begun again from a version, published, tried on a phone; its list of numbers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.queries import names_of
from accounts.views.clocks import in_own_time
from hotline.actions import flows, simulation
from hotline.choices import ActKind
from hotline.choices.flows import NUMBER_FAULTS
from hotline.forms.flows import ForwardNumberForm
from hotline.forms.phone import CALLERS
from hotline.queries.flow_words import differences
from hotline.queries.flows import draft_number, draft_of, flow_history, forward_numbers, known_plan, plan_now
from hotline.views.flows import MEANWHILE, FlowPage, Line, line_kept_by
from hotline.views.phone import phone_url
from hotline.views.versions import number_in

ONLY_FOR_PRACTICE = gettext_lazy(
    "It was not published. Mend what stands below, or tick above “Publish” that this is a practice line."
)


class Again(FlowPage):
    """Lets the draft say again what an earlier version said, or what callers hear now; what goes with that is told first."""

    template_name = "hotline/admin/flow_again.html"
    leaf = gettext_lazy("The draft says something of its own")

    def post(self, request, **kwargs):
        """Ask where the draft says something of its own; done at once where nothing is lost."""
        number, draft = request.POST.get("version", ""), draft_of(self.line)
        row = flow_history(self.line).filter(pk=number_in(number)).first()
        heard = plan_now(self.line)
        plan = known_plan(row.body, row.pk) if row else heard
        now = known_plan(draft.body, draft.pk) if draft else plan
        is_sure = request.POST.get("sure") == (draft.digest if draft else "")
        if now.differing(heard) and now.differing(plan) and not is_sure:
            return self._ask(draft, row, differences(now, plan))
        try:
            seen = draft.digest if draft else ""
            flows.draft_flow(line=self.line, plan=plan, by=request.user, at=timezone.now(), seen=seen)
        except flows.FlowChangedMeanwhile:
            messages.error(request, MEANWHILE)
        else:
            messages.success(request, _("The draft says now what that version says."))
        return redirect("flows:line", self.line.pk)

    def _ask(self, draft, row, lost):
        """Name who saved the draft and what would go, before it goes."""
        name = names_of({draft.made_by}).get(draft.made_by, draft.made_by)
        context = self.get_context_data(line=self.line, draft=draft, version=row, lost=lost, drafted_by=name)
        return self.render_to_response(context, status=409)


@require_POST
def publish(request, pk):
    """Let callers hear the draft; what is wrong with it stands on the page."""
    line = line_kept_by(request.user, pk)
    draft = draft_of(line)
    if draft is None:
        return redirect("flows:line", line.pk)
    told = {"seen": request.POST.get("seen", ""), "seen_live": number_in(request.POST.get("live", ""))}
    told["for_practice"] = request.POST.get("for_practice") == "on"
    try:
        version = flows.publish_flow(draft=draft, by=request.user, at=timezone.now(), **told)
    except flows.FlowChangedMeanwhile:
        messages.error(request, MEANWHILE)
    except flows.FlowRefused:
        messages.error(request, _("It was not published. What must be mended first stands below."))
    except flows.OnlyForPractice:
        messages.error(request, ONLY_FOR_PRACTICE)
    except ValidationError as refused:
        for words in refused.messages:
            messages.error(request, words)
    else:
        words = _(
            "Version %(number)s is published. New calls follow it within a few seconds; calls under way stay on theirs."
        )
        messages.success(request, words % {"number": version.number})
    return redirect("flows:line", line.pk)


@require_POST
def try_draft(request, pk):
    """Dial the draft on an on-screen phone; only where calls are practised."""
    line = line_kept_by(request.user, pk)
    draft = draft_of(line)
    if not settings.SIMULATOR or draft is None:
        raise Http404
    number, at = draft_number(draft.pk), timezone.now()
    phone = simulation.new_phone(number=CALLERS[0][0], typed=number, at=at)
    simulation.do(phone=phone, kind=ActKind.DIAL, at=at, to=number)
    return redirect(phone_url(phone))


@require_POST
@in_own_time
def add_number(request, pk):
    """Put a number on the list; it waits for a second person."""
    page = Line()
    page.setup(request, pk=pk)
    form = ForwardNumberForm(request.POST)
    if form.is_valid():
        try:
            flows.add_forward_number(line=page.line, by=request.user, at=timezone.now(), **form.cleaned_data)
        except flows.NumberRefused as refused:
            form.add_error("number", NUMBER_FAULTS[refused.code])
    if form.errors:
        return page.render_to_response(page.told(form), status=422)
    messages.success(request, _("Added. Somebody else calls it and confirms it here."))
    return redirect("flows:line", pk)


@require_POST
def judge_number(request, pk, number, act):
    """Confirm a number, or take it off the list."""
    line = line_kept_by(request.user, pk)
    row = get_object_or_404(forward_numbers(line), pk=number)
    acts = {"confirm": flows.confirm_forward_number, "remove": flows.remove_forward_number}
    try:
        acts[act](number=row, by=request.user, at=timezone.now())
    except flows.NumberRefused as refused:
        messages.error(request, NUMBER_FAULTS[refused.code])
    return redirect("flows:line", line.pk)
