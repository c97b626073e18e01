"""Steps opened by hand: agencies asked again after nobody accepted, and any step that was passed or passed by."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from referral import actions
from referral.choices import Need
from referral.forms.cases import AskAgainForm, OpenAgainForm
from referral.queries import again, runs
from referral.queries.referrals import candidates
from referral.views.base import CaseFormView, spoken_now


class OpenAgain(CaseFormView):
    """A step of the case's own version, opened by hand."""

    template_name = "referral/open_again.html"
    action = "open_step"

    def form(self, data=None):
        """Return the form with the steps that may be opened."""
        steps = again.steps_to_open(runs.engine_state(self.case), spoken_now())
        return OpenAgainForm(data, steps=steps, asked=self.request.GET.get("step", ""), seen=self.case.event_count)

    def act(self, form):
        """Open the step."""
        return self.opened(form, form.cleaned_data["step"], 0)

    def opened(self, form, step: str, instead_of: int):
        """Open a step by hand."""
        told = form.cleaned_data
        actions.open_step(
            case=self.case, step=step, instead_of=instead_of, reason=told["reason"], words=told["words"],
            seen=told["seen"], **self.sent(form),
        )  # fmt: skip
        return self.to_step(step)

    def done(self):
        """Go to the step that this form opened the first time."""
        return self.to_step(again.step_opened_by(self.case, self.sending))

    def to_step(self, step: str):
        """Go to where an opened step is worked on."""
        run = again.opened_run(self.case, step)
        if run.kind == "referral" and run.state == "open":
            return redirect("referral:refer", self.case.code, run.number)
        return self.back(_("Step opened."))


class AskAgain(OpenAgain):
    """Agencies asked again, from the step that followed since nobody accepted."""

    template_name = "referral/ask_again.html"

    def dispatch(self, request, *args, **kwargs):
        """Keep the number of the visit."""
        self.number = kwargs["run"]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, code, run):
        """Show whom one could ask, and the form."""
        if self.vain is None:
            return self.moved(request, _("This step is not open any more."), 0)
        return super().get(request)

    @property
    def vain(self):
        """Return the visit of the request that nobody accepted."""
        return again.vain_run(self.case, runs.engine_state(self.case), self.number)

    def form(self, data=None):
        """Return the form; the step is known."""
        return AskAgainForm(data, seen=self.case.event_count)

    def context(self) -> dict:
        """Return what was asked for, and the agencies that can be asked now, or whose consent is missing."""
        vain = self.vain
        if vain is None:
            return {}
        offered = [one for one in candidates(vain, self.at, is_anew=True) if one.is_possible]
        need = runs.version_of(self.case).steps[vain.step_key].get("service", "")
        return {"offered": offered, "need": dict(Need.choices).get(need, need)}

    def act(self, form):
        """Open the request again; the step that followed it gives way."""
        step = again.step_before(runs.engine_state(self.case), self.number)
        if step is None:
            raise Http404
        return self.opened(form, step, self.number)
