"""The moment in which a call becomes a colleague's: its claim, its sheet, and who ends its room."""

from datetime import datetime

from accounts import actions as accounts
from hotline import callstate
from hotline.actions.orders import order
from hotline.actions.timeline import add_events
from hotline.choices import CommandKind, JoinMode, LegRole, Presence, ThirdState
from hotline.models import Contact, Leg, OperatorState, ThirdCall
from hotline.queries.exposure import owes_break
from hotline.queries.thirds import coached_call


def is_in_room(leg: Leg | None) -> bool:
    """Tell whether a telephone is in the room."""
    return leg is not None and bool(leg.joined_at) and not leg.left_at and leg.status not in callstate.CALL_FINAL


def promote(third: ThirdCall, contact: Contact, *, at: datetime) -> None:
    """Give a call to the colleague in the room: she is its operator from now on, and its sheet is hers."""
    before = contact.claimed_by_id
    Leg.objects.filter(pk=third.leg_id).update(role=LegRole.OPERATOR)
    changes = {"claimed_by_id": third.person_id, "claimed_until": None, "end_asked_at": None, "changed_at": at}
    for name, value in changes.items():
        setattr(contact, name, value)
    Contact.objects.filter(pk=contact.pk).update(**changes)
    ThirdCall.objects.filter(pk=third.pk).update(state=ThirdState.OVER, ended_at=at)
    for mine in OperatorState.objects.filter(user_id=before, contact=contact).select_related("user"):
        after = Presence.DEBRIEF if owes_break(mine.user, at) else Presence.READY
        OperatorState.objects.filter(pk=mine.pk).update(state=after, contact=None, since=at)
    hers = OperatorState.objects.filter(user_id=third.person_id)
    hers.update(state=Presence.ON_CALL, contact=contact, since=at)
    others = ThirdCall.objects.filter(contact=contact, state=ThirdState.JOINED).exclude(pk=third.pk)
    others.update(hand_confirmed_at=None)  # the room ends with her telephone now
    key = f"room_end:{third.leg_id}:True:{at:%Y%m%d%H%M%S%f}"
    order(CommandKind.ROOM_END, leg=third.leg, key=key, at=at, ends=True)
    _coach_her(third.leg, contact, at)
    add_events(contact, [("taken_over", {})], by=accounts.actor_id(third.person or "line"), at=at)
    by = third.person or "line"
    accounts.record(by=by, verb="hotline.taken_over", thing=contact, at=at, country=contact.country_id or "")


def _coach_her(leg: Leg, contact: Contact, at: datetime) -> None:
    """Let a supervisor who coaches be heard by her who has the call now: nobody listens in private."""
    coaches = contact.thirds.filter(role=LegRole.SUPERVISOR, state=ThirdState.JOINED, mode=JoinMode.COACH)
    for one in coaches.select_related("leg"):
        key = f"coach:{one.leg_id}:{at:%Y%m%d%H%M%S%f}"
        order(CommandKind.COACH, leg=one.leg, key=key, at=at, coached=leg.call_sid or "")


def coach_anew(third: ThirdCall, *, at: datetime) -> None:
    """Where a call was handed over since the key of a supervisor who coaches: she is heard by her who has it now.

    Her telephone was told whom to coach when the key was pressed, and comes into the room only now.
    """
    now = coached_call(third.contact_id) if third.mode == JoinMode.COACH else ""
    told = third.leg.inbox.exclude(reply="").order_by("-pk").values_list("reply", flat=True).first() or ""
    if now and f'coach="{now}"' not in told:
        key = f"coach:{third.leg_id}:{at:%Y%m%d%H%M%S%f}"
        order(CommandKind.COACH, leg=third.leg, key=key, at=at, coached=now)


def promote_if_left(contact: Contact, *, at: datetime) -> None:
    """Where the operator is gone, and the room was let go on for a colleague who is in it: the call is hers, nothing is lost.

    Not where the operator ended the call: its caller is on her way to the goodbye.
    """
    if contact.end_asked_at is not None:
        return
    handed = contact.thirds.filter(role=LegRole.COLLEAGUE, state=ThirdState.JOINED, hand_confirmed_at__isnull=False)
    third = handed.select_related("leg", "person").first()
    if third is None or contact.ended_at is not None or not is_in_room(third.leg):
        return
    if contact.claimed_by_id not in (None, third.asked_by_id):  # somebody has taken her meanwhile
        return
    if third.person is not None and contact.hides_from(third.person):
        return
    if not any(is_in_room(leg) for leg in contact.legs.filter(role=LegRole.OPERATOR)):
        promote(third, contact, at=at)
