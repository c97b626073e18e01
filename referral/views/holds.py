"""A court's hold on a case: set and lifted by a supervisor of its country."""

from django.utils.translation import gettext as _

from referral import actions
from referral.forms.holds import HoldForm
from referral.queries.cases import numbers_of
from referral.views.base import CaseFormView


class Hold(CaseFormView):
    """A supervisor holds a case, or lifts the hold that stands."""

    template_name = "referral/hold.html"
    action = "hold_case"

    def form(self, data=None):
        """Return the form: reasons to hold, or to lift the hold that stands."""
        is_held = self.is_lifted(data) if data is not None else self.case.legal_hold
        return HoldForm(data, is_held=is_held, seen=self.case.event_count)

    def is_lifted(self, data) -> bool:
        """Tell whether the form that was sent lifts a hold: it says so itself, whatever stands now."""
        return data.get("act") == "lift"

    def happened(self, seen):
        """Return how the case was held meanwhile; a supervisor decides on it without reading the rest."""
        numbers = numbers_of(self.case, "hold_set", "hold_lifted")
        return [line for line in super().happened(seen) if line.number in numbers]

    def act(self, form):
        """Set the hold or lift it."""
        told = {"reason": form.cleaned_data["reason"], "words": form.cleaned_data["words"]}
        if self.is_lifted(form.data):
            actions.lift_hold(case=self.case, seen=form.cleaned_data["seen"], **told, **self.sent(form))
            return self.back(_("The hold is lifted."))
        actions.hold_case(case=self.case, **told, **self.sent(form))
        return self.back(_("The case is held. Nothing of it is erased until the hold is lifted."))
