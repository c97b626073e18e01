"""The timeline of a contact: codes and ids, added and never changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.models import Contact, ContactEvent
from hotline.models.rows import Writing, insert_all


def add_events(
    contact: Contact, events: Iterable[tuple[str, dict]], *, by: str, at: datetime, write: Writing | None = None
) -> None:
    """Add lines to a contact's timeline with one statement; with `write`, together with what else is written."""
    rows = [ContactEvent(contact_id=contact.pk, at=at, kind=kind, by=by, detail=detail) for kind, detail in events]
    if write is None:
        insert_all(rows)
    else:
        write.insert_all(rows)


@transaction.atomic
def note(contact: Contact, kind: str, *, by, at: datetime, **codes) -> None:
    """Add one line to a contact's timeline and tell the consoles that it changed."""
    add_events(contact, [(kind, codes)], by=accounts.actor_id(by), at=at)
    contact.changed_at = at
    Contact.objects.filter(pk=contact.pk).update(changed_at=at)


def with_flags(flags: str, *new: str) -> str:
    """Return a row's flags with new ones added, each once, within the column."""
    return " ".join(dict.fromkeys([*flags.split(), *new]))[:200]
