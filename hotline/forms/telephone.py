"""The form of an operator's own telephone."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from hotline.callers import e164
from hotline.queries.lines import memory

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


def is_ordinary(number: str) -> bool:
    """Tell whether a number (E.164) is a fixed line or mobile of a country.

    Personal, shared-cost, premium, company-wide and internet numbers, those of satellites and of no country, and those of
    no known kind can cost whoever rings them many times as much.
    """
    parsed = phonenumbers.parse(number)
    code = phonenumbers.region_code_for_country_code(parsed.country_code)
    return code != phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY and phonenumbers.number_type(parsed) in ORDINARY
