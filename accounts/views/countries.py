"""A country's calendar and public numbers, kept by its managers and by administrators."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView

from accounts import actions, queries
from accounts.forms import CountryForm, HolidayForm, NumberForm
from accounts.forms.differences import differences
from accounts.models import Holiday, PublicContact
from accounts.queries.marks import country_mark, holiday_mark, holidays_mark, number_mark
from accounts.queries.numbers import contacts_with
from accounts.views.clocks import in_country_time
from accounts.views.stale import ShowsBoth
from languages.text import listed


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


@method_decorator(in_country_time, name="dispatch")
class Country(ShowsBoth, FormView):
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
            "office_from": f"{country.office_from:%H:%M}",
            "office_until": f"{country.office_until:%H:%M}",
            "seen": country_mark(country),
        }

    def get_context_data(self, **kwargs):
        """Add numbers and the holidays from today on."""
        today = timezone.localdate()
        facts = {
            "country": self.country,
            "contacts": [(contact, number_mark(contact)) for contact in queries.contacts_of(self.country)],
            "holidays": [(day, holiday_mark(day)) for day in self.country.holidays.filter(day__gte=today)],
            "holiday_form": HolidayForm(initial={"seen": holidays_mark(self.country)}),
        }
        return facts | super().get_context_data(**kwargs)

    def form_valid(self, form):
        """Keep zone, days off and hours; nobody's change is taken back unseen."""
        by, at = self.request.user, timezone.now()
        try:
            actions.change_country(country=self.country, by=by, at=at, **form.cleaned_data)
        except actions.CountryChangedMeanwhile as error:
            self.country.refresh_from_db()
            return self.show_both(str(error))
        messages.success(self.request, _("Saved. Deadlines and opening hours follow at once."))
        return redirect("accounts:country", code=self.country.pk)


class Number(ShowsBoth, FormView):
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
        seen = number_mark(contact) if contact.pk else ""
        return initial | {"name": contact.name_en, "hours": contact.hours_en, "seen": seen}

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
        """Keep the number; nobody's change is taken back unseen."""
        facts, by, at = dict(form.cleaned_data), self.request.user, timezone.now()
        seen = facts.pop("seen")
        if self.contact.line and "number" in self.request.POST and seen != number_mark(self.contact):
            return self.show_both(str(actions.NumberChangedMeanwhile()))
        try:
            actions.keep_number(
                contact=self.contact, facts=facts, by=by, at=at, seen=seen if self.contact.pk else None
            )
        except actions.NumberChangedMeanwhile as error:
            self.contact = _one_of(PublicContact.objects, self.contact.pk)
            return self.show_both(str(error))
        except actions.NumberStandsAlready as error:
            return self.show_standing(form, error)
        messages.success(self.request, _("The number is kept. Call it, then note that it was checked."))
        return redirect("accounts:country", code=self.contact.country_id)

    def show_standing(self, form, error):
        """Say that the number stands already: in the same words on the country's page, in others beside the form."""
        if error.is_same:
            messages.info(self.request, _("This number is on the list. It stands there once."))
            return redirect("accounts:country", code=self.contact.country_id)
        form.add_error("number", str(error))
        context = self.get_context_data(form=form, standing=error.contact)
        return self.render_to_response(context, status=409)


def _country_page(request, country, status, **told):
    """Show a country as it stands now beside what was not written of it."""
    page = Country()
    page.setup(request, code=country.pk)
    page.country = country
    form = CountryForm(initial=page.get_initial())
    return page.render_to_response(page.get_context_data(form=form, **told), status=status)


def _country_changed(request, country, **told):
    return _country_page(request, country, 409, **told)


def _number_changed(request, contact, sentence):
    """Show the country with its numbers as they stand now, and which number the button was pressed for."""
    moved = {"sentence": sentence, "contact": PublicContact.objects.filter(pk=contact.pk).first() or contact}
    moved["before"] = request.POST.get("number", "")[:30]
    return _country_changed(request, contact.country, moved=moved)


def _holiday_changed(request, country, error):
    """Show the calendar as it stands now, with the day as it was sent; sending it again is a new act."""
    told = request.POST.copy()
    told["seen"] = holidays_mark(country)
    sent = HolidayForm(told)
    stands = []
    if error.holiday is not None:
        stands = differences(HolidayForm(initial={"day": error.holiday.day, "name": error.holiday.name}), sent)
    return _country_changed(request, country, calendar_moved=str(error), day_stands=stands, holiday_form=sent)


@in_country_time
def number_checked(request, code, pk):
    """Note that the number was called today and answered."""
    contact, called = _one_of(_country(request, code).contacts, pk), request.POST.get("number", "")
    try:
        actions.check_number(contact=contact, called=called, by=request.user, at=timezone.now())
    except actions.NumberChangedMeanwhile as error:
        return _number_changed(request, contact, str(error))
    messages.success(request, _("Noted: checked today."))
    return redirect("accounts:country", code=code)


def _say_off(request, others):
    """Say that a number is off the list, and as what it still stands there."""
    if others:
        words = _("It is off the list for this purpose. The same number is still shown as: %(names)s.")
        messages.warning(request, words % {"names": listed([row.shown_name for row in others], get_language())})
    else:
        messages.success(request, _("The number is no longer shown anywhere."))


@in_country_time
def number_remove(request, code, pk):
    """Take the number off every page; one that is off already stays off."""
    country, seen = _country(request, code), request.POST.get("seen", "")
    number = request.POST.get("number", "")
    if PublicContact.objects.filter(pk=pk).exists():
        contact = _one_of(country.contacts, pk)
        number = contact.number
        try:
            actions.remove_number(contact=contact, seen=seen, by=request.user, at=timezone.now())
        except actions.NumberChangedMeanwhile as error:
            return _number_changed(request, contact, str(error))
    _say_off(request, contacts_with(country, number))
    return redirect("accounts:country", code=code)


@in_country_time
def holiday_add(request, code):
    """Add a holiday; what is wrong stands beside what was typed."""
    country, form = _country(request, code), HolidayForm(request.POST)
    if not form.is_valid():
        return _country_page(request, country, 200, holiday_form=form)
    try:
        actions.add_holiday(country=country, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.HolidayChangedMeanwhile as error:
        return _holiday_changed(request, country, error)
    messages.success(request, _("The day is in the calendar."))
    return redirect("accounts:country", code=code)


@in_country_time
def holiday_remove(request, code, pk):
    """Take a holiday out of the calendar; one that is out already stays out."""
    country, seen = _country(request, code), request.POST.get("seen", "")
    if Holiday.objects.filter(pk=pk).exists():
        holiday = _one_of(country.holidays, pk)
        try:
            actions.remove_holiday(holiday=holiday, seen=seen, by=request.user, at=timezone.now())
        except actions.HolidayChangedMeanwhile as error:
            return _country_changed(request, country, calendar_moved=str(error))
    messages.success(request, _("The day is out of the calendar."))
    return redirect("accounts:country", code=code)
