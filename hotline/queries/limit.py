"""Whom nobody comes to any more: a caller who waits by herself, and for how long this wait has gone on."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from hotline.choices import TALK_STATES, CommandKind
from hotline.models import Command, Contact
from hotline.queries.duty import OnDuty
from hotline.queries.lines import LineFacts


def is_offered(contact: Contact, at: datetime) -> bool:
    """Tell whether an operator took the call and her telephone may still join it."""
    return contact.claimed_until is not None and contact.claimed_until >= at


def waits_alone(contact: Contact, at: datetime) -> bool:
    """Tell whether a caller waits in the queue, no operator is with her, and no telephone of one is on its way.

    How often she was offered before does not count.
    """
    return contact.step == "waiting" and contact.state not in TALK_STATES and not is_offered(contact, at)


def is_over_limit(contact: Contact, line: LineFacts | None, at: datetime) -> bool:
    """Tell whether this wait is as long as the line lets a caller wait; whoever was cut off has begun a new one."""
    since = contact.waits_since or contact.queued_at
    return line is not None and since is not None and at - since >= timedelta(minutes=line.wait_minutes)


def orders_out(contact: Contact, *reasons: str) -> QuerySet[Command]:
    """Return the orders that lead a caller out of the room for these reasons in her present turn, the newest first."""
    keys = [f"{why}:{contact.pk}:{contact.turn}" for why in reasons]
    anew = [Q(key__startswith=f"{key}:") for key in keys]
    orders = Command.objects.filter(contact=contact, kind=CommandKind.REDIRECT)
    return orders.filter(reduce(or_, anew, Q(key__in=keys))).order_by("-pk")


def is_left_in_danger(contact: Contact, line: LineFacts | None, at: datetime) -> bool:
    """Tell whether somebody in danger waits for nobody: who could answer her has gone. One query, for her alone.

    Before she waited she would have been sent to the duty phone at once.
    """
    if line is None or not contact.is_danger:
        return False
    return OnDuty(line, at, contact).targets(contact.language or line.first_language).kind == "nobody"
