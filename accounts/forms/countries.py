"""Forms about a country: zone and hours, public numbers, holidays."""

import re
import zoneinfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.choices import ContactKind, SourceKind
from accounts.forms.fields import Day, PlainText

_DIGITS = r"(?:\([0-9]{1,5}\)|[0-9])"
DIALLED = re.compile(rf"\+?{_DIGITS}(?:(?: [-./]? ?|[-./] ?)?{_DIGITS})+|[*#]{{1,2}}[0-9]+(?:[*#][0-9]+)*#?")
FEWEST_DIGITS = 2
ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone]


class CountryForm(forms.Form):
    """When offices of a country are open; `seen` is the mark of what the form showed."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    weekend = forms.TypedMultipleChoiceField(
        label=_("Days off"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    office_from = forms.TimeField(label=_("Offices open at"), widget=forms.TimeInput(attrs={"type": "time"}))
    office_until = forms.TimeField(label=_("Offices close at"), widget=forms.TimeInput(attrs={"type": "time"}))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def clean(self):
        """Refuse a week without a working day, and an office that closes before it opens."""
        cleaned = super().clean()
        if len(set(cleaned.get("weekend", []))) == 7:
            self.add_error("weekend", _("Leave at least one working day."))
        opens, closes = cleaned.get("office_from"), cleaned.get("office_until")
        if opens and closes and opens >= closes:
            self.add_error("office_until", _("Offices must close after they open."))
        return cleaned


class NumberForm(forms.Form):
    """One public number of a country; `seen` is the mark of what the form showed."""

    kind = forms.ChoiceField(label=_("What it is for"), choices=ContactKind.choices)
    name = PlainText(label=_("Name, in English"), max_length=150, help_text=_("Translators carry it over."))
    number = PlainText(label=_("Number as dialled in the country"), max_length=30)
    hours = PlainText(label=_("Hours, in English"), max_length=120, required=False)
    is_free = forms.BooleanField(label=_("Free to call"), required=False)
    source_kind = forms.ChoiceField(label=_("Where the number comes from"), choices=SourceKind.choices)
    source = PlainText(label=_("Source"), max_length=300, required=False, help_text=_("Who said it, where, when."))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def leave_to_line(self) -> None:
        """Take no number, hours or price: the line whose number this is says them."""
        for name in ("number", "hours", "is_free"):
            del self.fields[name]

    def clean_number(self):
        """Return the number; refuse what cannot be dialled."""
        number = " ".join(self.cleaned_data["number"].split())
        if not DIALLED.fullmatch(number) or sum(sign.isdigit() for sign in number) < FEWEST_DIGITS:
            raise ValidationError(_("Write digits as one dials them, for example 116 or +231 77 000 0000."))
        return number


class HolidayForm(forms.Form):
    """One day on which offices are closed; `seen` is the mark of the calendar that the form stood beside."""

    day = Day(label=_("Day"))
    name = PlainText(label=_("Name of the day"), max_length=150)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"id": "holidays_seen"}), required=False)

    def clean_day(self):
        """Return the day; one that is over stands in no list and moves no deadline."""
        if self.cleaned_data["day"] < timezone.localdate():
            raise ValidationError(_("This day is over. Add days from today on."), code="past")
        return self.cleaned_data["day"]
