"""An agency of the directory: its page, what it is, how far it was checked, its people."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.forms.differences import differences
from accounts.rules import allowed
from languages import table
from referral import actions
from referral.forms.agencies import AgencyForm, LanguageForm, PersonForm, TrustForm
from referral.queries import agencies
from referral.queries.contacts import contact_language
from referral.rules import RULES
from referral.views.base import StaffView

ACTS = ("edit_service", "set_trust", "see_agency_people", "keep_agency_people")


class OrganisationView(StaffView):
    """A page of one agency of the person's country."""

    action = ""

    def dispatch(self, request, *args, **kwargs):
        """Find the agency; ask the rules."""
        rows = agencies.organisations_visible_to(request.user)
        self.organisation = rows.filter(public_id=kwargs["reference"]).first()
        if self.organisation is None or (self.action and not self.may(self.action)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may(self, action: str) -> bool:
        """Tell whether the person may do something with the agency."""
        return allowed(self.request.user, RULES, action, self.organisation)

    def part(self, template: str, context: dict, status: int = 200):
        """Render a page of the agency."""
        return render(self.request, template, {"organisation": self.organisation} | context, status=status)

    def back(self, words: str = ""):
        """Go back to the agency."""
        if words:
            messages.success(self.request, words)
        return redirect("referral:organisation", self.organisation.public_id)

    def page(self, form=None, status: int = 200):
        """Render the page of the agency, with the form that adds a person for who may."""
        may = {name: self.may(name) for name in ACTS}
        written = table.BY_CODE.get(contact_language(self.organisation))
        context = {"may": may, "services": self.organisation.services.all(), "written": written}
        if may["see_agency_people"]:
            context["people"] = agencies.people_of_agency(self.organisation)
        if may["keep_agency_people"]:
            context["form"] = form or self.person_form()
        return self.part("referral/organisation.html", context, status)

    def person_form(self, data=None):
        """Return the form that adds a person."""
        return PersonForm(data, people=agencies.may_be_added(self.request.user, self.organisation))


class OrganisationDetail(OrganisationView):
    """One agency: what it is, its services, its people."""

    def get(self, request, reference):
        """Show it."""
        return self.page()


class PersonAdd(OrganisationView):
    """A focal point put down for the agency."""

    action = "keep_agency_people"

    def post(self, request, reference):
        """Put her down; whom a second press or a colleague put down already is with it."""
        form = self.person_form(request.POST)
        if self.is_there(request.POST.get("person", "")):
            return self.back(_("This person is with the agency."))
        if not form.is_valid():
            return self.page(form, 400)
        person = form.cleaned_data["person"]
        try:
            actions.add_focal_point(organisation=self.organisation, person=person, by=request.user, at=self.at)
        except actions.NotAFocalPoint as error:
            form.add_error("person", str(error))
            return self.page(form, 409)
        return self.back(_("%(person)s is with the agency now, and gets a letter.") % {"person": person})

    def is_there(self, told: str) -> bool:
        """Tell whether whom the form names is with the agency already."""
        return any(str(one.user.public_id) == told for one in agencies.people_of_agency(self.organisation))


class PersonOff(OrganisationView):
    """A person taken off the agency."""

    action = "keep_agency_people"

    def post(self, request, reference, person):
        """Take her off; whom somebody took off already is off."""
        found = next(
            (one.user for one in agencies.people_of_agency(self.organisation) if one.user.public_id == person), None
        )
        if found is None:
            return self.back(_("This person is not with the agency any more."))
        actions.take_off_focal_point(organisation=self.organisation, person=found, by=request.user, at=self.at)
        return self.back(_("%(person)s is not with the agency any more.") % {"person": found})


class OrganisationEdit(OrganisationView):
    """What stands of an agency, corrected by a manager or its own focal point."""

    action = "edit_service"

    def form(self, data=None):
        """Return the form, filled with what stands."""
        row = self.organisation
        first = {"name": row.name, "description": row.description, "kind": row.kind, "identifiers": row.identifiers,
                 "website": row.website, "seen": agencies.agency_mark(row)}  # fmt: skip
        return AgencyForm(data, initial=first)

    def get(self, request, reference):
        """Show the form."""
        return self.edit_page(self.form())

    def edit_page(self, form, status: int = 200, **more):
        """Render the form."""
        return self.part("referral/organisation_edit.html", {"form": form} | more, status)

    def post(self, request, reference):
        """Save it, or show what stands in the way."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.edit_page(form, 400)
        told = dict(form.cleaned_data)
        seen = told.pop("seen") or None
        try:
            actions.change_agency(
                organisation=self.organisation,
                facts=actions.AgencyFacts(**told),
                by=request.user,
                at=self.at,
                seen=seen,
            )
        except actions.AlreadyThere as error:
            form.add_error("name", str(error))
            return self.edit_page(form, 409)
        except actions.AgencyChangedMeanwhile as error:
            return self.show_both(str(error))
        return self.back(_("Saved."))

    def show_both(self, sentence: str):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        self.organisation.refresh_from_db()
        told = self.request.POST.copy()
        told["seen"] = agencies.agency_mark(self.organisation)
        form = self.form(told)
        form.add_error(None, sentence)
        return self.edit_page(form, 409, stands=differences(self.form(), form))


class OneFact(OrganisationView):
    """One fact of the agency on a page of its own."""

    template = ""

    def get(self, request, reference):
        """Show the form."""
        return self.fact_page(self.form())

    def fact_page(self, form, status: int = 200, **more):
        """Render the form."""
        return self.part(self.template, {"form": form} | more, status)

    def post(self, request, reference):
        """Save it, or show what stands now."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.fact_page(form, 400)
        told = form.cleaned_data | {"seen": form.cleaned_data["seen"] or None}
        try:
            self.save(organisation=self.organisation, by=request.user, at=self.at, **told)
        except actions.AgencyChangedMeanwhile as error:
            return self.show_both(str(error))
        return self.back(_("Saved."))

    def show_both(self, sentence: str):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        self.organisation.refresh_from_db()
        stands, told = self.form(), self.request.POST.copy()
        told["seen"] = stands["seen"].value()
        form = self.form(told)
        form.add_error(None, sentence)
        return self.fact_page(form, 409, stands=differences(stands, form))


class Trust(OneFact):
    """How far the agency was checked: the word of a manager."""

    action = "set_trust"
    template = "referral/organisation_trust.html"
    save = staticmethod(actions.set_trust)

    def form(self, data=None):
        """Return the form, filled with what stands."""
        return TrustForm(data, initial={"trust": self.organisation.trust, "seen": self.organisation.trust})


class Language(OneFact):
    """In which language the agency is written to: the word of a manager or of its own focal point."""

    action = "edit_service"
    template = "referral/organisation_language.html"
    save = staticmethod(actions.set_language)

    def form(self, data=None):
        """Return the form, filled with what stands; an agency without an address for requests is not written to."""
        stands = contact_language(self.organisation)
        if not stands:
            raise Http404
        languages = list(dict.fromkeys([*self.organisation.country.languages, stands]))
        return LanguageForm(data, languages=languages, initial={"language": stands, "seen": stands})
