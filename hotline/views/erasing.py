"""Erasing a contact by hand: what would go, what stays, why, and once more whether it is meant."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from hotline import actions, retention
from hotline.forms.log import EraseForm
from hotline.queries.retention import BARS, facts_of, holding_of
from hotline.views.access import contact_for, go_to


class EraseContact(FormView):
    """What a contact holds sealed, and the form that erases it; only for a supervisor of its country."""

    template_name = "hotline/erase.html"
    form_class = EraseForm

    def setup(self, request, *args, **kwargs):
        """Load the contact."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "erase_contact")

    def get_context_data(self, **kwargs):
        """Return what would go, and why it cannot go now."""
        return super().get_context_data(**kwargs) | {
            "contact": self.contact,
            "holding": holding_of(self.contact),
            "bar": BARS.get(retention.bar(facts_of(self.contact), timezone.now()), ""),
        }

    def form_valid(self, form):
        """Erase the contact and show what is left of it."""
        try:
            actions.erase_contact(
                contact=self.contact, reason=form.cleaned_data["reason"], by=self.request.user, at=timezone.now()
            )
        except actions.CannotErase as error:
            messages.error(self.request, BARS[error.code])
        else:
            messages.success(self.request, _("What was sealed here is erased."))
        return go_to(self.request, "hotline:contact", public_id=self.contact.public_id)
