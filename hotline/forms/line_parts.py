"""The two tables within the form of a line: languages with their keys in the order said, and the hours of the week."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LanguageSelect
from hotline.ivr.plan import LANGUAGE_KEYS
from hotline.models import Line
from languages import table
from languages.text import beside

PLACES = range(1, len(LANGUAGE_KEYS) + 1)
LEAST_SPANS = 2
END_OF_DAY = dt.time(0)
Week = dict[int, list[tuple[dt.time, dt.time]]]


@dataclass(frozen=True)
class DayRow:
    """One weekday of the form: its name, whether the country's calendar calls it a day off, pairs of fields."""

    name: str
    is_day_off: bool
    spans: list[tuple[BoundField, BoundField]]


def _time_field(label) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class LanguagesPart(forms.Form):
    """Up to seven languages a page of the menu, each on a key, in the order in which the menu says them."""

    def add_languages(self, line: Line) -> None:
        """Add the fields, filled with the languages as they are."""
        codes = [("", "–"), *((row.code, row.own) for row in table.TABLE)]
        keys = [("", "–"), *((key, " ".join(key)) for key in LANGUAGE_KEYS)]
        now = dict(enumerate(line.languages, start=1))
        for place in PLACES:
            key, code = now.get(place, ("", ""))
            name = format_lazy("{} {}", _("Language"), place)
            self.fields[f"language_{place}"] = forms.ChoiceField(
                label=name, choices=codes, initial=code, required=False, widget=LanguageSelect
            )
            self.fields[f"key_{place}"] = forms.ChoiceField(
                label=beside(name, pgettext_lazy("on the line", "Key"), get_language()),
                choices=keys,
                initial=key,
                required=False,
            )

    def language_rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Yield the two fields of each place."""
        for place in PLACES:
            yield self[f"language_{place}"], self[f"key_{place}"]

    def clean_languages(self, cleaned: dict) -> str:
        """Return the languages and keys as the line keeps them; put a message beside what cannot stand."""
        pairs: list[tuple[str, str]] = []
        for place in PLACES:
            code, key = cleaned.get(f"language_{place}", ""), cleaned.get(f"key_{place}", "")
            if not code and not key:
                continue
            if not code or not key:
                self.add_error(f"language_{place}", _("Choose both a language and its key, or neither."))
            elif key in [one for one, _code in pairs]:
                self.add_error(f"key_{place}", _("Two languages cannot sit on the key %(key)s.") % {"key": key})
            elif code in [other for _key, other in pairs]:
                self.add_error(f"language_{place}", _("This language is on the line already."))
            pairs.append((key, code))
        if not pairs and not self.errors:
            self.add_error("language_1", _("A line needs at least one language."))
        return " ".join(f"{key}:{code}" for key, code in pairs)

    def refuse_language(self, code: str, reason: str) -> None:
        """Put a reason beside the place of a language."""
        for place in PLACES:
            if self.cleaned_data.get(f"language_{place}") == code:
                self.add_error(f"language_{place}", reason)
                return
        self.add_error(None, reason)


class HoursPart(forms.Form):
    """When the line is open on each weekday, twice a day or more often."""

    def add_hours(self, line: Line, week: Week) -> None:
        """Add the fields, filled with the hours as they are."""
        self.weekend = line.country.weekend_days
        self.spans = range(max([LEAST_SPANS, *(len(spans) for spans in week.values())]))
        for day, name in WEEKDAYS.items():
            known = week.get(day, [])
            for count in self.spans:
                opens, closes = known[count] if count < len(known) else (None, None)
                self.fields[f"opens_{day}_{count}"] = _time_field(beside(name, _("Opens at"), get_language()))
                self.fields[f"closes_{day}_{count}"] = _time_field(beside(name, _("Closes at"), get_language()))
                self.initial[f"opens_{day}_{count}"], self.initial[f"closes_{day}_{count}"] = opens, closes

    def day_rows(self) -> Iterator[DayRow]:
        """Yield the weekdays with their fields."""
        for day, name in WEEKDAYS.items():
            pairs = [(self[f"opens_{day}_{count}"], self[f"closes_{day}_{count}"]) for count in self.spans]
            yield DayRow(name, day in self.weekend, pairs)

    def clean_week(self, cleaned: dict) -> Week:
        """Return the week; put a message beside hours that cannot stand."""
        return {day: spans for day in WEEKDAYS if (spans := self._clean_day(day, cleaned))}

    def _clean_day(self, day: int, cleaned: dict) -> list[tuple[dt.time, dt.time]]:
        spans: list[tuple[dt.time, dt.time]] = []
        for count in self.spans:
            opens, closes = cleaned.get(f"opens_{day}_{count}"), cleaned.get(f"closes_{day}_{count}")
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                if not ({f"opens_{day}_{count}", f"closes_{day}_{count}"} & set(self.errors)):
                    self.add_error(f"opens_{day}_{count}", _("Write both times, or neither."))
                continue
            if closes <= opens and closes != END_OF_DAY:
                self.add_error(
                    f"closes_{day}_{count}",
                    _("This ends before it begins. Past midnight, end this day at 00:00 and begin the next at 00:00."),
                )
                continue
            if any(_overlap((opens, closes), other) for other in spans):
                self.add_error(f"opens_{day}_{count}", _("These hours overlap others of the same day."))
                continue
            spans.append((opens, closes))
        return sorted(spans)


def _overlap(one: tuple[dt.time, dt.time], other: tuple[dt.time, dt.time]) -> bool:
    ends = [closes if closes != END_OF_DAY else dt.time.max for _opens, closes in (one, other)]
    return one[0] < ends[1] and other[0] < ends[0]
