"""Erasing what was sealed: a contact's key is destroyed, the row stays without identity; old payloads go by month."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts import queries as people
from hotline.actions.inbox import INBOX, forget_month_keys
from hotline.actions.timeline import note
from hotline.models import Contact, Message, Recording, Sheet, WebhookEvent

PAYLOAD_DAYS = timedelta(days=30)
MONTHS_BACK = 24


class StillLive(Exception):
    """Raised when a contact is to be erased while the call goes on; wait until it is over."""


@transaction.atomic
def erase_contact(*, contact: Contact, by, at: datetime) -> None:
    """Destroy a contact's data key and empty its sealed columns; codes and times stay for statistics."""
    row = Contact.objects.select_for_update().get(pk=contact.pk)
    if row.is_live:
        raise StillLive
    accounts.destroy_key(owner=row.public_id, by=by, at=at)
    Message.objects.filter(contact=row).update(body=None)
    Recording.objects.filter(contact=row).update(audio=None)
    Sheet.objects.filter(contact=row).update(note=None)
    WebhookEvent.objects.filter(contact=row).update(payload=None)
    Contact.objects.filter(pk=row.pk).update(
        number=None, callback_number=None, code_word=None, number_index="", erased_at=at, changed_at=at
    )
    note(row, "erased", by=by, at=at)
    accounts.record(by=by, verb="hotline.contact_erased", thing=row, at=at, country=row.country_id or "")


@transaction.atomic
def forget_old_payloads(*, at: datetime) -> int:
    """Empty inbox payloads of thirty days ago, and destroy the country keys of months that are wholly past."""
    old = WebhookEvent.objects.filter(received_at__lt=at - PAYLOAD_DAYS, payload__isnull=False)
    count = old.update(payload=None)
    for owner in sorted(people.owners_with_keys(_past_months(at - PAYLOAD_DAYS)), key=str):
        accounts.destroy_key(owner=owner, by="worker", at=at)
        forget_month_keys()
    return count


def _past_months(until: datetime) -> set[uuid.UUID]:
    """Return the owners of the inbox keys of the months that ended before an instant, two years back."""
    scopes = set(WebhookEvent.objects.order_by().values_list("scope", flat=True).distinct())
    last = until.year * 12 + until.month - 1
    months = [f"{number // 12:04d}{number % 12 + 1:02d}" for number in range(last - MONTHS_BACK, last)]
    return {uuid.uuid5(INBOX, f"{scope}|{month}") for scope in scopes for month in months}
