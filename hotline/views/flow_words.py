"""The words of a line's own, in its draft: one language at a time."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from hotline.actions import flows
from hotline.forms.flow_words import WordsForm
from hotline.models import Prompt
from hotline.queries.flow_words import differences
from hotline.queries.flows import draft_of, known_plan, plan_now
from hotline.queries.prompts import spoken_on
from hotline.queries.spoken import SENT
from hotline.views.flows import MEANWHILE, FlowPage
from languages import table

UNSAID = frozenset({"missing", "stale", "waiting"})


class Words(FlowPage):
    """What the line says in one language, beside what the house says."""

    template_name = "hotline/admin/flow_words.html"
    leaf = gettext_lazy("Words of the line’s own")

    def setup(self, request, *args, **kwargs):
        """Find the line and the language."""
        super().setup(request, *args, **kwargs)
        self.language = table.BY_CODE.get(kwargs["language"])
        if self.language is None:
            raise Http404

    def form(self, told=None):
        """Return the form, filled with the draft, else with what callers hear."""
        draft = draft_of(self.line)
        plan = known_plan(draft.body, draft.pk) if draft else plan_now(self.line)
        prompts = [prompt for prompt in Prompt.objects.order_by("pk") if not prompt.key.startswith(SENT)]
        return WordsForm(told, plan=plan, language=self.language.code, prompts=prompts)

    def get(self, request, **kwargs):
        """Show the words."""
        return self._show(self.form())

    def post(self, request, **kwargs):
        """Keep the words in the draft."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        if form.is_overtaken and form.plan != form.before:
            form.renewed()
            return self._show(form, status=409, meanwhile=differences(form.before, form.plan))
        draft = draft_of(self.line)
        try:
            seen = draft.digest if draft else ""
            flows.draft_flow(line=self.line, plan=form.plan, by=request.user, at=timezone.now(), seen=seen)
        except flows.FlowChangedMeanwhile:
            messages.error(request, MEANWHILE)
            return self._show(form, status=409)
        messages.success(request, _("The draft is saved. Callers hear it once it is published."))
        return redirect("flows:words", self.line.pk, self.language.code)

    def _show(self, form, status: int = 200, **told):
        (spoken,) = spoken_on(self.line, [self.language.code])
        unsaid = {cell.prompt.key for cell in spoken.drafted if cell.state in UNSAID}
        others = [table.BY_CODE[code] for code in dict.fromkeys([table.SOURCE, *form.before.codes])]
        own = form.before.own_words
        behind = {key for key, code in own if code == table.SOURCE and (key, self.language.code) not in own}
        context = self.get_context_data(
            line=self.line, form=form, language=self.language, others=others, unsaid=unsaid,
            behind=behind if self.language.code != table.SOURCE else (), **told,
        )  # fmt: skip
        return self.render_to_response(context, status=status)
