"""Interpreters of a country, for its supervisors: sign-off, telephone, and who may know them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from accounts.rules import allowed
from hotline.actions.interpreters import set_profile
from hotline.forms.interpreters import InterpreterForm
from hotline.queries.interpreters import interpreters_of
from hotline.queries.sheets import places_of
from hotline.rules import RULES


class Interpreters(TemplateView):
    """The interpreters of the supervisor's country: until when each is signed off, and whether a telephone may ring."""

    template_name = "hotline/interpreters.html"

    def get_context_data(self, **kwargs):
        """Return them with what is kept of each."""
        people = interpreters_of(self.request.user.country_id)
        return super().get_context_data(**kwargs) | {"people": people, "today": timezone.localdate()}


class Interpreter(FormView):
    """What is kept of one interpreter, to be changed."""

    template_name = "hotline/interpreter.html"
    form_class = InterpreterForm

    def setup(self, request, *args, **kwargs):
        """Load the person; who is no interpreter of the supervisor's country is not found."""
        super().setup(request, *args, **kwargs)
        found = [one for one in interpreters_of(request.user.country_id) if one[0].public_id == kwargs["person"]]
        if not found or not allowed(request.user, RULES, "edit_roster", found[0][0]):
            raise Http404
        self.person, self.profile = found[0]

    def get_form_kwargs(self):
        """Return the places that the form offers."""
        places, today = places_of(self.request.user.country), timezone.localdate()
        return super().get_form_kwargs() | {"places": places, "today": today}

    def get_initial(self):
        """Return what is kept."""
        kept = self.profile
        if kept is None:
            return {}
        places = [str(area.pk) for area in kept.known_in.all()]
        return {"signed_until": kept.signed_until, "known_in": places, "group": kept.group, "employer": kept.employer}

    def get_context_data(self, **kwargs):
        """Add whose it is."""
        return super().get_context_data(**kwargs) | {"person": self.person}

    def form_valid(self, form):
        """Keep it."""
        data = form.cleaned_data
        set_profile(
            user=self.person, signed_until=data["signed_until"], known_in=map(int, data.get("known_in", [])),
            group=data["group"], employer=data["employer"], by=self.request.user, at=timezone.now(),
        )  # fmt: skip
        messages.success(self.request, _("Kept for %(name)s.") % {"name": self.person.get_short_name()})
        return redirect("hotline:interpreters")
