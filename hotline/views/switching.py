"""Switching a line off or on: a page that says what happens, then the act."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.queries import names_of
from hotline.actions import switching
from hotline.actions.lines import ChangedMeanwhile
from hotline.forms.switching import SwitchForm
from hotline.queries.flows import plan_now
from hotline.queries.switching import calls_now, shifts_to_come
from hotline.views.lines import kept_line


class SwitchLine(FormView):
    """The page that says what happens when a line is switched, and switches it."""

    template_name = "hotline/line_switch.html"
    form_class = SwitchForm

    def setup(self, request, *args, **kwargs):
        """Find the line among those the person sets up."""
        super().setup(request, *args, **kwargs)
        self.line = kept_line(request.user, kwargs["line"])

    @property
    def is_off(self) -> bool:
        """Tell whether the form switches a line on that is off: as it says when it is sent, else as the line stands."""
        if self.request.method == "POST":
            return self.request.POST.get("act") == "on"
        return not self.line.is_active

    def get_form_kwargs(self):
        """Give the form its reasons, and the line as it is shown."""
        return super().get_form_kwargs() | {"is_off": self.is_off, "initial": {"version": self.line.version}}

    def get_context_data(self, **kwargs):
        """Add the line, who switched it off, and what goes on."""
        line, at = self.line, timezone.now()
        names = names_of([line.off_by, line.changed_by])
        return super().get_context_data(**kwargs) | {
            "line": line, "is_off": self.is_off, "off_by": names.get(line.off_by, line.off_by),
            "changed_by": names.get(line.changed_by, line.changed_by), "calls": calls_now(line),
            "shifts": shifts_to_come(line, at), "danger_key": plan_now(line).danger_key,
        }  # fmt: skip

    def form_invalid(self, form):
        """Show the form with what is to be mended, unless it asks for what stands already."""
        return self.done(is_new=False) if self.stands else super().form_invalid(form)

    @property
    def stands(self) -> bool:
        """Tell whether the line is already as the form asks."""
        return self.line.is_active == self.is_off

    def form_valid(self, form):
        """Switch the line; a second press is no fault, and what somebody else changed meanwhile is shown first."""
        act = switching.switch_on if self.is_off else switching.switch_off
        try:
            is_new = act(line=self.line, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except ChangedMeanwhile as meanwhile:
            self.line = meanwhile.line
            sent = self.request.POST.copy()
            sent["version"] = str(self.line.version)
            again = SwitchForm(sent, is_off=self.is_off)
            return self.render_to_response(self.get_context_data(form=again, is_meanwhile=True), status=409)
        return self.done(is_new=is_new)

    def done(self, *, is_new):
        """Say how the line stands, on its page."""
        if self.is_off:
            said = _("The line is on. Calls come in at once.") if is_new else _("This line is on already.")
        else:
            said = _("The line is off. New callers hear it at once.") if is_new else _("This line is off already.")
        (messages.success if is_new else messages.info)(self.request, said)
        return redirect("hotline:line", line=self.line.public_id)
