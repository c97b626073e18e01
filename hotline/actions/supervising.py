"""A supervisor in a call: asked for by its operator, or asking to come; heard by all, or by the operator alone.

Nobody listens in private: a supervisor's telephone rings only once the operator was shown who comes and how, and where the
operator did not ask for help, once she has said that the caller agrees. Each is on record with its reason.
"""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.leaving import go_out
from hotline.actions.operators import NobodyRings, NoTelephone, NotReady, operator_state
from hotline.actions.orders import order
from hotline.actions.own_rows import locked_for
from hotline.actions.persons import take_person
from hotline.actions.talking import NotInRoom, caller_leg, operator_leg
from hotline.actions.thirds import close_third, hang_up, in_talk, note_third, ring_next, standing
from hotline.actions.timeline import add_events, note
from hotline.choices import TALK_STATES, CommandKind, JoinMode, JoinReason, LegRole, ThirdState
from hotline.models import Contact, Leg, ThirdCall
from hotline.queries.heartbeat import is_silent
from hotline.queries.legs import locked_contact
from hotline.queries.telephones import account_of, reach_of

SHOWN_FOR = 3.0  # seconds that a change of who hears a supervisor stands on the operator's screen before it is so


class AnotherIsThere(Exception):
    """Raised when a supervisor would come into a call in which another one is, or is awaited."""


@transaction.atomic
def ask_help(*, contact: Contact, by: User, at: datetime) -> ThirdCall:
    """Call for a supervisor: all of the country see it, after thirty seconds without an answer the duty phone rings.

    The caller may answer a question by keys meanwhile: then help is needed most.
    """
    if is_silent(at):
        raise NobodyRings
    contact = in_talk(contact, by, is_heard=False, may_be_asked=True)
    if (third := standing(contact, LegRole.SUPERVISOR)) is not None:
        return third
    third = ThirdCall.objects.create(
        contact=contact, role=LegRole.SUPERVISOR, state=ThirdState.ASKED, mode=JoinMode.COACH, reason=JoinReason.HELP,
        is_help=True, asked_by=by, asked_at=at,
    )  # fmt: skip
    note(contact, "help_asked", by=by, at=at)
    accounts.record(by=by, verb="hotline.help_asked", thing=contact, at=at, country=contact.country_id or "")
    return third


@transaction.atomic
def offer_join(*, contact: Contact, mode: str, reason: str, by: User, at: datetime) -> ThirdCall:
    """Ask to come into a call, or answer its operator's call for help; nothing rings before the operator was shown it."""
    if is_silent(at):
        raise NobodyRings
    contact = locked_for(contact, by)
    if contact.state not in TALK_STATES or contact.ended_at is not None or contact.end_asked_at is not None:
        raise NotInRoom
    if contact.claimed_by_id == by.pk:
        raise NotReady
    if not reach_of(operator_state(by, at=at), account_of(contact)):
        raise NoTelephone
    third = standing(contact, LegRole.SUPERVISOR)
    if third is not None and (third.person_id or not third.is_help or third.state == ThirdState.JOINED):
        if third.person_id == by.pk:
            return third
        raise AnotherIsThere
    if third is None:
        third = ThirdCall.objects.create(
            contact=contact, role=LegRole.SUPERVISOR, state=ThirdState.ASKED, mode=JoinMode(mode),
            reason=JoinReason(reason), asked_by=by, asked_at=at,
        )  # fmt: skip
    else:
        third.contact = contact
        hang_up(third, at)
        note_third(third, at, state=ThirdState.ASKED, mode=JoinMode(mode), asked_at=at, leg=None, tries=0)
    take_person(third, by, at=at)
    note_third(third, at)
    add_events(contact, [("join_asked", _said(third))], by=accounts.actor_id(by), at=at)
    accounts.record(
        by=by, verb="hotline.join_asked", thing=contact, at=at, country=contact.country_id or "", **_said(third)
    )
    return third


def _said(third: ThirdCall) -> dict[str, str]:
    return {"mode": third.mode, "why": third.reason}


@transaction.atomic
def note_shown(*, contact: Contact, by: User, at: datetime) -> None:
    """Ring a supervisor who answered a call for help, now that the operator who asked has it on her screen."""
    contact = locked_contact(contact.pk)  # whoever asked for help, it is on its way
    third = standing(contact, LegRole.SUPERVISOR)
    if third is not None and third.is_help and third.state == ThirdState.ASKED and third.person_id:
        _ring(third, contact, at)


def _ring(third: ThirdCall, contact: Contact, at: datetime) -> None:
    third.contact = contact
    note_third(third, at, asked_at=at, tries=0)
    ring_next(third, at=at)


@transaction.atomic
def let_in(*, contact: Contact, by: User, at: datetime) -> None:
    """Say as the operator that the caller agrees: the supervisor who asked to come is rung."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    caller_leg(contact)
    third = standing(contact, LegRole.SUPERVISOR)
    if third is None or third.state != ThirdState.ASKED or not third.person_id:
        return
    note(contact, "join_agreed", by=by, at=at)
    _ring(third, contact, at)


@transaction.atomic
def keep_out(*, contact: Contact, by: User, at: datetime) -> None:
    """Say as the operator that the supervisor cannot come in now; who asked sees it."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    third = standing(contact, LegRole.SUPERVISOR)
    if third is not None and third.state == ThirdState.ASKED and third.person_id:
        third.contact = contact
        close_third(third, ThirdState.STOPPED, "join_refused", at)


def _mine(contact: Contact, by: User) -> ThirdCall:
    """Return by which a supervisor is asked, rung or in this call; its contact is locked."""
    third = standing(contact, LegRole.SUPERVISOR)
    if third is None or third.person_id != by.pk:
        raise NotInRoom
    third.contact = contact
    return third


@transaction.atomic
def leave_supervised(*, contact: Contact, by: User, at: datetime) -> None:
    """Take back that a supervisor would come into a call, or leave it; the call goes on."""
    third = _mine(locked_for(contact, by), by)
    if third.state == ThirdState.JOINED:
        go_out(third, at=at)
    else:
        close_third(third, ThirdState.STOPPED, "third_stopped", at)


@transaction.atomic
def set_join_mode(*, contact: Contact, mode: str, by: User, at: datetime) -> None:
    """Be heard by all, or by the operator alone: her screen says so first, a moment later it is so."""
    third = _mine(locked_for(contact, by), by)
    if third.state != ThirdState.JOINED or third.mode == mode:
        return
    operators = Leg.objects.filter(contact=contact, role=LegRole.OPERATOR, joined_at__isnull=False, left_at=None)
    operator = operators.exclude(status__in=callstate.CALL_FINAL).order_by("-pk").first()
    if operator is None:
        raise NotInRoom
    note_third(third, at, mode=JoinMode(mode))
    coached = (operator.call_sid or "") if mode == JoinMode.COACH else ""
    key = f"coach:{third.leg_id}:{at:%Y%m%d%H%M%S%f}"
    order(CommandKind.COACH, leg=third.leg, key=key, at=at, delay=SHOWN_FOR, coached=coached)
    add_events(third.contact, [("join_mode", {"mode": mode})], by=accounts.actor_id(by), at=at)
    country = third.contact.country_id or ""
    accounts.record(by=by, verb="hotline.join_mode", thing=third.contact, at=at, country=country, mode=mode)
