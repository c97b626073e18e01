"""Forms about people: own profile, invitation, roles, filters."""

import json

from allauth.account.fields import SetPasswordField
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Role
from accounts.forms.fields import Address, Day, LanguageBoxes, LanguageSelect, OfficeField, PersonName, PlainText
from accounts.forms.passwords import refuse_two_that_differ
from accounts.models import Country, User
from languages import table

OWN_NAMES = [(row.code, row.own) for row in table.TABLE]
THEMES = [("", _("As the device is set")), ("light", _("Light")), ("dark", _("Dark"))]
STATES = [
    ("", _("All")),
    ("active", pgettext_lazy("people who can sign in", "Active")),
    ("invited", pgettext_lazy("people", "Invited")),
    ("closed", pgettext_lazy("people whose account is closed", "Closed")),
]
IN_A_COUNTRY = {"learner", "trainer", "operator", "supervisor", "manager", "interpreter", "focal_point", "analyst"}


SEEN_NAME = _(
    "As colleagues see it, and as it is printed on your certificates. One that you have already keeps the name that it bears."
)
PRINTED_LETTERS = _("Certificates print names in Latin, Greek, Cyrillic, Hebrew, Arabic, Bengali and Thai letters.")
OWN_NAME = format_lazy("{} {}", SEEN_NAME, PRINTED_LETTERS)


class ProfileForm(forms.Form):
    """What a person says about herself; `seen` is what the form showed."""

    name = PersonName(label=_("Name"), max_length=150, help_text=OWN_NAME)
    language = forms.ChoiceField(
        label=_("Your language"),
        choices=OWN_NAMES,
        widget=LanguageSelect,
        help_text=_("Pages after sign-in and letters to you use it."),
    )
    spoken = forms.MultipleChoiceField(
        label=_("Other languages you work in"),
        choices=OWN_NAMES,
        required=False,
        widget=LanguageBoxes,
    )
    theme = forms.ChoiceField(label=_("Light or dark"), choices=THEMES, required=False)
    seen = forms.CharField(max_length=2000, widget=forms.HiddenInput, required=False)

    def clean_seen(self):
        """Return what the form showed, by name of the field; None where that is not known."""
        try:
            seen = json.loads(self.cleaned_data["seen"] or "null")
        except ValueError:
            return None
        return seen if isinstance(seen, dict) else None


class PlaceForm(forms.Form):
    """Name, roles and place of a person, as an administrator sets them."""

    name = PersonName(label=_("Name"), max_length=150, required=False, help_text=PRINTED_LETTERS)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.none(), required=False, empty_label=_("None")
    )
    office = OfficeField(
        label=_("Office"), help_text=_("Not in the list? Add it on the page of the country, under Offices.")
    )
    language = forms.ChoiceField(label=_("Language of the letters"), choices=OWN_NAMES, widget=LanguageSelect)
    spoken = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        choices=OWN_NAMES,
        required=False,
        widget=LanguageBoxes,
        help_text=_("For translators, interpreters and operators, beside the language of the letters."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].queryset = Country.objects.filter(is_active=True)
        chosen = self["country"].data if self.is_bound else ""
        known = {country.pk for country in self.fields["country"].queryset}
        self.fields["office"].offer(chosen if chosen in known else "", own=self.initial.get("office"))

    def clean(self):
        """Refuse a role without its country, and an office of another country."""
        cleaned = super().clean()
        country, office = cleaned.get("country"), cleaned.get("office")
        if office is not None and country is not None and office.country_id != country.pk:
            self.add_error("office", _("This office is in another country. Choose one of the country above."))
        if country is None and not IN_A_COUNTRY.isdisjoint(cleaned.get("roles", [])):
            self.add_error("country", _("These roles work in one country. Choose it."))
        return cleaned


class InviteForm(PlaceForm):
    """Whom to invite, as what, where."""

    field_order = ["email", "name", "roles", "country", "office", "language", "spoken"]
    email = Address(
        label=pgettext_lazy("label of a form field", "E-mail"),
        max_length=254,
        error_messages={"invalid": _("Enter the address in full, for example name@office.example.")},
    )

    def clean_email(self):
        """Return the address in small letters, as it is kept."""
        return self.cleaned_data["email"].lower()


class PersonForm(PlaceForm):
    """Correct a person's roles and place; `seen` is the mark of what the form showed. A name is not taken away."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = bool(self.initial.get("name"))


class AcceptForm(forms.Form):
    """Name and password of somebody who follows an invitation."""

    name = PersonName(label=_("Your name"), max_length=150, help_text=OWN_NAME)
    password1 = SetPasswordField(
        label=_("Password"),
        max_length=128,
        help_text=_("At least 12 characters. A sentence of a few words is easy to keep and hard to guess."),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = person
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean(self):
        """Refuse two passwords that differ."""
        cleaned = super().clean()
        refuse_two_that_differ(self)
        return cleaned


class FilterForm(forms.Form):
    """A form of filters in the address: what is wrong in it counts as not given."""

    def chosen(self) -> dict:
        """Return what was chosen and valid, by name of the filter."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PeopleFilter(FilterForm):
    """Whom the list of people shows."""

    q = PlainText(label=_("Name or e-mail"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All")), *Role.choices], required=False)
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


class AuditFilter(FilterForm):
    """Which entries of the audit log are shown."""

    verb = PlainText(label=_("Act"), max_length=60, required=False)
    actor = PlainText(label=_("Who, by public id or e-mail"), max_length=254, required=False)
    thing = PlainText(label=_("What, as in the list"), max_length=80, required=False)
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), required=False, empty_label=_("All")
    )
    since = Day(label=_("From"), required=False)
    until = Day(label=_("To"), required=False)

    def clean(self):
        """Turn the e-mail of a person into the public id that the log holds."""
        cleaned = super().clean()
        if "@" in cleaned.get("actor", ""):
            person = User.objects.filter(email__iexact=cleaned["actor"]).first()
            cleaned["actor"] = str(person.public_id) if person else cleaned["actor"]
        return cleaned
