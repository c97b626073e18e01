"""The address of an agency for requests: enrolled by one, changed by two."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from referral import actions
from referral.forms.directory import ContactForm
from referral.views.directory import ServiceView

NOT_NOW = (actions.SamePerson, actions.TooSoon, actions.NoChangeWaits)


class ContactChange(ServiceView):
    """A new address for requests: asked by one, confirmed by another after three days."""

    action = "change_contact"

    def page(self, form, status=200):
        """Render the page."""
        contact = self.service.organisation.contacts.filter(is_active=True).first()
        mine = contact is not None and contact.change_asked_by == str(self.request.user.public_id)
        return self.part("referral/contact.html", {"form": form, "contact": contact, "is_mine": mine}, status=status)

    def get(self, request, reference):
        """Show what waits, and the form."""
        return self.page(ContactForm())

    def post(self, request, reference):
        """Ask for a change, confirm it, or drop it."""
        contact = self.service.organisation.contacts.filter(is_active=True).first()
        act = request.POST.get("act", "ask")
        if contact is not None and act in {"confirm", "drop"}:
            return self.settled(request, contact, act)
        form = ContactForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        told = form.cleaned_data
        if contact is None or act == "enrol":
            return self.enrolled(form)
        actions.ask_contact_change(
            contact=contact, email=told["email"], number=told["number"], by=request.user, at=self.at
        )
        return self.back(_("The change waits for another manager, three days from now. The old address is told."))

    def enrolled(self, form):
        """Enrol the first address; when there is one by now, show the page that says so."""
        told = form.cleaned_data
        try:
            actions.enrol_contact(
                organisation=self.service.organisation, name=_("Desk for requests"), email=told["email"],
                number=told["number"], by=self.request.user, at=self.at,
            )  # fmt: skip
        except actions.EnrolledAlready as error:
            form.add_error(None, str(error))
            return self.page(form, status=409)
        return self.back(_("Address enrolled."))

    def settled(self, request, contact, act):
        """Confirm or drop a change that waits."""
        if act == "drop":
            actions.drop_contact_change(contact=contact, by=request.user, at=self.at)
            return self.back(_("The change was dropped. The old address stays."))
        try:
            actions.confirm_contact_change(contact=contact, by=request.user, at=self.at)
        except NOT_NOW as error:
            messages.error(request, str(error))
            return redirect("referral:contact_change", self.service.public_id)
        return self.back(_("The new address is in force."))
