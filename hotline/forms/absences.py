"""Forms of who is away, and of who is asked to take a shift."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE
from hotline.forms.roster import LONGEST_AHEAD


class AbsenceForm(forms.Form):
    """The days on which somebody is away, first and last, by the clock of the page; a supervisor says who."""

    person = forms.ChoiceField(label=_("Person"))
    first = forms.DateField(
        label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        if people is None:
            del self.fields["person"]
        else:
            named = [(str(person.public_id), person.get_full_name()) for person in people]
            self.fields["person"].choices = [CHOOSE, *named]

    def clean(self):
        """Refuse days that are over, in the wrong order, or more than a year ahead."""
        cleaned = super().clean()
        if not {"first", "last"} <= cleaned.keys():
            return cleaned
        today = timezone.localdate()
        if cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day lies before the first."))
        elif cleaned["last"] < today:
            self.add_error("last", _("This day is over. Choose today or a later day."))
        elif cleaned["last"] - today > LONGEST_AHEAD or today - cleaned["first"] > LONGEST_AHEAD:
            self.add_error("last", _("This day is more than a year ahead."))
        return cleaned

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Return from when until when: the first midnight, and the one after the last day."""
        zone, data = timezone.get_current_timezone(), self.cleaned_data
        days = (data["first"], data["last"] + dt.timedelta(days=1))
        starts, ends = (dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) for day in days)
        return starts, ends


class SwapForm(forms.Form):
    """Whom to ask to take a shift."""

    person = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        named = [(str(person.public_id), person.get_full_name()) for person in people]
        self.fields["person"].choices = [CHOOSE, *named]
