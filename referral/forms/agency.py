"""What an agency may send through its one-time link."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Day
from referral.choices import DeclineReason
from referral.choices.cases import ACCEPT, DECLINE, HOLD, WITHOUT_WAITING_LIST
from referral.forms.fields import PlainTextField

ANSWER_HINTS = {
    ACCEPT: _("The hotline sees it at once and calls your office at its number in the directory."),
    HOLD: _("Nobody else is asked until the time for the answer is over."),
    DECLINE: _(
        "The hotline sees it at once. Where another agency stands ready, that one is asked at once; not where somebody "
        "here is involved or it would not be safe: then the hotline decides first."
    ),
}
REASONS = (
    (DeclineReason.FULL, _("No free place")),
    (DeclineReason.NOT_ELIGIBLE, _("We do not take this group of people")),
    (DeclineReason.SAFETY_CONFLICT, _("It would not be safe for the person here")),
    (DeclineReason.OUT_OF_AREA, _("Too far, or outside our area")),
    (DeclineReason.LANGUAGE, _("Nobody here speaks the language")),
    (DeclineReason.PAPERS_MISSING, _("Papers are missing")),
    (DeclineReason.CONFLICT_OF_INTEREST, _("Somebody here is involved, or knows the people involved")),
    (DeclineReason.OTHER, _("Another reason")),
)


class CodeForm(forms.Form):
    """The six digits that came by another way than the link."""

    code = forms.CharField(
        label=_("Six digits"),
        help_text=_("They were told to you by phone or sent as a text. They are not in the letter."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20, "dir": "ltr"}
        ),
    )

    def clean_code(self):
        """Return the digits; spaces and hyphens between them do not matter, other digits than Latin ones count."""
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
        rest = {sign for sign in self.cleaned_data["code"] if not sign.isdecimal()} - set(" -\u00a0")
        if len(digits) != 6 or rest:
            raise forms.ValidationError(_("The code has exactly six digits."), code="not_six_digits")
        return digits


class AnswerForm(forms.Form):
    """Yes, no with a reason, or the waiting list where there is a place to wait for."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, _("Yes, we accept")),
            (HOLD, _("Not now, put her or him on our waiting list")),
            (DECLINE, _("No, we cannot")),
        ],
        error_messages={"required": _("Choose one of the three answers.")},
    )
    reason = forms.ChoiceField(
        label=_("Why not?"),
        help_text=_("Only for a no. This keeps the directory right."),
        widget=forms.RadioSelect,
        choices=REASONS,
        required=False,
    )
    free_from = Day(label=_("Free again from"), help_text=_("If you know it."), required=False)
    note = PlainTextField(
        label=_("In your own words"),
        help_text=_("Needed for another reason. Write nothing that names the person."),
        rows=3,
        max_length=500,
        required=False,
    )

    def __init__(self, *args, need, **kwargs):
        super().__init__(*args, **kwargs)
        if need in WITHOUT_WAITING_LIST:
            answer = self.fields["answer"]
            answer.choices = [(code, words) for code, words in answer.choices if code != HOLD]
            answer.error_messages["required"] = _("Choose one of the two answers.")

    def clean(self):
        """Ask for the reason of a no, and for words where the reason is another one."""
        answers = super().clean()
        if answers.get("answer") != DECLINE:
            self._ask_which()
            return answers | {"reason": "", "note": answers.get("note", ""), "free_from": None}
        if answers.get("free_from") and answers["free_from"] < timezone.localdate():
            self.add_error("free_from", _("This day is over. Choose a later one, or leave it empty."))
        if not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Choose why you cannot."))
        if answers.get("reason") == DeclineReason.OTHER and not answers.get("note") and "note" not in self.errors:
            self.add_error("note", _("Write the other reason in a few words."))
        return answers

    def _ask_which(self) -> None:
        """Ask back where a reason for a no stands beside another answer; both are untaken, as a mark cannot be undone."""
        if not self.cleaned_data.get("answer") or not self.cleaned_data.get("reason"):
            return
        self.add_error("answer", _("A reason for a no was chosen too. Choose again: which answer is it?"))
        self.data = {name: value for name, value in self.data.items() if name not in ("answer", "reason")}


class DeletionForm(forms.Form):
    """The agency's word that it deleted what it was shown."""

    is_deleted = forms.BooleanField(
        label=_("We have deleted everything that we were shown about this request."),
        error_messages={"required": _("Tick this when it is done.")},
    )
