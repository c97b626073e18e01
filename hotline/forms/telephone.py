"""The form of an operator's own telephone."""

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from hotline.callers import e164
from hotline.queries.lines import memory

KINDS = phonenumbers.PhoneNumberType
COSTLY = frozenset({KINDS.PREMIUM_RATE, KINDS.SHARED_COST, KINDS.TOLL_FREE, KINDS.PAGER, KINDS.UAN, KINDS.VOICEMAIL})


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
        if phonenumbers.number_type(phonenumbers.parse(number)) in COSTLY:
            raise ValidationError(_("A number of this kind cannot be used. Enter an ordinary mobile or fixed line."))
        if number in memory().lines or number.lstrip("+") in memory().lines:
            raise ValidationError(_("This is the number of a line. Enter a telephone that you answer."))
        return number
