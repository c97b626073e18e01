"""Reads about third persons in a call: who is still rung, and what became of the newest asking."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from hotline.choices import TALK_STATES, THIRD_RINGS, LegRole, ThirdState
from hotline.models import Contact, ThirdCall
from hotline.queries.interpreters import interpreters_on_duty, interpreters_to_ring


def ringing_thirds() -> QuerySet[ThirdCall]:
    """Return those whose telephones ring, or answered and are not in the room yet, the oldest first."""
    return ThirdCall.objects.filter(state__in=THIRD_RINGS).order_by("asked_at", "pk")


@dataclass(frozen=True)
class Interpreting:
    """What the console shows of interpreters: who may be rung, whether more are on duty, what the last asking came to."""

    people: tuple[User, ...] = ()
    is_more_on_duty: bool = False
    third: ThirdCall | None = None

    @property
    def state(self) -> str:
        """Return what the last asking came to; "" where nobody was asked, or she has gone again."""
        state = self.third.state if self.third else ""
        return "" if state in (ThirdState.OVER, ThirdState.STOPPED) else state

    @property
    def is_open(self) -> bool:
        """Tell whether somebody is rung or in the call."""
        return self.state in (*THIRD_RINGS, ThirdState.JOINED)

    @property
    def name(self) -> str:
        """Return who is rung, joining or there."""
        leg = self.third.leg if self.third else None
        return leg.user.get_short_name() if leg and leg.user else ""


def interpreting(user: User, contact: Contact, at: datetime) -> Interpreting | None:
    """Return what an operator sees of interpreters in her own call; None where she works in its language herself."""
    if not contact.language or contact.language in user.speaks or not contact.is_live:
        return None
    rows = contact.thirds.filter(role=LegRole.INTERPRETER).select_related("leg__user").order_by("-pk")
    third = rows.first() if contact.state in TALK_STATES else None
    on_duty = [one for one in interpreters_on_duty(contact, at) if one != user]
    people = tuple(interpreters_to_ring(contact, at, on_duty))
    if not on_duty and third is None:
        return None
    return Interpreting(people, len(on_duty) > len(people), third)
