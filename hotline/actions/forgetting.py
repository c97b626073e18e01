"""What is left of a call once it is erased here and at the provider: marks by which a late report is recognised."""

from hotline.callers import call_mark, is_mark
from hotline.models import Contact, WebhookEvent


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
