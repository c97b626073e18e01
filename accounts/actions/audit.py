"""Writing the audit chain: one row per act or reading, in the transaction of that act."""

from datetime import UTC, datetime

from django.db import transaction

from accounts import chain
from accounts.chain import actor_id, thing_id
from accounts.models import AuditEntry, AuditHead


@transaction.atomic
def record(*, by, verb: str, thing=None, at: datetime, country: str = "", **facts) -> AuditEntry:
    """Append one act or reading to the chain, in the caller's transaction.

    `facts` are ids, field names and codes; never names, numbers or words that somebody said.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": chain.GENESIS})
    actor, target = actor_id(by), thing_id(thing)
    body = chain.canonical({"verb": verb, "actor": actor, "thing": target, "country": country} | facts)
    seq, instant = head.seq + 1, at.astimezone(UTC).isoformat()
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
