"""Writing the audit chain: one row per act or reading, in the transaction of that act.

Every act pays for it, so its three statements are written out: building them anew took most of the time.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection, transaction

from accounts import chain
from accounts.chain import actor_id, thing_id
from accounts.models import AuditEntry, AuditHead

HEAD = "SELECT seq, hash FROM accounts_audithead WHERE id = 1"
MOVE = "UPDATE accounts_audithead SET seq = %s, hash = %s WHERE id = 1"
APPEND = (
    "INSERT INTO accounts_auditentry (seq, at, body, prev, hash, verb, actor, thing, country)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


@transaction.atomic(savepoint=False)  # an act whose record fails does not stand
def record(*, by, verb: str, thing=None, at: datetime, country: str = "", **facts) -> AuditEntry:
    """Append one act or reading to the chain, in the caller's transaction.

    `facts` are ids, field names and codes; never names, numbers or words that somebody said.
    """
    with connection.cursor() as cursor:
        seq, prev = _locked_head(cursor)
        actor, target = actor_id(by), thing_id(thing)
        body = chain.canonical({"verb": verb, "actor": actor, "thing": target, "country": country} | facts)
        seq, instant = seq + 1, at.astimezone(UTC).isoformat()
        digest = chain.link_hash(seq, instant, prev, body)
        values = (seq, instant, body, prev, digest, str(verb), actor, target, country)
        cursor.execute(APPEND, values)
        cursor.execute(MOVE, (seq, digest))
    return AuditEntry.from_db(connection.alias, [field.attname for field in AuditEntry._meta.concrete_fields], values)


@transaction.atomic(savepoint=False)
def record_many(*, by, at: datetime, acts: Iterable[tuple[str, object, str, dict]]) -> None:
    """Append many acts at once, in order, each (verb, thing, country, facts): as `record` would, with fewer statements."""
    with connection.cursor() as cursor:
        seq, prev = _locked_head(cursor)
        actor, instant, rows = actor_id(by), at.astimezone(UTC).isoformat(), []
        for verb, thing, country, facts in acts:
            target = thing_id(thing)
            body = chain.canonical({"verb": verb, "actor": actor, "thing": target, "country": country} | facts)
            seq, before = seq + 1, prev
            prev = chain.link_hash(seq, instant, before, body)
            rows.append((seq, instant, body, before, prev, verb, actor, target, country))
        cursor.executemany(APPEND, rows)
        cursor.execute(MOVE, (seq, prev))


def _locked_head(cursor) -> tuple[int, str]:
    """Return the last number and hash of the chain, locked; the first append makes the row."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    cursor.execute(HEAD + lock)
    found = cursor.fetchone()
    if found is None:
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": chain.GENESIS})
        found = head.seq, head.hash
    return found
