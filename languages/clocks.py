"""Times with the clock that tells them: the name of the zone that holds where a page is written."""

from datetime import datetime

from django.utils import formats, timezone

from languages.text import isolate


def zone_name() -> str:
    """Return the name of the zone that holds here, kept apart from the writing around it."""
    return isolate(timezone.get_current_timezone_name())


def timed(at: datetime) -> str:
    """Return a day and a time as the language writes them, and by which clock: "1 December 2026, 09:00 (Asia/Dhaka)"."""
    return f"{formats.date_format(timezone.localtime(at), 'DATETIME_FORMAT')} ({zone_name()})"
