"""Instants as people are told them, and as the engines count them: whole milliseconds since 1970."""

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def milliseconds(moment: dt.datetime) -> int:
    """Return an instant as the engines count it."""
    return (moment - EPOCH) // dt.timedelta(milliseconds=1)


def instant(moment: int | None) -> dt.datetime | None:
    """Return an instant as people are told it."""
    return None if moment is None else EPOCH + dt.timedelta(milliseconds=moment)


def moment(event) -> dt.datetime:
    """Return when an event happened: the corrected device time, never after its arrival."""
    return min(event.occurred_at + dt.timedelta(milliseconds=event.clock_offset_ms), event.received_at)
