"""Where and when a service is given: opening hours, places, and the sealed address of a secret one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.forms.differences import differences
from referral import actions
from referral.choices import Visibility
from referral.forms.cases import ReasonForm
from referral.forms.fields import anew, marked
from referral.forms.premises import HoursForm, PlaceForm
from referral.models import Place
from referral.queries.sendings import SentOtherwise
from referral.views.directory import ServiceView


class HoursEdit(ServiceView):
    """When the service is open, kept by a manager or its own agency."""

    action = "edit_service"

    def page(self, form, status: int = 200, **more):
        """Render the form."""
        return self.part("referral/service_hours.html", {"form": form} | more, status)

    def get(self, request, reference):
        """Show the form."""
        return self.page(HoursForm(service=self.service))

    def post(self, request, reference):
        """Save the hours, or show what stands now beside them."""
        form = HoursForm(request.POST, service=self.service)
        if not form.is_valid():
            return self.page(form, 400)
        told = form.cleaned_data
        try:
            actions.save_hours(
                service=self.service, openings=told["openings"], by=request.user, at=self.at, seen=told["seen"] or None
            )
        except actions.ServiceChangedMeanwhile as error:
            return self.show_both(str(error))
        return self.back(_("Opening hours saved."))

    def show_both(self, sentence: str):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        stands, told = HoursForm(service=self.service), self.request.POST.copy()
        told["seen"] = stands.initial["seen"]
        form = HoursForm(told, service=self.service)
        form.add_error(None, sentence)
        return self.page(form, 409, stands=differences(stands, form))


class PlaceNew(ServiceView):
    """A new place of the service."""

    action = "edit_service"

    def form(self, data=None):
        """Return the form."""
        return PlaceForm(data, country=self.service.organisation.country)

    def get(self, request, reference):
        """Show the form."""
        return self.part("referral/place_new.html", {"form": self.form()})

    def post(self, request, reference):
        """Add the place; a second press finds it there, the same form with other words is refused."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.part("referral/place_new.html", {"form": form}, 400)
        told, key = form.cleaned_data, marked(form.cleaned_data["key"], "place", request.POST)
        try:
            actions.add_place(
                service=self.service, visibility=told["visibility"], kind=told["kind"], area=told["area"],
                address=told["address"], access_notes=told["access_notes"], by=request.user, at=self.at, key=key,
            )  # fmt: skip
        except SentOtherwise as error:
            form = self.form(anew(request.POST))
            form.add_error(None, str(error))
            return self.part("referral/place_new.html", {"form": form}, 409)
        return self.back(_("Place added."))


class PlaceRemove(ServiceView):
    """A place taken off the service."""

    action = "edit_service"

    def post(self, request, reference, place):
        """Take it off; one that somebody took off already is off."""
        row = Place.objects.select_related("service").filter(service=self.service, public_id=place).first()
        if row is not None:
            actions.remove_place(place=row, by=request.user, at=self.at)
        return self.back(_("This place is not in the directory any more."))


class PlaceReveal(ServiceView):
    """The address of a secret place, for a supervisor with a reason."""

    action = "see_secret_place"

    def post(self, request, reference, place):
        """Show it once; the reading is recorded."""
        row = Place.objects.select_related("service__organisation").filter(
            service=self.service, public_id=place, visibility=Visibility.SECRET
        ).first()  # fmt: skip
        if row is None or row.sealed_address is None:
            raise Http404
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write a reason of a few words."))
            return redirect("referral:service", reference)
        words = actions.reveal_place(place=row, reason="secret_place", by=request.user, at=self.at)
        return self.part("referral/place.html", {"words": words})
