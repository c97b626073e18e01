"""How an agency is reached: its address for requests, enrolled by one and changed by two, and its public number."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.forms.differences import differences
from referral import actions
from referral.forms.directory import ContactForm, PublicNumberForm
from referral.views.directory import ServiceView

NOT_NOW = (actions.SamePerson, actions.TooSoon, actions.NoChangeWaits)


class ContactChange(ServiceView):
    """A new address for requests: asked by one, confirmed by another after three days."""

    action = "change_contact"

    def contact_form(self, data=None):
        """Return the form, which reads numbers as they are dialled in the country."""
        return ContactForm(data, country=self.service.organisation.country_id)

    def page(self, form, status=200):
        """Render the page."""
        contact = self.service.organisation.contacts.filter(is_active=True).first()
        mine = contact is not None and contact.change_asked_by == str(self.request.user.public_id)
        return self.part("referral/contact.html", {"form": form, "contact": contact, "is_mine": mine}, status=status)

    def get(self, request, reference):
        """Show what waits, and the form."""
        return self.page(self.contact_form())

    def post(self, request, reference):
        """Ask for a change, confirm it, or drop it."""
        contact = self.service.organisation.contacts.filter(is_active=True).first()
        act = request.POST.get("act", "ask")
        if contact is not None and act in {"confirm", "drop"}:
            return self.settled(request, contact, act)
        form = self.contact_form(request.POST)
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


class PublicNumber(ServiceView):
    """The number that everybody sees of an agency, kept by a manager or its own focal point."""

    action = "edit_service"

    def number_form(self, data=None):
        """Return the form, filled with what stands."""
        agency = self.service.organisation
        first = {"number": agency.public_number, "seen": agency.changed_at.isoformat()}
        return PublicNumberForm(data, country=agency.country_id, initial=first)

    def page(self, form, status=200, **more):
        """Render the page."""
        return self.part("referral/public_number.html", {"form": form} | more, status=status)

    def get(self, request, reference):
        """Show the form."""
        return self.page(self.number_form())

    def post(self, request, reference):
        """Save the number, or show what stands now beside it."""
        form = self.number_form(request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        told = form.cleaned_data
        try:
            actions.change_public_number(
                organisation=self.service.organisation, number=told["number"], seen=told["seen"], by=request.user,
                at=self.at,
            )  # fmt: skip
        except actions.NumberChangedMeanwhile as error:
            return self.show_both(str(error))
        return self.back(_("Public number saved."))

    def show_both(self, sentence):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        self.service.organisation.refresh_from_db()
        told = self.request.POST.copy()
        told["seen"] = self.service.organisation.changed_at.isoformat()
        form = self.number_form(told)
        form.add_error(None, sentence)
        return self.page(form, status=409, stands=differences(self.number_form(), form))
