"""Forms of the case desk: opening, looking, deciding, closing."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import CHOOSE, LanguageSelect
from languages import table
from referral.choices import CaseState, CloseReason
from referral.choices.cases import NOT_HELPED, NOT_WALKED, CloseOutcome, OpenReason
from referral.forms.fields import AreaField, PlainTextField, SentOnce

HELPED_LATER = _("That help was taken up can be chosen once an agency has accepted.")
SOURCES = (
    ("walk_in", _("Came to the office")),
    ("official", _("Brought by an official")),
    ("agency", _("Sent by an agency")),
    ("letter", _("Wrote to us")),
    ("other", _("Another way")),
)


class CaseFilter(forms.Form):
    """What the list of cases is narrowed to. Unknown values narrow nothing."""

    code = forms.CharField(label=_("Case code"), max_length=16, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All states")), *CaseState.choices], required=False)
    area = AreaField(empty_label=pgettext_lazy("all regions", "All"))
    waits = forms.ChoiceField(
        label=_("What waits"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("late", _("A step is late")),
            ("answer", _("An agency has not answered yet")),
            ("question", _("A question is open")),
            ("mine", _("I am the owner")),
        ],
    )

    def __init__(self, *args, country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].ask_in(country)


class NewCaseForm(SentOnce):
    """A case that did not come by a call."""

    language = forms.ChoiceField(
        label=_("Language of the person"),
        choices=[CHOOSE, *((row.code, row.own) for row in table.TABLE)],
        widget=LanguageSelect,
        error_messages={"required": _("Choose one of the languages shown.")},
    )
    area = AreaField(help_text=_("Where the person is."), empty_label=_("Not known"))
    source = forms.ChoiceField(label=_("How it came"), choices=SOURCES)
    another = forms.BooleanField(required=False, widget=forms.HiddenInput)  # the button of whoever means a second case

    def __init__(self, *args, country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].ask_in(country)


class ReasonForm(SentOnce):
    """A reason that is kept with the act."""

    reason = PlainTextField(
        label=_("Reason"),
        help_text=_("Kept in the audit log. Write no name and no number."),
        max_length=300,
        min_length=5,
        error_messages={"min_length": _("Write the reason in a few words.")},
    )


class OutcomeForm(SentOnce):
    """The outcome of a decision, with its reason (sealed with the case)."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = PlainTextField(label=_("Reason of the decision"), help_text=_("Sealed with the case."), rows=3)

    def __init__(self, *args, outcomes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes


class TaskForm(SentOnce):
    """A task without questions: what was done, in a few words (sealed with the case)."""

    note = PlainTextField(label=_("What was done"), help_text=_("Sealed with the case."), rows=3, required=False)


class WaitForm(SentOnce):
    """The end of a waiting time before its day: only by the person's own wish."""

    is_own_wish = forms.BooleanField(
        label=_("The person asked for it herself or himself, and nobody pressed."),
        error_messages={"required": _("The time is a right of the person. Only she or he may end it.")},
    )
    words = PlainTextField(
        label=_("What she or he said"), help_text=_("Sealed with the case."), rows=2, max_length=500
    )


class HandoverForm(SentOnce):
    """Both sides say that the talk of three took place."""

    we_confirm = forms.BooleanField(label=_("We were in the talk: the person, the agency and we."))
    agency_confirms = forms.BooleanField(label=_("The agency says that it goes on from here."))


class CloseForm(SentOnce):
    """The end of a case."""

    reason = forms.ChoiceField(label=_("Why it is closed"))
    outcome = forms.ChoiceField(label=_("How the person stands"), choices=[CHOOSE, *CloseOutcome.choices])
    feedback_asked = forms.ChoiceField(
        label=_("Was she or he asked whether help came?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, and the answer is kept")), ("no", _("No, it was not safe or not possible"))],
    )

    def __init__(self, *args, is_walked: bool, is_helped: bool, **kwargs):
        super().__init__(*args, **kwargs)
        untrue = {CloseReason.COMPLETED: not is_walked, CloseReason.HELPED: not is_helped}
        reasons = [(code, words) for code, words in CloseReason.choices if not untrue.get(code)]
        field = self.fields["reason"]
        field.choices = [CHOOSE, *reasons]
        field.help_text = "" if is_helped else HELPED_LATER
        asked = self.data.get("reason")
        field.error_messages["invalid_choice"] = NOT_HELPED if asked == CloseReason.HELPED else NOT_WALKED


class AskAgainForm(SentOnce):
    """Why agencies are asked again after nobody accepted."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[CHOOSE, *OpenReason.choices])
    words = PlainTextField(
        label=_("In your own words"), help_text=_("Sealed with the case."), rows=2, max_length=500, required=False
    )

    def clean(self):
        """Ask for words where the reason is another one."""
        told = super().clean()
        if told.get("reason") == OpenReason.OTHER and not told.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write the other reason in a few words."))
        return told


class OpenAgainForm(AskAgainForm):
    """Which step is opened by hand, and why."""

    step = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    field_order = ("step", "reason", "words")

    def __init__(self, *args, steps, asked: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.key, step.title.text) for step in steps]
        self.fields["step"].initial = asked


class AssignForm(SentOnce):
    """Another owner of a case."""

    owner = forms.ModelChoiceField(label=_("Who has the case from now on"), queryset=None, empty_label=CHOOSE[1])

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
