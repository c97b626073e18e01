"""Forms of where and when a service is given: its opening hours, a new place."""

from collections.abc import Iterator

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from languages.text import beside
from referral.choices import PlaceKind, Visibility
from referral.forms.fields import AreaField, PlainTextField, SentOnce
from referral.matching import Opening, first_overlap
from referral.models import Service
from referral.queries.premises import hours_mark, openings_of

LEAST_SPANS = 2


class HoursForm(forms.Form):
    """When a service is open on each weekday, twice a day or more often."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args, service: Service, **kwargs):
        super().__init__(*args, **kwargs)
        week = {day: [one[1:] for one in openings_of(service) if one[0] == day] for day in WEEKDAYS}
        self.spans = range(max(LEAST_SPANS, *map(len, week.values())))
        self.initial["seen"] = hours_mark(service)
        for day, name in WEEKDAYS.items():
            for count in self.spans:
                known = week[day][count] if count < len(week[day]) else (None, None)
                for part, label, value in zip(
                    ("opens", "closes"), (_("Opens at"), _("Closes at")), known, strict=True
                ):
                    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                    self.fields[f"{part}_{day}_{count}"] = forms.TimeField(
                        label=beside(name, label, get_language()), required=False, widget=widget
                    )
                    self.initial[f"{part}_{day}_{count}"] = f"{value:%H:%M}" if value else ""

    def day_rows(self) -> Iterator[tuple[str, list[tuple[BoundField, BoundField]]]]:
        """Yield the weekdays with their pairs of fields."""
        for day, name in WEEKDAYS.items():
            yield name, [(self[f"opens_{day}_{count}"], self[f"closes_{day}_{count}"]) for count in self.spans]

    def clean(self):
        """Refuse half a time, times without length, and times that lie over each other."""
        told = super().clean()
        found: dict[Opening, str] = {}
        for day in WEEKDAYS:
            for count in self.spans:
                name, last = f"opens_{day}_{count}", f"closes_{day}_{count}"
                opens, closes = told.get(name), told.get(last)
                if {name, last} & set(self.errors) or (opens is None and closes is None):
                    continue
                if opens is None or closes is None:
                    self.add_error(name, _("Write both times, or neither."))
                elif opens == closes:
                    self.add_error(
                        name,
                        _("These times are the same. A service that never closes is ticked “Open round the clock”."),
                    )
                elif (day, opens, closes) in found:
                    self.add_error(name, _("These hours overlap others of the same day."))
                else:
                    found[(day, opens, closes)] = name
        if not self.errors and (pair := first_overlap(found)):
            self.add_error(found[pair[1]], _("These hours overlap others."))
        return told | {"openings": sorted(found)}


class PlaceForm(SentOnce):
    """A place where a service is given. What stands of a secret place is sealed."""

    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Everybody: visitors read the address under “Find help”. Partner agencies: staff and agencies read it in the "
            "directory. Nobody without a reason: it is sealed, and only a supervisor opens it, with a reason."
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PlaceKind.choices)
    area = AreaField(empty_label=_("Not stated"))
    address = PlainTextField(label=_("Address"), max_length=300)
    access_notes = PlainTextField(label=_("How to get in"), max_length=300, required=False)

    def __init__(self, *args, country, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].ask_in(country)

    def clean(self):
        """Keep nothing of a secret place outside its sealed address."""
        told = super().clean()
        if told.get("visibility") == Visibility.SECRET and told.get("access_notes"):
            self.add_error("access_notes", _("Of a secret place only the address is sealed: write this there."))
        return told
