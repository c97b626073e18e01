"""A court's hold on a case: set and lifted by a supervisor of its country."""

from django.utils.translation import gettext as _

from languages.text import whole
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
        is_held = self.is_lifting(data) if data is not None else self.case.legal_hold
        return HoldForm(data, is_held=is_held, seen=self.case.event_count)

    def is_lifting(self, data) -> bool:
        """Tell whether the form that was sent lifts a hold: it says so itself, whatever stands now."""
        return data.get("act") == "lift"

    def show(self, form, status=200, **more):
        """Show the form as what it does; one that asks for what stands already gives way to how that came about."""
        is_lifting = self.is_lifting(form.data) if form.is_bound else self.case.legal_hold
        if form.is_bound:
            if self.is_lost():
                return self.refused(self.request)
            if is_lifting != self.case.legal_hold:
                words = _("This case is not held.") if is_lifting else _("This case is held already.")
                happened = more.get("happened") or self.happened(whole(form.data.get("seen", "")) or 0)
                return self.stands(words, happened, head=_("The hold changed meanwhile"))
        return super().show(form, status, is_lifting=is_lifting, **more)

    def happened(self, seen):
        """Return how the case was held meanwhile; a supervisor decides on it without reading the rest."""
        numbers = numbers_of(self.case, "hold_set", "hold_lifted")
        return [line for line in super().happened(seen) if line.number in numbers]

    def act(self, form):
        """Set the hold or lift it."""
        told = {"reason": form.cleaned_data["reason"], "words": form.cleaned_data["words"]}
        if self.is_lifting(form.data):
            actions.lift_hold(case=self.case, seen=form.cleaned_data["seen"], **told, **self.sent(form))
        else:
            actions.hold_case(case=self.case, **told, **self.sent(form))
        return self.done()

    def done(self):
        """Say what was done."""
        if self.is_lifting(self.request.POST):
            return self.back(_("The hold is lifted."))
        return self.back(_("The case is held. Nothing of it is erased until the hold is lifted."))
