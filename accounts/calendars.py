"""A country's calendar as a value. Pure: engines of deadlines and opening hours take it."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Calendar:
    """Zone, days off (Monday 0), holidays and office hours of one country."""

    time_zone: str
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[dt.date] = frozenset()
    office_from: dt.time = dt.time(8)
    office_until: dt.time = dt.time(16)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone."""
        return ZoneInfo(self.time_zone)

    def is_working_day(self, day: dt.date) -> bool:
        """Tell whether offices are open on a day."""
        return day.weekday() not in self.weekend and day not in self.holidays
