"""The consent form: who says yes, to which agency, for what, one line at a time. Nothing is ticked beforehand.

What was said earlier, on a call say, stands beside its question as words; it is no consent.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Day
from languages.text import listed
from referral.choices import Assent, ConsentGiver, ConsentPurpose, FormField, Need
from referral.choices.cases import CHILD_NOT_ASKED, CHILD_SAYS_NO, purpose_of
from referral.choices.fields import group_words
from referral.choices.forms import CONSENT
from referral.forms.fields import PlainTextField, SentOnce
from referral.forms.medical import MEDICAL_NEED, medical_questions
from referral.forms.steps import NO, NOT_ASKED, YES, QuestionsForm
from referral.logic import Truth
from referral.queries.spoken import isolated

POLICE_UNCLEAR = _(
    "A line above says yes to a report to the police, and here stands no. Ask again which it is, "
    "then change the line or this answer."
)
POLICE_REFUSED = _(
    "A report to the police is wanted, and every line of the police says no. Ask again which it is, then change a line "
    "or answer here."
)
POLICE_UNASKED = _(
    "A report to the police is wanted, and no line says whom to tell. Ask about %(agencies)s, or ask again and answer "
    "here."
)
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
WANTS_POLICE = "wants_police"


@dataclass(frozen=True)
class LineAsked:
    """One agency and purpose for which consent is asked, with the help, and the groups with the fields it would be shown."""

    organisation: int
    name: str
    purpose: str
    groups: Mapping[str, tuple[str, ...]]
    need: str

    @property
    def purpose_label(self) -> str:
        """Return the purpose in words."""
        return ConsentPurpose(self.purpose).label

    @property
    def is_told_medical_need(self) -> bool:
        """Tell whether the agency would be shown what a clinic must know."""
        return any(MEDICAL_NEED in keys for keys in self.groups.values())

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
    are the agencies for which a no ends an earlier yes. `wants_police` is what was told earlier of a report, `police_told`
    the agencies that may have one on an earlier yes; `care` says until when medical care helps most.
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
        wants_police: object = None,
        police_told: Collection[int] = (),
        care: str = "",
        **kwargs,
    ):
        shown = {key for line in asked for keys in line.groups.values() for key in keys}
        super().__init__(*args, questions=(*CONSENT.fields, *medical_questions(shown, care)), **kwargs)
        self.asked, self.ending = asked, ending
        self.wanted_police, self.police_told = wants_police is True, police_told
        if not ending:
            del self.fields["ends_all"]
        if not is_child:
            del self.fields["assent"]
        for question in CONSENT.fields:
            self.fields[question.key].initial = None
            if question.key in said:
                self.fields[question.key].help_text = _("Said earlier: %(answer)s") % {"answer": said[question.key]}
        self._add_lines()
        self.needs = {need: self._asks_police(need) or is_needed for need, is_needed in needs.items()}

    def _add_lines(self) -> None:
        for line in self.asked:
            for group, keys in line.groups.items():
                asked, below = group_words(group, keys)
                self.fields[line.field_name(group)] = forms.ChoiceField(
                    label=listed(asked, get_language()),
                    help_text=" · ".join(below),
                    choices=YES_NO,
                    widget=forms.RadioSelect,
                    required=False,
                )

    def _asks_police(self, need: str) -> bool:
        """Tell whether a help is a report to the police, and a yes to it was sent just now."""
        return purpose_of(need) == ConsentPurpose.POLICE_REPORT and self[WANTS_POLICE].value() == YES

    @property
    def spoken(self) -> tuple[FormField, ...]:
        """Return the questions that are put to the person last."""
        return CONSENT.fields

    @property
    def medical(self) -> FormField | None:
        """Return the question about what a clinic must know, where an agency would be shown it."""
        return next((question for question in self.questions if question.key == MEDICAL_NEED), None)

    @property
    def medical_after(self) -> LineAsked | None:
        """Return the agency below which that question stands: the last that would be shown it, of those asked first."""
        told = [[line for line in lines if line.is_told_medical_need] for lines in (self.first, self.others)]
        return next((lines[-1] for lines in told if lines), None)

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
        if self.medical_after in self.others:
            fields.append(self[MEDICAL_NEED])
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
        if answers.get("agrees") == "yes":
            self._ask_back_about_police(answers.get(WANTS_POLICE))
        return answers

    def _ask_back_about_police(self, told: str | None) -> None:
        """Refuse a report that is wanted and that nobody may have, and one that is not wanted and that somebody may have.

        Which of the two holds only the person knows.
        """
        answered = [line for line in self.lines() if line.purpose == ConsentPurpose.POLICE_REPORT]
        given = {line.organisation for line in answered if line.is_given}
        refused = {line.organisation for line in answered} - given
        is_wanted = told == YES or (self.wanted_police and told in (None, "", NOT_ASKED))
        if told == NO and given:
            self.add_error(WANTS_POLICE, POLICE_UNCLEAR)
        if is_wanted and self._police and not given and not set(self.police_told) - refused:
            words = POLICE_REFUSED if refused else POLICE_UNASKED % {"agencies": self._names_of_police()}
            self.add_error(WANTS_POLICE, words)

    @property
    def _police(self) -> list[LineAsked]:
        return [line for line in self.asked if line.purpose == ConsentPurpose.POLICE_REPORT]

    def _names_of_police(self) -> str:
        language = get_language()
        return listed((isolated(line.name, language) for line in self._police), language)

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
