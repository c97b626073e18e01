"""The directory for staff: the list, one service, its editing, its check, the contact of its agency."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.forms.differences import differences
from accounts.queries import admits
from accounts.rules import allowed
from referral import actions
from referral.choices import AgencyKind
from referral.forms.directory import GROUPS, DirectoryFilter, NewOrganisationForm, ServiceForm
from referral.forms.fields import anew, marked
from referral.models import Organisation, Service
from referral.queries import directory
from referral.queries.agencies import agencies_kept_by, whom_to_ask
from referral.queries.cases import referrals_visible_to
from referral.queries.sendings import SentOtherwise
from referral.rules import RULES
from referral.views.base import StaffView

PAGE_SIZE = 40


def _details(form: ServiceForm) -> actions.ServiceDetails:
    told = {name: value for name, value in form.cleaned_data.items() if name in actions.ServiceDetails.__annotations__}
    return actions.ServiceDetails(**told | {"taken": form.taken()})


class Directory(StaffView):
    """The services of the country, narrowed by filters."""

    def get(self, request):
        """Show the list."""
        country = request.user.country
        form = DirectoryFilter(request.GET or None, country=country)
        wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
        services = directory.services_listed(country, self.today, **wanted)
        page = Paginator(services, PAGE_SIZE).get_page(request.GET.get("page"))
        for service in page:
            service.checked = directory.checked_mark(service.assured_date, self.today)
        may_add = allowed(request.user, RULES, "add_service")
        context = {"page": page, "form": form, "may_add": may_add, "may_fill": admits("referral:roles", request.user)}
        return render(request, "referral/directory.html", context)


class ServiceView(StaffView):
    """A page of one service of the person's country."""

    action = ""

    def dispatch(self, request, *args, **kwargs):
        """Find the service; ask the rules."""
        rows = Service.objects.select_related("organisation__country").filter(
            organisation__country_id=request.user.country_id
        )
        self.service = rows.filter(public_id=kwargs["reference"]).first()
        if self.service is None:
            raise Http404
        if self.action and not self.may(request.user, self.action):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may(self, user, action: str) -> bool:
        """Tell whether somebody may act on the service's organisation."""
        return allowed(user, RULES, action, self.service.organisation)

    def form(self, data=None, **options):
        """Return the form of the service, filled with what stands."""
        service, count = self.service, self.service.count
        first = {
            "name": service.name_en, "description": service.description_en, "term": service.term,
            "status": service.status, "areas": service.areas.all(), "languages": service.languages,
            "minimum_age": service.minimum_age, "maximum_age": service.maximum_age, "fees": service.fees,
            "papers_needed": service.papers_needed, "is_round_the_clock": service.is_round_the_clock,
            "available": count.available, "maximum": count.maximum, "counted": str(count),
            "valid_from": service.valid_from, "valid_until": service.valid_until,
            "seen": service.changed_at.isoformat(),
        }  # fmt: skip
        for row in service.eligibilities.all():
            first[f"{row.criterion}_{row.value}"] = "yes" if row.is_taken else "no"
        return ServiceForm(data, areas=directory.areas_of(service.organisation.country), initial=first, **options)

    def part(self, template: str, context: dict, status: int = 200):
        """Render a page of the service."""
        return render(self.request, template, {"service": self.service} | context, status=status)

    def back(self, words: str):
        """Go back to the service."""
        messages.success(self.request, words)
        return redirect("referral:service", self.service.public_id)


class ServiceDetail(ServiceView):
    """One service as staff see it. A secret place is named, never shown."""

    def get(self, request, reference):
        """Show it."""
        return self.page()

    def page(self, status: int = 200, **more):
        """Render the page; who confirms the service sends along what it showed them."""
        service = self.service
        stated = {(row.criterion, row.value): row.is_taken for row in service.eligibilities.all()}
        acts = ("edit_service", "confirm_service", "change_contact", "see_secret_place")
        may = {name: self.may(self.request.user, name) for name in acts}
        context = {
            "groups": [(words, stated.get((name, group))) for name, group, words in GROUPS if name != "form"],
            "forms": [
                (words, stated[name, group])
                for name, group, words in GROUPS
                if name == "form" and (name, group) in stated
            ],
            "places": service.places.select_related("area"),
            "capacity": service.capacities.first(),
            "hours": service.hours.all(),
            "contact": service.organisation.contacts.first(),
            "checked": directory.checked_mark(service.assured_date, self.today),
            "shown": self.form(auto_id=False) if may["confirm_service"] else (),
            "may": may,
        }
        return self.part("referral/service.html", context | more, status=status)


class ServiceEdit(ServiceView):
    """A service edited by a manager or its own agency's focal point."""

    action = "edit_service"

    def get(self, request, reference):
        """Show the form."""
        return self.part("referral/service_edit.html", {"form": self.form()})

    def post(self, request, reference):
        """Save the service."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.part("referral/service_edit.html", {"form": form}, status=400)
        try:
            actions.save_service(
                organisation=self.service.organisation, service=self.service, details=_details(form), by=request.user,
                at=self.at, seen=form.cleaned_data["seen"], counted=form.cleaned_data["counted"],
            )  # fmt: skip
        except actions.AlreadyThere as error:
            form.add_error("name", str(error))
            return self.part("referral/service_edit.html", {"form": form, "other": error.other}, status=409)
        except actions.ServiceChangedMeanwhile as error:
            return self.show_both(str(error), form)
        return self.back(_("Service saved. Confirm it when you have checked it."))

    def show_both(self, sentence: str, sent: ServiceForm):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        self.service.refresh_from_db()
        told, count = self.request.POST.copy(), self.service.count
        if sent.cleaned_data["counted"] == _details(sent).count:  # a count that nobody touched is the one of now
            told["available"], told["maximum"] = ("" if places is None else str(places) for places in count)
        told["seen"], told["counted"] = self.service.changed_at.isoformat(), str(count)
        form = self.form(told)
        form.add_error(None, sentence)
        stands = differences(self.form(), form)
        return self.part("referral/service_edit.html", {"form": form, "stands": stands}, status=409)


class ServiceNew(StaffView):
    """A new service, of an organisation that is there or of a new one."""

    def forms(self, request, data=None):
        """Return the two forms of the page."""
        country = request.user.country
        organisations = Organisation.objects.filter(country=country)
        return (
            NewOrganisationForm(data, organisations=organisations, country=country),
            ServiceForm(data, areas=directory.areas_of(country), initial={"status": "active"}),
        )

    def get(self, request):
        """Show the forms."""
        owner, form = self.forms(request)
        return render(request, "referral/service_new.html", {"owner": owner, "form": form})

    def post(self, request):
        """Save the service, and the organisation when it is new."""
        if not allowed(request.user, RULES, "add_service"):
            raise Http404
        owner, form = self.forms(request, request.POST)
        if not (owner.is_valid() & form.is_valid()):
            return render(request, "referral/service_new.html", {"owner": owner, "form": form}, status=400)
        key = marked(owner.cleaned_data["key"], "service", request.POST)
        try:
            service = actions.add_service(
                country=request.user.country, organisation=owner.cleaned_data["organisation"],
                organisation_name=owner.cleaned_data["organisation_name"],
                organisation_description=owner.cleaned_data["organisation_description"],
                kind=owner.cleaned_data["organisation_kind"] or AgencyKind.NGO,
                public_number=owner.cleaned_data["public_number"], email=owner.cleaned_data["email"],
                number=owner.cleaned_data["number"], language=owner.cleaned_data["language"], details=_details(form),
                by=request.user, at=self.at, key=f"desk:{request.user.public_id}:{key}",
            )  # fmt: skip
        except actions.AlreadyThere as error:
            form.add_error(None, str(error))
            context = {"owner": owner, "form": form, "other": error.other}
            return render(request, "referral/service_new.html", context, status=409)
        except SentOtherwise as error:
            owner, form = self.forms(request, anew(request.POST))
            form.add_error(None, str(error))
            return render(request, "referral/service_new.html", {"owner": owner, "form": form}, status=409)
        messages.success(request, _("Service added. Confirm it when you have checked it."))
        return redirect("referral:service", service.public_id)


class ServiceConfirm(ServiceDetail):
    """The word of a manager or of the agency itself that a service is right today."""

    action = "confirm_service"

    def post(self, request, reference):
        """Put today's date on it, or show what changed since the page was opened."""
        form = self.form(request.POST)
        if not (form.is_valid() and form.cleaned_data["seen"]):
            return self.show_changes(form, actions.ServiceChangedMeanwhile())
        seen, counted = form.cleaned_data["seen"], form.cleaned_data["counted"]
        try:
            actions.confirm_service(service=self.service, by=request.user, at=self.at, seen=seen, counted=counted)
        except actions.ServiceChangedMeanwhile as error:
            return self.show_changes(form, error)
        return self.back(_("Checked today."))

    def show_changes(self, sent: ServiceForm, error: Exception):
        """Show the service as it stands, with what it was when the page was opened."""
        self.service.refresh_from_db()
        return self.page(409, moved=str(error), changes=differences(self.form(), sent))


class Requests(StaffView):
    """The open requests to a focal point's own agency: codes and states; answers go by the one-time link."""

    def get(self, request):
        """Show the list."""
        rows = referrals_visible_to(request.user).select_related("organisation", "service").order_by("-requested_at")
        listed = [(row, *row.chip) for row in rows]
        kept = list(agencies_kept_by(request.user))
        context = {"rows": listed, "agencies": kept, "managers": [] if kept else whom_to_ask(request.user)}
        return render(request, "referral/requests.html", context)
