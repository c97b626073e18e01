"""Form fields: texts without what no person writes (NUL, controls, unbalanced direction signs), addresses, offices."""

import datetime as dt
import unicodedata
from copy import copy
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Office
from languages import table, text
from languages.refusing import refuse_odd_signs

FIRST_YEAR, LAST_YEAR = 2020, 2100
# Stands first where something must be chosen: nobody chooses by leaving a field as it was shown.
CHOOSE = ("", pgettext_lazy("in a list", "Choose"))


def refuse_pictures(value: str) -> None:
    """Raise a message for the person when a name holds emoji or other pictures, which nobody is called."""
    if found := text.pictures_in(value):
        raise ValidationError(
            _("A name holds no pictures. Write it in letters, without these: %(signs)s"),
            code="pictures",
            params={"signs": text.isolate(found)},
        )


def refuse_far_days(value: dt.date) -> None:
    """Raise a message for the person when nobody can mean a day: near the ends of the calendar, reckoning fails."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValidationError(_("Choose a day between 2020 and 2100."), code="far")


def refuse_unsendable(value: str) -> None:
    """Raise a message for the person when no mail server can be told an address, though it looks like one."""
    try:
        sanitize_address(value, "utf-8").encode("ascii")
    except ValueError as error:
        raise ValidationError(
            _("Enter the address in full, for example name@office.example."), code="invalid"
        ) from error


class Address(forms.EmailField):
    """An e-mail address to which a letter can be sent."""

    default_validators = [*forms.EmailField.default_validators, refuse_unsendable]


class LanguageSelect(forms.Select):
    """A list of languages by the names they have for themselves, each marked with its language."""

    def create_option(self, name, value, *args, **kwargs):
        """Mark the option; it keeps the direction of the page, so that all begin at one edge."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"] |= {"lang": str(value)} if str(value) in table.BY_CODE else {}
        return option


class LanguageBoxes(forms.CheckboxSelectMultiple):
    """A box for each language by the name it has for itself, which is marked with its language and direction."""

    def create_option(self, name, value, label, *args, **kwargs):
        """Isolate the name beside its box."""
        row = table.BY_CODE.get(str(value))
        marked = format_html('<bdi lang="{}" dir="{}">{}</bdi>', row.code, row.direction, label) if row else label
        return super().create_option(name, value, marked, *args, **kwargs)


class Day(forms.DateField):
    """A day of our time, with which every zone and calendar can reckon."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [refuse_far_days]


class FreeText(forms.CharField):
    """A text of several lines."""

    default_validators = [refuse_odd_signs]

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # What is said of odd signs says it of NUL too: one message is enough.
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def to_python(self, value):
        """Return the text in one Unicode form, so that equal texts are equal."""
        return unicodedata.normalize("NFC", super().to_python(value))


class PlainText(FreeText):
    """A text of one line: a name, a word to look for."""

    def clean(self, value):
        """Refuse line breaks, which one line cannot hold."""
        value = super().clean(value)
        if "\n" in value or "\r" in value:
            raise ValidationError(_("Write this on one line."), code="lines")
        return value


class PersonName(PlainText):
    """The name of a person, in any script."""

    default_validators = [*PlainText.default_validators, refuse_pictures]


class _ByCountry(ModelChoiceIterator):
    """The offices in groups, one for each country."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        for country, offices in groupby(self.queryset, key=lambda office: office.country):
            yield (country.name, [self.choice(office) for office in offices])


class _OfficeSelect(forms.Select):
    """A list in which each office names its country, so that the page can narrow it to the country chosen."""

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if value:
            option["attrs"]["data-country"] = value.instance.country_id
        return option


class OfficeField(forms.ModelChoiceField):
    """An office, in groups by country; a form that knows the country shows only its offices."""

    iterator = _ByCountry
    widget = _OfficeSelect

    def __init__(self, **kwargs):
        super().__init__(Office.objects.none(), required=False, empty_label=_("None"), **kwargs)

    def offer(self, country: str = "", own: int | None = None) -> None:
        """Offer every open office, or those of one country; an office of another country is still understood.

        `own` is the office in which the person of the form is: it stays hers when it is closed.
        """
        is_offered = Q(country__is_active=True, closed_at=None) | Q(pk=own)
        offices = Office.objects.filter(is_offered).select_related("country")
        self.queryset = offices.order_by("country__name", "name")
        if country:
            self.widget.choices = self.iterator(self._narrowed(country))

    def _narrowed(self, country: str) -> "OfficeField":
        """Return a copy of this field that holds only the offices of one country, to draw the list from."""
        narrow = copy(self)
        narrow._queryset = self.queryset.filter(country=country)
        return narrow
