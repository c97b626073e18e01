"""How an agency is reached: its address for requests, enrolled by one and changed by two, and its public number."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.forms.differences import differences
from referral import actions
from referral.forms.directory import ContactForm, DropForm, PublicNumberForm
from referral.queries.contacts import waiting_change
from referral.views.directory import ServiceView

NOT_NOW = (actions.SamePerson, actions.TooSoon, actions.NoChangeWaits, actions.NotShown)


def _rows(shown, before) -> list[dict]:
    """Return the e-mail and the number for the page: what stands, what would stand, and what was shown before."""
    return [
        {
            "label": label, "stands": getattr(shown, old), "new": getattr(shown, f"new_{old}"),
            "before": getattr(before or shown, f"new_{old}"), "has_before": before is not None,
        }
        for old, label in (("email", _("E-mail for referrals")), ("number", _("Number for call-backs")))
    ]  # fmt: skip


class ContactChange(ServiceView):
    """A new address for requests: asked by one, shown to another and confirmed by her after three days."""

    action = "change_contact"

    def contact_form(self, contact, data=None):
        """Return the form, which reads numbers as they are dialled in the country; the first asks for the language."""
        country = self.service.organisation.country
        languages = () if contact else country.languages
        return ContactForm(data, country=country.pk, languages=languages)

    def contact(self):
        """Return the contact of the agency as it stands now, or None."""
        return self.service.organisation.contacts.select_related("organisation").first()

    def page(self, form=None, status=200, **more):
        """Render the page: what waits, and the form when nothing waits or it was sent."""
        contact = self.contact()
        told = {"form": form or self.contact_form(contact), "contact": contact}
        told["waits"] = waiting_change(contact, self.request.user, self.at)
        return self.part("referral/contact.html", told | more, status=status)

    def get(self, request, reference):
        """Show what waits, or the form."""
        return self.page()

    def post(self, request, reference):
        """Enrol the first address; later ask for a change, show it, confirm it, or drop it."""
        contact, act = self.contact(), request.POST.get("act", "ask")
        acts = {"show": self.shown, "confirm": self.confirmed, "drop": self.dropped}
        if contact is not None and act in acts:
            return self.settled(acts[act], contact)
        form = self.contact_form(contact, request.POST)
        if not form.is_valid():
            return self.page(form, status=400)
        return self.enrolled(form) if contact is None or act == "enrol" else self.asked(form, contact)

    def enrolled(self, form):
        """Enrol the first address; when there is one by now, show the page that says so."""
        told = form.cleaned_data
        try:
            actions.enrol_contact(
                organisation=self.service.organisation, name=_("Desk for requests"), email=told["email"],
                number=told["number"], language=told.get("language", ""), by=self.request.user, at=self.at,
            )  # fmt: skip
        except actions.EnrolledAlready as error:
            form.add_error(None, str(error))
            return self.page(form, status=409)
        return self.back(_("Address enrolled."))

    def asked(self, form, contact):
        """Ask for a change; the page then says who is told of it."""
        try:
            is_new = actions.ask_contact_change(contact=contact, by=self.request.user, at=self.at, **form.cleaned_data)
        except (actions.ChangeWaits, actions.NoChangeWaits) as error:
            return self.page(self.again(str(error)), status=409)
        if is_new:
            messages.success(self.request, _("The change waits for another manager, three days from now."))
        else:
            messages.info(
                self.request, _("This very change waits already. Nothing was changed, and nobody was told again.")
            )
        return redirect("referral:contact_change", self.service.public_id)

    def again(self, sentence):
        """Return the form as it was sent, with what stands in its way; sent again it is a new act on what stands now."""
        told = self.request.POST.copy()
        contact = self.contact()
        waits = waiting_change(contact, self.request.user, self.at)
        told["seen"] = waits.seen if waits else ""
        form = self.contact_form(contact, told)
        form.add_error(None, sentence)
        return form

    def settled(self, act, contact):
        """Do an act on a change that waits, or say why it is not done and show what stands now."""
        try:
            return act(contact)
        except actions.OtherChange as error:
            if error.before is None:
                return self.page(status=409, refused=str(error))
            both = partial(self.shown, status=409, refused=str(error), before=error.before)
            return self.settled(both, contact)
        except NOT_NOW as error:
            return self.page(status=409, refused=str(error))

    def shown(self, contact, status=200, before=None, **more):
        """Show what would change, each reading recorded."""
        shown = actions.show_contact_change(contact=contact, by=self.request.user, at=self.at)
        return self.page(status=status, shown=shown, rows=_rows(shown, before), **more)

    def confirmed(self, contact):
        """Put in force the change that was shown."""
        seen = self.request.POST.get("seen", "")
        actions.confirm_contact_change(contact=contact, by=self.request.user, at=self.at, seen=seen)
        return self.back(_("The new address is in force."))

    def dropped(self, contact):
        """Drop the change that the page showed."""
        form = DropForm(self.request.POST)
        if not form.is_valid():
            raise actions.OtherChange
        seen = form.cleaned_data["seen"]
        actions.drop_contact_change(contact=contact, by=self.request.user, at=self.at, seen=seen)
        return self.back(_("The change was dropped. The old address stays."))


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
