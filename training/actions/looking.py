"""That somebody has looked at what was refused of a learner, or counts with a time in doubt."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from training.choices import Verdict
from training.models import Learner, Look
from training.queries.doubts import holder_of, is_doubtful, is_left_to_others

LEFT = gettext_lazy(
    "The deadline of another group rests on it: whoever runs that group, or a manager, says whether its time is right."
)


class NothingToLookAt(LookupError):
    """Raised when of a sending nothing was refused and nothing is in doubt, or a word does not fit it."""


class LookedAtMeanwhile(Exception):
    """Raised when somebody else said something else of a sending since it was shown; nothing is written."""

    def __init__(self):
        super().__init__(_("Somebody noted something else meanwhile."))


class LeftToOthers(Exception):
    """Raised when a deadline of a group that somebody does not run rests on a sending; nothing is written."""

    def __init__(self):
        super().__init__(LEFT)


@transaction.atomic
def note_look(*, sender: Learner, received_at: dt.datetime, verdict: str, before: str, by, at: dt.datetime) -> Look:
    """Note that somebody has looked at a sending, and whether its time is right where that is in doubt.

    Nothing that was done is lost by it: a deadline alone asks for the time. `before` is the word that stood when it was
    shown, "" for none. The same word once more is taken as said. May raise `NothingToLookAt`, `LookedAtMeanwhile`, and
    `LeftToOthers`: a deadline is told and settled by who runs its group, and by managers.
    """
    refused, in_doubt = is_doubtful(sender, received_at)
    if not (in_doubt if verdict in {Verdict.RIGHT, Verdict.WRONG} else refused and not in_doubt):
        raise NothingToLookAt
    if in_doubt and is_left_to_others(by, sender, received_at):
        raise LeftToOthers
    Learner.objects.select_for_update(no_key=True).get(pk=sender.pk)
    row = Look.objects.filter(learner=sender, received_at=received_at).first()
    if row is not None and row.verdict == verdict:
        return row
    if (row.verdict if row else "") != before:
        raise LookedAtMeanwhile
    row = row or Look(learner=sender, received_at=received_at)
    row.verdict, row.by, row.at = verdict, by, at
    row.save()
    country, came = holder_of(sender).country_id or "", received_at.isoformat()
    thing = f"training.learner:{sender.public_id}"
    record(
        by=by, verb="training.doubt_looked_at", thing=thing, at=at, country=country, came=came, verdict=str(verdict)
    )
    return row
