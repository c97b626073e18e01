"""The form that opens a case for a person who did not say yes to being written down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referral.choices.cases import WritingReason


class OpeningForm(forms.Form):
    """Why a case is opened all the same; `said`: the answer of the person that stood on the page."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        widget=forms.RadioSelect,
        choices=WritingReason.choices,
        error_messages={"required": _("Choose one of the answers shown.")},
    )
    said = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
