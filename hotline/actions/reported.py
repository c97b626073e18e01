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
    return inbox.keep(hook, key, scope=_scope(contact), contact=contact, leg=leg, reply="") is not None


def _scope(contact: Contact | None) -> str:
    return (contact.country_id if contact else None) or "*"


def report_key(hook: Hook, status: str, contact: Contact | None) -> str:
    """Return the key of a report of a status: what tells it from the others is its number, its token, or its words."""
    key = f"{hook.account}:{status}:"
    if told := hook.value("SequenceNumber", 12) or hook.value("IdempotencyToken", 60):
        return f"{key}{told}"
    return inbox.worded_key(hook, key, scope=_scope(contact), contact=contact)
