"""The form of what supervisors keep of an interpreter."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainText

LONGEST = dt.timedelta(days=366)


class InterpreterForm(forms.Form):
    """Until when the confidentiality sign-off holds, and where, by whom this person may be known."""

    signed_until = forms.DateField(
        label=_("Confidentiality signed, valid until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most a year ahead. Without it, and after this day, this person is not rung."),
    )  # fmt: skip
    known_in = forms.MultipleChoiceField(
        label=_("Places where people know this person"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Not rung for a caller whose sheet says that she or he is there."),
    )  # fmt: skip
    group = PlainText(label=_("Group or community"), max_length=100, required=False)
    employer = PlainText(
        label=_("Employer"), max_length=100, required=False,
        help_text=_("Group and employer are for you, before you plan a shift: nothing compares them by itself."),
    )  # fmt: skip

    def __init__(self, *args, places: dict[str, str], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["known_in"].choices = list(places.items())
        if not places:
            del self.fields["known_in"]

    def clean_signed_until(self):
        """Refuse a sign-off that would hold for more than a year: it is signed anew each year."""
        until = self.cleaned_data["signed_until"]
        if until is not None and until - self.today > LONGEST:
            raise forms.ValidationError(_("This day is more than a year ahead."))
        return until
