"""What people write at the desk."""

import base64
import binascii

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LanguageSelect
from accounts.models import Country
from languages import table
from languages.choices import Switch
from languages.refusing import refuse_odd_signs
from languages.text import LONGEST, check_shown

LARGEST_FILE = 2 * 1024 * 1024


class FilterForm(forms.Form):
    """What the matrix shows."""

    words = forms.CharField(label=_("Name holds"), required=False, max_length=60)
    mine = forms.BooleanField(label=_("Only my languages"), required=False)
    work = forms.BooleanField(label=_("Only work to do"), required=False)
    kind = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    bundle = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


class TargetForm(forms.Form):
    """One translation, with the versions of it and of its source that its writer saw, and what to do after saving."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST, widget=forms.Textarea)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    source = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    then = forms.ChoiceField(choices=[("next", ""), ("stay", ""), ("review", "")], required=False)

    def clean_text(self):
        """Refuse hidden signs."""
        text = self.cleaned_data["text"]
        refuse_odd_signs(text, check_shown)
        return text


class DecisionForm(forms.Form):
    """What a person decides about one text."""

    verb = forms.ChoiceField(
        choices=[(name, "") for name in ("submit", "approve", "return", "confirm", "read", "withdraw")]
    )
    reason = forms.CharField(required=False, max_length=500)
    seen = forms.CharField(required=False, max_length=64)
    back = forms.ChoiceField(choices=[("review", ""), ("thing", "")], required=False)

    def clean(self):
        """Demand a reason for sending back and for taking away."""
        found = super().clean()
        if found.get("verb") in {"return", "withdraw"} and not found.get("reason", "").strip():
            self.add_error("reason", _("Say why; the writer reads it."))
        return found


class WholeForm(forms.Form):
    """What a person does with all texts of a thing in a language."""

    verb = forms.ChoiceField(choices=[(name, "") for name in ("submit", "publish", "read")])
    seen = forms.CharField(required=False, max_length=64)


class FileForm(forms.Form):
    """A filled-in PO file."""

    file = forms.FileField(
        label=_("PO file"), help_text=_("One thing in one language, as exported here. At most 2 MB.")
    )

    def clean_file(self):
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 2 MB. Export one thing and fill that in."))
        return file.read()


class ConfirmForm(forms.Form):
    """The file again, with the fingerprint of what was shown."""

    content = forms.CharField(max_length=LARGEST_FILE * 4 // 3 + 8, widget=forms.HiddenInput)
    confirmed = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_content(self):
        """Return the bytes of the file."""
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError(_("The file got lost on the way. Choose it again.")) from error


class ChooseSwitchForm(forms.Form):
    """Which language, everywhere or in one country."""

    code = forms.ChoiceField(
        label=_("Language"), choices=[(row.code, row.own) for row in table.TABLE], widget=LanguageSelect
    )
    country = forms.ModelChoiceField(
        label=_("Country"), queryset=Country.objects.all(), required=False, empty_label=_("Everywhere")
    )


class SwitchForm(ChooseSwitchForm):
    """Whether a language is offered, everywhere or in one country, with the mark of what was shown to stand."""

    state = forms.ChoiceField(label=_("State"), choices=Switch)
    needs_second_person = forms.BooleanField(label=_("A second person approves each text"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=True)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("code", "country"):
            self.fields[name].widget = self.fields[name].hidden_widget()

    def clean(self):
        """Keep the source language public."""
        found = super().clean()
        if found.get("code") == table.SOURCE and found.get("state") not in {None, Switch.PUBLIC}:
            self.add_error("state", _("English is the language every text falls back to. It stays public."))
        return found
