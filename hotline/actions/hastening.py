"""A need that becomes known of somebody who was missed already: her follow-up is due within the hour."""

from datetime import datetime

from hotline import callstate
from hotline.models import Contact


def hasten(contact: Contact, *, since: datetime) -> None:
    """Bring the follow-up of a missed contact forward to an hour after an instant; an earlier one stays."""
    due = callstate.follow_up_by(since, is_pressing=True)
    Contact.objects.filter(pk=contact.pk, is_missed=True, due_at__gt=due).update(due_at=due)
