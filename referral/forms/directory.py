"""Forms of the directory: a service as its manager or its own agency keeps it, and the contact of an agency."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import Address, Day
from accounts.models import Country
from languages import table
from referral.choices import AgencyKind, Need, ServiceStatus
from referral.choices.forms import EXPLOITATION
from referral.forms.agencies import LanguageField
from referral.forms.fields import AreaField, PlainTextField, RowsField, SentOnce, TelephoneField
from referral.models import Count

TAKEN = (("", _("Not stated")), ("yes", _("Yes")), ("no", _("No")))
# The groups a service may state, as (criterion, group, words).
GROUPS = (
    ("sex", "female", _("Takes women and girls")),
    ("sex", "male", _("Takes men and boys")),
    ("sex", "other", _("Takes people of another sex")),
    ("nationality", "national", _("Takes nationals of the country")),
    ("nationality", "foreign", _("Takes foreigners")),
    ("disability", "yes", _("Can meet needs because of a disability")),
    ("children", "yes", _("Takes children along")),
    *(("form", form, words) for form, words in EXPLOITATION),
)


class DirectoryFilter(forms.Form):
    """What the directory is narrowed to. Unknown values narrow nothing."""

    need = forms.ChoiceField(label=_("What it gives"), choices=[("", _("Everything")), *Need.choices], required=False)
    area = AreaField(empty_label=pgettext_lazy("all regions", "All"))
    check = forms.ChoiceField(
        label=_("Last check"),
        choices=[("", _("All")), ("old", _("More than 90 days ago")), ("ask", _("More than 180 days ago, or never"))],
        required=False,
    )

    def __init__(self, *args, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].ask_in(country)


class ServiceForm(forms.Form):
    """One service. Eligibility stands apart from papers; what is not stated is never read as yes."""

    name = PlainTextField(label=_("Name of the service"), max_length=200)
    description = PlainTextField(label=_("What it does"), rows=3, required=False)
    term = forms.ChoiceField(label=_("What it gives"), choices=Need.choices)
    status = forms.ChoiceField(label=_("State"), choices=ServiceStatus.choices)
    areas = RowsField(
        label=_("Where it serves"),
        help_text=_("None ticked: the whole country."),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), choices=table.LANGUAGES, widget=forms.CheckboxSelectMultiple, required=False
    )
    minimum_age = forms.IntegerField(label=_("From age"), min_value=0, max_value=120, required=False)
    maximum_age = forms.IntegerField(label=_("Up to age"), min_value=0, max_value=120, required=False)
    fees = PlainTextField(label=_("Fees"), max_length=200, required=False)
    papers_needed = PlainTextField(label=_("Papers needed"), max_length=300, required=False)
    is_round_the_clock = forms.BooleanField(label=_("Open round the clock"), required=False)
    available = forms.IntegerField(label=_("Free places today"), min_value=0, max_value=10_000, required=False)
    maximum = forms.IntegerField(label=_("Places in all"), min_value=0, max_value=10_000, required=False)
    valid_from = Day(label=_("Runs from"), required=False)
    valid_until = Day(label=_("Runs until"), required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    counted = forms.RegexField(r"^(\d{1,5}/\d{1,5}|none)$", widget=forms.HiddenInput, required=False)

    def __init__(self, *args, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].queryset = areas
        for criterion, group, words in GROUPS:
            self.fields[f"{criterion}_{group}"] = forms.ChoiceField(label=words, choices=TAKEN, required=False)

    def clean(self):
        """Refuse limits that lie the wrong way round, and free places without a whole."""
        answers = super().clean()
        self._in_order(answers, "minimum_age", "maximum_age", _("This age lies below the lower limit."))
        self._in_order(answers, "valid_from", "valid_until", _("This day lies before the first day."))
        self._in_order(answers, "available", "maximum", _("There cannot be more free places than places."))
        if answers.get("available") is not None and answers.get("maximum") is None and "maximum" not in self.errors:
            self.add_error("maximum", _("Say how many places there are in all."))
        return answers

    def clean_counted(self) -> Count | None:
        """Return the count that the sender had before them; None when the form came without one."""
        told = self.cleaned_data["counted"]
        return Count(*map(int, told.split("/"))) if "/" in told else Count() if told else None

    def _in_order(self, answers: dict, low: str, high: str, words: str) -> None:
        if answers.get(low) is not None and answers.get(high) is not None and answers[low] > answers[high]:
            self.add_error(high, words)

    def forms_taken(self) -> list[forms.BoundField]:
        """Return the fields that say which forms of trafficking it takes."""
        return [self[f"{criterion}_{group}"] for criterion, group, _words in GROUPS if criterion == "form"]

    def taken(self) -> dict[tuple[str, str], bool]:
        """Return what is stated about groups: (criterion, group) -> yes or no."""
        stated = {(name, group): self.cleaned_data.get(f"{name}_{group}") for name, group, _words in GROUPS}
        return {pair: answer == "yes" for pair, answer in stated.items() if answer}


class ContactForm(forms.Form):
    """An address or number of an agency: its first, with the language of its letters, or a new one.

    A new one waits for a second person and three days; `languages`, those of the country, are given for the first.
    """

    email = Address(label=_("E-mail for referrals"), required=False)
    number = TelephoneField(
        label=_("Number for call-backs"),
        help_text=_("The hotline speaks its codes at this number only. Visitors do not see it."),
        required=False,
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, country: str = "", languages: Sequence[str] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].country = country
        if languages:
            self.fields["language"] = LanguageField(languages, required=False)

    def clean(self):
        """Ask for one of the two at least."""
        answers = super().clean()
        if not answers.get("email") and not answers.get("number") and not self.errors:
            raise forms.ValidationError(_("Give an e-mail address, a number, or both."), code="empty")
        return answers


class DropForm(forms.Form):
    """The word that a change of a contact is dropped, and which one the page showed."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)


class PublicNumberForm(forms.Form):
    """The number that everybody sees beside the services of an agency; empty: none."""

    number = TelephoneField(
        label=_("Public number"),
        help_text=_("As it is dialled in the country, or with + and the country code. Empty: no number is shown."),
        may_be_short=True,
        required=False,
    )
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, country: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].country = country


class NewOrganisationForm(SentOnce):
    """Whose service it is: an organisation of the directory, or a new one with its address for requests."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=None, required=False, empty_label=_("A new organisation")
    )
    organisation_name = PlainTextField(label=_("Name of the new organisation"), max_length=200, required=False)
    organisation_description = PlainTextField(label=_("What it is"), rows=2, required=False)
    organisation_kind = forms.ChoiceField(
        label=_("Kind"), choices=AgencyKind.choices, initial=AgencyKind.NGO, required=False
    )
    public_number = TelephoneField(
        label=_("Public number"), help_text=_("Visitors see it under “Find help”."), may_be_short=True, required=False
    )
    email = Address(label=_("E-mail for requests"), required=False)
    number = TelephoneField(
        label=_("Number for call-backs"),
        help_text=_("The hotline speaks its codes at this number only. Visitors do not see it."),
        required=False,
    )

    def __init__(self, *args, organisations, country: Country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["language"] = LanguageField(country.languages, required=False)
        for name in ("public_number", "number"):
            self.fields[name].country = country.pk

    def clean(self):
        """Ask for the name and the description of a new organisation."""
        told = super().clean()
        if told.get("organisation"):
            return told
        for name in ("organisation_name", "organisation_description"):
            if not told.get(name) and name not in self.errors:
                self.add_error(name, _("Needed for a new organisation."))
        return told
