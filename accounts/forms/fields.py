"""Form fields that refuse what no text of a person holds: NUL, controls, unbalanced direction signs."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext_lazy as _

from languages import text


def refuse_odd_signs(value: str) -> None:
    """Raise a message for the person when a text holds hidden signs."""
    try:
        text.check_input(value)
    except text.OddText as error:
        raise ValidationError(
            _("This text holds hidden signs that cannot be kept. Type it again instead of pasting it."), code="odd"
        ) from error


def refuse_unsendable(value: str) -> None:
    """Raise a message for the person when no mail server can be told an address, though it looks like one."""
    try:
        sanitize_address(value, "utf-8").encode("ascii")
    except ValueError as error:
        raise ValidationError(
            _("Enter the address in full, for example name@office.example."), code="invalid"
        ) from error


class Address(forms.EmailField):
    """An e-mail address to which a letter can be sent."""

    default_validators = [*forms.EmailField.default_validators, refuse_unsendable]


class FreeText(forms.CharField):
    """A text of several lines."""

    default_validators = [refuse_odd_signs]

    def to_python(self, value):
        """Return the text in one Unicode form, so that equal texts are equal."""
        return unicodedata.normalize("NFC", super().to_python(value))


class PlainText(FreeText):
    """A text of one line: a name, a word to look for."""

    def clean(self, value):
        """Refuse line breaks, which one line cannot hold."""
        value = super().clean(value)
        if "\n" in value or "\r" in value:
            raise ValidationError(_("Write this on one line."), code="lines")
        return value
