"""Checking a certificate, and withdrawing one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import FreeText, PlainText
from training import credentials
from training.choices import (
    WithdrawalReason,
)


class NameForm(forms.Form):
    """A name as somebody reads it on a certificate, to hear whether it is the one."""

    name = PlainText(
        label=_("The name on the certificate"),
        max_length=150,
        help_text=_("As it is printed, in the same script. Large and small letters do not matter."),
        error_messages={"required": _("Write the name that is printed on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class CodeForm(forms.Form):
    """The code in letters of a certificate, as somebody types it: in any case, with or without gaps."""

    code = PlainText(
        label=_("The code on the certificate"),
        max_length=credentials.LONGEST_TYPED,
        help_text=_("15 letters and digits. Gaps and small letters do not matter."),
        error_messages={"required": _("Write the code that is printed on the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Return the code as its address has it; what is none stays as it was typed, and its page says so."""
        return credentials.code_of(self.cleaned_data["code"]) or self.cleaned_data["code"]


class WithdrawalForm(forms.Form):
    """Why a certificate is withdrawn; the reason stays in the house."""

    reason = forms.ChoiceField(
        label=_("Why it is withdrawn"),
        choices=WithdrawalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is withdrawn.")},
    )
    words = FreeText(
        label=_("In your own words"),
        required=False,
        max_length=300,
        help_text=_(
            "What somebody who looks at it in a year must know. Whoever checks the certificate is not shown it."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        """Ask for words where the reason says nothing by itself."""
        found = super().clean()
        if found.get("reason") == WithdrawalReason.OTHER and not found.get("words"):
            self.add_error("words", _("Write what the reason is."))
        return found
