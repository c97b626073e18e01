"""The second press of Publish."""

from django import forms


class ShownForm(forms.Form):
    """The mark of the draft of which the page told what it does."""

    mark = forms.RegexField(r"^[0-9a-f]{64}$")
