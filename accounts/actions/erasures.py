"""The erasure ledger outside the database: written to a file that no backup brings back, and replayed after a restore."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from accounts.actions.audit import record
from accounts.actions.keys import destroy_key
from accounts.models import ErasedOwner
from accounts.queries.erasures import erasures


class BadLedger(Exception):
    """Raised for a line that is no line of a ledger; nothing was replayed. The message says which."""


@dataclass(frozen=True)
class Erasure:
    """One line of the ledger: whose key was destroyed, and when."""

    owner: uuid.UUID
    at: datetime

    def __str__(self):
        return f"{self.owner} {self.at.astimezone(UTC).isoformat()}"


def read_ledger(lines: Iterable[str]) -> list[Erasure]:
    """Return the erasures of a ledger's lines; raise BadLedger for what cannot be one."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            owner, instant = line.split()
            found.append(Erasure(uuid.UUID(owner), _aware(instant)))
        except ValueError as error:
            raise BadLedger(
                f"Line {number} is no erasure: it must hold an id and an instant with its zone."
            ) from error
    return found


def _aware(instant: str) -> datetime:
    at = datetime.fromisoformat(instant)
    if at.tzinfo is None:
        raise ValueError
    return at


def new_erasures(known: Iterable[Erasure]) -> list[Erasure]:
    """Return what the ledger of the database holds and a file does not yet, oldest first."""
    there = {erasure.owner for erasure in known}
    return [Erasure(owner, at) for owner, at in erasures() if owner not in there]


@transaction.atomic
def replay_erasure(*, erasure: Erasure, by, at: datetime) -> bool:
    """Destroy a key that a backup brought back and keep the erasure in the ledger; tell whether anything was missing."""
    _, is_new = ErasedOwner.objects.get_or_create(owner=erasure.owner, defaults={"at": erasure.at})
    had_key = destroy_key(owner=erasure.owner, by=by, at=at)
    if is_new:
        record(by=by, verb="key.erasure_replayed", thing=f"accounts.datakey:{erasure.owner}", at=at)
    return is_new or had_key
