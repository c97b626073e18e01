"""How a thing stands for a reader: what fell back to another language, what is out of date, what no native has read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from languages import table
from languages.choices import Freshness
from languages.queries.shown import Shown, shown_in


@dataclass(frozen=True)
class State:
    """How a thing stands for a reader: fallen back, stale since when and how gravely, read by a native or not.

    `missing`: nothing of it is in her language; she reads it in `shown_in`.
    """

    fallback: bool = False
    stale: int = 0
    date: dt.date | None = None
    native: bool = True
    missing: bool = False
    shown_in: str = ""

    @property
    def shown_name(self) -> str:
        """Return the own name of the language that is shown instead."""
        return table.BY_CODE[self.shown_in].own if self.shown_in else ""


@dataclass(frozen=True)
class Standing:
    """How a thing stands for a reader, and in which language she sees each block of it."""

    language: str
    state: State
    shown: Mapping[str, Shown] = field(default_factory=dict)

    def language_of(self, path: str) -> str:
        """Return the language of a string or a block where it is not the reader's own, else ""."""
        found = self.shown.get(path)
        return found.language if found is not None and found.language != self.language else ""


def state_of(shown: Mapping[str, Shown], language: str) -> State:
    """Return how a thing stands for a reader, from the language in which she sees each string."""
    units = list(shown.values())
    if language == table.SOURCE or not units:
        return State()
    stale = [unit for unit in units if unit.freshness >= Freshness.MINOR]
    dates = [unit.date for unit in stale if unit.date]
    codes = [unit.language for unit in units]
    missing = language not in codes
    return State(
        fallback=any(code != language for code in codes),
        stale=max((unit.freshness for unit in stale), default=0),
        date=min(dates).date() if dates else None,
        native=not any(unit.awaiting_native for unit in units),
        missing=missing,
        shown_in=max(set(codes), key=codes.count) if missing else "",
    )


def standing_of(thing: models.Model, language: str) -> Standing:
    """Return how a thing stands for a reader of a language; one query, and none for the source."""
    if language == table.SOURCE:
        return Standing(language, State())
    shown = shown_in(thing, language)
    return Standing(language, state_of(shown, language), shown)
