"""What a trainer or manager decides about one official."""

from django import forms

from training.choices import AllowReason, Form

GRADED = (Form.POST, Form.CHECKUP)


class AllowForm(forms.Form):
    """Which test somebody may take once more, and why."""

    form = forms.TypedChoiceField(choices=[(int(one), one.label) for one in GRADED], coerce=int)
    reason = forms.ChoiceField(choices=AllowReason)
