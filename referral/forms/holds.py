"""The form by which a supervisor holds a case for a court, and lifts the hold."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from referral.choices.holds import HoldReason, LiftReason
from referral.forms.fields import PlainTextField, SentOnce

SAY_WHY = _("Write the reason in a few words.")


class HoldForm(SentOnce):
    """Why a case is held, or held no longer: a reason from the list, and the words behind it, sealed."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    words = PlainTextField(
        label=_("In your own words"),
        help_text=format_lazy("{} {}", SAY_WHY, _("Sealed with the case.")),
        rows=2,
        max_length=500,
        min_length=5,
        error_messages={"required": SAY_WHY, "min_length": SAY_WHY},
    )

    def __init__(self, *args, is_held: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = LiftReason.choices if is_held else HoldReason.choices
