"""Progress without an account is erased: by her who holds its code, or once nobody has used that for a year.

Nothing that she did stays: the events go too, which a trigger allows of a learner who is being erased and of nobody else.
Her id stands in the ledger of erasures, so that a backup that is put back brings nothing back for good, and in the session
of another browser until that asks for a page or is over (docs/algorithms/erasing.md).
"""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.actions import destroy_key, one_by_one, record
from training.models import Attempt, Enrolment, Event, Learner, Progress, RefusedEvent
from training.queries.holders import holders, unused

AT_ONCE = 200


@transaction.atomic
def erase_progress(*, learner: Learner, by, at: datetime, reason: str = "asked") -> bool:
    """Erase everything that is kept of somebody who has no account; tell whether there was anything left to erase.

    What an account has taken over is that account's, and stays. The learner is held, then her enrolments, as at a claim;
    a sending that holds an enrolment may still write events that point to her, and the erasing waits for it.
    """
    held = holders().select_for_update(no_key=True).filter(pk=learner.pk).first()
    if held is None:
        return False
    list(Enrolment.objects.select_for_update().filter(learner=held).order_by("pk").values_list("pk"))
    Learner.objects.filter(pk=held.pk).update(erased_at=at)
    RefusedEvent.objects.filter(learner=held).delete()
    Progress.objects.filter(enrolment__learner=held).delete()
    Attempt.objects.filter(enrolment__learner=held).delete()
    Event.objects.filter(learner=held).delete()
    Enrolment.objects.filter(learner=held).delete()
    Learner.objects.filter(pk=held.pk).delete()
    destroy_key(owner=held.public_id, by=by, at=at)
    record(by=by, verb="training.progress_erased", thing=held, at=at, reason=reason)
    return True


def erase_learner_again(*, owner: uuid.UUID, by, at: datetime) -> bool:
    """Erase somebody whom a backup brought back; tell whether it had."""
    learner = holders().filter(public_id=owner).first()
    return learner is not None and erase_progress(learner=learner, by=by, at=at, reason="replayed")


def forget_unused(*, at: datetime) -> int:
    """Erase those of whom nothing was heard for so long, a batch at a time; return how many."""
    due = unused(at)[:AT_ONCE]
    return one_by_one(
        "learner_not_forgotten", due, lambda one: erase_progress(learner=one, by="worker", at=at, reason="unused")
    )
