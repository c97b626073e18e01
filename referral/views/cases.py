"""The case desk: the list, the work list, one case, and who read it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.rules import allowed
from languages.text import whole
from referral import actions
from referral.choices import CaseState
from referral.choices.happenings import REVEAL_REASONS
from referral.forms.cases import CaseFilter, NewCaseForm, ReasonForm
from referral.forms.fields import anew, marked
from referral.forms.steps import QuestionsForm
from referral.queries import again, answers, casepage, runs, sharing, unplaced
from referral.queries.cases import cases_visible_to, just_opened, listed, narrowed, own_cases, sees_country
from referral.queries.graphs import graph_of_case
from referral.queries.origins import origins_of
from referral.queries.questions import known_values
from referral.queries.sendings import SentOtherwise, access_key, sending_of
from referral.queries.timeline import readings_of, timeline_of
from referral.queries.work import told_to, waiting_for, was_told, work_count, work_list
from referral.rules import RULES
from referral.views.base import CaseFormView, CaseView, StaffView, refusal, spoken_now

PAGE_SIZE = 30
ACTS = ("edit_case", "take_back", "close_case", "reopen_case", "assign_case", "open_step", "hold_case")


class Cases(StaffView):
    """The list of cases a person may see: codes and states, never a name."""

    def get(self, request):
        """Show the list, narrowed by the filters."""
        form = CaseFilter(request.GET or None, country=request.user.country)
        wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
        cases = narrowed(listed(cases_visible_to(request.user), request.user, self.at), request.user, **wanted)
        page = Paginator(cases.order_by("-state", "-opened_at"), PAGE_SIZE).get_page(request.GET.get("page"))
        waits = {"told": told_to(request.user).count(), "answers": waiting_for(request.user).count()}
        may_add = allowed(request.user, RULES, "open_case", None)
        context = {"page": page, "form": form, "waits": waits, "work": work_count(request.user, self.at)}
        scope = {"may_add": may_add, "is_countrywide": sees_country(request.user)}
        return render(request, "referral/cases.html", context | scope)


class Work(StaffView):
    """The work list: what a person was told, what is late, which question is open."""

    def get(self, request):
        """Show the list."""
        rows = work_list(request.user, spoken_now(), self.at)
        waiting, is_countrywide = waiting_for(request.user), sees_country(request.user)
        own = set(own_cases(request.user).values_list("pk", flat=True))
        context = {"rows": rows, "waiting": waiting, "own": own, "is_countrywide": is_countrywide}
        context["names_nobody"] = not own.intersection(row.case_id for row in waiting)
        return render(request, "referral/work.html", context)

    def post(self, request):
        """Take one row off the list, with all that was told in it; one that is off already is said to be."""
        keys = [whole(row) or 0 for row in request.POST.getlist("row")]
        if told := told_to(request.user).filter(pk__in=keys):
            actions.mark_seen(told=told, by=request.user, at=self.at)
        elif was_told(request.user, keys):
            messages.warning(request, _("This was taken off the list before."))
        else:
            raise Http404
        return redirect("referral:work")


class NewCase(StaffView):
    """A case that did not come by a call."""

    def form(self, request, data=None):
        """Return the form with the regions of the operator's country."""
        return NewCaseForm(data, country=request.user.country)

    def get(self, request):
        """Show the form."""
        if not allowed(request.user, RULES, "open_case", None):
            raise Http404
        return self.show(request, self.form(request))

    def show(self, request, form, status=200, **more):
        """Show the page; where the country has no pathway yet, it says so before anything is filled in."""
        told = {"form": form, "has_pathway": runs.takes_new_cases(request.user.country)}
        return render(request, "referral/case_new.html", told | more, status=status)

    def post(self, request):
        """Open the case and go to it."""
        form = self.form(request, request.POST)
        if not form.is_valid():
            return self.show(request, form, status=400)
        told = form.cleaned_data
        key = f"desk:{request.user.public_id}:{marked(told['key'], 'new', request.POST)}"
        same = {name: told[name] for name in ("language", "area", "source")}
        if not told["another"] and (opened := just_opened(request.user, key=key, at=self.at, **same)):
            return self.show(request, form, status=409, opened=opened)
        try:
            case = actions.open_case(
                country=request.user.country, facts={}, key=key, by=request.user, at=self.at, **same
            )
        except SentOtherwise as error:
            form = self.form(request, anew(request.POST))
            form.add_error(None, refusal(error))
            return self.show(request, form, status=409)
        except actions.NoPathwayForCountry as error:
            form.add_error(None, refusal(error))
            return self.show(request, form, status=409)
        return redirect("referral:case_detail", case.code)


class CaseDetail(CaseView):
    """One case: where it stands, what is asked, what is due, who was asked, what happened."""

    @transaction.atomic
    def get(self, request, code):
        """Show the case; once its page is made, the reading is recorded in the same transaction, else nothing is shown."""
        page = self.part("referral/case.html", self.page())
        actions.read_case(case=self.case, by=request.user, at=self.at)
        return page

    def page(self) -> dict:
        """Return everything the page shows."""
        language, at, case, user = spoken_now(), self.at, self.case, self.request.user
        engine = runs.engine_state(case)
        steps = casepage.open_steps(case, language, at)
        asked = casepage.asked_now(case, language, engine)
        referrals = casepage.referral_rows(case, language, at)
        facts, signs = answers.apart(answers.fact_rows(case, language))
        return {
            "graph": graph_of_case(case, language, at, engine),
            "steps": steps,
            "asked": asked[0] if asked else None,
            "asked_count": len(asked),
            "answer_form": self.answer_form(asked),
            "blocked": engine.state.blocked,
            "has_ended": engine.state.ended_at is not None,
            "late": sum(step.is_late for step in steps),
            "deadlines": runs.deadlines_view(case, language, at, engine),
            "referrals": referrals,
            "to_open": again.steps_to_open(engine, language),
            "unplaced": unplaced.asked_in_vain(engine, referrals),
            "consents": casepage.consent_rows(case, at),
            "consent_state": casepage.consent_state(case, steps, at),
            "is_shared": sharing.agencies_reached(case, at).exists(),
            "facts": facts,
            "origins": origins_of(user, case),
            "signs": signs,
            "signs_told": answers.told_at_once(signs),
            "safety": answers.safety_rows(case, language),
            "timeline": timeline_of(case, language)[:40],
            "reveal_reasons": REVEAL_REASONS,
            "may": {name: allowed(user, RULES, name, case) for name in ACTS},
            "is_open": case.state == CaseState.OPEN,
        }  # fmt: skip

    def answer_form(self, asked):
        """Return the form of the question that is open now."""
        if not asked:
            return None
        known = known_values(self.case)
        return QuestionsForm(questions=(asked[0].field,), known=known, seen=self.case.event_count)


class CaseReason(CaseFormView):
    """A supervisor opens a case with a reason, for an hour."""

    template_name = "referral/case_reason.html"
    action = "give_reason"

    def form(self, data=None):
        """Return the form."""
        return ReasonForm(data)

    def act(self, form):
        """Keep the reason and open the case."""
        actions.open_with_reason(case=self.case, reason=form.cleaned_data["reason"], **self.sent(form))
        return self.done()

    def was_taken(self):
        """Tell whether this very form opened the case before."""
        return bool(self.sending) and sending_of(self.case, access_key(self.request.user, self.sending)) is not None

    def done(self):
        """Go to the case."""
        return redirect("referral:case_detail", self.case.code)


class CaseReaders(CaseView):
    """Who opened this file, and what was revealed of it."""

    def get(self, request, code):
        """Show the readings, newest first."""
        return self.part("referral/case_readers.html", {"readings": readings_of(self.case)})


class CaseAnswer(CaseView):
    """One answer to the question that is open: yes, no, not known, not asked, or a value."""

    action = "edit_case"

    def post(self, request, code):
        """Write the answer down; "not asked" leaves the question open."""
        try:
            if self.was_taken():
                return self.done()
        except SentOtherwise as error:
            return self.moved(request, refusal(error), whole(request.POST.get("seen", "")) or 0)
        engine = runs.engine_state(self.case)
        asked = {one.fact: one for one in casepage.asked_now(self.case, spoken_now(), engine)}
        question = asked.get(request.POST.get("fact", ""))
        if question is None:
            return self.moved(
                request, _("This question is not open any more."), whole(request.POST.get("seen", "")) or 0
            )
        form = QuestionsForm(request.POST, questions=(question.field,))
        if not form.is_valid():
            page = CaseDetail.page(_as_detail(self))
            return self.part("referral/case.html", page | {"answer_form": form}, status=400)
        told = form.told()
        if not told:
            messages.info(request, _("Left open. You can ask later."))
            return self.back()
        return self.keep(form, told, question)

    def keep(self, form, told, question):
        """Do the one action."""
        seen = form.cleaned_data["seen"]
        try:
            actions.answer(
                case=self.case, facts=told, source="question", key=self.sending or form.cleaned_data["key"],
                by=self.request.user, at=self.at, seen=seen,
            )  # fmt: skip
        except (actions.CaseMovedOn, SentOtherwise) as error:
            return self.moved(self.request, refusal(error), seen or 0)
        return self.done()

    def done(self):
        """Say that it is written down."""
        return self.back(_("Answer written down."))


def _as_detail(view: CaseView) -> CaseDetail:
    """Return the detail view of the same request and case, for showing the page with an error."""
    detail = CaseDetail()
    detail.request, detail.case = view.request, view.case
    return detail
