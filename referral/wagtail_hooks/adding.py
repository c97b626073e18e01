"""Pages that add and remove: a step, a role, a question, a country's own copy of a model."""

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.forms.differences import said
from languages.text import whole
from referral import actions
from referral.forms.pathways import NewFactForm, NewRoleForm, NewStepForm
from referral.queries import editing
from referral.wagtail_hooks.base import PathwayPage, pathway_for
from referral.wagtail_hooks.editing import EditStep


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


class RemoveStep(EditStep):
    """Takes a step out of the working copy; what somebody wrote in it meanwhile is shown first."""

    http_method_names = ("post",)

    def post(self, request, **kwargs):
        """Take it out, or show what stands in it now."""
        seen, number = whole(request.POST.get("seen", "")), self.pathway.edit_number
        self.told = None
        if seen is None or editing.written_since(self.part, seen):
            return self.show_written(-1 if seen is None else seen)
        try:
            actions.remove_part(part=self.part, by=request.user, at=timezone.now(), seen=number)
        except actions.StepStillUsed as error:
            messages.error(request, str(error))
            return redirect("pathways:step", self.part.pk)
        except actions.PathwayChangedMeanwhile:
            return self.show_written(seen)
        messages.success(request, _("The step is gone from the working copy. Published versions keep it."))
        return redirect("pathways:detail", self.pathway.pk)

    def show_written(self, seen: int):
        """Show the step as it stands now, and what was written in it since it was shown."""
        self.pathway.refresh_from_db()
        self.part = self.find_part(self.kwargs)
        if self.part is None:
            return self.show_gone(self.request)
        form = self.get_form()
        names = editing.written_since(self.part, seen)
        written = [(bound.label, said(bound)) for bound in form.visible_fields() if bound.name in names]
        response = self.render_form(form, was_kept=True, written=written + editing.rows_written(self.part, names))
        response.status_code = 409
        return response

    def show_gone(self, request, **kwargs):
        """Lead back from a step that is gone already."""
        messages.success(request, _("The step was removed already."))
        return redirect("pathways:detail", self.pathway.pk)


@require_POST
def copy(request, pk):
    """Make the country's own working copy of a model pathway."""
    model = pathway_for(request.user, pk=pk, country=None)
    made = actions.copy_model(pathway=model, country=request.user.country, by=request.user, at=timezone.now())
    return redirect("pathways:detail", made.pk)
