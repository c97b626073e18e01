"""Third persons in a call: asked, rung one after the other, in the room or not. The contact is locked by whoever asks.

A telephone rings for twenty seconds, all together for a minute; who picked up hears the words to their end. What a leg
reports is applied by `follow`, in any order; what no report brings about (nothing is heard of it): `settle_third`.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline import callstate
from hotline.actions.handing_over import begin, take_again
from hotline.actions.operators import NobodyRings
from hotline.actions.orders import order
from hotline.actions.own_rows import locked_for
from hotline.actions.persons import free_person
from hotline.actions.states import close_room_now, facts_of
from hotline.actions.taking_over import coach_anew
from hotline.actions.talking import CallerComing, NotInRoom, caller_leg, operator_leg
from hotline.actions.timeline import add_events
from hotline.choices import THIRD_LABELS, THIRD_OPEN, THIRD_RINGS, CommandKind, LegRole, ThirdState
from hotline.models import Command, Contact, Leg, OperatorState, ThirdCall
from hotline.queries.heartbeat import is_silent
from hotline.queries.interpreters import interpreters_to_ring
from hotline.queries.legs import locked_contact
from hotline.queries.shields import services_to_bring
from hotline.queries.telephones import Reach, reach_into_call
from referral.models import AgencyContact

ALL = timedelta(seconds=60)  # that telephones ring for one asking
ONE = timedelta(seconds=22)  # that one rings, and the network says so
HEARD = timedelta(seconds=5)  # after the end of a telephone, for a key that its end overtook
COMES = timedelta(seconds=10)  # from key 1 until the network says that it is in the room, once it has hung up
ON_HER_WAY = timedelta(seconds=20)  # from a key in the last second: the words that are heard first, then the same
ANSWERED = timedelta(seconds=30)  # in which somebody who supervises answers a call for help: then the duty phone
PERSONS = frozenset({LegRole.SUPERVISOR, LegRole.COLLEAGUE})  # who are one person, chosen before anything rings
PICKED_UP = "in-progress"
NOT_REACHED = frozenset({"busy", "no-answer", "failed", "canceled"})


class NobodyToRing(Exception):
    """Raised when nobody may be rung: no interpreter for this caller, no enrolled number; ask a colleague or a supervisor."""


@transaction.atomic
def ask_interpreter(*, contact: Contact, by: User, at: datetime) -> ThirdCall:
    """Ask an interpreter of the caller's language into a call: those on duty are rung one after the other.

    Asked for again while one is rung or there, nothing new is asked.
    """
    if is_silent(at):
        raise NobodyRings
    contact = in_talk(contact, by, is_heard=False)
    if (third := standing(contact, LegRole.INTERPRETER)) is not None:
        return third
    if all(one == by for one in interpreters_to_ring(contact, at)):
        raise NobodyToRing
    return _ask(contact, LegRole.INTERPRETER, by, at)


@transaction.atomic
def ask_agency(*, contact: Contact, agency: AgencyContact, is_cold: bool, by: User, at: datetime) -> ThirdCall:
    """Ask a service into a call, at its enrolled number alone; the caller has said yes to it, which the operator ticked.

    `is_cold`: the operator leaves as soon as the service is in the room and the network lets the room go on.
    """
    if is_silent(at):
        raise NobodyRings
    contact = in_talk(contact, by)
    if (third := standing(contact, LegRole.AGENCY)) is not None:
        return third
    if agency not in services_to_bring(contact, at):
        raise NobodyToRing
    add_events(contact, [("third_agreed", {})], by=accounts.actor_id(by), at=at)
    return _ask(contact, LegRole.AGENCY, by, at, agency=agency, is_cold=is_cold)


def in_talk(contact: Contact, by: User, *, is_heard: bool = True, may_be_asked: bool = False) -> Contact:
    """Return a contact, locked, whose caller this operator talks with.

    Unless `is_heard`, the caller may still be on her way into the room: she hears the words before it, and whoever could
    speak her language is asked meanwhile. With `may_be_asked` she may be out of it, answering a question by keys.
    """
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    try:
        caller_leg(contact)
    except CallerComing:
        if is_heard:
            raise
    except NotInRoom:
        if not may_be_asked or contact.step != "asked" or contact.ended_at is not None:
            raise
    if contact.end_asked_at is not None:
        raise NotInRoom
    return contact


def standing(contact: Contact, role: str) -> ThirdCall | None:
    """Return who of a role is asked, rung or in the room."""
    return contact.thirds.select_related("leg").filter(role=role, state__in=THIRD_OPEN).first()


def _ask(contact: Contact, role: str, by: User, at: datetime, **values: object) -> ThirdCall:
    third = ThirdCall.objects.create(contact=contact, role=role, asked_by=by, asked_at=at, **values)
    add_events(contact, [("third_asked", {"role": third.role})], by=accounts.actor_id(by), at=at)
    accounts.record(
        by=by, verb="hotline.third_asked", thing=contact, at=at, country=contact.country_id or "", role=role
    )
    ring_next(third, at=at)
    return third


def ring_next(third: ThirdCall, *, at: datetime) -> None:
    """Ring the next telephone of those who may come and were not rung yet; without one, or after a minute, nobody came."""
    contact = third.contact
    is_found, person = _next(third, at)
    if not is_found or at >= third.asked_at + ALL:
        close_third(third, ThirdState.NOBODY, "third_nobody", at)
        return
    leg = _new_leg(third, person, at)
    note_third(third, at, state=ThirdState.RINGING, leg=leg, tries=third.tries + 1)
    if not _joins_by_browser(third, leg):
        order(CommandKind.DIAL_THIRD, leg=leg, key=f"third:{leg.pk}", at=at)
    add_events(contact, [("third_rung", {"label": leg.label})], by="line", at=at)


def _new_leg(third: ThirdCall, person: User | None, at: datetime) -> Leg:
    contact, kind = third.contact, THIRD_LABELS[third.role]
    # By the label: the leg of a colleague who has the call is its operator's.
    count = contact.legs.filter(label__startswith=f"{kind}-").count() + 1
    return Leg.objects.create(
        contact=contact, role=third.role, user=person, account=contact.legs.get(role=LegRole.CALLER).account,
        label=f"{kind}-{count}", made_at=at,
    )  # fmt: skip


def leg_anew(third: ThirdCall, *, at: datetime) -> Leg:
    """Make a new leg in place of one whose browser did not get into the room; what is left of the old call is hung up."""
    hang_up(third, at)
    leg = _new_leg(third, third.person, at)
    note_third(third, at, leg=leg)
    return leg


def _joins_by_browser(third: ThirdCall, leg: Leg) -> bool:
    """Tell whether the browser of who is asked calls out to the room by itself: then nothing is dialled."""
    if leg.user_id is None or third.role not in PERSONS:
        return False
    state = OperatorState.objects.filter(user=leg.user_id).first()
    return reach_into_call(state, leg.account, third.before) == Reach.BROWSER


def _next(third: ThirdCall, at: datetime) -> tuple[bool, User | None]:
    """Return whether a telephone is left to ring, and whose; the duty phone and a service are nobody's."""
    if third.role == LegRole.INTERPRETER:
        tried = {third.asked_by_id, *_rung(third).values_list("user_id", flat=True)}
        person = next((one for one in interpreters_to_ring(third.contact, at) if one.pk not in tried), None)
        return person is not None, person
    if third.is_help and third.leg is not None and third.leg.user_id is not None:
        return True, to_duty_phone(third, at)
    if third.person is not None and third.contact.hides_from(third.person):
        return (True, to_duty_phone(third, at)) if third.is_help else (False, None)
    return not third.tries, third.person


def to_duty_phone(third: ThirdCall, at: datetime) -> None:
    """Let the duty phone be rung in the place of a supervisor who did not answer or did not come; the minute begins anew."""
    free_person(third, at)
    note_third(third, at, person=None, asked_at=at, tries=0)
    add_events(third.contact, [("help_duty", {})], by="line", at=at)


def help_is_open(third: ThirdCall, *, at: datetime) -> None:
    """Let a call for help be as before somebody answered it: nobody comes yet, and its thirty seconds go on."""
    hang_up(third, at)
    free_person(third, at)
    note_third(third, at, state=ThirdState.ASKED, person=None, before="", leg=None, tries=0)


def _rung(third: ThirdCall):
    return Leg.objects.filter(contact_id=third.contact_id, role=third.role, made_at__gte=third.asked_at)


def accept(third: ThirdCall, *, at: datetime) -> None:
    """Note that key 1 was pressed: the telephone is on its way into the room, and no other rings."""
    note_third(third, at, state=ThirdState.ACCEPTED)


def note_third(third: ThirdCall, at: datetime, **values: object) -> None:
    for name, value in values.items():
        setattr(third, name, value)
    ThirdCall.objects.filter(pk=third.pk).update(**values)
    Contact.objects.filter(pk=third.contact_id).update(changed_at=at)


def close_third(third: ThirdCall, state: str, event: str, at: datetime) -> None:
    """End an asking to which nobody came; what still rings is hung up."""
    hang_up(third, at)
    free_person(third, at)
    note_third(third, at, state=state, ended_at=at)
    add_events(third.contact, [(event, {"role": third.role})], by="line", at=at)


def hang_up(third: ThirdCall, at: datetime) -> None:
    leg = third.leg
    if leg is not None and leg.status not in callstate.CALL_FINAL:
        order(CommandKind.HANG_UP, leg=leg, key=f"hang_up:{leg.pk}", at=at)


@transaction.atomic
def release_third(*, contact: Contact, role: str, by: User, at: datetime) -> None:
    """Ring no third person any more, or let the one in the room leave it; the room goes on."""
    contact = locked_for(contact, by)
    operator_leg(contact, by)
    if (third := standing(contact, role)) is None:
        return
    third.contact = contact
    if third.state == ThirdState.JOINED:
        hang_up(third, at)
    else:
        close_third(third, ThirdState.STOPPED, "third_stopped", at)


def follow(leg: Leg, *, at: datetime) -> None:
    """Apply what a third person's telephone reported; its contact is locked."""
    third = ThirdCall.objects.select_related("contact").filter(leg_id=leg.pk).first()
    if third is None:
        return
    third.leg = leg = Leg.objects.get(pk=leg.pk)
    state = callstate.third_state(third.state, facts_of([leg])[0])
    if state != third.state:
        note_third(third, at, state=ThirdState(state), **({"ended_at": at} if state == ThirdState.OVER else {}))
        if state == ThirdState.OVER:
            free_person(third, at)
        _tell(third, at)
    elif third.state == ThirdState.RINGING and leg.status in NOT_REACHED:
        ring_next(third, at=at)


def _tell(third: ThirdCall, at: datetime) -> None:
    """Say in the room who joined; close the room where nobody is left in it but the operator."""
    contact, leg = third.contact, third.leg
    if third.state == ThirdState.JOINED:
        order(CommandKind.ANNOUNCE, leg=leg, key=f"announce:{leg.pk}", at=at)
        coach_anew(third, at=at)
        if third.is_cold and contact.ended_at is None:
            _begin_cold(third, at)
        return
    if contact.ended_at is None:
        take_again(third, at=at)
    if contact.ended_at is not None and not callstate.is_anybody_left(facts_of(list(contact.legs.all()))):
        close_room_now(contact, at)


def _begin_cold(third: ThirdCall, at: datetime) -> None:
    legs = third.contact.legs.filter(role=LegRole.OPERATOR, joined_at__isnull=False, left_at__isnull=True)
    if (leg := legs.order_by("-pk").first()) is not None:
        begin(third, leg, at=at)


@transaction.atomic
def settle_third(*, key: int, at: datetime) -> bool:
    """Go on with a third person of whom no report came: ring the next telephone, or say that nobody came."""
    contact = locked_contact(ThirdCall.objects.values_list("contact_id", flat=True).get(pk=key))
    third = ThirdCall.objects.select_related("leg").get(pk=key)
    third.contact = contact
    if third.state == ThirdState.ASKED:
        return _settle_asked(third, at)
    if third.state not in THIRD_RINGS or not _is_late(third, at):
        return False
    hang_up(third, at)
    ring_next(third, at=at)
    return True


def _settle_asked(third: ThirdCall, at: datetime) -> bool:
    """Ring the duty phone when nobody answered a call for help; any other asking that nobody answers is over in a minute."""
    if third.is_help and at >= third.asked_at + ANSWERED:
        to_duty_phone(third, at)
        ring_next(third, at=at)
    elif at >= third.asked_at + ALL:
        close_third(third, ThirdState.NOBODY, "third_nobody", at)
    else:
        return False
    return True


def _is_late(third: ThirdCall, at: datetime) -> bool:
    """Tell whether the telephone that was rung last will not come: too long, hung up, or never rung at all."""
    leg = third.leg
    if leg is None or leg.joined_at is not None:
        return leg is None
    waits = COMES if third.state == ThirdState.ACCEPTED else HEARD
    if leg.ended_at is not None:
        return at >= leg.ended_at + waits
    if third.state == ThirdState.ACCEPTED:
        return at >= third.asked_at + ALL + ON_HER_WAY
    is_refused = Command.objects.filter(leg=leg, kind=CommandKind.DIAL_THIRD, failed_at__isnull=False).exists()
    return is_refused or at >= min(leg.made_at + (ALL if leg.status == PICKED_UP else ONE), third.asked_at + ALL)
