"""How much that is hard somebody has heard on the telephone: each call weighs, by shift and by week. Pure.

Over her share a person has a break after each call, unless nobody else could answer, or somebody in danger waits.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

SHIFT, WEEK = dt.timedelta(hours=12), dt.timedelta(days=7)
BREAK = dt.timedelta(minutes=15)
MOST_A_SHIFT, MOST_A_WEEK = 6, 20
DANGER = 3
TOPICS = {"crisis": 2, "concern": 1, "abusive": 1}


@dataclass(frozen=True)
class Heard:
    """One call that somebody answered: when, what it was about, whether its caller was in danger."""

    at: dt.datetime
    topic: str = ""
    is_danger: bool = False


@dataclass(frozen=True)
class Load:
    """What somebody's calls of a shift and of a week weigh together."""

    shift: int = 0
    week: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether it is more than one person's share."""
        return self.shift >= MOST_A_SHIFT or self.week >= MOST_A_WEEK


def weight(call: Heard) -> int:
    """Return how much one call weighs; an ordinary one weighs nothing."""
    return DANGER if call.is_danger else TOPICS.get(call.topic, 0)


def load(calls: Iterable[Heard], at: dt.datetime) -> Load:
    """Return what calls weigh at an instant."""
    known = [(at - one.at, weight(one)) for one in calls]
    return Load(*(sum(heavy for ago, heavy in known if dt.timedelta(0) <= ago < span) for span in (SHIFT, WEEK)))
