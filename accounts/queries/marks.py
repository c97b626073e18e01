"""Marks of what a form showed, so that a form opened before somebody else's change does not take that change back."""

import hashlib
import json


def mark(*values: object) -> str:
    """Return a short mark of values; other values have another mark."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]


def person_mark(person) -> str:
    """Return the mark of what an administrator sets of a person."""
    place = (person.country_id, person.office_id, person.language)
    return mark(person.name, sorted(person.role_codes), *place, sorted(person.spoken.split()))


def told_of(person) -> dict[str, object]:
    """Return what a person says of herself, by name of the field."""
    return {"name": person.name, "language": person.language, "spoken": person.spoken.split(), "theme": person.theme}


def country_mark(country) -> str:
    """Return the mark of a country's zone, days off and office hours."""
    return mark(country.time_zone, sorted(country.weekend_days), country.office_from, country.office_until)


def number_mark(contact) -> str:
    """Return the mark of what is kept of a public number; when it was checked is no part of it."""
    words = (contact.kind, contact.name_en, contact.source_kind, contact.source)
    return mark(*words, contact.number, contact.hours_en, contact.is_free, contact.line)


def office_mark(office) -> str:
    """Return the mark of what is kept of an office; whether it is closed is no part of it."""
    return mark(office.name, office.kind, office.area, office.staff_count, office.staff_counted_on)


def holiday_mark(holiday) -> str:
    """Return the mark of one day on which offices are closed."""
    return mark(holiday.day, holiday.name, holiday.is_estimate)


def holidays_mark(country) -> str:
    """Return the mark of all the days on which offices of a country are closed."""
    return mark(*country.holidays.order_by("day").values_list("day", "name", "is_estimate"))
