"""What may still become of a leg's second call (hotline.actions.second_calls). The leg is locked with its contact."""

from django.db.models import Q, QuerySet

from hotline.callers import call_mark
from hotline.choices import THIRD_RINGS, LegRole
from hotline.models import Leg, SecondCall, ThirdCall

BY_DOCUMENT = frozenset({LegRole.CALLER, LegRole.DUTY})  # no order dials these


def is_other(leg: Leg, sid: str) -> bool:
    """Tell whether a call is another than that of a leg which has one; nothing is asked of legs that no order dials."""
    if leg.role in BY_DOCUMENT or not sid or not leg.call_sid or leg.call_sid == sid:
        return False
    return leg.call_sid != call_mark(sid)


def other_call(leg: Leg, sid: str) -> SecondCall:
    """Return what is known of another call of a leg: a row that is not saved yet where nothing was told of it."""
    mark = call_mark(sid)
    return leg.second_calls.filter(mark=mark).first() or SecondCall(leg=leg, mark=mark, call_sid=sid)


def standing(leg: Leg) -> QuerySet[SecondCall]:
    """Return the other calls of a leg that ring or were picked up: neither over nor being hung up."""
    return leg.second_calls.filter(hung_up_at=None, ended_at=None)


def may_come(leg: Leg, call: SecondCall) -> bool:
    """Tell whether somebody may come by another call: the leg is open, and the call is not gone."""
    return not call.is_gone and is_open(leg)


def is_open(leg: Leg) -> bool:
    """Tell whether another call may still come by this leg: it is wanted, and nobody was let in by it."""
    return _is_wanted(leg) and not _is_let_in(leg)


def _is_let_in(leg: Leg) -> bool:
    connected = Q(step="phone-key") & ~Q(reply__contains="<Hangup")
    return leg.joined_at is not None or leg.inbox.filter(Q(reply__contains="<Conference") | connected).exists()


def _is_wanted(leg: Leg) -> bool:
    if leg.contact.ended_at is not None:
        return False
    if leg.role != LegRole.OPERATOR:
        return ThirdCall.objects.filter(leg=leg, state__in=THIRD_RINGS).exists()
    if leg.contact.claimed_by_id is None or leg.contact.claimed_by_id != leg.user_id:
        return False
    return not Leg.objects.filter(contact=leg.contact_id, role=LegRole.OPERATOR, pk__gt=leg.pk).exists()
