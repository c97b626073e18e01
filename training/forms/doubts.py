"""What is said of a sending that somebody has looked at."""

import datetime as dt

from django import forms

from training.choices import Verdict


class LookForm(forms.Form):
    """When the sending came, what is said of it, and what was said of it when it was shown."""

    received_at = forms.DateTimeField()
    verdict = forms.ChoiceField(choices=Verdict)
    before = forms.ChoiceField(choices=Verdict, required=False)

    def clean_received_at(self) -> dt.datetime:
        """Refuse an instant that no calendar of the database has: by another clock than its own it is in no year."""
        try:
            return self.cleaned_data["received_at"].astimezone(dt.UTC)
        except OverflowError as error:
            raise forms.ValidationError("") from error
