"""A country's calendar and public numbers, kept by its managers and by administrators."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView

from accounts import actions, queries
from accounts.forms import CountryForm, HolidayForm, NumberForm
from accounts.models import PublicContact


def _country(request, code):
    country = queries.countries_visible_to(request.user).filter(pk=code).first()
    if country is None:
        raise Http404
    return country


def _one_of(rows, pk):
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


class Countries(ListView):
    """The countries that the user keeps."""

    template_name = "accounts/countries.html"
    context_object_name = "countries"

    def get_queryset(self):
        """Return those countries."""
        return queries.countries_visible_to(self.request.user)


class Country(FormView):
    """One country: zone, days off, hours, numbers, holidays."""

    form_class = CountryForm
    template_name = "accounts/country.html"

    def dispatch(self, request, *args, **kwargs):
        """Find the country among those the user keeps."""
        self.country = _country(request, kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the country as it is."""
        country = self.country
        return {
            "time_zone": country.time_zone,
            "weekend": sorted(country.weekend_days),
            "office_from": country.office_from,
            "office_until": country.office_until,
        }

    def get_context_data(self, **kwargs):
        """Add numbers and the holidays from today on."""
        today = timezone.now().date()
        facts = {
            "country": self.country,
            "contacts": queries.contacts_of(self.country),
            "holidays": self.country.holidays.filter(day__gte=today),
            "holiday_form": kwargs.pop("holiday_form", HolidayForm()),
        }
        return super().get_context_data(**kwargs) | facts

    def form_valid(self, form):
        """Keep zone, days off and hours."""
        actions.change_country(country=self.country, by=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved. Deadlines and opening hours follow at once."))
        return redirect("accounts:country", code=self.country.pk)


class Number(FormView):
    """One public number, new or to be corrected."""

    form_class = NumberForm
    template_name = "accounts/number.html"

    def dispatch(self, request, *args, code, pk=None, **kwargs):
        """Find the country, and the number unless it is new."""
        country = _country(request, code)
        new = PublicContact(country=country, position=country.contacts.count())
        self.contact = _one_of(country.contacts, pk) if pk else new
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the number as it is."""
        contact = self.contact
        initial = {name: getattr(contact, name) for name in ("kind", "number", "is_free", "source_kind", "source")}
        return initial | {"name": contact.name_en, "hours": contact.hours_en}

    def get_form(self, form_class=None):
        """Return the form; of a line's number without what the line keeps."""
        form = super().get_form(form_class)
        if self.contact.line:
            form.leave_to_line()
        return form

    def get_context_data(self, **kwargs):
        """Add the number."""
        return super().get_context_data(**kwargs) | {"contact": self.contact}

    def form_valid(self, form):
        """Keep the number."""
        actions.keep_number(contact=self.contact, facts=form.cleaned_data, by=self.request.user, at=timezone.now())
        messages.success(self.request, _("The number is kept. Call it, then note that it was checked."))
        return redirect("accounts:country", code=self.contact.country_id)


def number_checked(request, code, pk):
    """Note that the number was called today and answered."""
    contact = _one_of(_country(request, code).contacts, pk)
    actions.check_number(contact=contact, by=request.user, at=timezone.now())
    messages.success(request, _("Noted: checked today."))
    return redirect("accounts:country", code=code)


def number_remove(request, code, pk):
    """Take the number off every page."""
    contact = _one_of(_country(request, code).contacts, pk)
    actions.remove_number(contact=contact, by=request.user, at=timezone.now())
    messages.success(request, _("The number is no longer shown anywhere."))
    return redirect("accounts:country", code=code)


def holiday_add(request, code):
    """Add a holiday; what is wrong comes back as a message."""
    country, form = _country(request, code), HolidayForm(request.POST)
    if form.is_valid():
        actions.add_holiday(country=country, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The day is in the calendar."))
    else:
        for error in [error for errors in form.errors.values() for error in errors]:
            messages.error(request, error)
    return redirect("accounts:country", code=code)


def holiday_remove(request, code, pk):
    """Take a holiday out of the calendar."""
    holiday = _one_of(_country(request, code).holidays, pk)
    actions.remove_holiday(holiday=holiday, by=request.user, at=timezone.now())
    messages.success(request, _("The day is a working day again."))
    return redirect("accounts:country", code=code)
