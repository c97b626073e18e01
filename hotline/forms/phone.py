"""Forms of the on-screen phone."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import FreeText
from hotline.choices import Channel
from languages.text import isolate

# Numbers of the demo's callers, of a kind that no network gives out, and the country from which each calls.
INTERPRETER = "+231770000201"  # rung for the interpreters of the demo in Liberia (hotline.demo.lines)
SUPERVISOR = "+231770000202"  # rung for the supervisor of the demo in Liberia
CALLERS = (
    ("+231770000101", _("A phone in Liberia (+231 77 000 0101)")),
    ("+231880000102", _("A second phone in Liberia (+231 88 000 0102)")),
    ("+50934000103", _("A phone in Haiti (+509 34 00 0103)")),
    ("+21620000104", _("A phone in Tunisia (+216 20 000 104)")),
    (INTERPRETER, _("The interpreter's phone in Liberia (+231 77 000 0201)")),
    (SUPERVISOR, _("The supervisor's phone in Liberia (+231 77 000 0202)")),
    ("", _("Number withheld")),
)
COUNTRIES = {
    "+231770000101": "LR",
    INTERPRETER: "LR",
    SUPERVISOR: "LR",
    "+231880000102": "LR",
    "+50934000103": "HT",
    "+21620000104": "TN",
}
KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")


NUMBER = re.compile(r"\+[0-9 ]*[0-9]")


def callers() -> list[tuple[str, str]]:
    """Return who may call, each number kept in its order where the line of words runs from the right."""
    return [(number, NUMBER.sub(lambda found: isolate(found[0]), str(words))) for number, words in CALLERS]


class DialForm(forms.Form):
    """Who calls, and which number is dialled."""

    caller = forms.ChoiceField(label=_("Caller"), choices=callers, required=False)
    to = forms.CharField(
        label=_("Number to dial"), max_length=20,
        validators=[RegexValidator(r"^\+?[0-9]{2,15}$", _("Write a number: digits only, with + before a country code."))],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip


class KeyForm(forms.Form):
    """One key of the telephone."""

    digits = forms.CharField(max_length=20, validators=[RegexValidator(r"^[0-9*#]+$")])


class WordsForm(forms.Form):
    """The words that somebody says into a recorded message."""

    text = FreeText(
        label=_("What you say"),
        max_length=480,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_text(self):
        """Refuse a message of spaces."""
        text = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(_("Write something first."))
        return text


class TextForm(WordsForm):
    """A text message to a line."""

    text = FreeText(
        label=_("Text message"),
        max_length=480,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    to = forms.CharField(max_length=20, validators=[RegexValidator(r"^\+?[0-9]{2,15}$")], widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("Sent by"), choices=[(Channel.SMS, "SMS"), (Channel.WHATSAPP, "WhatsApp")], initial=Channel.SMS,
        required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    picture = forms.BooleanField(label=_("With a picture"), required=False)
