"""Who fills the roles of the country's pathways, kept by its programme managers."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from referral import actions
from referral.forms.assignments import AssignmentForm, DeskForm
from referral.queries.assignments import roles_of, services_to_assign
from referral.views.base import StaffView, spoken_now

MEANWHILE = (actions.FillsAlready, actions.RoleChangedMeanwhile)


class Roles(StaffView):
    """The roles of the country's pathways, each with what fills it."""

    def get(self, request):
        """Show them."""
        roles = roles_of(request.user.country, spoken_now()) if request.user.country else []
        return render(request, "referral/roles.html", {"roles": roles})


class RoleView(StaffView):
    """One role of the country's pathways."""

    def dispatch(self, request, *args, **kwargs):
        """Find the role."""
        self.country = request.user.country
        self.role = self.find(kwargs["role"])
        return super().dispatch(request, *args, **kwargs)

    def find(self, key: str):
        """Return the role as it stands."""
        found = roles_of(self.country, spoken_now()) if self.country else []
        role = next((one for one in found if one.key == key), None)
        if role is None:
            raise Http404
        return role

    def desk_form(self, data=None):
        """Return the form of the people of this house."""
        return DeskForm(data, role=self.role)

    def service_form(self, data=None):
        """Return the form that adds a service."""
        return AssignmentForm(data, role=self.role, services=services_to_assign(self.country), country=self.country)

    def page(self, *, desk=None, form=None, status: int = 200):
        """Render the page of the role."""
        context = {"role": self.role, "desk": desk or self.desk_form(), "form": form or self.service_form()}
        return render(self.request, "referral/role.html", context, status=status)

    def done(self, words: str):
        """Go back to the page of the role."""
        messages.success(self.request, words)
        return redirect("referral:role", self.role.key)

    def again(self, error: Exception, make):
        """Return a form as it was sent, on what stands now, with what stood in its way."""
        self.role = self.find(self.role.key)
        told = self.request.POST.copy()
        told["seen"] = self.role.seen
        form = make(told)
        form.add_error(None, str(error))
        return form


class RoleDetail(RoleView):
    """One role: its desk, its services; a new service."""

    def get(self, request, role):
        """Show it."""
        return self.page()

    def post(self, request, role):
        """Add a service, or say what stands in its way."""
        form = self.service_form(request.POST)
        if not form.is_valid():
            return self.page(form=form, status=400)
        told = form.cleaned_data
        try:
            actions.assign_service(
                country=self.country, role=self.role.key, by=request.user, at=self.at,
                **told | {"seen": told["seen"] or None},
            )  # fmt: skip
        except MEANWHILE as error:
            return self.page(form=self.again(error, self.service_form), status=409)
        return self.done(_("Saved."))


class RoleDesk(RoleView):
    """The people of this house who fill the role."""

    def post(self, request, role):
        """Save it, or show what stands now."""
        form = self.desk_form(request.POST)
        if not form.is_valid():
            return self.page(desk=form, status=400)
        told = form.cleaned_data
        try:
            actions.fill_desk(
                country=self.country, role=self.role.key, staff_role=told["staff_role"], seen=told["seen"] or None,
                by=request.user, at=self.at,
            )  # fmt: skip
        except MEANWHILE as error:
            return self.page(desk=self.again(error, self.desk_form), status=409)
        return self.done(_("Saved."))


class RoleOff(RoleView):
    """A service taken off the role."""

    def post(self, request, role, key):
        """Take it off; one that somebody took off already is off."""
        actions.take_off_role(country=self.country, role=self.role.key, key=key, by=request.user, at=self.at)
        return redirect("referral:role", self.role.key)
