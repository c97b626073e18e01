"""What a page of the desk showed, as a mark that its buttons send: nobody decides about a text she has not seen."""

import hashlib
from collections.abc import Iterable

from languages.choices import State
from languages.models import Unit

# What each act with all texts of a thing is about.
_ABOUT = {
    "submit": lambda unit: unit.state == State.DRAFT,
    "publish": lambda unit: unit.state == State.APPROVED,
    "read": lambda unit: unit.state != State.MISSING or bool(unit.live),
}


def about(verb: str, units: Iterable[Unit]) -> list[Unit]:
    """Return the texts that an act with all of a thing's texts is about."""
    return [unit for unit in units if not unit.is_retired and _ABOUT[verb](unit)]


def of_unit(unit: Unit) -> str:
    """Return the mark of a text as it stands, with its source as it stands."""
    segment = unit.segment
    return _digest([unit.pk, unit.version, unit.draft, unit.live, segment.version, segment.text])


def of_whole(verb: str, units: Iterable[Unit]) -> str:
    """Return the mark of all texts that an act is about."""
    return _digest(of_unit(unit) for unit in sorted(about(verb, units), key=lambda unit: unit.pk))


def _digest(parts: Iterable) -> str:
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:32]
