"""What every report of the provider is read by: the leg it speaks of, when it happened, and the key it is kept under."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.db.models import QuerySet

from hotline.actions import inbox
from hotline.actions.inbox import Hook
from hotline.models import Contact, Leg
from hotline.queries.legs import locked_legs

SAID_WITHIN = timedelta(days=1)  # of its arrival: what is further away nobody can have meant


def said_at(hook: Hook) -> datetime:
    """Return when the provider says it happened; when we heard of it, if that cannot be."""
    try:
        said = parsedate_to_datetime(hook.value("Timestamp", 60))
        said = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return hook.at
    return said if abs(said - hook.at) <= SAID_WITHIN else hook.at


def leg_of(hook: Hook, rows: QuerySet[Leg] | None = None) -> Leg | None:
    """Return the leg that a callback speaks of, locked with its contact unless it is read from other rows."""
    rows = locked_legs() if rows is None else rows
    sids = [hook.call_sid, hook.call_mark]
    if hook.call_sid and (leg := rows.filter(account=hook.account, call_sid__in=sids).first()):
        return leg
    if hook.token and (leg := rows.filter(account=hook.account, token=int(hook.token)).first()):
        leg.call_sid = leg.call_sid or hook.call_sid or None
        return leg
    return None


def keep(hook: Hook, key: str, leg: Leg | None, contact: Contact | None) -> bool:
    """Keep a callback; tell whether it is new."""
    scope = (contact.country_id if contact else None) or "*"
    return inbox.keep(hook, key, scope=scope, contact=contact, leg=leg, reply="") is not None


def key_tail(hook: Hook) -> str:
    """Return what tells a report from the others of its status: its number, its token, or the digest of its words."""
    sequence = hook.value("SequenceNumber", 12)
    return sequence or hook.value("IdempotencyToken", 60) or inbox.digest_of(hook)[:32]
