"""The form with which an administrator takes somebody's second step off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import FactorLoss, FactorProof


class RemoveFactorsForm(forms.Form):
    """Why, and how it was made sure who asks; `seen` is the mark of what the page showed."""

    why = forms.ChoiceField(
        label=_("What happened"),
        choices=FactorLoss.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happened.")},
    )
    proof = forms.ChoiceField(
        label=_("How you made sure who asks"),
        choices=FactorProof.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you made sure. If you have not yet, do it first.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
