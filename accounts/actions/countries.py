"""Writes about countries: calendar, office hours, public numbers."""

from collections.abc import Iterable
from datetime import date, datetime, time

import holidays
from django.db import transaction
from django.utils.translation import gettext

from accounts.actions.audit import record
from accounts.chain import actor_id
from accounts.models import Country, Holiday, PublicContact
from accounts.queries.clocks import day_in
from accounts.queries.marks import country_mark, holiday_mark, holidays_mark, number_mark
from accounts.queries.numbers import dialled
from languages.actions import reapply, refresh_segments, retire_segments

MOON = " (estimated)"


class CountryChangedMeanwhile(Exception):
    """Raised when somebody else changed a country after its form was opened; nothing is written."""

    def __init__(self):
        super().__init__(gettext("Somebody changed this while you had it open. Look at what stands now."))


class NumberChangedMeanwhile(Exception):
    """Raised when somebody else changed a public number after it was shown; nothing is written."""

    def __init__(self):
        super().__init__(gettext("Somebody changed this number while you had it open. Look at what stands now."))


class HolidayChangedMeanwhile(Exception):
    """Raised when somebody else changed the calendar after it was shown; `holiday` is what stands of the day."""

    def __init__(self, holiday: Holiday | None):
        super().__init__(gettext("Somebody changed the holidays while you had them open. Look at what stands now."))
        self.holiday = holiday


class NumberStandsAlready(Exception):
    """Raised when a number would be added that a country has for the same purpose; `is_same`: in the same words."""

    def __init__(self, contact: PublicContact, is_same: bool):
        said = gettext("This number is on the list already, as “%(name)s”. Open it there to correct it.")
        super().__init__(said % {"name": contact.shown_name})
        self.contact, self.is_same = contact, is_same


@transaction.atomic
def fill_holidays(*, country: Country, years: Iterable[int], by, at: datetime) -> int:
    """Fill the public holidays of those years that have none yet; return how many days were added.

    People edit the calendar afterwards, so a year with any day in it is left alone.
    """
    filled = {day.year for day in country.holidays.values_list("day", flat=True)}
    missing = [year for year in years if year not in filled]
    if not missing:
        return 0
    days = _published_days(country.code, missing)
    rows = [
        Holiday(country=country, day=day, name=name.replace(MOON, "")[:150], is_estimate=MOON in name)
        for day, name in days.items()
        if day.year in missing
    ]
    if not rows:
        return 0
    Holiday.objects.bulk_create(rows)
    record(by=by, verb="country.holidays_filled", thing=country, at=at, country=country.code, count=len(rows))
    return len(rows)


def _published_days(code: str, years: list[int]) -> dict:
    """Return day → name; asked for one country, the library does not read the calendars of all others."""
    try:
        known = holidays.country_holidays(code)
    except NotImplementedError:
        return {}
    language = "en_US" if "en_US" in known.supported_languages else None
    return dict(holidays.country_holidays(code, years=years, language=language))


def fill_all_holidays(*, by, at: datetime) -> int:
    """Fill this year and the next for every active country that has none of a year yet; return the days added."""
    years, added = (at.year, at.year + 1), 0
    supported = holidays.list_supported_countries()
    for year in years:
        empty = Country.objects.filter(is_active=True, pk__in=supported).exclude(holidays__day__year=year)
        added += sum(fill_holidays(country=country, years=[year], by=by, at=at) for country in empty)
    return added


@transaction.atomic
def add_country(
    *,
    code: str,
    name: str,
    slug: str,
    languages: Iterable[str],
    time_zone: str,
    area_word: str,
    weekend: str = "5 6",
    words: dict[str, str] | None = None,
    by,
    at: datetime,
) -> Country:
    """Set up a country with its calendar of this year and the next; one that stands is returned as it is.

    `words` are columns in other languages, such as the country's own name.
    """
    first = {"name_en": name, "slug": slug, "language_codes": " ".join(languages), "time_zone": time_zone}
    first |= {"area_word_en": area_word, "weekend": weekend} | (words or {})
    country, made = Country.objects.get_or_create(code=code, defaults=first)
    if made:
        record(by=by, verb="country.opened", thing=country, at=at, country=code)
    fill_holidays(country=country, years=(at.year, at.year + 1), by=by, at=at)
    return country


@transaction.atomic
def change_country(
    *,
    country: Country,
    time_zone: str,
    weekend: Iterable[int],
    office_from: time,
    office_until: time,
    by,
    at: datetime,
    seen: str | None = None,
) -> Country:
    """Correct a country's zone, days off and office hours; deadlines and opening hours follow at once.

    `seen` is the mark of the country as the form showed it; without one nobody looked before.
    """
    country = Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    stood = country_mark(country)
    country.time_zone, country.weekend = time_zone, " ".join(str(day) for day in sorted(weekend))
    country.office_from, country.office_until = office_from, office_until
    if seen is not None and seen != stood:
        if country_mark(country) != stood:
            raise CountryChangedMeanwhile
        return country
    country.save(update_fields=["time_zone", "weekend", "office_from", "office_until"])
    record(by=by, verb="country.changed", thing=country, at=at, country=country.code)
    return country


def _keep_by_hand(contact: PublicContact, facts: dict) -> None:
    """Take number, price and hours as written; what a form of the line's own number left out stays as it is."""
    if contact.number != facts.get("number", contact.number):
        contact.checked_at = None
    contact.number = facts.get("number", contact.number)
    contact.is_free, contact.hours_en = facts.get("is_free", contact.is_free), facts.get("hours", contact.hours_en)
    contact.line_left_on = None if "number" in facts else contact.line_left_on


def _refuse_second(contact: PublicContact) -> None:
    """Refuse a new number that the country has already for the same purpose, however its digits are set apart."""
    for row in PublicContact.objects.filter(country=contact.country_id, kind=contact.kind):
        if contact.number and dialled(row.number) == dialled(contact.number):
            raise NumberStandsAlready(row, number_mark(row) == number_mark(contact))


def hold_numbers(country: str) -> None:
    """Let nobody else write the numbers or holidays of a country until this is saved; taken before any of their rows."""
    Country.objects.select_for_update(no_key=True).only("pk").filter(pk=country).first()


@transaction.atomic
def keep_number(*, contact: PublicContact, facts: dict, by, at: datetime, seen: str | None = None) -> PublicContact:
    """Keep a public number, new or corrected. Another number to dial has not been checked yet.

    What the line says of its own number stays as the line says it. `seen` is the mark of the number as the form
    showed it; without one nobody looked before. A new one that stands there for the same purpose is not added again.
    """
    hold_numbers(contact.country_id)
    standing = PublicContact.objects.filter(pk=contact.pk).first()
    if standing is None and contact.pk:
        raise NumberChangedMeanwhile
    contact = standing or contact
    stood = number_mark(contact)
    contact.kind, contact.source_kind, contact.source = facts["kind"], facts["source_kind"], facts["source"]
    contact.name_en = facts["name"]
    if not contact.line:
        _keep_by_hand(contact, facts)
    if standing is None:
        _refuse_second(contact)
    if seen is not None and seen != stood:
        if number_mark(contact) != stood:
            raise NumberChangedMeanwhile
        return contact
    contact.save()
    contact.refresh_from_db()
    refresh_segments(contact, by=actor_id(by), at=at)
    reapply(contact)
    record(by=by, verb="country.number_kept", thing=contact, at=at, country=contact.country_id)
    return contact


@transaction.atomic
def check_number(*, contact: PublicContact, by, at: datetime, called: str | None = None) -> None:
    """Note that somebody called a public number today and was answered; `called` is the number that she was shown.

    Today is the day of the country.
    """
    hold_numbers(contact.country_id)
    standing = PublicContact.objects.select_related("country").filter(pk=contact.pk).first()
    if standing is None or called not in {None, standing.number}:
        raise NumberChangedMeanwhile
    contact.checked_at = day_in(standing.country, at)
    contact.save(update_fields=["checked_at"])
    record(by=by, verb="country.number_checked", thing=contact, at=at, country=contact.country_id)


@transaction.atomic
def remove_number(*, contact: PublicContact, by, at: datetime, seen: str | None = None) -> None:
    """Take a public number off every page; `seen` is the mark of the number that she was shown."""
    hold_numbers(contact.country_id)
    contact = PublicContact.objects.filter(pk=contact.pk).first()
    if contact is None:
        return
    if seen not in {None, number_mark(contact)}:
        raise NumberChangedMeanwhile
    record(by=by, verb="country.number_removed", thing=contact, at=at, country=contact.country_id)
    retire_segments(contact, at=at)
    contact.delete()


@transaction.atomic
def add_holiday(*, country: Country, day: date, name: str, by, at: datetime, seen: str | None = None) -> Holiday:
    """Add a day on which offices are closed, or rename it.

    `seen` is the mark of the calendar as the form showed it; without one nobody looked before.
    """
    hold_numbers(country.pk)
    standing = country.holidays.filter(day=day).first()
    if standing is not None and (standing.name, standing.is_estimate) == (name, False):
        return standing
    if seen not in {None, holidays_mark(country)}:
        raise HolidayChangedMeanwhile(standing)
    holiday, _ = Holiday.objects.update_or_create(
        country=country, day=day, defaults={"name": name, "is_estimate": False}
    )
    record(by=by, verb="country.holiday_added", thing=country, at=at, country=country.code, day=day.isoformat())
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by, at: datetime, seen: str | None = None) -> None:
    """Take a day out of the calendar: offices are open. `seen` is the mark of the day as she was shown it."""
    hold_numbers(holiday.country_id)
    holiday = Holiday.objects.select_related("country").filter(pk=holiday.pk).first()
    if holiday is None:
        return
    if seen not in {None, holiday_mark(holiday)}:
        raise HolidayChangedMeanwhile(holiday)
    day = holiday.day.isoformat()
    record(by=by, verb="country.holiday_removed", thing=holiday.country, at=at, country=holiday.country_id, day=day)
    holiday.delete()
