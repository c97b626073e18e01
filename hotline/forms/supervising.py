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


class _People(forms.RadioSelect):
    """A choice of people in which each keeps her own id, so that the keyboard stays with her while others come and go."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        option["attrs"]["id"] = f"{name}-{value}"
        return option


class HandToForm(forms.Form):
    """Which colleague is asked to take the call over."""

    use_required_attribute = False  # a browser's own bubble says it in the browser's language
    person = forms.ChoiceField(
        label=_("Colleague"), widget=_People,
        error_messages={"invalid_choice": _("This colleague cannot be asked now. Choose somebody else.")},
    )  # fmt: skip

    def __init__(self, *args, people=(), words=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(one.public_id), words(one)) for one in people]
