"""Reads of blocked numbers: by the memory of lines for callers, as rows for who supervises."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from hotline.choices import FLAGS
from hotline.choices.blocks import BLOCKED, LET_IN, LETS_IN
from hotline.models import Block, Contact, ContactEvent
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


def kept_out() -> Q:
    """Return the condition of a contact of a blocked number that was not let in by key."""
    return Q(flags__contains=BLOCKED) & ~Exists(ContactEvent.objects.filter(contact=OuterRef("pk"), kind__in=LETS_IN))


def marks_of(contacts: Iterable[Contact]) -> dict[int, str]:
    """Return what is said of contacts of blocked numbers, by the key of each: kept out of the queue, or let in by key.

    One statement where there are any.
    """
    marked = [contact.pk for contact in contacts if BLOCKED in contact.flag_codes]
    if not marked:
        return {}
    told = ContactEvent.objects.filter(contact_id__in=marked, kind__in=LETS_IN)
    let_in = frozenset(told.order_by().values_list("contact_id", flat=True))
    return {key: str(LET_IN if key in let_in else FLAGS[BLOCKED]) for key in marked}


def with_marks(contacts: Iterable[Contact]) -> list[Contact]:
    """Return contacts, each with what is said of its blocked number (`block_words`), "" of all others."""
    rows = list(contacts)
    marks = marks_of(rows)
    for row in rows:
        row.block_words = marks.get(row.pk, "")
    return rows
