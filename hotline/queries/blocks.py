"""Reads of blocked numbers: by the memory of lines for callers, as rows for who supervises."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from hotline.models import Block, Contact
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.lines import memory


def is_blocked(country: str | None, number_index: str, at: datetime) -> bool:
    """Tell whether a number is kept out of the queue now: no query, a block counts within three seconds."""
    until = memory().blocks.get((country, number_index)) if number_index else None
    return until is not None and until > at


def standing(at: datetime) -> QuerySet[Block]:
    """Return the blocks that hold now."""
    return Block.objects.filter(lifted_at=None, until__gt=at)


def block_of(contact: Contact, at: datetime) -> Block | None:
    """Return the block of a contact's number that holds now, or None."""
    if not contact.number_index:
        return None
    rows = standing(at).filter(country_id=contact.country_id, number_index=contact.number_index)
    return rows.select_related("by").first()


def blocks_of(user: User, at: datetime) -> list[Block]:
    """Return the blocks of a supervisor's country that hold now, the first to end first; none of a contact that names her."""
    rows = standing(at).filter(contact__in=contacts_of_desk(user)).select_related("contact", "by")
    return list(rows.order_by("until"))
