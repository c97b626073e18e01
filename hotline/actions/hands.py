"""Whose call it was that is over, where it was handed to a colleague by no key: the operator was lost, or the caller hung up.

What is told while a call goes on decides at once who has it (hotline.actions.taking_over). Reports come shuffled; so once
a call is over it is looked at again at each report, by the times that the room gives, until the sheet is done.
"""

from datetime import datetime

from django.db.models import Q

from accounts import actions as accounts
from hotline.actions.persons import free_person
from hotline.actions.states import give_sheet, let_go
from hotline.actions.timeline import add_events
from hotline.callstate import Stay, is_handed
from hotline.choices import LegRole, ThirdState
from hotline.models import Command, Contact, Leg, OperatorState, ThirdCall


def settle_hands(contact: Contact, *, at: datetime) -> None:
    """Let the sheet of a call that is over be hers who had the call when the caller left it; its contact is locked."""
    if contact.ended_at is None or contact.state != "wrap_up":
        return
    third = _handed_third(contact)
    operator = _who_handed(third) if third else None
    if operator is None:
        return
    is_hers = third.leg.role == LegRole.OPERATOR
    was_hers = _was_hers(contact, third, operator)
    if was_hers == is_hers or (was_hers and third.person is not None and contact.hides_from(third.person)):
        return
    _change(contact, third, operator, is_hers=was_hers, at=at)


def _handed_third(contact: Contact) -> ThirdCall | None:
    rows = contact.thirds.select_related("leg", "person").filter(role=LegRole.COLLEAGUE, hand_asked_at__isnull=False)
    return rows.exclude(leg=None).order_by("-hand_asked_at").first()


def _who_handed(third: ThirdCall) -> Leg | None:
    """Return the telephone from which the call was handed; None where a key handed or ended it, which no report takes back."""
    rows = Leg.objects.filter(contact_id=third.contact_id, user_id=third.asked_by_id, role=LegRole.OPERATOR)
    leg = rows.filter(pk__lt=third.leg_id).order_by("-pk").first()
    by_key = Q(key__startswith=f"leave:{leg.pk}") | Q(key__startswith=f"end:{leg.pk}") if leg else Q()
    return None if leg is None or Command.objects.filter(by_key, leg=leg).exists() else leg


def _was_hers(contact: Contact, third: ThirdCall, operator: Leg) -> bool:
    caller = contact.legs.get(role=LegRole.CALLER)
    return third.hand_confirmed_at is not None and is_handed(
        Stay(operator.joined_at, operator.left_at or operator.ended_at),
        Stay(third.leg.joined_at, third.leg.left_at or third.leg.ended_at),
        caller.away_at or caller.ended_at,
    )


def _change(contact: Contact, third: ThirdCall, operator: Leg, *, is_hers: bool, at: datetime) -> None:
    """Let the call have been the colleague's, or not; the sheet goes over unless somebody else has it by now."""
    role = LegRole.OPERATOR if is_hers else LegRole.COLLEAGUE
    Leg.objects.filter(pk=third.leg_id).update(role=role)
    ThirdCall.objects.filter(pk=third.pk).update(state=ThirdState.OVER, ended_at=third.ended_at or at)
    free_person(third, at)
    if contact.claimed_by_id not in (None, operator.user_id, third.person_id):
        return
    loser = operator.user_id if is_hers else third.person_id
    let_go(OperatorState.objects.filter(user_id=loser, contact=contact), at)
    contact.claimed_by = None
    changes: dict[str, object] = {"claimed_by_id": None, "changed_at": at}
    give_sheet(contact, list(contact.legs.all()), changes, at)
    for name, value in changes.items():
        setattr(contact, name, value)
    Contact.objects.filter(pk=contact.pk).update(**changes)
    _tell(contact, third, is_hers=is_hers, at=at)


def _tell(contact: Contact, third: ThirdCall, *, is_hers: bool, at: datetime) -> None:
    """Write down whose the call was after all; what was written of it before stays, as everything that was done does."""
    if not is_hers:
        add_events(contact, [("colleague_refused", {})], by="line", at=at)
        return
    by = third.person or "line"
    add_events(contact, [("taken_over", {})], by=accounts.actor_id(by), at=at)
    accounts.record(by=by, verb="hotline.taken_over", thing=contact, at=at, country=contact.country_id or "")
