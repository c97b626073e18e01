"""The clock of a country: its zone, and which day it is there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import Country


def zone_of(code: str) -> ZoneInfo | None:
    """Return the zone of the country that has this code; None where there is none."""
    name = Country.objects.filter(pk=code).values_list("time_zone", flat=True).first()
    return ZoneInfo(name) if name else None


def day_in(country: Country, at: datetime) -> date:
    """Return the day that it is in a country at an instant."""
    return at.astimezone(ZoneInfo(country.time_zone)).date()
