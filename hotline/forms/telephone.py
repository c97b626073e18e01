"""The form of an operator's own telephone."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from hotline.callers import e164
from hotline.models import OperatorState
from hotline.queries.lines import memory
from languages.text import latin_digits

KINDS = phonenumbers.PhoneNumberType
ORDINARY = frozenset({KINDS.FIXED_LINE, KINDS.MOBILE, KINDS.FIXED_LINE_OR_MOBILE})


class TelephoneForm(forms.Form):
    """A number of the person's country, or any with + and its country code."""

    number = PlainText(
        label=_("Telephone number"), max_length=30,
        help_text=_("A mobile or fixed line that only you answer. From another country: with + and the country code."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}),
    )  # fmt: skip

    def __init__(self, *args, country: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_number(self) -> str:
        """Return the number in E.164; refuse what is none, what costs whoever calls it, and the lines themselves."""
        number = e164(self.cleaned_data["number"], self.country)
        if not number:
            raise ValidationError(_("This is no telephone number. Write all its digits, as you would dial it."))
        if not is_ordinary(number):
            raise ValidationError(_("A number of this kind cannot be used. Enter an ordinary mobile or fixed line."))
        if number in memory().lines or number.lstrip("+") in memory().lines:
            raise ValidationError(_("This is the number of a line. Enter a telephone that you answer."))
        return number


PIN = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}


class PinForm(forms.Form):
    """The PIN that a person's own telephone asks for, and the one for when she is forced to answer."""

    pin = forms.CharField(
        label=_("PIN"), max_length=6, help_text=_("Four to six digits, in place of key 1."),
        widget=forms.PasswordInput(attrs=PIN),
    )  # fmt: skip
    forced = forms.CharField(
        label=_("PIN for when you are forced to answer"), max_length=6, required=False,
        help_text=_(
            "May be left empty. It connects you like the other one, and tells your supervisors by letter that you are forced."
        ),
        widget=forms.PasswordInput(attrs=PIN),
    )  # fmt: skip

    def clean_pin(self) -> str:
        """Return the PIN; refuse what is none, and what anybody tries first."""
        return _pin(self.cleaned_data["pin"])

    def clean_forced(self) -> str:
        """Return the other PIN, as long as the first and not the same, or ""."""
        first = self.cleaned_data.get("pin")
        other = _pin(self.cleaned_data["forced"]) if self.cleaned_data["forced"] else ""
        if other and first and (len(other) != len(first) or other == first):
            raise ValidationError(_("Take another number with as many digits."))
        return other


class AnswersAsForm(forms.ModelForm):
    """As whom a person answers, where callers may ask for a woman or a man."""

    class Meta:
        model = OperatorState
        fields = ("answers_as",)
        labels = {"answers_as": _("You answer as")}
        widgets = {"answers_as": forms.Select(attrs={"class": "input"})}


def _pin(text: str) -> str:
    digits = latin_digits(text.strip())
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 6):
        raise ValidationError(_("Enter four to six digits."))
    if len(set(digits)) < 3 or digits in "01234567890" or digits in "09876543210":
        raise ValidationError(_("Anybody would try this one first. Take another."))
    return digits


def is_ordinary(number: str) -> bool:
    """Tell whether a number (E.164) is a fixed line or mobile of a country.

    Personal, shared-cost, premium, company-wide and internet numbers, those of satellites and of no country, and those of
    no known kind can cost whoever rings them many times as much.
    """
    parsed = phonenumbers.parse(number)
    code = phonenumbers.region_code_for_country_code(parsed.country_code)
    return code != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY and phonenumbers.number_type(parsed) in ORDINARY
