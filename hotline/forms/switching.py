"""The form with which a line is switched off or on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.choices import OffReason, OnReason


class SwitchForm(forms.Form):
    """Why a line is switched off, or on again; `version` is the line as the page showed it."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, is_off: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = OnReason.choices if is_off else OffReason.choices
