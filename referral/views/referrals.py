"""Referrals on the screen: whom to ask and why, the code to speak, answers by phone, what became of it."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.rules import allowed
from referral import actions
from referral.choices import REFERRAL_MOVES
from referral.choices.cases import ACCEPT, ANSWER_WORDS, CRITERION_WORDS, HOLD
from referral.forms.medical import medical_questions
from referral.forms.referrals import DeletionToldForm, PhoneAnswerForm, ProgressForm, ReferForm
from referral.models import Referral, StepRun
from referral.queries import casepage, runs
from referral.queries.held import needs_no_answer
from referral.queries.needed import care_words
from referral.queries.questions import known_values, sealed_keys
from referral.queries.referrals import candidates, live_link, referral_sent_by, urgency_of
from referral.queries.sendings import SentOtherwise, sending_of
from referral.queries.sharing import ground_of, profile_of
from referral.queries.spoken import isolated
from referral.rules import RULES
from referral.views.base import MOVED_ON, REFUSED, CaseFormView, CaseView, named, refusal, spoken_now

STAFF_STATES = ("in_progress", "completed", "failed", "cancelled", "entered_in_error")


class Refer(CaseFormView):
    """The agencies that could be asked, ranked with reasons; those ruled out stay visible."""

    template_name = "referral/refer.html"
    action = "refer"

    def dispatch(self, request, *args, **kwargs):
        """Keep the number of the visit."""
        self.number = kwargs["run"]
        return super().dispatch(request, *args, **kwargs)

    @property
    def run(self) -> StepRun:
        """Return the referral step."""
        run = casepage.run_of(self.case, self.number, kind="referral")
        if run is None:
            raise Http404
        return run

    def get(self, request, code, run):
        """Show the list."""
        if self.run.state != "open":
            return self.moved(request, _("This step is not open any more."), 0)
        return super().get(request)

    def post(self, request, code, run):
        """Ask the agency that was chosen, or end the step when nobody is left."""
        if request.POST.get("act") == "give_up":
            return self.give_up(request)
        return super().post(request)

    def give_up(self, request):
        """End a step for which no agency can be asked."""
        key = f"give_up:{self.number}"
        try:
            actions.give_up(run=self.run, key=key, by=request.user, at=self.at)
        except (*MOVED_ON, *REFUSED) as error:
            return self.moved(request, refusal(error), 0)
        return self.back(_("Written down: no agency is left. The pathway goes on."))

    def form(self, data=None):
        """Return the form with the agencies that can be asked now."""
        possible = [one.service for one in candidates(self.run, self.at) if one.can_be_asked]
        shown = profile_of(self.case, self.run.step_key)
        return ReferForm(
            data, services=possible, urgency=urgency_of(self.run), seen=self.case.event_count,
            questions=medical_questions(shown, care_words(known_values(self.case))),
        )  # fmt: skip

    def context(self) -> dict:
        """Return the candidates with their reasons in words."""
        run, language = self.run, spoken_now()
        ranked = candidates(run, self.at)
        return {
            "run": run,
            "title": runs.words(runs.version_of(self.case).steps[run.step_key]["title"], language),
            "ground": ground_of(self.case, run.step_key),
            "deadline": next(
                (line for line in runs.deadlines_view(self.case, language, self.at) if line.run == run.number), None
            ),
            "candidates": [
                (one, _reasons(one.match), named(one.match, "no"), named(one.match, "not_known")) for one in ranked
            ],
            "any_possible": any(one.can_be_asked for one in ranked),
            "waiting": casepage.waiting_offer(run),
            "sealed": sealed_keys(self.case),
        }

    def act(self, form):
        """Send the request and show the code once."""
        told = form.cleaned_data
        service = next(one.service for one in candidates(self.run, self.at) if str(one.service.pk) == told["service"])
        asked = {"run": self.run, "service": service, "urgency": told["urgency"], "seen": told["seen"]}
        try:
            return _spoken(self, actions.refer(**asked, facts=form.told(), **self.sent(form)))
        except accounts.CannotOpen as error:
            _note_damaged(self, error)
            words = _(
                "%(agency)s was not asked: its address cannot be opened. Choose another agency, and ask a manager to enrol "
                "this address again."
            )
            form.add_error(None, words % {"agency": isolated(service.organisation.name, spoken_now())})
            return self.show(form, status=409)

    def done(self):
        """Show the request again that was sent; its code was shown once."""
        return _spoken(self, actions.Sent(referral_sent_by(sending_of(self.case, self.sending))))


def _note_damaged(view: CaseView, error: accounts.CannotOpen) -> None:
    """Record that the address of an agency is damaged. While only its key is away, the page on that answers."""
    if accounts.is_key_away(error):
        raise error
    accounts.record_unopened(error, by=view.request.user, at=view.at, place=view.request.resolver_match.view_name)


def _spoken(view: CaseView, sent: actions.Sent):
    """Show the code of a request once, beside the number at which it is spoken; a repeat has no code and no number."""
    number = view.number_of(sent.referral.organisation) if sent.code else ""
    link = live_link(sent.referral, view.at)
    return view.part("referral/sent.html", {"sent": sent, "number": number, "link": link})


def _reasons(match) -> list[tuple[str, str, str]]:
    """Return (criterion in words, answer, answer in words) for each criterion."""
    return [
        (str(CRITERION_WORDS[reason.criterion]), reason.answer, str(ANSWER_WORDS[reason.answer]))
        for reason in match.reasons
    ]


class OneReferral(CaseFormView):
    """What concerns one request of a case."""

    action = "refer"

    def dispatch(self, request, *args, **kwargs):
        """Keep the id of the request."""
        self.reference = kwargs["reference"]
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, code, reference):
        """Show the form."""
        return super().get(request)

    def post(self, request, code, reference):
        """Do what the form says."""
        return super().post(request)

    @property
    def referral(self) -> Referral:
        """Return the request, of this case only."""
        row = casepage.referral_of(self.case, self.reference)
        if row is None:
            raise Http404
        return row

    def context(self) -> dict:
        """Return the request as the table shows it."""
        rows = casepage.referral_rows(self.case, spoken_now(), self.at)
        return {"row": next((row for row in rows if row.referral.public_id == self.reference), None)}


class PhoneAnswer(OneReferral):
    """The answer that an agency gave by phone."""

    template_name = "referral/phone_answer.html"
    error = None

    def show_moved(self, form, error: Exception):
        """Show the form as it was sent; what was sent first with it is told also where no answer is needed any more."""
        self.error = error
        return super().show_moved(form, error)

    def show(self, form, status: int = 200, **more):
        """Show the form, also one that was refused; or why the agency need not answer any more."""
        if isinstance(self.error, SentOtherwise) or not (words := needs_no_answer(self.referral, by_phone=True)):
            return super().show(form, status, **more)
        return self.moved(self.request, words, (form.is_bound and form.cleaned_data.get("seen")) or 0)

    def form(self, data=None):
        """Return the form; without a request there is no page."""
        referral = self.referral
        return PhoneAnswerForm(data, need=referral.need, state=referral.state, seen=self.case.event_count)

    def act(self, form):
        """Write the answer down."""
        told = form.cleaned_data
        common = self.sent(form) | {"referral": self.referral, "seen": told["seen"]}
        if told["answer"] == ACCEPT:
            actions.accept(**common)
        elif told["answer"] == HOLD:
            actions.hold(**common)
        else:
            actions.decline(reason=told["reason"], note=told["note"], free_from=told["free_from"], **common)
        return self.done()

    def done(self):
        """Say that it is written down."""
        return self.back(_("Answer written down."))


class Progress(OneReferral):
    """What became of a request."""

    template_name = "referral/progress.html"

    def form(self, data=None):
        """Return the form with the states that the table allows from here."""
        states = [state for state in STAFF_STATES if state in REFERRAL_MOVES[self.referral.state]]
        return ProgressForm(data, states=states, seen=self.case.event_count)

    def act(self, form):
        """Move the request."""
        told, common = form.cleaned_data, self.sent(form)
        actions.progress(referral=self.referral, to=told["state"], note=told["note"], seen=told["seen"], **common)
        return self.spoken(common, _("Written down."))

    def done(self):
        """Say that it is written down."""
        return self.back(_("Written down."))


class DeletionByPhone(OneReferral):
    """The agency said by phone that it deleted what it was shown; also in a closed case."""

    template_name = "referral/deletion_told.html"
    action = "take_back"

    def get(self, request, code, reference):
        """Show the form while a deletion is awaited."""
        if not self.referral.awaits_deletion:
            return self.moved(request, _("This agency owes no word about a deletion. Look at the case."), 0)
        return super().get(request, code, reference)

    def form(self, data=None):
        """Return the form."""
        return DeletionToldForm(data)

    def act(self, form):
        """Write it down."""
        actions.confirm_by_phone(referral=self.referral, **self.sent(form))
        return self.done()

    def done(self):
        """Say that it is written down."""
        return self.back(_("Written down."))


class Code(CaseView):
    """Six new digits for a link that nobody opened yet, or a new link: shown once, to be spoken.

    For an answer the case must be open; a deletion is awaited in a closed case too.
    """

    action = "take_back"

    def post(self, request, code, reference):
        """Make the digits, or a new link with its digits, and show them."""
        referral = casepage.referral_of(self.case, reference)
        if referral is None:
            raise Http404
        if not referral.awaits_deletion and not allowed(request.user, RULES, "refer", self.case):
            return self.refused(request)
        try:
            sent = self.make(request, referral)
        except (*MOVED_ON, *REFUSED) as error:
            return self.moved(request, refusal(error), 0)
        except accounts.CannotOpen as error:
            _note_damaged(self, error)
            words = _(
                "The address of this agency cannot be opened. Call it, and ask a manager to enrol its address again."
            )
            return self.stands(words, [], head=_("No link was sent"))
        if referral.awaits_deletion:
            return self.codes([sent])
        return _spoken(self, sent)

    def make(self, request, referral):
        """Do the one action."""
        link = live_link(referral, self.at)
        if link is not None and request.POST.get("act") != "resend":
            code = actions.fresh_code(link=link, by=request.user, at=self.at)
            return actions.Sent(referral, code)
        key = request.POST.get("key", "")[:60] or f"resend:{self.at.isoformat()}"
        return actions.resend(referral=referral, key=key, by=request.user, at=self.at)


class AgencyNumber(CaseView):
    """The number for call-backs of an agency of the country, for who works a case and calls now."""

    action = "see_identity"

    def post(self, request, code, reference):
        """Show it; the reading is recorded."""
        agency = casepage.agency_of(self.case, reference)
        if agency is None:
            raise Http404
        return self.part("referral/agency_number.html", {"agency": agency, "number": self.number_of(agency)})
