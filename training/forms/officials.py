"""What a trainer or manager decides about one official."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.choices import AllowReason, Form, UnwaiveReason, VoidTestReason, WaiveReason

GRADED = (Form.POST, Form.CHECKUP)


class AllowForm(forms.Form):
    """Which test somebody may take once more, and why."""

    form = forms.TypedChoiceField(choices=[(int(one), one.label) for one in GRADED], coerce=int)
    reason = forms.ChoiceField(choices=AllowReason)


class WaiveForm(forms.Form):
    """Which lesson or story counts as done for somebody, and why."""

    activity = forms.UUIDField()
    reason = forms.ChoiceField(choices=WaiveReason)


class UnwaiveForm(forms.Form):
    """Of which lesson or story the waiver is taken back, and why."""

    activity = forms.UUIDField()
    reason = forms.ChoiceField(choices=UnwaiveReason)


class VoidTestForm(forms.Form):
    """Why a test is set aside."""

    reason = forms.ChoiceField(
        label=_("Why it is set aside"),
        choices=VoidTestReason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is set aside.")},
    )
