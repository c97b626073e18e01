"""Steps of a case: tasks with their forms, decisions, waiting times, handovers; closing and opening again."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.actions import count_attempt
from accounts.actions.limits import opens_again
from accounts.queries import staff_of
from accounts.reports import clock_words
from accounts.rules import allowed
from referral import actions
from referral.choices import form_of
from referral.choices.happenings import REVEAL_REASONS
from referral.forms.cases import AssignForm, CloseForm, HandoverForm, OutcomeForm, ReasonForm, TaskForm, WaitForm
from referral.forms.steps import QuestionsForm, StepQuestionsForm, questions_of
from referral.models import StepRun
from referral.pathways import outcomes_of
from referral.queries import answers, casepage, runs, unplaced
from referral.queries.cases import has_given, numbers_of
from referral.queries.publishing import outcome_words
from referral.queries.questions import known_values
from referral.queries.referrals import is_helped
from referral.queries.runs import facts_of
from referral.queries.spoken import pair_of
from referral.rules import RULES, is_shown
from referral.views.base import CaseFormView, CaseView, named, spoken_now

REVEALS_A_DAY, DAY_SECONDS = 60, 24 * 3600
ELSEWHERE = {"consent": "referral:case_consent"}


class Step(CaseFormView):
    """One open step. What kind it is decides which form it has."""

    template_name = "referral/step.html"

    def dispatch(self, request, *args, **kwargs):
        """Keep the number of the visit."""
        self.number = kwargs["run"]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, code, run):
        """Show the step, or go to the page that its kind has."""
        if self.row.kind in ELSEWHERE:
            return redirect(ELSEWHERE[self.row.kind], self.case.code)
        if self.row.kind == "referral":
            return redirect("referral:refer", self.case.code, run)
        if self.row.state not in {"open", "waiting"}:
            return self.moved(request, _("This step is not open any more."), 0)
        return super().get(request)

    def post(self, request, code, run):
        """Take the step."""
        if self.row.kind not in {"task", "handover", "decision", "wait"}:
            raise Http404
        return super().post(request)

    @property
    def row(self) -> StepRun:
        """Return the visit."""
        row = casepage.run_of(self.case, self.number)
        if row is None:
            raise Http404
        return row

    @property
    def compiled(self) -> dict:
        """Return the step as the version says it."""
        return runs.version_of(self.case).steps[self.row.step_key]

    def form(self, data=None):
        """Return the form of the step's kind."""
        seen, kind = self.case.event_count, self.row.kind
        if kind == "decision":
            pathway = runs.version_of(self.case)
            outcomes = [(code, outcome_words(code)) for code in outcomes_of(pathway, self.row.step_key)]
            return OutcomeForm(data, outcomes=outcomes or [("done", _("Decided"))], seen=seen)
        if kind == "wait":
            return WaitForm(data, seen=seen)
        if kind == "handover":
            return HandoverForm(data, seen=seen)
        questions = questions_of(form_of(self.compiled.get("form", "")))
        if questions:
            known, sealed = known_values(self.case), self.sealed()
            return StepQuestionsForm(data, questions=questions, known=known, sealed=sealed, seen=seen)
        return TaskForm(data, seen=seen)

    def context(self) -> dict:
        """Return the step's words, in two languages where something is to be said."""
        language, step = spoken_now(), self.compiled
        asked = form_of(step.get("form", ""))
        pairs = {}
        for question in questions_of(asked) if self.row.kind == "task" else ():
            pairs[question.key] = (
                pair_of(question.script, self.case.script_language, language) if question.script else None
            )
        return {
            "run": self.row,
            "title": runs.words(step["title"], language),
            "guidance": runs.words(step.get("guidance", ""), language),
            "script": runs.words(step.get("script", ""), self.case.script_language),
            "intro": pair_of(asked.intro, self.case.script_language, language) if asked else None,
            "pairs": pairs,
            "sealed": self.sealed(),
            "deadline": next((line for line in self.deadlines() if line.run == self.number), None),
        } | self.unplaced(language)

    def sealed(self) -> list[str]:
        """Return the questions whose answer is kept sealed."""
        return [key for key, fact in facts_of(self.case).items() if fact.is_known and not fact.value]

    def unplaced(self, language: str) -> dict:
        """Return who was asked in vain before this step, and whom one could still call; nothing for other steps."""
        rows = casepage.referral_rows(self.case, language, self.at)
        vain = unplaced.asked_in_vain(runs.engine_state(self.case), rows).get(self.number)
        if vain is None:
            return {}
        left = [
            (one, named(one.match, "no"), named(one.match, "not_known"))
            for one in unplaced.not_asked(self.case, vain, self.at)
        ]
        return {
            "vain": vain,
            "left": left,
            "call_again": vain.call_again,
            "may_ask_again": self.may_ask_again(vain),
            "reveal_reasons": REVEAL_REASONS,
        }

    def may_ask_again(self, vain) -> bool:
        """Tell whether this person may open the request again from here."""
        return vain.may_ask_again and allowed(self.request.user, RULES, "open_step", self.case)

    def deadlines(self):
        """Return the deadlines of the case."""
        return runs.deadlines_view(self.case, spoken_now(), self.at)

    def act(self, form):
        """Do the one action of the step's kind."""
        told, kind = form.cleaned_data, self.row.kind
        common = self.sent(form) | {"case": self.case, "run": self.number, "seen": told["seen"]}
        if kind == "decision":
            actions.decide_step(outcome=told["outcome"], reason=told["reason"], **common)
        elif kind == "wait":
            actions.end_wait(words=told["words"], **common)
        elif isinstance(form, StepQuestionsForm):
            is_new = told["seen"] in {None, self.case.event_count}  # else the action answers: stale, or a repeat
            if is_new and len(form.left()) > (told["anyway"] or 0):
                return self.ask_once(form)
            actions.complete_step(facts=form.told(), **common)
        else:
            actions.complete_step(note=told.get("note", ""), **common)
        return self.done()

    def done(self):
        """Say that it is done."""
        return self.back(_("Step done."))

    def ask_once(self, form):
        """Show the form again with the questions that were not asked; sent once more, the step is finished without them."""
        data = form.data.copy()
        data["anyway"] = str(len(form.left()))
        again = self.form(data)
        again.is_valid()
        return self.show(again, status=409, left=again.left())


class Identity(CaseFormView):
    """What identifies the person: written sealed, shown only with a reason."""

    template_name = "referral/identity.html"
    action = "see_identity"

    def form(self, data=None):
        """Return the form; what is kept already is not filled in."""
        return QuestionsForm(data, questions=form_of("identity").fields, seen=self.case.event_count)

    def context(self) -> dict:
        """Return the sealed facts so far."""
        facts = [row for row in answers.fact_rows(self.case, spoken_now()) if row.is_sealed]
        return {"facts": facts, "sealed": [row.key for row in facts], "reveal_reasons": REVEAL_REASONS}

    def act(self, form):
        """Seal what was written; nothing that somebody else sealed meanwhile is replaced unseen."""
        actions.keep_identity(case=self.case, facts=form.told(), seen=form.cleaned_data["seen"], **self.sent(form))
        return self.done()

    def done(self):
        """Say that it is kept."""
        return self.back(_("Kept sealed."))


class Reveal(CaseView):
    """One sealed value, opened with a reason; the reading is recorded before anything is shown."""

    action = "see_identity"

    def post(self, request, code):
        """Open the value and show it once, on a page of its own."""
        reason = request.POST.get("reason", "")
        label, told_at, opened = self.sealed(request)
        if reason not in dict(REVEAL_REASONS):
            messages.error(request, _("Choose why you open a sealed answer."))
            return redirect("referral:case_detail", self.case.code)
        use = {"key": f"reveal:{request.user.public_id}", "seconds": DAY_SECONDS, "at": self.at}
        if not count_attempt(limit=REVEALS_A_DAY, **use):
            words = _(
                "You opened as many sealed answers in 24 hours as one person may. You can open the next one from"
                " %(when)s. If it cannot wait, ask a colleague of this case or a supervisor to open it."
            )
            messages.error(request, words % {"when": clock_words(opens_again(**use))})
            return redirect("referral:case_detail", self.case.code)
        words = opened(reason=reason, by=request.user, at=self.at)
        return self.part("referral/revealed.html", {"label": label, "words": words, "told_at": told_at})

    def sealed(self, request) -> tuple:
        """Return what is asked for: its name, when it was told, and what opens it. An agency's words, or an answer."""
        if "answer" in request.POST:
            referral = casepage.declined_in_words(self.case, request.POST["answer"])
            if referral is None:
                raise Http404
            return referral.organisation.name, referral.answered_at, partial(actions.reveal_decline, referral=referral)
        fact = facts_of(self.case).get(request.POST.get("fact", ""))
        if fact is None or not fact.is_known or fact.value:
            raise Http404
        label = next(row.label for row in answers.fact_rows(self.case, spoken_now()) if row.key == fact.key)
        return label, fact.at, partial(actions.reveal_fact, fact=fact)


class Assign(CaseFormView):
    """Another owner for the case."""

    template_name = "referral/assign.html"
    action = "assign_case"

    def dispatch(self, request, *args, **kwargs):
        """Answer a second sending as the first one: for the former owner the case is gone by then."""
        if self.sending and has_given(request.user, kwargs["code"], self.sending):
            return self.done()
        return super().dispatch(request, *args, **kwargs)

    def form(self, data=None):
        """Return the form with the operators and supervisors of the country; who has the case is not offered."""
        staff = staff_of(self.case.country_id, "operator", "supervisor")
        people = staff.filter(pk__in=[one.pk for one in staff if is_shown(one, self.case)])
        offered = people.exclude(pk=self.case.owner_id) if data is None else people
        return AssignForm(data, people=offered, seen=self.case.event_count)

    def happened(self, seen):
        """Return who got the case meanwhile; a supervisor hands it on without reading the rest."""
        numbers = numbers_of(self.case, "assigned")
        return [line for line in super().happened(seen) if line.number in numbers]

    def act(self, form):
        """Hand the case on; the former owner goes back to the list."""
        told = form.cleaned_data
        actions.assign_case(case=self.case, owner=told["owner"], seen=told["seen"], **self.sent(form))
        return self.done()

    def done(self):
        """Say that the case was handed on."""
        messages.success(self.request, _("The case has a new owner."))
        return redirect("referral:cases")


class Close(CaseFormView):
    """The end of a case."""

    template_name = "referral/close.html"
    action = "close_case"

    def form(self, data=None):
        """Return the form."""
        return CloseForm(
            data, is_walked=runs.is_walked(self.case), is_helped=is_helped(self.case), seen=self.case.event_count
        )

    def context(self) -> dict:
        """Return what is still open."""
        language = spoken_now()
        return {"steps": casepage.open_steps(self.case, language, self.at)}

    def act(self, form):
        """Close the case."""
        told = form.cleaned_data
        actions.close_case(
            case=self.case, reason=told["reason"], outcome=told["outcome"],
            feedback_asked=told["feedback_asked"] == "yes", seen=told["seen"], **self.sent(form),
        )  # fmt: skip
        return self.done()

    def done(self):
        """Say that it is closed."""
        return self.back(_("Case closed."))


class Reopen(CaseFormView):
    """A supervisor opens a closed case again."""

    template_name = "referral/reopen.html"
    action = "reopen_case"

    def form(self, data=None):
        """Return the form."""
        return ReasonForm(data, seen=self.case.event_count)

    def happened(self, seen):
        """Return how the case was opened and closed meanwhile; a supervisor opens it without reading the rest."""
        numbers = numbers_of(self.case, "closed", "reopened")
        return [line for line in super().happened(seen) if line.number in numbers]

    def act(self, form):
        """Open it again."""
        told = form.cleaned_data
        actions.reopen_case(case=self.case, reason=told["reason"], seen=told["seen"], **self.sent(form))
        return self.done()

    def done(self):
        """Say that it is open."""
        return self.back(_("Case opened again."))
