"""Sealing and opening of rows, the data keys and their destruction (trust.md §3)."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import structlog
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from accounts import sealing
from accounts.actions.audit import record, thing_id
from accounts.models import DataKey, ErasedOwner
from languages.statements import Prepared

log = structlog.get_logger(__name__)
SECRET_PLACE = ("accounts.secret", "installation")


def key_ring() -> sealing.KeyRing:
    """Return the keys of this installation; those of a file are read each time, since it changes in a rotation."""
    text = settings.SEAL_KEYS
    return sealing.KeyRing(text) if text.startswith("@") else _read_ring(text)


@lru_cache(maxsize=4)
def _read_ring(text: str) -> sealing.KeyRing:
    return sealing.KeyRing(text)


def unwrapped(stored: DataKey, ring: sealing.KeyRing) -> sealing.Key:
    """Return the key that a row holds; raise KeyAway when its wrapping key is not here, or the row is damaged."""
    place = sealing.wrapping_place(stored.owner, stored.scope)
    try:
        secret = sealing.open_sealed(stored.wrapped, ring.keys(stored.scope), *place)
    except sealing.SealError as error:
        raise sealing.KeyAway(str(error)) from error
    return sealing.Key("c1", bytes.fromhex(secret))


def _stored(owner: uuid.UUID) -> DataKey | None:
    """Return the row of a data key, with `is_erased`: the ledger says that there must be none any more."""
    for scope, wrapped, is_erased in STORED.rows(owner):
        stored = DataKey(owner=owner, scope=scope, wrapped=wrapped)
        stored.is_erased = is_erased
        return stored
    return None


def _of_owner(owner: uuid.UUID) -> models.QuerySet:
    erased = ErasedOwner.objects.filter(owner=OuterRef("owner"))
    rows = DataKey.objects.filter(owner=owner).order_by().annotate(is_erased=Exists(erased))
    return rows.values_list("scope", "wrapped", "is_erased")


STORED = Prepared(_of_owner, uuid.UUID(int=0))


def data_key(owner: uuid.UUID, scope: str) -> sealing.Key:
    """Return the data key of a case or contact, making it on first use. `scope` is a country code or `*`.

    Nothing is sealed for what was erased. Whoever seals holds the lock of the contact, so that no erasing comes between.
    """
    ring = key_ring()
    stored = _stored(owner)
    if stored.is_erased if stored else ErasedOwner.objects.filter(owner=owner).exists():
        raise sealing.SealError("This was erased: nothing is sealed for it again.")
    if stored is None:
        place = sealing.wrapping_place(owner, scope)
        wrapped = sealing.seal(sealing.new_secret().hex(), ring.keys(scope)[0], *place)
        stored, _ = DataKey.objects.get_or_create(owner=owner, defaults={"scope": scope, "wrapped": wrapped})
    return unwrapped(stored, ring)


def new_data_key(owner: uuid.UUID, scope: str, *, at: datetime) -> tuple[sealing.Key, DataKey]:
    """Return a key for a row that is being created, and the key's own row, which the caller inserts with that row."""
    place, row = sealing.wrapping_place(owner, scope)
    secret = sealing.new_secret()
    wrapped = sealing.seal(secret.hex(), key_ring().keys(scope)[0], place, row)
    return sealing.Key("c1", secret), DataKey(owner=owner, scope=scope, wrapped=wrapped, made_at=at)


def _existing_key(owner: uuid.UUID) -> sealing.Key:
    stored = _stored(owner)
    if stored is None or stored.is_erased:
        raise sealing.SealError("The key of this value was destroyed: what it sealed is erased.")
    return unwrapped(stored, key_ring())


def _place(thing: models.Model, field: str) -> str:
    return f"{thing._meta.db_table}.{field}"


def seal(thing: models.Model, field: str, text: str) -> None:
    """Put `text`, sealed, into a SealedField of a row; the caller saves the row.

    The row says whose key seals it: `seal_owner` (uuid of the case or contact) and `seal_scope` (country or `*`);
    `public_id` (uuid) is its row id.
    """
    key = data_key(thing.seal_owner, thing.seal_scope)
    setattr(thing, field, sealing.seal(text, key, _place(thing, field), str(thing.public_id)))


def _opened(thing: models.Model, field: str) -> str | None:
    value = getattr(thing, field)
    return None if value is None else _opened_with([_existing_key(thing.seal_owner)], thing, field)


def _opened_with(keys: list[sealing.Key], thing: models.Model, field: str) -> str:
    value = getattr(thing, field)
    raw = value.raw if hasattr(value, "raw") else value
    return sealing.open_sealed(raw, keys, _place(thing, field), str(thing.public_id))


class CannotOpen(sealing.SealError):
    """Raised by `reveal` for a value that was changed, moved, planted, or whose key is not here; it says whose it was."""

    def __init__(self, words: str, *, by, **facts):
        super().__init__(words)
        self.by, self.facts, self.is_recorded = by, facts, False


def is_key_away(error: Exception | None) -> bool:
    """Tell whether something could not be opened because of the keys at hand: it opens again once they are back."""
    if isinstance(error, CannotOpen):
        error = error.__cause__
    return isinstance(error, (sealing.KeyAway, sealing.NoSealKey))


def reveal(thing: models.Model, field: str, *, by, at: datetime, reason: str) -> str | None:
    """Open a sealed field and record the reading in the same transaction; None when the field is empty.

    What cannot be opened raises CannotOpen. The attempt is recorded even so: here, or, where the caller's transaction
    is about to be undone, by the middleware that shows the page.
    """
    try:
        return _reveal(thing, field, by=by, at=at, reason=reason)
    except sealing.SealError as error:
        country = _country(getattr(thing, "seal_scope", ""))
        unopened = CannotOpen(str(error), by=by, thing=thing, country=country, field=field, reason=reason)
        if not connection.in_atomic_block:
            record_unopened(unopened, by=by, at=at)
        raise unopened from error


@transaction.atomic
def _reveal(thing: models.Model, field: str, *, by, at: datetime, reason: str) -> str | None:
    country = getattr(thing, "seal_scope", "")
    record(by=by, verb="sealed.revealed", thing=thing, at=at, country=country, field=field, reason=reason)
    return _opened(thing, field)


@transaction.atomic
def record_unopened(error: sealing.SealError, *, by, at: datetime, place: str = "") -> None:
    """Record, once, that a sealed value could not be opened, and say so to the operators of the server."""
    if getattr(error, "is_recorded", False):
        return
    facts = dict(getattr(error, "facts", {}))
    log.error("sealed_cannot_open", subject=thing_id(facts.get("thing")), field=facts.get("field", ""), route=place)
    record(by=getattr(error, "by", by), verb="sealed.cannot_open", at=at, place=place, **facts)
    error.is_recorded = True


@transaction.atomic
def reveal_many(
    things: Sequence[models.Model], field: str, *, by, at: datetime, reason: str
) -> dict[uuid.UUID, str | None]:
    """Open one sealed field of each row of a page, recording each reading; the texts by `public_id`.

    A row that cannot be opened is recorded as such and left out; the others are shown.
    """
    found = {}
    for thing in things:
        try:
            found[thing.public_id] = reveal(thing, field, by=by, at=at, reason=reason)
        except CannotOpen as error:
            record_unopened(error, by=by, at=at)
    return found


@transaction.atomic
def destroy_key(*, owner: uuid.UUID, by, at: datetime) -> bool:
    """Destroy the data key of a case or contact, which erases all it sealed; tell whether there was one.

    It stands in the ledger either way: what was erased before it had a key never gets one.
    """
    ErasedOwner.objects.get_or_create(owner=owner, defaults={"at": at})
    stored = DataKey.objects.select_for_update().filter(owner=owner).first()
    if stored is None:
        return False
    record(by=by, verb="key.destroyed", thing=f"accounts.datakey:{owner}", at=at, country=_country(stored.scope))
    stored.delete()
    return True


def _country(scope: str) -> str:
    return scope if len(scope) == 2 else ""


def seal_secret(text: str) -> str:
    """Return a secret of the installation's accounts (second-factor seeds), sealed under scope `*`."""
    return sealing.seal(text, key_ring().keys("*")[0], *SECRET_PLACE)


def open_secret(value: str) -> str:
    """Return the text of `seal_secret`; raise SealError when it cannot be opened."""
    return sealing.open_sealed(value, key_ring().keys("*"), *SECRET_PLACE)


def seal_for_house(thing: models.Model, field: str, text: str) -> None:
    """Put `text`, sealed under scope `*` and bound to its row, into a SealedField that no case or contact owns."""
    value = sealing.seal(text, key_ring().keys("*")[0], _place(thing, field), str(thing.public_id))
    setattr(thing, field, value)


def open_for_house(thing: models.Model, field: str) -> str | None:
    """Return the text of `seal_for_house`, for the part of the system that hands it on; None when it is emptied."""
    value = getattr(thing, field)
    return None if value is None else _opened_with(key_ring().keys("*"), thing, field)


def index_of(text: str, purpose: str) -> str:
    """Return the blind index of a value, for finding equal values unseen."""
    return sealing.blind_index(text, key_ring().keys("index")[0], purpose)


def indexes_of(text: str, purpose: str) -> list[str]:
    """Return the blind indexes of a value under every index key, newest first, while that key rotates."""
    return [sealing.blind_index(text, key, purpose) for key in key_ring().keys("index")]


def marked_index(text: str, purpose: str) -> tuple[str, str]:
    """Return the blind index of a value and the mark of the key that made it, for rows that are to follow a rotation."""
    key = key_ring().keys("index")[0]
    return sealing.blind_index(text, key, purpose), sealing.mark_of(key)


def index_mark() -> str:
    """Return the mark of the key that makes indexes now."""
    return sealing.mark_of(key_ring().keys("index")[0])
