"""Rotation: what stands under an older key of the installation is sealed anew with the newest (trust.md §3).

A row that cannot be opened is named once, in the audit log and to the operators of the server, and stops no other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from allauth.mfa.models import Authenticator
from django.db import models, transaction

from accounts import sealing
from accounts.actions import keys
from accounts.actions.audit import record
from accounts.models import AuditEntry, DataKey, Letter
from accounts.queries.rotation import (
    factors_with_secrets,
    is_old_letter,
    is_under,
    letters_with_words,
    old_secrets,
    sealed_under,
)

LETTER_FIELDS = ("to", "text")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Kind:
    """One kind of rows that the installation's keys seal: which, what makes one old, and how it is turned."""

    rows: models.QuerySet
    is_old: Callable[[Any], bool]
    turn: Callable[[Any], None]


@transaction.atomic
def rewrap_keys(*, by, at: datetime, limit: int = 200) -> int:
    """Wrap up to `limit` data keys anew with the newest key of their scope; return how many were wrapped."""
    ring, done = keys.key_ring(), 0
    for scope in list(DataKey.objects.order_by("scope").values_list("scope", flat=True).distinct()):
        newest, *older = ring.keys(scope)
        kind = _Kind(
            DataKey.objects.filter(sealed_under("wrapped", older), scope=scope),
            is_old=lambda row, newest=newest: not is_under(row.wrapped, newest),
            turn=lambda row, newest=newest: _rewrap(row, ring, newest),
        )
        done += _turn(kind, at, limit - done) if older else 0
    if done:
        record(by=by, verb="key.rewrapped", at=at, count=done)
    return done


def _rewrap(stored: DataKey, ring: sealing.KeyRing, newest: sealing.Key) -> None:
    secret = keys.unwrapped(stored, ring).secret.hex()
    stored.wrapped = sealing.seal(secret, newest, *sealing.wrapping_place(stored.owner, stored.scope))
    stored.save(update_fields=["wrapped"])


@transaction.atomic
def reseal_factors(*, by, at: datetime, limit: int = 200) -> int:
    """Seal second-factor secrets anew with the newest key of scope `*`; return how many people's were sealed."""
    newest, *older = keys.key_ring().keys("*")
    kind = _Kind(
        factors_with_secrets(),
        is_old=lambda row: bool(old_secrets(row, newest)),
        turn=lambda row: _reseal_factor(row, newest),
    )
    done = _turn(kind, at, limit) if older else 0
    if done:
        record(by=by, verb="key.factors_resealed", at=at, count=done)
    return done


def _reseal_factor(factor: Authenticator, newest: sealing.Key) -> None:
    opened = {name: keys.open_secret(value) for name, value in old_secrets(factor, newest).items()}
    factor.data |= {name: keys.seal_secret(words) for name, words in opened.items()}
    factor.save(update_fields=["data"])


@transaction.atomic
def reseal_letters(*, by, at: datetime, limit: int = 200) -> int:
    """Seal the letters that are not emptied yet anew with the newest key of scope `*`; return how many were sealed."""
    newest, *older = keys.key_ring().keys("*")
    kind = _Kind(letters_with_words(), is_old=lambda row: is_old_letter(row, newest), turn=_reseal_letter)
    done = _turn(kind, at, limit) if older else 0
    if done:
        record(by=by, verb="key.letters_resealed", at=at, count=done)
    return done


def _reseal_letter(letter: Letter) -> None:
    opened = {name: keys.open_for_house(letter, name) for name in LETTER_FIELDS}
    for name, words in opened.items():
        if words is not None:
            keys.seal_for_house(letter, name, words)
    letter.save(update_fields=LETTER_FIELDS)


def _turn(kind: _Kind, at: datetime, limit: int) -> int:
    """Turn up to `limit` rows, locking only those; return how many were turned.

    A row that somebody else holds is left for the next time; one that cannot be opened makes room for the next row.
    """
    done, after = 0, 0
    while done < limit and (due := _next_old(kind, after, limit - done)):
        locked = kind.rows.filter(pk__in=due).select_for_update(skip_locked=True)
        for row in locked.order_by("pk"):
            done += kind.is_old(row) and _try(row, kind.turn, at)
        after = due[-1]
    return done


def _next_old(kind: _Kind, after: int, most: int) -> list[int]:
    """Return the next rows, by key, that stand under an older key: read, not locked."""
    rows = kind.rows.filter(pk__gt=after).order_by("pk").iterator(chunk_size=most)
    return [row.pk for row in islice(filter(kind.is_old, rows), most)]


def _try(row: models.Model, act: Callable[[Any], None], at: datetime) -> bool:
    """Do one row; tell whether it could be opened. One that cannot is named the first time it is met."""
    try:
        act(row)
    except sealing.SealError:
        _name_damaged(row, at)
        return False
    return True


def _name_damaged(row: models.Model, at: datetime) -> None:
    thing = f"{row._meta.label_lower}:{row.pk}"
    if not AuditEntry.objects.filter(verb="key.damaged", thing=thing).exists():
        record(by="worker", verb="key.damaged", thing=thing, at=at)
        log.error("seal_damaged", subject=thing)
