"""Taking the second step off the account of somebody who lost phone and codes: what goes, and how to make sure."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts import actions, queries
from accounts.choices import FACTOR_WORDS
from accounts.forms import RemoveFactorsForm
from accounts.queries.factors import factor_kinds, factors_mark, factors_of
from accounts.rules import RULES, allowed


class RemoveFactors(FormView):
    """Says to make sure by voice or face to face who asks; then removes app, recovery codes and keys."""

    form_class = RemoveFactorsForm
    template_name = "accounts/remove_factors.html"

    def dispatch(self, request, *args, **kwargs):
        """Find the person among those the user may see; nobody does it to herself."""
        self.person = queries.users_visible_to(request.user).filter(public_id=kwargs["public_id"]).first()
        if self.person is None:
            raise Http404
        if not allowed(request.user, RULES, "remove_factors", self.person):
            messages.error(request, _("You cannot remove your own second step here. Ask another administrator."))
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add whose it is, and what would be removed."""
        self.factors = factors_of(self.person)
        kinds = [FACTOR_WORDS[kind] for kind in factor_kinds(self.factors)]
        return super().get_context_data(**kwargs) | {
            "person": self.person,
            "kinds": kinds,
            "seen": factors_mark(self.factors),
        }

    def form_valid(self, form):
        """Remove it; a second press is no fault, and a step set up meanwhile is shown before it goes."""
        at, by = timezone.now(), self.request.user
        try:
            is_done = actions.remove_factors(person=self.person, by=by, at=at, **form.cleaned_data)
        except actions.FactorsChangedMeanwhile as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        words = _("The second step is removed. A letter says so to this person and to the others who are to know.")
        messages.success(self.request, words if is_done else _("This account has no second step."))
        return self.back()

    def back(self):
        """Return to the person."""
        return redirect("accounts:person", public_id=self.person.public_id)
