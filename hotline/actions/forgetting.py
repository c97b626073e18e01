"""What is left of a call once it is erased here and at the provider: marks by which a late report is recognised."""

import re

from django.db.models import QuerySet

from hotline.actions.inbox import WORD_SIGNS, WORDED
from hotline.callers import call_mark, is_mark
from hotline.models import Contact, WebhookEvent

DIGEST = re.compile(f"{WORDED}[0-9a-f]{{{WORD_SIGNS}}}")


def forget_sids(contact: Contact) -> None:
    """Put marks in the place of the SIDs of those calls of an erased contact that the provider has deleted."""
    for leg in contact.legs.filter(log_deleted_at__isnull=False, call_sid__isnull=False):
        if is_mark(leg.call_sid):
            continue
        sid, leg.call_sid = leg.call_sid, call_mark(leg.call_sid)
        leg.save(update_fields=["call_sid"])
        for event in WebhookEvent.objects.filter(contact=contact, key__contains=sid):
            key = event.key.replace(sid, leg.call_sid)
            is_taken = WebhookEvent.objects.filter(key=key).exists()
            WebhookEvent.objects.filter(pk=event.pk).update(key=f"{key[:160]}~{event.pk}" if is_taken else key)


def forget_words(rows: QuerySet[WebhookEvent]) -> None:
    """Take the digest of its words out of the key of each request that has one; its row's number stands there instead."""
    for pk, key in rows.filter(key__contains=WORDED).values_list("pk", "key"):
        if (bare := DIGEST.sub(f"{WORDED}~{pk}", key)) != key:
            WebhookEvent.objects.filter(pk=pk).update(key=bare)
