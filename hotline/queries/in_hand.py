"""Who has a call or a sheet now: everybody else of the desk reads its sheet, and writes nothing on it."""

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from hotline.choices import OFFLINE, ContactKind, Presence
from hotline.choices.calling import CallBackState
from hotline.models import Contact, OperatorState
from hotline.queries.answering import keeper_of
from hotline.queries.duty import SEEN
from hotline.queries.serving import has_role
from hotline.queries.unfinished import SHEET_TIME
from hotline.rules import DESK

TALKED = (CallBackState.TALKING, CallBackState.REACHED, CallBackState.UNSURE, CallBackState.STRANGE)
HEARD = timedelta(hours=1)  # after a call back, to write down what was said in it


def holder_of(contact: Contact, user: User, at: datetime) -> User | None:
    """Return the colleague who has this call, or the sheet of a visit, letter or report, now; None where nobody but `user` has it.

    She has it while the caller is on the line, and then while she writes its sheet with her console open, for a day at
    most. From whom the call is hidden has none of it. Who called the person back writes what she was told. No query for
    who has the call herself, one or two for others.

    What no telephone brought is hers while it stands open in her console, and a few minutes more.
    """
    if contact.kind == ContactKind.MESSAGE or contact.claimed_by_id in (None, user.pk):
        return None
    holder = keeper_of(contact, at) if contact.kind in OFFLINE else _of_call(contact, user, at)
    return None if holder is None or contact.hides_from(holder) else holder


def _of_call(contact: Contact, user: User, at: datetime) -> User | None:
    if not contact.is_live and (not _writes(contact, at) or _called_back(contact, user, at)):
        return None
    return contact.claimed_by


def _writes(contact: Contact, at: datetime) -> bool:
    if contact.ended_at is not None and contact.ended_at <= at - SHEET_TIME:
        return False
    rows = OperatorState.objects.filter(has_role(*DESK), user_id=contact.claimed_by_id, contact_id=contact.pk)
    at_work = rows.filter(state__in=[Presence.ON_CALL, Presence.WRAP_UP], user__country=contact.country_id)
    return at_work.filter(seen_at__gt=at - SEEN).exists()


def _called_back(contact: Contact, user: User, at: datetime) -> bool:
    """Tell whether somebody talks, or talked within the last hour, with the person of this contact, whom she called back."""
    rows = contact.call_backs.filter(by=user, state__in=TALKED)
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at - HEARD)).exists()
