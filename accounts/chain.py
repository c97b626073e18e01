"""The hash chain of the audit log. Pure: bodies in, hashes out (trust.md §4)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
# What a body says and a column repeats, so that a screen can show it and a list find it: no hash holds a column.
COLUMNS = ("verb", "actor", "thing", "country")


@dataclass(frozen=True)
class Link:
    """One row of the chain as stored: number, ISO instant, canonical body, two hashes, and the columns beside the body."""

    seq: int
    at: str
    body: str
    prev: str
    hash: str
    verb: str
    actor: str
    thing: str
    country: str


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks and how: `gap`, `prev`, `hash`, `columns` or `anchor`."""

    seq: int
    kind: str


def actor_id(by) -> str:
    """Return the public id of whoever acts: a person, or the name of a part of the system."""
    return by if isinstance(by, str) else str(by.public_id)


def thing_id(thing) -> str:
    """Return "app.model:public id" of a row, or the text as given."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    return f"{thing._meta.label_lower}:{getattr(thing, 'public_id', None) or thing.pk}"


def canonical(body: dict) -> str:
    """Return the one JSON form of a body: keys sorted, no spaces, UTF-8."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link_hash(seq: int, at: str, prev: str, body: str) -> str:
    """Return the hash that binds a row to the one before it."""
    return hashlib.sha256(f"{seq}|{at}|{prev}|{body}".encode()).hexdigest()


def columns_of(body: str) -> dict[str, object] | None:
    """Return what the columns beside a body must hold; None where the body cannot be read."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return {name: said.get(name) for name in COLUMNS} if isinstance(said, dict) else None


def faults(links: Iterable[Link], head: tuple[int, str] | None = None) -> list[Fault]:
    """Return every break of a chain given in order; `head` is the (seq, hash) that the last row must have."""
    found: list[Fault] = []
    seq, prev = 0, GENESIS
    for link in links:
        if link.seq != seq + 1:
            found.append(Fault(seq + 1, "gap"))
        if link.prev != prev:
            found.append(Fault(link.seq, "prev"))
        if link.hash != link_hash(link.seq, link.at, link.prev, link.body):
            found.append(Fault(link.seq, "hash"))
        if columns_of(link.body) != {name: getattr(link, name) for name in COLUMNS}:
            found.append(Fault(link.seq, "columns"))
        seq, prev = link.seq, link.hash
    if head is not None and head != (seq, prev):
        found.append(Fault(seq + 1, "gap"))
    return found
