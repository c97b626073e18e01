"""Pages that add and remove: a step, a role, a question, a country's own copy of a model."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from referral import actions
from referral.forms.pathways import NewFactForm, NewRoleForm, NewStepForm
from referral.wagtail_hooks.base import PathwayPage, editable_for, pathway_for


class AddPart(PathwayPage):
    """A page that adds a row to the working copy."""

    needs_edit = True
    template_name = "referral/admin/add.html"

    def get(self, request, **kwargs):
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, **kwargs):
        """Add the row, then go on to its own page."""
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        made = self.add(form.cleaned_data, {"pathway": self.pathway, "by": request.user, "at": timezone.now()})
        messages.success(request, self.said)
        return redirect(f"pathways:{self.goes_to}", made.pk)


class AddStep(AddPart):
    """A new step."""

    page_subtitle = gettext_lazy("Add a step")
    said = gettext_lazy("The step is there. Say who acts and until when, then lead ways to it.")
    goes_to = "step"

    def get_form(self):
        """Return the form, empty or sent."""
        return NewStepForm(self.request.POST or None, pathway=self.pathway)

    def add(self, told, common):
        """Add it through one action."""
        return actions.add_step(kind=told["kind"], title=told["title_en"], after=told["after"], **common)


class AddRole(AddPart):
    """A new role."""

    page_subtitle = gettext_lazy("Add a role")
    said = gettext_lazy("The role is there. Steps and escalations can name it now.")
    goes_to = "role"

    def get_form(self):
        """Return the form, empty or sent."""
        return NewRoleForm(self.request.POST or None)

    def add(self, told, common):
        """Add it through one action."""
        name = told.pop("name_en")
        return actions.add_role(name=name, **told, **common)


class AddFact(AddPart):
    """A new question."""

    page_subtitle = gettext_lazy("Add a question")
    said = gettext_lazy("The question is there. Ways can depend on it now.")
    goes_to = "fact"

    def get_form(self):
        """Return the form, empty or sent."""
        return NewFactForm(self.request.POST or None, pathway=self.pathway)

    def add(self, told, common):
        """Add it through one action."""
        return actions.add_fact(key=told["key"], question=told["label_en"], **common)


@require_POST
def remove_step(request, part):
    """Take a step out of the working copy."""
    pathway = editable_for(request.user, step_rows__pk=part)
    step = pathway.step_rows.get(pk=part)
    try:
        actions.remove_part(part=step, by=request.user, at=timezone.now())
    except actions.StepStillUsed as error:
        messages.error(request, str(error))
        return redirect("pathways:step", part)
    messages.success(request, _("The step is gone from the working copy. Published versions keep it."))
    return redirect("pathways:detail", pathway.pk)


@require_POST
def copy(request, pk):
    """Make the country's own working copy of a model pathway."""
    model = pathway_for(request.user, pk=pk, country=None)
    made = actions.copy_model(pathway=model, country=request.user.country, by=request.user, at=timezone.now())
    return redirect("pathways:detail", made.pk)
