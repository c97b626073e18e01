"""Forms around a referral: which agency, and what it answered by phone."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.choices import REFERRAL_MOVES, DeclineReason, ReferralState
from referral.choices.cases import ACCEPT, DECLINE, HOLD
from referral.forms.agency import REASONS, AnswerForm
from referral.forms.fields import PlainTextField, SentOnce
from referral.forms.steps import QuestionsForm

THEIR_ANSWERS = {
    ACCEPT: _("They accept"),
    HOLD: _("Not now, they put her or him on their waiting list"),
    DECLINE: _("They decline"),
}
THEIR_REASONS = {
    DeclineReason.NOT_ELIGIBLE: _("They do not take this group of people"),
    DeclineReason.OUT_OF_AREA: _("Too far, or outside their area"),
}


class ReferForm(QuestionsForm):
    """The choice of the agency that is asked next, and what is written down for it."""

    service = forms.ChoiceField(
        label=_("Which agency is asked"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the agencies that can be asked.")},
    )
    urgency = forms.ChoiceField(
        label=_("How urgent"),
        widget=forms.RadioSelect,
        choices=[("normal", _("Normal")), ("urgent", _("Urgent, today"))],
    )

    def __init__(self, *args, services, urgency="normal", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["urgency"].initial = urgency
        self.fields["service"].choices = [(str(service.pk), service.name) for service in services]


ANSWER_MOVES = {ACCEPT: ReferralState.ACCEPTED, HOLD: ReferralState.ON_HOLD, DECLINE: ReferralState.REJECTED}


class PhoneAnswerForm(SentOnce, AnswerForm):
    """The answer that an agency gave by phone, written down by the operator: it speaks of the agency.

    Offered is what may follow from where the request stands; what was sent from a page that is older stays, so that the
    refusal says where it stands now.
    """

    def __init__(self, *args, state, **kwargs):
        super().__init__(*args, **kwargs)
        answer = self.fields["answer"]
        offered = [code for code, _words in answer.choices]
        fitting = [code for code in offered if ANSWER_MOVES[code] in REFERRAL_MOVES[state]]
        if fitting and self.data.get("answer", fitting[0]) in fitting:
            offered = fitting
        answer.label = _("What the agency answers")
        answer.choices = [(code, THEIR_ANSWERS[code]) for code in offered]
        answer.error_messages["required"] = _("Choose what the agency answers.")
        if DECLINE not in offered:
            for name in ("reason", "free_from", "note"):
                del self.fields[name]
            return
        self.fields["reason"].choices = [(code, THEIR_REASONS.get(code, code.label)) for code, _words in REASONS]
        self.fields["note"].label = _("In their words")


class DeletionToldForm(SentOnce):
    """The agency's word by phone that it deleted what it was shown; whatever else happened in the case, it stands."""

    seen = None
    is_deleted = forms.BooleanField(
        label=_("The agency says that it deleted everything that it was shown about this request."),
        error_messages={"required": _("Tick this when it is done.")},
    )


class ProgressForm(SentOnce):
    """What became of an accepted referral."""

    state = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    note = PlainTextField(
        label=_("Note"), help_text=_("Sealed with the case."), rows=2, max_length=500, required=False
    )

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(state, ReferralState(state).label) for state in states]
