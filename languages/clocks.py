"""Times with the clock that tells them: the name of the zone that holds where a page is written."""

from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import get_language

from languages.text import isolate

# How a day is written short where it is not as in English: "ven. 27 nov.", "vie, 27 nov".
SHORT_DAYS = {"fr": "D. j N", "es": "D, j b"}


def short_day(day: date) -> str:
    """Return a day of a week that is known, short, as the language writes it: "Fri 27 Nov"."""
    return formats.date_format(day, SHORT_DAYS.get(get_language(), "D j M"))


def zone_name() -> str:
    """Return the name of the zone that holds here, kept apart from the writing around it."""
    return isolate(timezone.get_current_timezone_name())


def timed(at: datetime) -> str:
    """Return a day and a time as the language writes them, and by which clock: "1 December 2026, 09:00 (Asia/Dhaka)"."""
    return f"{formats.date_format(timezone.localtime(at), 'DATETIME_FORMAT')} ({zone_name()})"
