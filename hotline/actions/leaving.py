"""Leaving a colleague's call: by whom is in its room, whatever may still be shown to her of it; never from a caller who would be alone."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hotline.actions.handing_over import NO_COMPANY, keep_hold
from hotline.actions.states import facts_of
from hotline.actions.talking import NotInRoom
from hotline.actions.thirds import PERSONS, hang_up
from hotline.choices import ThirdState
from hotline.models import ThirdCall
from hotline.queries.legs import locked_contact


class CallerAlone(Exception):
    """Raised when somebody would leave a caller alone in the room; stay until a colleague is there, or the caller has hung up."""


@transaction.atomic
def leave_colleague(*, by: User, at: datetime) -> None:
    """Leave the colleague's call in which somebody is: her telephone is hung up, and the call goes on.

    Which call it is her own part in it tells, not its address: it may have been hidden from her since she came.
    """
    mine = ThirdCall.objects.filter(person=by, role__in=PERSONS, state=ThirdState.JOINED)
    key = mine.order_by("-pk").values_list("contact_id", flat=True).first()
    contact = locked_contact(key) if key else None
    third = mine.select_related("leg").filter(contact=contact).first() if contact else None
    if third is None:
        raise NotInRoom
    third.contact = contact
    go_out(third, at=at)


def go_out(third: ThirdCall, *, at: datetime) -> None:
    """Let a third person out of the room in which she is; the contact is locked. What was being handed to her stays.

    Not from a caller whom she would leave alone, or with nobody but an interpreter.
    """
    others = [leg for leg in third.contact.legs.all() if leg.pk != third.leg_id and leg.role not in NO_COMPANY]
    if third.contact.ended_at is None and not any(one.is_in_room for one in facts_of(others)):
        raise CallerAlone
    keep_hold(third, at=at)
    hang_up(third, at)
