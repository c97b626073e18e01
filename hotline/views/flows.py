"""The call flow of a line in the editor: the draft, what is wrong with it, what it changes, trying it, publishing it."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from accounts.queries import names_of
from hotline.actions import flows
from hotline.forms.flows import ForwardNumberForm, PlanForm, anchor_of
from hotline.forms.lines import own_numbers
from hotline.ivr import Fault
from hotline.models import FlowVersion
from hotline.queries.flow_words import differences, fault_words, settings_of
from hotline.queries.flows import (
    draft_of,
    flow_history,
    forward_numbers,
    known_plan,
    live_flow,
    plan_now,
    verified_numbers,
)
from hotline.queries.plans import plan_faults, unread_on, unsaid_on_a_live_line
from hotline.queries.prompts import lines_kept_by
from hotline.queries.spoken import read_cell
from hotline.views.versions import VersionsPage, version_words, with_standing
from languages import table

MEANWHILE = gettext_lazy("Somebody else changed this call flow meanwhile. Nothing was done; look at it as it is now.")


def line_kept_by(user, pk: int):
    """Return a line that this person sets up, else raise 404."""
    return get_object_or_404(lines_kept_by(user), pk=pk)


def _live_plan(line):
    """Return the live version of a line, None where none was written, and the plan that callers hear."""
    return live_flow(line), plan_now(line)


def _mended_at(line, fault: Fault) -> str:
    """Return the address of the field, or of the prompt, at which a fault is mended."""
    if fault.code == "no_words" or fault.name == "words":
        language, first = fault.values["language"], fault.values["prompts"][0]
        places = ("flows:words", line.pk) if fault.name == "words" else ("hotline:prompts_in", line.public_id)
        return f"{reverse(places[0], args=[places[1], language])}#{first}"
    return f"{reverse('flows:edit', args=[line.pk])}#{anchor_of(fault.name)}"


class FlowPage(VersionsPage):
    """A page about the call flow of one line."""

    header_icon = "mobile-alt"
    place = ("flows:index", gettext_lazy("Call flows"))
    thing_place = "flows:line"
    line = None

    def setup(self, request, *args, **kwargs):
        """Find the line before anything else."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and "pk" in kwargs:
            self.line = line_kept_by(request.user, kwargs["pk"])

    def thing(self):
        """Return the line."""
        return self.line

    def thing_words(self):
        """Return the words for its call flow."""
        return _("Call flow of %(number)s") % {"number": self.line.number}

    def thing_name(self):
        """Return the number of the line."""
        return self.line.number


class Index(FlowPage):
    """The lines that a person sets up, each with where its call flow stands."""

    template_name = "hotline/admin/flows.html"

    def get(self, request):
        """Show the list."""
        rows = with_standing(lines_kept_by(request.user), "flows")
        for row in rows:
            row.differs = row.draft is not None and (row.live is None or row.draft.digest != row.live.digest)
        return self.render_to_response(self.get_context_data(rows=rows))


class Line(FlowPage):
    """The call flow of one line: the draft with what is wrong, what it changes, the earlier versions, the numbers."""

    template_name = "hotline/admin/flow.html"

    def get(self, request, **kwargs):
        """Show it."""
        return self.render_to_response(self.told(ForwardNumberForm()))

    def told(self, form):
        """Return what the page shows, with the form of a number."""
        draft = draft_of(self.line)
        live, heard = _live_plan(self.line)
        plan = known_plan(draft.body, draft.pk) if draft else heard
        history = list(flow_history(self.line)[:50])
        numbers = list(forward_numbers(self.line))
        names = names_of(
            {one.published_by for one in history}
            | {one.added_by for one in numbers}
            | {one.confirmed_by for one in numbers}
            | ({draft.made_by} if draft else set())
        )
        changes, unsaid = differences(heard, plan), self._unsaid(plan)
        return self.get_context_data(
            line=self.line, draft=draft, live=live, differences=changes, settings=settings_of(plan),
            faults=[(words, _mended_at(self.line, fault)) for words, fault in fault_words(plan_faults(self.line, plan))],
            history=[(one, names.get(one.published_by, one.published_by)) for one in history],
            numbers=[(one, names.get(one.added_by, one.added_by), names.get(one.confirmed_by, one.confirmed_by)) for one in numbers],
            drafted_by=names.get(draft.made_by, draft.made_by) if draft else "",
            own=str(self.request.user.public_id), form=form, can_try=settings.SIMULATOR,
            unnamed=self.line.is_practice and not plan.other_number,
            unread=unread_on(self.line, plan),
            waits=unsaid if changes else [], lacks=[] if changes else unsaid,  # what callers hear waits for no publishing
        )  # fmt: skip

    def _unsaid(self, plan) -> list[tuple[str, list[str]]]:
        """Return the languages that a live line could not speak, each with the words that it lacks, as the plan says them."""
        here = table.known(get_language() or "")
        return [
            (code, [read_cell(key, here, plan).text for key in keys])
            for code, keys in unsaid_on_a_live_line(self.line, plan)
        ]


class Edit(FlowPage):
    """The draft as a form."""

    template_name = "hotline/admin/flow_edit.html"
    leaf = gettext_lazy("Edit the draft")

    def form(self, told=None):
        """Return the form, filled with the draft, else with what callers hear."""
        draft, (_live, heard) = draft_of(self.line), _live_plan(self.line)
        plan = known_plan(draft.body, draft.pk) if draft else heard
        seen = draft.digest if draft else ""
        own = {self.line.number} | own_numbers(self.line.numbers, self.line.sender)
        return PlanForm(told, plan=plan, numbers=verified_numbers(self.line), own=own, seen=seen)

    def get(self, request, **kwargs):
        """Show the form."""
        return self._show(self.form())

    def post(self, request, **kwargs):
        """Keep the draft; what is wrong with it is told on the next page."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            flows.draft_flow(
                line=self.line, plan=form.plan, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"]
            )
        except flows.FlowChangedMeanwhile:
            return self._changed_meanwhile(form)
        messages.success(request, _("The draft is saved. Callers hear it once it is published."))
        return redirect("flows:line", self.line.pk)

    def _changed_meanwhile(self, form):
        """Show what was typed beside what somebody else saved; sent once more, it takes the place of that."""
        draft = draft_of(self.line)
        theirs = known_plan(draft.body, draft.pk)
        form.renewed(draft.digest)
        other = names_of({draft.made_by}).get(draft.made_by, draft.made_by)
        told = {"other": other, "other_at": draft.made_at, "meanwhile": differences(theirs, form.plan)}
        return self._show(form, status=409, **told)

    def _show(self, form, status: int = 200, **told):
        voices = [form[name] for name in form.fields if name.startswith("voice_")]
        context = self.get_context_data(line=self.line, form=form, voices=voices, **told)
        return self.render_to_response(context, status=status)


class Version(FlowPage):
    """One version that callers hear or heard, and what it changed."""

    template_name = "hotline/admin/flow_version.html"

    def setup(self, request, *args, **kwargs):
        """Find the version and its line."""
        row = FlowVersion.objects.filter(pk=kwargs["version"]).exclude(state="draft").first()
        if row is None:
            raise Http404
        self.version = row
        super().setup(request, *args, pk=row.line_id, **kwargs)

    @property
    def leaf(self):
        """Return the number of the version and when it was published."""
        return version_words(self.version)

    def get(self, request, **kwargs):
        """Show the settings, and what differs from the version before."""
        plan, rows = known_plan(self.version.body, self.version.pk), flow_history(self.line)
        before = rows.filter(number__lt=self.version.number).first()
        changed = differences(known_plan(before.body, before.pk), plan) if before else []
        return self.render_to_response(
            self.get_context_data(
                line=self.line, version=self.version, settings=settings_of(plan), differences=changed
            )
        )
