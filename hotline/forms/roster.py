"""Forms of the roster: a shift, and how a line answers today."""

import datetime as dt
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CHOOSE
from hotline.choices import Duty, Mode

MODES = (Mode.NORMAL, Mode.MESSAGE, Mode.NO_QUEUE, Mode.DRILL)
FORWARD = f"{Mode.FORWARD}:"
LONGEST_AHEAD = dt.timedelta(days=366)


class ShiftForm(forms.Form):
    """One shift: line, person, day, from, until; an end before the beginning lies on the next day."""

    line = forms.ChoiceField(label=_("Line"))
    person = forms.ChoiceField(label=_("Person"))
    duty = forms.ChoiceField(label=_("Duty"), choices=Duty)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("A time before “From” lies on the next day."),
    )  # fmt: skip

    def __init__(self, *args, lines=(), people=(), today=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.zones = {str(line.public_id): ZoneInfo(line.country.time_zone) for line in lines}
        numbers = [(str(line.public_id), line.number) for line in lines]
        self.fields["line"].choices = numbers if len(numbers) == 1 else [CHOOSE, *numbers]
        named = [(str(person.public_id), person.get_full_name()) for person in people]
        self.fields["person"].choices = [CHOOSE, *named]

    def clean_day(self):
        """Refuse a day that is over, and one more than a year ahead."""
        day = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        if day - self.today > LONGEST_AHEAD:
            raise forms.ValidationError(_("This day is more than a year ahead."))
        return day

    def clean(self):
        """Refuse a shift that is over: nobody can stand on it any more."""
        cleaned = super().clean()
        if {"line", "day", "begins", "ends"} <= cleaned.keys() and self.span[1] <= timezone.now():
            self.add_error("ends", _("This shift is over already. Choose a later time."))
        return cleaned

    @property
    def span(self) -> tuple[dt.datetime, dt.datetime]:
        """Return the two instants of the shift, in the zone of its line."""
        data = self.cleaned_data
        zone = self.zones[data["line"]]
        last = data["day"] if data["ends"] > data["begins"] else data["day"] + dt.timedelta(days=1)
        starts = dt.datetime.combine(data["day"], data["begins"], zone)
        return starts.astimezone(dt.UTC), dt.datetime.combine(last, data["ends"], zone).astimezone(dt.UTC)


class ModeForm(forms.Form):
    """How a line answers today; it may be forwarded to any number of its list that a second person has called."""

    mode = forms.ChoiceField(label=_("How the line answers"))

    def __init__(self, *args, numbers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.forwards = [
            (_("Forwarded to %(name)s") % {"name": one.name}, one.number) for one in numbers if one.confirmed_at
        ]
        forwards = [(f"{FORWARD}{number}", words) for words, number in self.forwards]
        self.fields["mode"].choices = [*((mode.value, mode.label) for mode in MODES), *forwards]

    @property
    def words(self) -> str:
        """Return in words what was chosen."""
        return str(dict(self.fields["mode"].choices)[self.cleaned_data["mode"]])

    @property
    def chosen(self) -> tuple[str, str]:
        """Return the mode and the number to forward to, "" for another mode."""
        mode, _colon, number = self.cleaned_data["mode"].partition(":")
        return mode, number
