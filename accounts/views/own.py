"""A person's own pages: profile, and the door that an invitation opens."""

import json
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts import actions, queries
from accounts.choices import Role
from accounts.forms import AcceptForm, ProfileForm
from accounts.queries.invitations import closed_because, state_of_newer
from accounts.queries.marks import told_of
from accounts.views.names import tell_unprinted
from accounts.views.stale import ShowsBoth


def admin_login(request):
    """Send whoever knocks at the editor's own door to the house's sign-in.

    Somebody who is signed in and still sent here by the editor may not enter: for her the page is missing.
    """
    if request.user.is_authenticated:
        raise Http404
    wanted = request.GET.get("next", "")
    back = wanted if queries.is_our_path(wanted) else reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


class Profile(ShowsBoth, FormView):
    """Name, languages, light or dark; and the ways to password, second factor and sessions."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"

    def get_initial(self):
        """Return what the person said last."""
        told = told_of(self.request.user)
        return told | {"seen": json.dumps(told)}

    def get_context_data(self, **kwargs):
        """Add roles, second factor and sessions."""
        user = self.request.user
        facts = {
            "roles": [Role(code).label for code in sorted(user.role_codes)],
            "has_factor": is_mfa_enabled(user),
            "sessions": len(UserSession.objects.purge_and_list(user)),
        }
        return super().get_context_data(**kwargs) | facts

    def form_valid(self, form):
        """Keep what was changed in the profile and show it in the language chosen."""
        try:
            person = actions.update_profile(person=self.request.user, at=timezone.now(), **form.cleaned_data)
        except actions.PersonChangedMeanwhile as error:
            self.request.user.refresh_from_db()
            return self.show_both(str(error))
        with translation.override(person.language):
            messages.success(self.request, _("Your profile is saved."))
            return redirect("accounts:profile")


class Accept(FormView):
    """The page that an invitation's link opens. Reading it uses nothing up; sending the form does."""

    form_class = AcceptForm
    template_name = "accounts/accept.html"

    def dispatch(self, request, *args, **kwargs):
        """Find the invitation; one that is closed says why, an unknown one is missing, a guesser is stopped."""
        at, address = timezone.now(), queries.client_address(request)
        if not actions.count_attempt(key=f"invitation:address:{address}", limit=100, seconds=600, at=at):
            return render(request, "accounts/accept_closed.html", {"reason": "limited"}, status=429)
        self.invitation = queries.invitation_of(kwargs["token"])
        if self.invitation is None:
            reason = state_of_newer(queries.digest_of(kwargs["token"]), at)
            if not reason:
                raise Http404
        else:
            reason = closed_because(self.invitation, at)
        if reason:
            return render(request, "accounts/accept_closed.html", {"reason": reason}, status=410)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the name under which the person was invited."""
        return {"name": self.invitation.user.name}

    def get_form_kwargs(self):
        """Give the form the person, whose name the password must not resemble."""
        return super().get_form_kwargs() | {"person": self.invitation.user}

    def get_context_data(self, **kwargs):
        """Add whom the invitation is for."""
        return super().get_context_data(**kwargs) | {"person": self.invitation.user}

    def form_valid(self, form):
        """Open the account and sign the person in; a guarded role is led to the second factor next."""
        try:
            person = actions.accept_invitation(
                token=self.kwargs["token"],
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
                at=timezone.now(),
            )
        except actions.InvitationClosed as error:
            return render(self.request, "accounts/accept_closed.html", {"reason": error.reason}, status=410)
        logout(self.request)
        tell_unprinted(self.request, person.name)
        record_authentication(self.request, person, method="password")
        return perform_login(self.request, person, redirect_url=queries.home_for(person))
