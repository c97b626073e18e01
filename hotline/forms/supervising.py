"""The forms by which a supervisor asks to come into a call, and an operator hands hers to a colleague."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE
from hotline.choices import JoinMode, JoinReason


class JoinForm(forms.Form):
    """How, and why: both are shown to the operator, and stand in the audit log."""

    mode = forms.ChoiceField(
        label=_("How you come in"), choices=JoinMode.choices, widget=forms.RadioSelect, initial=JoinMode.COACH
    )
    reason = forms.ChoiceField(
        label=_("Why"), choices=[CHOOSE, *(one for one in JoinReason.choices if one[0] != JoinReason.HELP)],
        help_text=_("The operator reads it, and it stands in the audit log."),
    )  # fmt: skip


class HandToForm(forms.Form):
    """Which colleague is asked to take the call over."""

    person = forms.ChoiceField(label=_("Colleague"), widget=forms.RadioSelect)

    def __init__(self, *args, people=(), words=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(one.public_id), words(one)) for one in people]
