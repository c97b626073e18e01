"""The people of a country: list, invitation, roles, leaving."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, ListView

from accounts import actions, queries
from accounts.choices import FACTOR_WORDS
from accounts.forms import InviteForm, ListForm, PeopleFilter, PersonForm
from accounts.queries.factors import factor_kinds, factors_of
from accounts.queries.invitations import closed_because, is_invited, link_mark
from accounts.queries.letters import count_lost_letters
from accounts.queries.marks import person_mark
from accounts.rules import RULES, allowed
from accounts.views.names import tell_unprinted
from accounts.views.stale import ShowsBoth


class People(ListView):
    """Everybody whom the user may see, grouped by country."""

    template_name = "accounts/people.html"
    context_object_name = "people"
    paginate_by = 50

    def get_queryset(self):
        """Return the people who fit the filters."""
        self.filter = PeopleFilter(self.request.GET)
        return queries.people_listed(self.request.user, self.filter.chosen())

    def paginate_queryset(self, queryset, page_size):
        """Return the page asked for, or the nearest there is."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        """Add the filters, the time by which an invitation is judged, and how many letters could not leave."""
        lost = count_lost_letters(self.request.user)
        return super().get_context_data(**kwargs) | {
            "filter": self.filter,
            "now": timezone.now(),
            "lost_letters": lost,
            "export_form": ListForm() if queries.admits("accounts:export_officials", self.request.user) else None,
        }


def _person(request, public_id):
    person = queries.users_visible_to(request.user).filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person


class Invite(FormView):
    """Invite one person by e-mail."""

    form_class = InviteForm
    template_name = "accounts/invite.html"

    def get_initial(self):
        """Return the administrator's own country as a start."""
        return {"country": self.request.user.country_id, "language": self.request.user.language}

    def form_valid(self, form):
        """Queue the letter; an address in use comes back with a word at the field."""
        at = timezone.now()
        was_invited = is_invited(form.cleaned_data["email"], at)
        try:
            invitation = actions.invite(by=self.request.user, at=at, **form.cleaned_data)
        except actions.AlreadyHere as error:
            form.add_error("email", str(error))
            return self.form_invalid(form)
        except actions.OfficeClosed as error:
            form.add_error("office", str(error))
            return self.form_invalid(form)
        words = _("The invitation to %(email)s is on its way.")
        if was_invited:
            words = _(
                "An invitation to %(email)s was open already. The new letter replaces it, with the name and roles you "
                "gave now; the link in the older letter no longer works."
            )
        say = messages.warning if was_invited else messages.success
        say(self.request, words % {"email": invitation.user.email})
        tell_unprinted(self.request, invitation.user.name)
        return redirect("accounts:people")


class Person(ShowsBoth, FormView):
    """One person: name, roles, place, state, and what was done."""

    form_class = PersonForm
    template_name = "accounts/person.html"

    def dispatch(self, request, *args, **kwargs):
        """Find the person among those the user may see."""
        self.person = _person(request, kwargs["public_id"])
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the person as she is."""
        person = self.person
        return {
            "name": person.name,
            "roles": sorted(person.role_codes),
            "country": person.country_id,
            "office": person.office_id,
            "language": person.language,
            "spoken": person.spoken.split(),
            "seen": person_mark(person),
        }

    def get_context_data(self, **kwargs):
        """Add the state of the account and the latest acts on it."""
        invitation = queries.invitation_for(self.person)
        facts = {
            "person": self.person,
            "now": timezone.now(),
            "invitation": invitation,
            "link_seen": link_mark(invitation),
            "closed_because": closed_because(invitation, timezone.now()) if invitation else "",
            "factors": [FACTOR_WORDS[kind] for kind in factor_kinds(factors_of(self.person))],
            "may_remove_factors": allowed(self.request.user, RULES, "remove_factors", self.person),
            "entries": queries.audit_of(self.person).order_by("-seq")[:20],
        }
        return super().get_context_data(**kwargs) | facts

    def form_valid(self, form):
        """Save place and roles; the last administrator keeps her role, and nobody's change is taken back unseen."""
        at, by, facts = timezone.now(), self.request.user, dict(form.cleaned_data)
        roles = facts.pop("roles")
        try:
            actions.change_person(person=self.person, roles=roles, by=by, at=at, **facts)
        except actions.LastAdministrator as error:
            form.add_error("roles", str(error))
            return self.form_invalid(form)
        except actions.OfficeClosed as error:
            form.add_error("office", str(error))
            return self.form_invalid(form)
        except actions.PersonChangedMeanwhile as error:
            self.person.refresh_from_db()
            return self.show_both(str(error))
        messages.success(self.request, self._said_of(roles, facts))
        return redirect("accounts:person", public_id=self.person.public_id)

    def _said_of(self, roles, facts) -> str:
        """Return what was saved, and what goes with it."""
        country = facts["country"]
        if country and self.person.country_id != country.pk:
            told = _(
                "Saved. %(name)s belongs to %(country)s now: signed out everywhere, out of the groups and the office of "
                "the country before. What was learned stays."
            )
            return told % {"name": facts["name"], "country": country}
        if self.person.role_codes != set(roles):
            return _("Saved. A change of roles or country signs the person out everywhere.")
        return _("Saved.")


def _act(request, public_id, action, words, **more):
    """Do one act on a person and say what happened."""
    person = _person(request, public_id)
    try:
        action(person=person, by=request.user, at=timezone.now(), **more)
    except actions.AlreadyHere:
        messages.error(request, _("She or he has opened the account. No new link was sent."))
    except actions.InvitationClosed as error:
        messages.error(request, _closed_already(error))
    except (actions.LastAdministrator, actions.NeverInvited, actions.NeverOpened, actions.NotYourself) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("accounts:person", public_id=public_id)


def _closed_already(error):
    """Say why a link cannot be closed, and what can be done where it was used."""
    if error.reason == "used":
        return _("She or he has opened the account. If she or he shall not have it, press “Close the account”.")
    return str(error)


def close(request, public_id):
    """Close an account and end its sessions."""
    return _act(request, public_id, actions.deactivate, _("The account is closed; every session has ended."))


def reopen(request, public_id):
    """Open a closed account again."""
    return _act(request, public_id, actions.reactivate, _("The account is open again."))


def sign_out(request, public_id):
    """End every session of a person."""
    return _act(request, public_id, actions.end_sessions, _("The person is signed out everywhere."))


def invite_again(request, public_id):
    """Send a new link to somebody who has not used hers."""
    words, seen = _("A new link is on its way; the old one is closed."), request.POST.get("seen")
    return _act(request, public_id, actions.invite_again, words, seen=seen)


def revoke(request, public_id):
    """Close the link of an invitation."""
    return _act(request, public_id, actions.revoke_invitation, _("The link is closed."))
