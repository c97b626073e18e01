"""Writes of the people's room. Each is one transaction and records itself in the audit chain."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from accounts import chain, sealing
from accounts.models import AuditEntry, AuditHead, DataKey


def key_ring() -> sealing.KeyRing:
    """Return the keys of this installation."""
    return sealing.KeyRing(settings.SEAL_KEYS)


def actor_id(by) -> str:
    """Return the public id of whoever acts: a person, or the name of a part of the system."""
    return by if isinstance(by, str) else str(by.public_id)


def thing_id(thing) -> str:
    """Return "app.model:public id" of a row, or the text as given."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    return f"{thing._meta.label_lower}:{getattr(thing, 'public_id', None) or thing.pk}"


@transaction.atomic
def record(*, by, verb: str, thing=None, at: datetime, country: str = "", **facts) -> AuditEntry:
    """Append one act or reading to the chain, in the caller's transaction.

    `facts` are ids, field names and codes; never names, numbers or words that somebody said.
    """
    AuditHead.objects.get_or_create(pk=1, defaults={"hash": chain.GENESIS})
    head = AuditHead.objects.select_for_update().get(pk=1)
    actor, target = actor_id(by), thing_id(thing)
    body = chain.canonical({"verb": verb, "actor": actor, "thing": target, "country": country} | facts)
    seq, instant = head.seq + 1, at.isoformat()
    digest = chain.link_hash(seq, instant, head.hash, body)
    entry = AuditEntry.objects.create(
        seq=seq,
        at=instant,
        body=body,
        prev=head.hash,
        hash=digest,
        verb=verb,
        actor=actor,
        thing=target,
        country=country,
    )
    head.seq, head.hash = seq, digest
    head.save(update_fields=["seq", "hash"])
    return entry


def _wrapping_place(owner: uuid.UUID, scope: str) -> tuple[str, str]:
    return "datakey", f"{owner}|{scope}"


def data_key(owner: uuid.UUID, scope: str) -> sealing.Key:
    """Return the data key of a case or contact, making it on first use. `scope` is a country code or `*`."""
    ring = key_ring()
    place, row = _wrapping_place(owner, scope)
    stored = DataKey.objects.filter(owner=owner).first()
    if stored is None:
        secret = sealing.new_secret()
        wrapped = sealing.seal(secret.hex(), ring.keys(scope)[0], place, row)
        stored, made = DataKey.objects.get_or_create(owner=owner, defaults={"scope": scope, "wrapped": wrapped})
        if made:
            return sealing.Key("c1", secret)
    place, row = _wrapping_place(owner, stored.scope)
    secret = sealing.open_sealed(stored.wrapped, ring.keys(stored.scope), place, row)
    return sealing.Key("c1", bytes.fromhex(secret))


def _place(thing: models.Model, field: str) -> str:
    return f"{thing._meta.db_table}.{field}"


def seal(thing: models.Model, field: str, text: str) -> None:
    """Put `text`, sealed, into a SealedField of a row; the caller saves the row.

    The row says whose key seals it: `seal_owner` (uuid of the case or contact) and `seal_scope` (country or `*`);
    `public_id` (uuid) is its row id.
    """
    key = data_key(thing.seal_owner, thing.seal_scope)
    setattr(thing, field, sealing.seal(text, key, _place(thing, field), str(thing.public_id)))


def reveal(thing: models.Model, field: str, *, by, at: datetime, reason: str) -> str | None:
    """Open a sealed field and record the reading in the same transaction; None when the field is empty."""
    value = getattr(thing, field)
    with transaction.atomic():
        record(
            by=by, verb="sealed.revealed", thing=thing, at=at, country=getattr(thing, "seal_scope", ""),
            field=field, reason=reason,
        )  # fmt: skip
        if value is None:
            return None
        key = data_key(thing.seal_owner, thing.seal_scope)
        raw = value.raw if hasattr(value, "raw") else value
        return sealing.open_sealed(raw, [key], _place(thing, field), str(thing.public_id))


def index_of(text: str, purpose: str) -> str:
    """Return the blind index of a value, for finding equal values unseen."""
    return sealing.blind_index(text, key_ring().keys("index")[0], purpose)
