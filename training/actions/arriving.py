"""Events as a page or a file tells them: read strictly, each by itself, so that a bad one stops no other."""

import json
import uuid
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

from training import progress
from training.actions.events import Arrival
from training.choices import Reason

FIELDS = {"id", "seq", "verb", "activity", "version", "language", "occurred_at", "payload"}
DEEPEST = 12


def read_json(body: bytes):
    """Read JSON strictly; ValueError for a key that stands twice, a number that is none, odd characters, a nest too deep.

    Two keys that are the same text in NFC are one that stands twice: they are kept in that form.
    """
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("The nest is too deep.") from error
    if _is_too_deep(found) or _has_nul(found):
        raise ValueError("The nest is too deep, or a text holds a NUL.")
    return found


def _without_doubles(pairs: list) -> dict:
    if len({progress.composed(key) for key, _value in pairs}) != len(pairs):
        raise ValueError("A key stands twice.")
    return dict(pairs)


def _no_constant(name: str):
    raise ValueError(f"{name} is no number.")


def _is_too_deep(thing) -> bool:
    """Tell whether a nest is deeper than any of ours; level by level, so that it is known before one is too deep to walk."""
    level = [thing]
    for _step in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(isinstance(one, dict | list) for one in level)


def _inside(thing):
    if isinstance(thing, dict):
        return thing.values()
    return thing if isinstance(thing, list) else ()


def _has_nul(thing) -> bool:
    """Tell whether a text holds a true NUL, which no database keeps; the six signs that a person types for one are none."""
    if isinstance(thing, dict):
        return any(_has_nul(one) for pair in thing.items() for one in pair)
    if isinstance(thing, list):
        return any(_has_nul(one) for one in thing)
    return isinstance(thing, str) and "\x00" in thing


def uuid_of(value) -> uuid.UUID | None:
    """Return an id, or None for what is no id."""
    try:
        return uuid.UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def instant_from(value) -> datetime | None:
    """Return an instant with a zone, in a range that arithmetic cannot leave."""
    try:
        found = parse_datetime(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not 1970 <= found.year <= 2200:
        return None
    return found.astimezone(UTC)


def arrival_of(event, device: uuid.UUID) -> Arrival:
    """Read one event; one that cannot be read is an arrival with its fault."""
    raw = json.dumps(event, ensure_ascii=False)
    name = event.get("id") if isinstance(event, dict) and isinstance(event.get("id"), str) else ""
    if not _is_sound(event):
        return Arrival(id=uuid_of(name), fault=Reason.MALFORMED, raw=raw, name=name[:40])
    return Arrival(
        id=uuid_of(event["id"]),
        verb=event["verb"],
        activity=str(uuid_of(event["activity"]) or ""),
        version=str(uuid_of(event["version"]) or ""),
        language=event["language"],
        occurred_at=instant_from(event["occurred_at"]),
        payload=event["payload"],
        device=device,
        seq=event["seq"],
        raw=raw,
        name=name,
    )


def _is_sound(event) -> bool:
    return (
        isinstance(event, dict)
        and set(event) == FIELDS
        and uuid_of(event["id"]) is not None
        and type(event["seq"]) is int
        and 0 <= event["seq"] < 2**53
        and all(isinstance(event[name], str) for name in ("verb", "activity", "version", "language"))
        and instant_from(event["occurred_at"]) is not None
        and isinstance(event["payload"], dict)
        and not _has_float(event["payload"])
    )


def _has_float(thing) -> bool:
    """Tell whether a payload holds a number that is not whole, or too large for any clock."""
    if isinstance(thing, dict):
        return any(_has_float(value) for value in thing.values())
    if isinstance(thing, list):
        return any(_has_float(value) for value in thing)
    return isinstance(thing, float) or (isinstance(thing, int) and abs(thing) >= 2**53)
