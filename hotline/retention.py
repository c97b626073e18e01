"""How long what a contact sealed is kept. Pure (docs/algorithms/erasing.md).

The clock runs from the day on which nothing was left to do. A contact that became a case is kept as its case is.
"""

import datetime as dt
from dataclasses import dataclass

KEPT = dt.timedelta(days=180)
KEPT_SHORT = dt.timedelta(days=30)
KEPT_SOUND = dt.timedelta(days=30)
# Nobody spoke, the number was wrong, or somebody played: the number goes early, the count stays.
SHORT_TOPICS = frozenset({"silent", "blank", "hang_up", "wrong_number", "hoax"})


@dataclass(frozen=True)
class Facts:
    """What decides about a contact: when it was over (None: work is left), what it was about, its case, a court's hold.

    `is_unfinished`: nobody closed its sheet. That stops a hand, never the clock.
    """

    over_at: dt.datetime | None
    topic: str = ""
    has_case: bool = False
    case_is_open: bool = False
    is_held: bool = False
    is_erased: bool = False
    is_unfinished: bool = False


def period(topic: str) -> dt.timedelta:
    """Return how long a contact about something is kept after it was over."""
    return KEPT_SHORT if topic in SHORT_TOPICS else KEPT


def erased_on(facts: Facts) -> dt.datetime | None:
    """Return when a contact is to be erased by itself; None while that cannot be said."""
    if facts.is_erased or facts.is_held or facts.has_case or facts.over_at is None:
        return None
    return facts.over_at + period(facts.topic)


def bar(facts: Facts, at: dt.datetime) -> str:
    """Return why nobody may erase a contact now: erased, held, open, case_open; "" when a supervisor or its time may."""
    if facts.is_erased:
        return "erased"
    if facts.is_held:
        return "held"
    if facts.over_at is None or (facts.is_unfinished and at < facts.over_at + period(facts.topic)):
        return "open"
    return "case_open" if facts.case_is_open else ""
