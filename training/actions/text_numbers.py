"""The mobile number for reminders: given by the learner herself, sealed, erased when she takes it away."""

import datetime as dt

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from training.models import TextNumber


@transaction.atomic
def keep_text_number(*, user: User, number: str, at: dt.datetime) -> TextNumber:
    """Keep a learner's number (E.164), sealed under a key of its own; an earlier one is erased."""
    _erase(user, at)
    row = TextNumber(user=user, given_at=at)
    accounts.seal(row, "number", number)
    row.save()
    accounts.record(by=user, verb="training.text_number_kept", thing=user, at=at, country=user.country_id or "")
    return row


@transaction.atomic
def remove_text_number(*, user: User, at: dt.datetime) -> bool:
    """Erase a learner's number and the key that sealed it; tell whether there was one."""
    if not _erase(user, at):
        return False
    accounts.record(by=user, verb="training.text_number_removed", thing=user, at=at, country=user.country_id or "")
    return True


def _erase(user: User, at: dt.datetime) -> bool:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row = TextNumber.objects.filter(user=user).first()
    if row is None:
        return False
    accounts.destroy_key(owner=row.seal_owner, by=user, at=at)
    row.delete()
    return True
