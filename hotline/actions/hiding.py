"""What ends when a contact is hidden from somebody who is on her way into it: a claim, a third person's ringing, a call back.

Who talks with the person stays until she leaves, so that nobody is left alone on the line: she sees nothing more of it, and
does not come back. Who only listens and coaches is taken out.
"""

from datetime import datetime

from hotline.actions.answering import release_answers
from hotline.actions.call_back import close, is_hidden
from hotline.actions.claims import give_back
from hotline.actions.handing_over import keep_hold
from hotline.actions.orders import order
from hotline.actions.states import free_named
from hotline.actions.thirds import close_third, hang_up, help_is_open, ring_next
from hotline.choices import TALK_STATES, THIRD_OPEN, CommandKind, JoinMode, LegRole, ThirdState
from hotline.choices.calling import CallBackState
from hotline.models import Contact, ThirdCall
from hotline.queries.answering import HELD_OPEN
from hotline.queries.shields import agencies_named


def end_for_named(contact: Contact, *, at: datetime) -> None:
    """End what a contact that was just hidden has under way for those whom it names; the contact is locked and saved."""
    if contact.claimed_by is not None and contact.hides_from(contact.claimed_by):
        if contact.kind in HELD_OPEN:
            release_answers(Contact.objects.filter(pk=contact.pk), at)
        elif contact.state == "offered":
            give_back(contact, at=at)
        elif contact.state in TALK_STATES:
            _let_them_hear(contact, at)
        elif contact.state == "wrap_up":
            free_named(contact, list(contact.legs.all()), at=at)
    for third in contact.thirds.select_related("leg__user", "person", "agency").filter(state__in=THIRD_OPEN):
        third.contact = contact
        if _is_named(third):
            _end_third(third, at)
    rings = contact.call_backs.filter(ended_at=None, state__in=(CallBackState.OPERATOR, CallBackState.PERSON))
    for row in rings.select_related("by"):
        row.contact = contact
        if is_hidden(row):
            close(row, CallBackState.CANCELLED, at)


def _let_them_hear(contact: Contact, at: datetime) -> None:
    """Take a caller back from hold, and open the microphone of her operator, who can do neither herself any more."""
    for leg in contact.legs.filter(role=LegRole.CALLER, is_held=True):
        order(CommandKind.UNHOLD, leg=leg, key=f"unhold:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)
    for leg in contact.legs.filter(user=contact.claimed_by, is_muted=True, left_at=None):
        order(CommandKind.UNMUTE, leg=leg, key=f"unmute:{leg.pk}:{at:%Y%m%d%H%M%S%f}", at=at)


def _is_named(third: ThirdCall) -> bool:
    if third.role == LegRole.AGENCY:
        return third.agency is not None and third.agency.organisation_id in agencies_named(third.contact.shields.all())
    person = third.person or (third.leg.user if third.leg else None)
    return person is not None and third.contact.hides_from(person)


def _end_third(third: ThirdCall, at: datetime) -> None:
    """Stop asking who is named. A call for help stays open for the others, and the next interpreter is rung."""
    if third.state == ThirdState.JOINED:
        if third.role == LegRole.SUPERVISOR and third.mode == JoinMode.COACH:
            hang_up(third, at)
        keep_hold(third, at=at)
    elif third.role == LegRole.INTERPRETER:
        hang_up(third, at)
        ring_next(third, at=at)
    elif third.is_help:
        help_is_open(third, at=at)
    else:
        close_third(third, ThirdState.STOPPED, "third_stopped", at)
