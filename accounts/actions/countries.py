"""Writes about countries: the first filling of a calendar."""

from collections.abc import Iterable
from datetime import datetime

import holidays
from django.db import transaction

from accounts.actions.audit import record
from accounts.models import Country, Holiday

MOON = " (estimated)"


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
    Holiday.objects.bulk_create(rows)
    record(by=by, verb="country.holidays_filled", thing=country, at=at, country=country.code, count=len(rows))
    return len(rows)


def _published_days(code: str, years: list[int]) -> dict:
    if code not in holidays.list_supported_countries():
        return {}
    language = "en_US" if "en_US" in holidays.list_localized_countries().get(code, []) else None
    return dict(holidays.country_holidays(code, years=years, language=language))


def fill_all_holidays(*, by, at: datetime) -> int:
    """Fill this year and the next for every active country that has none of a year yet; return the days added."""
    years, added = (at.year, at.year + 1), 0
    supported = holidays.list_supported_countries()
    for year in years:
        empty = Country.objects.filter(is_active=True, pk__in=supported).exclude(holidays__day__year=year)
        added += sum(fill_holidays(country=country, years=[year], by=by, at=at) for country in empty)
    return added
