"""Since when a caller is on hold, and when that is too long."""

import datetime as dt

from hotline.models import Leg

LONG_HOLD = dt.timedelta(minutes=3)


def held_since(leg: Leg) -> dt.datetime | None:
    """Return when the network put a telephone on hold, by the report that counts; None where it is not."""
    return since_of(leg.hold_mark) if leg.is_held else None


def since_of(mark: str) -> dt.datetime | None:
    """Return the instant of a report of the network, by the mark that is kept of it."""
    try:
        return dt.datetime.strptime(mark[:14], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def is_held_long(mark: str | None, at: dt.datetime) -> bool:
    """Tell whether a caller of whom this mark of being on hold is kept waits too long by now."""
    since = since_of(mark or "")
    return since is not None and at - since >= LONG_HOLD
