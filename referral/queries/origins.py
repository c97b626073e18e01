"""Where a case came from: the rooms above, which open cases, tell it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Origin:
    """What a case came from: its page, its code, what it is, and when it began, or on which day."""

    address: str
    code: str
    kind: str
    at: datetime | date


# Who knows where cases came from: given a person and a case, each returns what she may open. The rooms above add theirs
# (hotline: calls and messages).
ORIGINS: list[Callable[[object, object], Iterable[Origin]]] = []


def origins_of(user, case) -> list[Origin]:
    """Return what a case came from, as far as this person may open it."""
    return [origin for told_by in ORIGINS for origin in told_by(user, case)]
