"""The clock of a country: its zone, and which day it is there."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Country
from languages.statements import Prepared


def zone_of(code: str | None) -> ZoneInfo | None:
    """Return the zone of the country that has this code; None where there is none, or it has none yet."""
    found = list(_ZONE.rows(code)) if code else []
    return ZoneInfo(found[0][0]) if found and found[0][0] else None


def _zones(code: str):
    return Country.objects.filter(pk=code).order_by().values_list("time_zone")


_ZONE = Prepared(_zones, "code of a country")


def day_in(country: Country, at: datetime) -> date:
    """Return the day that it is in a country at an instant."""
    return at.astimezone(ZoneInfo(country.time_zone)).date()


def is_over(day: date, code: str, at: datetime) -> bool:
    """Tell whether a day is over in the country of a code, by UTC where there is none.

    Its clock is asked only while the day has ended in some places of the world and not in others.
    """
    first, last = ((at.astimezone(UTC) + timedelta(hours=hours)).date() for hours in (-12, 14))
    if not first <= day < last:
        return day < first
    return day < at.astimezone(zone_of(code) or UTC).date()
