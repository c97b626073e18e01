"""The offices of a country, kept by its managers and by administrators."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView

from accounts import actions, models, queries
from accounts.forms import OfficeForm
from accounts.queries.marks import office_mark
from accounts.queries.offices import offices_listed, offices_visible_to
from accounts.views.clocks import in_country_time
from accounts.views.stale import ShowsBoth


def _country(request, code):
    country = queries.countries_visible_to(request.user).filter(pk=code).first()
    if country is None:
        raise Http404
    return country


def _office(request, code, pk):
    office = offices_visible_to(request.user).filter(country=code, pk=pk).select_related("country").first()
    if office is None:
        raise Http404
    return office


@method_decorator(in_country_time, name="dispatch")
class Offices(ListView):
    """The offices of one country: kind, officials expected, officials counted."""

    template_name = "accounts/offices.html"
    context_object_name = "offices"

    def get_queryset(self):
        """Return them, open ones first."""
        self.country = _country(self.request, self.kwargs["code"])
        return offices_listed(self.request.user, self.country)

    def get_context_data(self, **kwargs):
        """Add the country."""
        return super().get_context_data(**kwargs) | {"country": self.country}


@method_decorator(in_country_time, name="dispatch")
class Office(ShowsBoth, FormView):
    """One office, new or to be corrected, closed or opened again."""

    form_class = OfficeForm
    template_name = "accounts/office.html"

    def dispatch(self, request, *args, code, pk=None, **kwargs):
        """Find the country, and the office unless it is new."""
        self.office = _office(request, code, pk) if pk else models.Office(country=_country(request, code), kind="")
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the office as it is."""
        office = self.office
        facts = {name: getattr(office, name) for name in ("name", "kind", "area", "staff_count", "staff_counted_on")}
        return facts | {"seen": office_mark(office) if office.pk else ""}

    def get_form(self, form_class=None):
        """Return the form, with the word that the country has for its regions."""
        form = super().get_form(form_class)
        form.fields["area"].label = self.office.country.area_word
        return form

    def get_context_data(self, **kwargs):
        """Add the office, its mark and how many people are in it."""
        office = self.office
        people = office.people.count() if office.pk else 0
        return super().get_context_data(**kwargs) | {"office": office, "seen": office_mark(office), "people": people}

    def form_valid(self, form):
        """Keep the office; nobody's change is taken back unseen, and no name stands twice."""
        facts, by, at = dict(form.cleaned_data), self.request.user, timezone.now()
        seen, country = facts.pop("seen"), self.office.country
        try:
            if self.office.pk:
                actions.change_office(office=self.office, facts=facts, by=by, at=at, seen=seen)
            else:
                actions.add_office(country=country, facts=facts, by=by, at=at)
        except actions.OfficeChangedMeanwhile as error:
            self.office.refresh_from_db()
            return self.show_both(str(error))
        except actions.OfficeStandsAlready as error:
            return self.show_standing(form, error)
        messages.success(self.request, _("The office is kept."))
        return redirect("accounts:offices", code=country.pk)

    def show_standing(self, form, error):
        """Say that the name stands already: the same office on the list, another one beside the form."""
        if error.is_same:
            messages.info(self.request, _("This office is on the list. It stands there once."))
            return redirect("accounts:offices", code=error.office.country_id)
        form.add_error("name", str(error))
        return self.render_to_response(self.get_context_data(form=form, standing=error.office), status=409)


@in_country_time
def office_close(request, code, pk):
    """Close an office; one that got another name meanwhile is shown first."""
    office, seen = _office(request, code, pk), request.POST.get("seen", "")
    try:
        actions.close_office(office=office, seen=seen, by=request.user, at=timezone.now())
    except actions.OfficeChangedMeanwhile as error:
        page = Office()
        page.setup(request, code=code, pk=pk)
        page.office = _office(request, code, pk)
        context = page.get_context_data(form=OfficeForm(initial=page.get_initial()), moved=str(error))
        return page.render_to_response(context, status=409)
    messages.success(request, _("The office is closed. It takes no new people; who is in it stays."))
    return redirect("accounts:offices", code=code)


def office_reopen(request, code, pk):
    """Open a closed office again."""
    actions.reopen_office(office=_office(request, code, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The office is open again."))
    return redirect("accounts:offices", code=code)
