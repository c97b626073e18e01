"""When a mark of attendance was made, by the clock of the server: of what a phone's clocks say, what can be so counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from training.actions.arriving import instant_from
from training.actions.events import Arrival, happened_at

CLOCK = frozenset({"offset", "since"})
LEEWAY = timedelta(minutes=5)  # a request takes its time, and a cheap clock drifts
FARTHEST = 100 * 365 * 24 * 3600 * 1000  # a clock that lost its battery begins in 1970


@dataclass(frozen=True)
class Moment:
    """When a mark was made: most likely, and at the latest. They differ where the phone's clock was set in between."""

    at: datetime
    latest: datetime


def has_sound_clock(payload: Mapping) -> bool:
    """Tell whether what a mark says of its phone's clock can be read; marks of older pages say nothing of it."""
    told = CLOCK & set(payload)
    if not told:
        return True
    offset = payload.get("offset")
    is_number = type(offset) is int and abs(offset) <= FARTHEST
    return told == CLOCK and is_number and instant_from(payload["since"]) is not None


def moment_of(arrival: Arrival, *, offset_ms: int, at: datetime) -> Moment:
    """Return when a sound mark was made that arrived at `at`, from a phone whose clock was off by `offset_ms` then.

    `offset` in the mark is by how much the clock was off when the phone last heard the server before the mark, `since`
    when the list was made, by the server's own clock: nothing was ticked on it before. Where neither offset leads to a
    moment between that and now, the clock was wrong in a way that nobody knows, and the mark counts as made on arrival.
    """
    if "offset" not in arrival.payload:
        seen = happened_at(arrival, offset_ms=offset_ms, at=at)
        return Moment(seen, seen)
    by_sending = arrival.occurred_at + timedelta(milliseconds=offset_ms)
    by_keeping = arrival.occurred_at + timedelta(milliseconds=arrival.payload["offset"])
    since = instant_from(arrival.payload["since"])
    found = [min(one, at) for one in (by_keeping, by_sending) if since - LEEWAY <= one <= at + LEEWAY] or [at]
    return Moment(found[0], max(found))
