"""What stayed of a contact that is erased, as an earlier version could leave it: found every hour, and emptied."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.actions.emptying import empty, lock_cases
from hotline.actions.timeline import note
from hotline.choices import ErasingReason
from hotline.models import Contact
from hotline.queries.legs import lock_number
from hotline.queries.retention import left_behind

BATCH = 50


def empty_left_behind(*, at: datetime) -> int:
    """Erase again what is not as erasing leaves it, a court's hold apart; one that cannot be is logged and stops no other."""
    return accounts.first_due(
        "contact_not_erased", left_behind(), lambda contact: _empty_again(contact, at), most=BATCH
    )


@transaction.atomic
def _empty_again(contact: Contact, at: datetime) -> bool:
    """Write an erased contact into the ledger; where something sealed stayed, empty it and say so in the timeline."""
    lock_number(contact)
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    lock_cases([locked.case_id])
    row = left_behind().filter(pk=locked.pk).first()
    if row is None:
        return False
    accounts.destroy_key(owner=row.public_id, by="worker", at=at)
    if row.is_sealed:
        empty(row, at)
        reason = ErasingReason.LEFT
        note(row, "erased", by="worker", at=at, erasing=reason)
        accounts.record(
            by="worker", verb="hotline.contact_erased", thing=row, at=at, country=row.country_id or "", reason=reason
        )
    return True
