"""The erasure ledger outside the database: written to a file that no backup brings back, and replayed after a restore."""

import os
import tempfile
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

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


@dataclass(frozen=True)
class Ledger:
    """What a file of the ledger says: its erasures, and its last line where that was cut off and says none.

    `ends_whole` is False when the file does not end with a line's end: a full disk or a kill stopped who wrote it.
    """

    erasures: tuple[Erasure, ...] = ()
    torn: str = ""
    ends_whole: bool = True

    @property
    def torn_words(self) -> str:
        """Return which line was cut off, for whoever must know; "" where none was."""
        return f"The last line is cut off and says no erasure: “{self.torn[:80]}”." if self.torn else ""


def read_ledger(file: Path) -> Ledger:
    """Return what a file of the ledger says; raise BadLedger for a whole line that is no erasure."""
    *lines, tail = file.read_text(encoding="utf-8", errors="replace").split("\n")
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_erasure(line))
        except ValueError as error:
            raise BadLedger(
                f"Line {number} is no erasure: it must hold an id and an instant with its zone."
            ) from error
    try:
        cut = [_erasure(tail)] if tail.strip() else []
    except ValueError:
        return Ledger(tuple(found), torn=tail.strip(" \t\r\0"), ends_whole=False)
    return Ledger((*found, *cut), ends_whole=not tail)


def write_ledger(file: Path, erasures: Iterable[Erasure]) -> None:
    """Write a file of the ledger anew, beside the one that stands, and put it in its place once it is on the disk.

    Whatever stops this, a whole file stands there: the one of before, or the new one.
    """
    file = file.resolve()
    beside = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- it is closed before it is renamed
        "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
    )
    try:
        with beside:
            beside.writelines(f"{erasure}\n" for erasure in erasures)
            beside.flush()
            Path(beside.name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o640)
            os.fsync(beside.fileno())
        Path(beside.name).replace(file)
    finally:
        Path(beside.name).unlink(missing_ok=True)  # it is there only where it did not get that far
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _erasure(line: str) -> Erasure:
    owner, instant = line.split()
    return Erasure(uuid.UUID(owner), _aware(instant))


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
