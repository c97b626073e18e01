"""Forms of a line's WhatsApp: its sender there, and the ready-made words that were approved."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText
from hotline.choices import TEXTS
from languages import table


class WhatsAppForm(forms.Form):
    """From which number a line writes by WhatsApp; empty: it does not."""

    whatsapp = PlainText(
        label=_("Sender of WhatsApp messages"), max_length=20, required=False,
        validators=[RegexValidator(r"^\+?[0-9]{2,15}\Z", _("Write a number: digits only, with + before a country code."))],
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}),
        help_text=_("The number that the provider registered for WhatsApp. Left empty, nobody is answered there."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class TemplateForm(forms.Form):
    """Ready-made words that WhatsApp approved in one language."""

    key = forms.ChoiceField(label=_("Ready-made words"), choices=[*TEXTS.items()])
    language = forms.ChoiceField(label=_("Language"), choices=[(row.code, row.own) for row in table.TABLE])
    content_sid = PlainText(
        label=_("Name at the provider"), max_length=34,
        validators=[RegexValidator(r"^HX[0-9a-f]{32}\Z", _("It begins with HX and has 34 letters and digits."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("Write it down only once it is approved, and only if it says the same as the ready-made words."),
    )  # fmt: skip
    approved_on = forms.DateField(
        label=_("Approved on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_approved_on(self) -> dt.date:
        """Refuse a day that is to come."""
        day = self.cleaned_data["approved_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Choose today or an earlier day."))
        return day

    @property
    def approved_at(self) -> dt.datetime:
        """Return the beginning of that day."""
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["approved_on"], dt.time(0)))
