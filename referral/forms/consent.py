"""The consent form: who says yes, to which agency, for what, one line at a time. Nothing is ticked beforehand.

What was said earlier, on a call say, stands beside its question as words; it is no consent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Day
from referral.choices import Assent, ConsentGiver, ConsentPurpose, FieldGroup, Need
from referral.choices.cases import CHILD_NOT_ASKED, CHILD_SAYS_NO
from referral.choices.forms import CONSENT
from referral.forms.fields import PlainTextField, SentOnce
from referral.forms.steps import QuestionsForm
from referral.logic import Truth

POLICE_UNCLEAR = _(
    "A line above says yes to a report to the police, and here stands no. Ask again which it is, "
    "then change the line or this answer."
)
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class LineAsked:
    """One agency and purpose for which consent is asked, with the help and the groups of fields the step would share."""

    organisation: int
    name: str
    purpose: str
    groups: tuple[str, ...]
    need: str

    @property
    def purpose_label(self) -> str:
        """Return the purpose in words."""
        return ConsentPurpose(self.purpose).label

    def field_name(self, group: str) -> str:
        """Return the name of the form field of one group."""
        return f"line_{self.organisation}_{self.purpose}_{group}"


@dataclass(frozen=True)
class LineGiven:
    """One answered line."""

    organisation: int
    group: str
    purpose: str
    is_given: bool


class ConsentForm(QuestionsForm):
    """One act of consent. `asked` are the agencies put to the person, `needs` says which help the case needs; `ending`
    are the agencies for which a no ends an earlier yes.
    """

    agrees = forms.ChoiceField(
        label=_("May something be shared?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("Yes, with the agencies and for the purposes answered with yes on this page")),
            ("no", _("No, nothing may be shared")),
        ],
    )
    giver = forms.ChoiceField(label=_("Who answers"), widget=forms.RadioSelect, choices=ConsentGiver.choices)
    assent = forms.ChoiceField(
        label=_("The child's own answer, asked in words that fit the child's age"),
        help_text=_("The child is heard beside the adult. Nothing is shared against the child's own no."),
        widget=forms.RadioSelect,
        choices=Assent.choices,
        error_messages={"required": CHILD_NOT_ASKED},
    )
    ends_on = Day(
        label=_("Valid until"),
        help_text=_("Empty: until it is taken back or the case is closed."),
        required=False,
    )

    ends_all = forms.BooleanField(label=_("Yes, this no ends all that"), required=False)

    def __init__(
        self,
        *args,
        asked: tuple[LineAsked, ...],
        needs: Mapping[str, Truth],
        said: Mapping[str, str],
        is_child: bool,
        ending: tuple[str, ...] = (),
        **kwargs,
    ):
        super().__init__(*args, questions=CONSENT.fields, **kwargs)
        self.asked, self.needs = asked, needs
        self.ending = ending
        if not ending:
            del self.fields["ends_all"]
        if not is_child:
            del self.fields["assent"]
        for question in CONSENT.fields:
            self.fields[question.key].initial = None
            if question.key in said:
                self.fields[question.key].help_text = _("Said earlier: %(answer)s") % {"answer": said[question.key]}
        for line in asked:
            for group in line.groups:
                self.fields[line.field_name(group)] = forms.ChoiceField(
                    label=FieldGroup(group).label, choices=YES_NO, widget=forms.RadioSelect, required=False
                )

    @property
    def first(self) -> list[LineAsked]:
        """Return the agencies for the help that the case needs."""
        return [line for line in self.asked if self.needs[line.need]]

    @property
    def others(self) -> list[LineAsked]:
        """Return the agencies for other help, which the person may be asked about too."""
        return [line for line in self.asked if not self.needs[line.need]]

    @property
    def needed(self) -> list[str]:
        """Return the help that is needed, in words."""
        return _helps(need for need, is_needed in self.needs.items() if is_needed)

    @property
    def unclear(self) -> list[str]:
        """Return the help of which nobody knows whether it is needed, in words."""
        return _helps(need for need, is_needed in self.needs.items() if is_needed is None)

    @property
    def gaps(self) -> list[str]:
        """Return the help that is needed and that no agency of the directory gives this person, in words."""
        given = {line.need for line in self.asked}
        return _helps(need for need, is_needed in self.needs.items() if is_needed and need not in given)

    @property
    def other_helps(self) -> list[str]:
        """Return the other help in words, each once."""
        return _helps(line.need for line in self.others)

    @property
    def is_asked_more(self) -> bool:
        """Tell whether an answer about other help was sent, so that it is not hidden."""
        fields = [self[line.field_name(group)] for line in self.others for group in line.groups]
        return any(field.value() or field.errors for field in fields)

    def clean_ends_on(self):
        """Refuse a day that is over."""
        day = self.cleaned_data["ends_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose a later one, or leave it empty."), code="past")
        return day

    def clean(self):
        """A yes needs at least one line; a no has none."""
        answers = super().clean()
        given = any(line.is_given for line in self.lines())
        if answers.get("agrees") == "yes" and not given:
            self.add_error("agrees", _("Say for at least one agency what it may receive, or choose no."))
        if answers.get("agrees") == "no" and given:
            self.add_error("agrees", _("The line of an agency says yes. Change that line, or this answer."))
        if answers.get("agrees") == "no" and self.ending and not answers.get("ends_all"):
            self.add_error("ends_all", _("Look at what a no ends, and tick this if it is meant."))
        if answers.get("agrees") == "yes" and answers.get("assent") == Assent.NO:
            self.add_error("assent", CHILD_SAYS_NO)
        if answers.get("agrees") == "yes" and answers.get("wants_police") == "no" and self._tells_police():
            self.add_error("wants_police", POLICE_UNCLEAR)
        return answers

    def _tells_police(self) -> bool:
        return any(line.is_given and line.purpose == ConsentPurpose.POLICE_REPORT for line in self.lines())

    def lines(self) -> list[LineGiven]:
        """Return the lines that were answered, yes or no."""
        return [
            LineGiven(line.organisation, group, line.purpose, self.cleaned_data[line.field_name(group)] == "yes")
            for line in self.asked
            for group in line.groups
            if self.cleaned_data.get(line.field_name(group))
        ]


def _helps(needs: Iterable[str]) -> list[str]:
    """Return helps in words, each once."""
    labels = dict(Need.choices)
    return [str(labels.get(need, need)) for need in dict.fromkeys(needs)]


class WithdrawForm(SentOnce):
    """The person takes consent back: from one agency, or from all."""

    organisation = forms.ChoiceField(
        label=_("From whom"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose from whom consent is taken back.")},
    )
    words = PlainTextField(
        label=_("What she or he said, if anything"),
        help_text=_("No reason is needed. Sealed with the case."),
        rows=2,
        max_length=500,
        required=False,
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name) for one in organisations]
        self.fields["organisation"].choices = [("all", _("From all: nothing may be shared any more")), *choices]
