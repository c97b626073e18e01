"""Until when a missed contact is followed up, where something more becomes known of it: a need, or how its call ended."""

from datetime import datetime

from hotline import callstate
from hotline.models import Contact


def sooner(contact: Contact, due: datetime) -> datetime:
    """Return the earlier of an instant and the one until which a contact is to be followed up already.

    What is told late, and what a report says anew of a call, postpones nobody's follow-up.
    """
    return min(due, contact.due_at) if contact.is_missed and contact.due_at else due


def hastened(contact: Contact, *, since: datetime) -> dict[str, datetime]:
    """Return the column of a missed contact of whom a need becomes known: due an hour after an instant, unless sooner."""
    return {"due_at": sooner(contact, callstate.follow_up_by(since, is_pressing=True))} if contact.is_missed else {}
