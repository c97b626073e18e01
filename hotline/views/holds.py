"""Holding a contact for a court, and lifting the hold; only for a supervisor of its country."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from hotline import actions
from hotline.forms.log import HoldForm
from hotline.queries.retention import NO_HOLD, holds_since, holds_so_far
from hotline.views.access import contact_for, go_to


class HoldContact(FormView):
    """The form that holds a contact without a case, or lifts its hold."""

    template_name = "hotline/hold.html"
    form_class = HoldForm

    def setup(self, request, *args, **kwargs):
        """Load the contact."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "hold_contact")

    @property
    def is_lifting(self) -> bool:
        """Tell whether the form lifts the hold: as it says when it is sent, else as the contact stands."""
        if self.request.method == "POST":
            return self.request.POST.get("act") == "lift"
        return self.contact.legal_hold

    def get_form_kwargs(self):
        """Give the form its reasons, and how often the hold was set or lifted so far."""
        first = {"seen": holds_so_far(self.contact)}
        return super().get_form_kwargs() | {"is_held": self.is_lifting, "initial": first}

    def get_context_data(self, **kwargs):
        """Add the contact, and why it cannot be held by itself."""
        has_case = self.contact.case is not None and not self.is_lifting
        why = NO_HOLD["erased"] if self.contact.erased_at and not self.is_lifting else NO_HOLD["case"] * has_case
        facts = {"contact": self.contact, "is_lifting": self.is_lifting, "why_not": why}
        return super().get_context_data(**kwargs) | facts

    def form_invalid(self, form):
        """Show the form with what is to be mended, unless it asks for what stands already."""
        if self.is_lifting != self.contact.legal_hold:
            return self.meanwhile(form)
        return super().form_invalid(form)

    def form_valid(self, form):
        """Hold the contact or lift the hold, and show what stands."""
        act = actions.lift_contact_hold if self.is_lifting else actions.hold_contact
        said = _("The hold is lifted.") if self.is_lifting else _("The contact is held: nothing of it is erased.")
        try:
            act(contact=self.contact, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        except actions.CannotHold as error:
            if error.code == "moved":
                return self.meanwhile(form)
            messages.error(self.request, NO_HOLD[error.code])
        else:
            messages.success(self.request, said)
        return go_to(self.request, "hotline:contact", public_id=self.contact.public_id)

    def meanwhile(self, form):
        """Tell how the hold was set or lifted meanwhile, with the form where its act is still to do; 409."""
        self.contact = contact_for(self.request.user, self.contact.public_id, "hold_contact")
        is_done = self.is_lifting != self.contact.legal_hold
        code = "moved" if not is_done else "free" if self.is_lifting else "held"
        happened = holds_since(self.contact, form.cleaned_data.get("seen", 0))
        told = {"words": NO_HOLD[code], "happened": happened, "is_done": is_done}
        return self.render_to_response(self.get_context_data(form=self.again(form), **told), status=409)

    def again(self, form):
        """Return the form as it was sent, having seen what stands now."""
        data = form.data.copy()
        data["seen"] = str(holds_so_far(self.contact))
        return HoldForm(data, is_held=self.is_lifting)
