"""Forms of an agency: what it is, how far it was checked, and who is put down for it."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE, LanguageSelect
from languages import table
from languages.text import listed
from referral.choices import AgencyKind, TrustState
from referral.forms.fields import PlainTextField


class LanguageField(forms.ChoiceField):
    """The language of the letters to an agency: one of its country's, in their own names, the first by default."""

    def __init__(self, languages: Sequence[str], **kwargs):
        choices = [(code, table.BY_CODE[code].own) for code in languages]
        label, first = _("Language of the letters"), languages[0]
        super().__init__(label=label, choices=choices, initial=first, widget=LanguageSelect, **kwargs)


class AgencyForm(forms.Form):
    """What an agency is. The name stays one in a country."""

    name = PlainTextField(label=_("Name"), max_length=200)
    description = PlainTextField(label=_("What it is"), rows=3)
    kind = forms.ChoiceField(label=_("Kind"), choices=AgencyKind.choices)
    identifiers = PlainTextField(label=_("Registration numbers"), max_length=200, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)


class TrustForm(forms.Form):
    """How far an agency was checked."""

    trust = forms.ChoiceField(
        label=_("How far this agency is checked"), choices=TrustState.choices, widget=forms.RadioSelect
    )
    seen = forms.ChoiceField(choices=TrustState.choices, widget=forms.HiddenInput, required=False)


class LanguageForm(forms.Form):
    """In which language an agency is written to."""

    seen = forms.CharField(max_length=5, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, languages: Sequence[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"] = LanguageField(languages)


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        """Return name and address, and for which other agencies she is put down."""
        label = f"{person.name} ({person.email})" if person.name else person.email
        others = listed([one.name for one in person.organisations.all()], get_language())
        return _now("%(person)s, also with %(agencies)s") % {"person": label, "agencies": others} if others else label


class PersonForm(forms.Form):
    """A focal point of the country who is not with the agency yet."""

    person = _PersonField(label=_("Focal point"), queryset=None, to_field_name="public_id", empty_label=CHOOSE[1])

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
