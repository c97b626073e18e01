"""The public numbers of a country that are its own lines: what the line says of itself is what every page says."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import models, transaction
from django.utils import translation
from django.utils.text import capfirst
from modeltranslation.utils import build_localized_fieldname

from accounts import actions as accounts
from accounts.actions.countries import hold_numbers
from accounts.models import PublicContact
from accounts.queries.clocks import day_in
from hotline.callers import called_number, e164
from hotline.choices import Mode
from hotline.queries.hours import hours_today
from hotline.queries.lines import LineFacts, facts_now
from languages import table
from languages.actions import reapply, refresh_segments

HOURS = {code: build_localized_fieldname("hours", code) for code in table.CODES}
SILENT = {"number": "", "is_free": False, "checked_at": None, **dict.fromkeys(HOURS.values())}


@transaction.atomic
def keep_public_numbers(*, country: str, by, at: datetime) -> int:
    """Write number, price and hours of a country's lines into its public numbers; return how many changed.

    What is right already is not written. The number of a line that is switched off is on no page until it is on again;
    one whose line is gone says no price and no hours until a person writes them again. Lines and numbers are read after the lock, so that the last of several writers tells what is so now.
    """
    hold_numbers(country)
    contacts = list(PublicContact.objects.filter(country_id=country))
    found = list(_differing(contacts, facts_now(country, with_off=True) if contacts else [], at))
    for contact, values in found:
        _write(contact, values, by, at)
    return len(found)


def countries_to_tell(at: datetime) -> list[str]:
    """Return the countries in which a public number does not say what its line says."""
    found = _differing(PublicContact.objects.all(), facts_now(with_off=True), at)
    return sorted({contact.country_id for contact, _values in found})


def _differing(
    contacts: Iterable[PublicContact], lines: Iterable[LineFacts], at: datetime
) -> Iterator[tuple[PublicContact, dict[str, object]]]:
    """Yield the public numbers that differ from what they should be, each with the columns to be written."""
    by_country: dict[str, list[LineFacts]] = {}
    for line in lines:
        by_country.setdefault(line.country, []).append(line)
    for contact in contacts:
        wanted = _wanted(contact, by_country.get(contact.country_id, []), at)
        values = {name: value for name, value in wanted.items() if (getattr(contact, name) or None) != (value or None)}
        if values:
            yield contact, values


def _wanted(contact: PublicContact, lines: list[LineFacts], at: datetime) -> dict[str, object]:
    line = next((one for one in lines if one.public_id == contact.line), None) if contact.line else None
    line = line or next((one for one in lines if one.is_active and _answers(one, contact.number)), None)
    if line is not None and not line.is_active:
        return SILENT
    if line is not None:
        told = {"line": line.public_id, "line_left_on": None, "is_free": line.is_free, **_hours(line, at)}
        is_answered = _answers(line, contact.number)
        return told if is_answered else told | {"number": line.number, "checked_at": None}
    if contact.line is None:
        return {}
    return {"line": None, "line_left_on": day_in(contact.country, at), **SILENT, "number": contact.number}


def _answers(line: LineFacts, number: str) -> bool:
    """Tell whether a number as a country publishes it reaches a line: as it is dialled, or the same in E.164."""
    bare = called_number(number)
    if not bare:
        return False
    numbers = {*line.numbers, line.number}
    if bare in numbers or (bare.isdigit() and f"+{bare}" in numbers):
        return True
    world = e164(number, line.country)
    return bool(world) and world in {e164(one, line.country) for one in numbers}


def _hours(line: LineFacts, at: datetime) -> dict[str, str]:
    told = {}
    for code, column in HOURS.items():
        with translation.override(code):
            is_closed, takes = line.mode == Mode.MESSAGE, line.plan.takes_messages
            told[column] = capfirst(hours_today(line.hours, at, only_messages=is_closed, takes_messages=takes))
    return told


def _write(contact: PublicContact, values: dict[str, object], by, at: datetime) -> None:
    """Write the columns; when a line takes a number over or leaves it, its hours leave or come back to the desk."""
    models.QuerySet(PublicContact).filter(pk=contact.pk).update(**_storable(values))
    if "line" in values:
        contact.refresh_from_db()
        refresh_segments(contact, by=accounts.actor_id(by), at=at)
        reapply(contact)
    accounts.record(by=by, verb="country.number_kept", thing=contact, at=at, country=contact.country_id)


def _storable(values: dict[str, object]) -> dict[str, object]:
    """Return the columns with "" where a column holds no NULL."""
    return {
        name: "" if value is None and not PublicContact._meta.get_field(name).null else value
        for name, value in values.items()
    }
