"""The second try of a browser that did not get into its room: one of a call that she took, one of a colleague's, one of a
call back.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from hotline import callstate
from hotline.actions.inbox import Hook
from hotline.models import Leg

STEP = "softphone"
ON_ITS_WAY = timedelta(seconds=3)  # a call that was answered is in the room by then


def is_second_try(hook: Hook, leg: Leg, legs: QuerySet[Leg]) -> bool:
    """Tell whether a browser calls again because its first call ended before the room, or never got there.

    `leg` is the one that its first call has; `legs` are those that this person had for this one asking.
    """
    first = leg.inbox.filter(step=STEP).values_list("received_at", flat=True).first()
    if first is None or leg.call_sid in (None, hook.call_sid):
        return False
    return is_lost(leg.status, first, hook.at) and legs.filter(call_sid__isnull=False).count() == 1


def is_lost(status: str, asked_at: datetime, at: datetime) -> bool:
    """Tell whether a browser's call that is in no room will not get there: it ended, or asked for the room too long ago."""
    return status in callstate.CALL_FINAL or at - asked_at >= ON_ITS_WAY
