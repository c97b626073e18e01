"""Contacts that no telephone brings: a visit, a letter, a message from the radio, a report of the community."""

import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.answering import ANSWERING
from hotline.actions.timeline import note
from hotline.choices import OFFLINE, State
from hotline.models import Contact, Line

NOON = time(12)


class NotOffline(ValueError):
    """Raised for a kind that the network brings by itself: nobody writes down a call."""


class WrittenOtherwise(Exception):
    """Raised when the page with which a contact was written down comes once more with another one; nothing is written."""


@transaction.atomic
def write_down(
    *, key: uuid.UUID, kind: str, happened_on: date, language: str, line: Line, by: User, at: datetime
) -> Contact:
    """Make a contact of what reached the line without a telephone, its sheet open for who writes it down.

    It counts on the day on which it happened. `key` is the page's: the same sent twice, also at the same instant, is one
    contact; something else with it is refused with WrittenOtherwise.
    """
    if kind not in OFFLINE:
        raise NotOffline(kind)
    noon = datetime.combine(happened_on, NOON, ZoneInfo(line.country.time_zone))
    contact, is_new = Contact.objects.get_or_create(public_id=key, defaults={
        "line": line, "country": line.country, "kind": kind, "channel": "", "language": language,
        "is_practice": line.is_practice, "state": State.WRAP_UP, "step": State.WRAP_UP, "claimed_by": by,
        "happened_on": happened_on, "started_at": min(noon, at), "ended_at": at, "changed_at": at,
        "claimed_until": at + ANSWERING,
    })  # fmt: skip
    if not is_new:
        told = (kind, happened_on, language, line.pk)
        if (contact.kind, contact.happened_on, contact.language, contact.line_id) != told:
            raise WrittenOtherwise
        return contact
    note(contact, "contact_written_down", by=by, at=at)
    accounts.record(
        by=by, verb="hotline.contact_written_down", thing=contact, at=at, country=contact.country_id, kind=kind
    )
    return contact
