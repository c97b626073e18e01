"""What is said of a sending that somebody has looked at."""

from django import forms

from training.choices import Verdict


class LookForm(forms.Form):
    """When the sending came, what is said of it, and what was said of it when it was shown."""

    received_at = forms.DateTimeField()
    verdict = forms.ChoiceField(choices=Verdict)
    before = forms.ChoiceField(choices=Verdict, required=False)
