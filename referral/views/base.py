"""What the views of the case desk share: the country's clock, the way to a case, and what happens when it moved on."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from languages import table
from languages.text import whole
from referral import actions, pathways
from referral.choices.cases import CRITERION_NOES, CRITERION_WORDS
from referral.forms.fields import SentOnce, marked, shown_key, was_shown
from referral.forms.typed import typed
from referral.queries.cases import cases_visible_to
from referral.queries.sendings import SentOtherwise, sending_of
from referral.queries.timeline import Entry, timeline_of
from referral.rules import HIDINGS, RULES

MOVED_ON = (
    actions.CaseMovedOn, actions.CaseAlreadyClosed, actions.WrongMove, pathways.EventRefused, SentOtherwise,
)  # fmt: skip
REFUSED = (
    actions.AlreadyPlaced, actions.CannotBeAsked, actions.CannotHaveCases, actions.CaregiverSuspected,
    actions.ChildNotHeard, actions.DeadLink, actions.EndsInThePast, actions.FactDoesNotFit, actions.HeldAlready,
    actions.NeedsGuardian, actions.NoContactEnrolled, actions.NoDeletionAwaited, actions.NoPathwayForCountry, actions.NoPlaceLeft,
    actions.NoWaitingList, actions.NobodyAccepted, actions.NotClosed, actions.NotHeld, actions.NothingShared, actions.ReasonNeedsWords, actions.StepsAreOpen,
    actions.StillWaiting, actions.TooEarly, actions.UnknownAgency,
)  # fmt: skip


def spoken_now() -> str:
    """Return the active language as the table spells it."""
    return table.known(get_language() or "") or table.SOURCE


def named(match, answer: str) -> list[str]:
    """Return the criteria of a match that have one answer, in words: what is a no is said as one."""
    words = CRITERION_NOES if answer == "no" else CRITERION_WORDS
    return [str(words[reason.criterion]) for reason in match.reasons if reason.answer == answer]


def refusal(error: Exception) -> str:
    """Return what a person is told when an act was refused."""
    said = {
        actions.TooEarly: _("This step is not closed before its time, except by the person's own wish."),
        actions.CaseAlreadyClosed: _("This case is closed. A supervisor may open it again."),
        actions.CaseMovedOn: _("Somebody moved this case meanwhile."),
        actions.NoPathwayForCountry: _("This country has no published pathway. Ask a programme manager."),
    }
    if type(error) in said:
        return said[type(error)]
    if isinstance(error, pathways.StepIsOpen):
        return _("This step is open already.")
    if isinstance(error, pathways.EventRefused):
        return _("This step is not open any more.")
    return str(error)


class StaffView(View):
    """A staff page: times are shown in the country's zone, nothing is kept by the browser."""

    @classmethod
    def as_view(cls, **more):
        """Return the view by the clock of the person's country, whatever it answers with."""
        return in_own_time(super().as_view(**more))

    def dispatch(self, request, *args, **kwargs):
        """Answer, and have nothing kept."""
        response = self.answer(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def answer(self, request, *args, **kwargs) -> HttpResponse:
        """Answer by the method; what a page must find or ask first stands here, so that its refusals keep the zone too."""
        return super().dispatch(request, *args, **kwargs)

    @property
    def at(self):
        """Return now."""
        return timezone.now()

    @property
    def today(self):
        """Return the day that it is by the clock of the page."""
        return timezone.localdate(self.at)


class CaseView(StaffView):
    """A page of one case. Missing and forbidden look the same; a supervisor is asked for a reason."""

    action = "view_case"

    def answer(self, request, *args, **kwargs) -> HttpResponse:
        """Find the case through what this person may see, ask the rules, answer in the case's zone."""
        cases = cases_visible_to(request.user).select_related("country", "area", "owner", "version__pathway")
        self.case = cases.filter(code=kwargs["code"]).first()
        if self.case is None:
            for hiding in HIDINGS:
                hiding.met(code=kwargs["code"], by=request.user, at=self.at)
            return self.gone(request, kwargs["code"])
        if not allowed(request.user, RULES, self.action, self.case):
            return self.refused(request)
        return super().answer(request, *args, **kwargs)

    def refused(self, request) -> HttpResponse:
        """Ask a supervisor of the country for a reason; for everybody else the page does not exist."""
        may_ask = allowed(request.user, RULES, "give_reason", self.case)
        if allowed(request.user, RULES, "view_case", self.case):
            return self.impossible(request)
        if may_ask and not self.has_shown(request, self.case.code):
            return redirect("referral:case_reason", self.case.code)
        return self.gone(request, self.case.code, may_ask=may_ask)

    def impossible(self, request) -> HttpResponse:
        """Say that the case stands elsewhere, unless this very form is what brought it there."""
        words = _("This is not possible while the case stands as it does.")
        try:
            if self.was_taken():
                return self.done()
        except SentOtherwise as error:
            words = refusal(error)
        return self.moved(request, words, whole(request.POST.get("seen", "")) or 0)

    @cached_property
    def sending(self) -> str:
        """Return the key of the form that was sent, with the mark of what it says; "" for one without a key."""
        form, match = SentOnce(self.request.POST or None), self.request.resolver_match
        if not self.request.POST.get("key") or not form.is_valid():
            return ""
        asked = f"{match.view_name} {sorted(match.kwargs.items())}"
        return marked(form.cleaned_data["key"], asked, self.request.POST)

    def was_taken(self) -> bool:
        """Tell whether this very form was taken before; one that was, with other answers, raises SentOtherwise."""
        return bool(self.sending) and sending_of(self.case, self.sending) is not None

    def done(self) -> HttpResponse:
        """Answer what was done, also where it was done by the first of two sendings."""
        return self.back()

    def has_shown(self, request, code: str) -> bool:
        """Tell whether a form is sent that was shown to this very person in this very case."""
        return request.method == "POST" and was_shown(request.user, code, request.POST.get("key", ""))

    def gone(self, request, code: str, may_ask: bool = False) -> HttpResponse:
        """Give her words back to who wrote them while the case went to somebody else; nothing of the case is told.

        For everybody else the page does not exist.
        """
        if not self.has_shown(request, code):
            raise Http404
        told = {"code": code, "may_ask": may_ask, "typed": typed(request.POST)}
        return render(request, "referral/gone.html", told, status=409)

    def is_lost(self) -> bool:
        """Tell whether the case went to somebody else while this request was under way."""
        self.case.refresh_from_db()
        return not any(allowed(self.request.user, RULES, action, self.case) for action in (self.action, "view_case"))

    def part(self, template: str, context: dict, status: int = 200) -> HttpResponse:
        """Render a page of the case; each form on it bears that it was shown to this person."""
        for form in context.values():
            if isinstance(form, SentOnce):
                form.fields["key"].initial = shown_key(self.request.user, self.case.code)
        return render(self.request, template, {"case": self.case, "language": spoken_now()} | context, status=status)

    def back(self, words: str = "") -> HttpResponse:
        """Go back to the case, with a sentence on what was done."""
        if words:
            messages.success(self.request, words)
        return redirect("referral:case_detail", self.case.code)

    def number_of(self, organisation) -> str:
        """Return the number for call-backs of an agency that is called now; "" when it has none. The reading is recorded."""
        return actions.numbers_to_call(organisations=[organisation], by=self.request.user, at=self.at).get(
            organisation.pk, ""
        )

    def codes(self, sent) -> HttpResponse:
        """Show the codes of deletions that were asked, each with its agency and the number to call."""
        agencies = {one.referral.organisation for one in sent if one.code}
        numbers = actions.numbers_to_call(organisations=agencies, by=self.request.user, at=self.at)
        told = [(one, numbers.get(one.referral.organisation_id, "")) for one in sent]
        return self.part("referral/sent_deletions.html", {"sent": told})

    def moved(self, request, words: str, seen: int) -> HttpResponse:
        """Say that the case changed meanwhile, what happened since the sender looked, and what she wrote."""
        if self.is_lost():
            return self.refused(request)
        return self.stands(words, timeline_of(self.case, spoken_now(), after=seen))

    def stands(self, words: str, happened: list[Entry], head: str = "") -> HttpResponse:
        """Say that nothing was written and why, what happened meanwhile, and what was sent; the way back is the case."""
        told = {"words": words, "happened": happened, "head": head, "typed": typed(self.request.POST)}
        return self.part("referral/moved_on.html", told, status=409)


class CaseFormView(CaseView):
    """A form about one case: GET shows it, POST does one action. Stale data: 409 with what changed, nothing typed lost."""

    template_name = ""
    action = "edit_case"

    def get(self, request, *args, **kwargs):
        """Show the form."""
        return self.show(self.form())

    def post(self, request, *args, **kwargs):
        """Do what the form says, or show it again with what is to be mended."""
        form = self.form(request.POST)
        is_valid = form.is_valid()
        try:
            if self.was_taken():
                return self.done()
            return self.act(form) if is_valid else self.show(form, status=400)
        except MOVED_ON as error:
            return self.show_moved(form, error)
        except REFUSED as error:
            form.add_error(None, refusal(error))
            return self.show(form, status=409)

    def form(self, data=None):
        """Return the form, bound when data is given."""
        raise NotImplementedError

    def act(self, form) -> HttpResponse:
        """Do the one action and answer."""
        raise NotImplementedError

    def context(self) -> dict:
        """Return what the page shows beside the form."""
        return {}

    def show(self, form, status: int = 200, **more) -> HttpResponse:
        """Render the form."""
        return self.part(self.template_name, self.context() | {"form": form} | more, status=status)

    def show_moved(self, form, error: Exception) -> HttpResponse:
        """Show the form as it was sent beside what happened meanwhile; sending it again is a new act on the new state."""
        if self.is_lost():
            return self.refused(self.request)
        happened = self.happened(form.cleaned_data.get("seen") or 0)
        data = form.data.copy()
        data["seen"], data["key"] = str(self.case.event_count), shown_key(self.request.user, self.case.code)
        again = self.form(data)
        again.is_valid()
        again.add_error(None, refusal(error))
        return self.show(again, status=409, happened=happened)

    def happened(self, seen: int) -> list[Entry]:
        """Return what happened since the sender looked, as far as it stands in the way of this form."""
        return timeline_of(self.case, spoken_now(), after=seen)

    def spoken(self, common: dict, words: str) -> HttpResponse:
        """Show the codes of the deletions that an act has just asked for; without any go back to the case."""
        by, at = common["by"], common["at"]
        sent = actions.codes_to_speak(case=self.case, asked_at=at, by=by, at=at)
        if not sent:
            return self.back(words)
        messages.success(self.request, words)
        return self.codes(sent)

    def sent(self, form) -> dict:
        """Return the arguments that every action takes: whose, when, and which sending."""
        return {"key": self.sending or form.cleaned_data["key"], "by": self.request.user, "at": self.at}
