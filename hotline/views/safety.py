"""The page of what is safe for a person: may call, may text, hours, cover, code word."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.rules import allowed
from hotline.actions import safety
from hotline.actions.in_hand import InHand
from hotline.forms.console import SafetyForm
from hotline.queries.hearing import has_heard, heard_at, may_play
from hotline.queries.in_hand import holder_of
from hotline.queries.safety import (
    STATE,
    answered,
    given_by_others,
    safety_changed_by,
    safety_rows,
    safety_version,
    undone_by,
)
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, in_hand_words
from hotline.views.console import console_url

NOT_HEARD = gettext_lazy(
    "Only somebody who talks with this person, or did within the last day, can write that more is safe. You can write that less is safe. If a call has to be made all the same, a supervisor asks a second person."
)
NOT_PLAYED = gettext_lazy(
    "This person left a message that you have not played. Play it first: only who heard the person can write that more is safe. You can write that less is safe."
)
LESS_SINCE = gettext_lazy(
    "Since you heard this person, less was said to be safe. Only who heard the person after that can write that more is safe. You can write that less is safe. If a call has to be made all the same, a supervisor asks a second person."
)


class Safety(FormView):
    """What is safe for this person: may call, may text, hours, code word."""

    template_name = "hotline/safety.html"
    form_class = SafetyForm
    told_at_field = False

    def dispatch(self, request, *args, **kwargs):
        """Load the contact; of a case that is a colleague's nothing is shown and nothing is taken."""
        try:
            self.contact = contact_for(request.user, kwargs["public_id"], "open_contact")
        except Http404:
            if not request.htmx:
                raise
            messages.warning(request, _("Nothing was saved: this contact is not open to you any more."))
            return go_to(request, reverse("hotline:console"))
        if not allowed(request.user, RULES, "set_safety", self.contact):
            return became_case(request, self.contact)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        """Return the state as it stands; the code word stays sealed."""
        return {name: getattr(self.contact, name) for name in STATE} | {"version": safety_version(self.contact)}

    def get_context_data(self, **kwargs):
        """Return the contact beside the form, and whether what stands was said by key or to somebody else.

        Of a call that a colleague has by now the state is read, not written; the form alone that she refused stays.
        """
        holder = holder_of(self.contact, self.request.user, timezone.now())
        not_heard = "" if holder or self.told_at_field else self._why_no_more()
        return super().get_context_data(**kwargs) | {
            "contact": self.contact,
            "holder": holder,
            "has_answers": bool(answered(self.contact)),
            "asks_why": bool(given_by_others(self.contact, self.request.user)),
            "safety_rows": safety_rows(self.contact),
            "not_heard": not_heard,
            "is_to_play": not_heard == NOT_PLAYED,
            "undone_by": undone_by(self.contact),
            "back": console_url(self.contact),
        }

    def _why_no_more(self) -> str:
        """Return why this person cannot write that more is safe now; "" where that can be."""
        who, at = (self.contact, self.request.user), timezone.now()
        if has_heard(*who, at):
            return ""
        if may_play(*who):
            return NOT_PLAYED
        return LESS_SINCE if heard_at(*who, at) is not None else NOT_HEARD

    def form_valid(self, form):
        """Keep the state and go back to the console; show both states when somebody changed it meanwhile."""
        data = form.cleaned_data
        try:
            safety.set_safety(
                contact=self.contact,
                answers=form.answers,
                who_may_answer=data["who_may_answer"],
                cover=data["cover"],
                safe_from=data["safe_from"],
                safe_until=data["safe_until"],
                code_word=form.new_code_word,
                version=data["version"],
                because=data["because"],
                is_told=data["is_told"],
                by=self.request.user,
                at=timezone.now(),
            )
        except InHand as other:
            form.add_error(None, in_hand_words(other))
            return self.form_invalid(form)
        except safety.SafetyChanged as changed:
            return self._show_both(form, changed.contact)
        except safety.WhyNeeded:
            form.add_error("because", _("Choose a reason."))
            return self.form_invalid(form)
        except safety.NotHeard as not_heard:
            self.told_at_field = (
                self._why_no_more() == LESS_SINCE
            )  # she heard the person: the fields say what the box would
            words = (
                LESS_SINCE if self.told_at_field else _("Only who heard the person may allow more than stood here.")
            )
            form.refuse_more(not_heard.of, words)
            return self.form_invalid(form)
        return go_to(self.request, console_url(self.contact))

    def _show_both(self, form, now) -> HttpResponse:
        """Show what is kept now beside what was about to be saved; nothing is lost, nothing is overwritten unseen."""
        self.contact = now
        differs = [
            (form.fields[name].label, form.shown(name, getattr(now, name)), form.shown(name, form.cleaned_data[name]))
            for name in STATE
            if getattr(now, name) != form.cleaned_data[name]
        ]
        form.renewed(safety_version(now))
        context = self.get_context_data(form=form, meanwhile=differs, is_changed=True, other=safety_changed_by(now))
        # htmx shows no answer of the 400s by itself; a plain sending is told truly.
        return self.render_to_response(context, status=200 if self.request.htmx else 409)
