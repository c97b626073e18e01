"""The call that an operator has in hand, as every other page of the staff tells of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from hotline.choices import Presence
from hotline.models import CallBack, OperatorState
from hotline.rules import DESK

_LEFT = Q(state=Presence.WRAP_UP, contact__ended_at=None, contact__end_asked_at__isnull=False)


@dataclass(frozen=True)
class CallAtHand:
    """A call that goes on, or one whose sheet waits: what the operator is doing, and since when, by the clock of her zone.

    It stands on pages of everybody, which have no clock of a country themselves.
    """

    state: Presence
    since: datetime
    zone: str
    called_back: UUID | None = None
    goes_on: bool = False  # the caller still talks with the service to which the operator left her

    @property
    def url(self) -> str:
        """Return where the call is at hand: on the page from which somebody is called back, else in the console."""
        if self.called_back and not self.is_over:
            return reverse("hotline:call_back", args=[self.called_back])
        return reverse("hotline:console")

    @property
    def is_over(self) -> bool:
        """Tell whether the call has ended and only its sheet waits."""
        return self.state == Presence.WRAP_UP

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as the bar would look different."""
        return f"{self.state}|{self.since.isoformat()}"


def call_at_hand(user: User) -> CallAtHand | None:
    """Return the call that this operator is in, or whose sheet waits; None without one. One query, none for others."""
    if not user.is_authenticated or not user.has_role(*DESK):
        return None
    at_work = OperatorState.objects.filter(user=user, state__in=[Presence.ON_CALL, Presence.WRAP_UP])
    called_back = CallBack.objects.filter(by=user, ended_at=None).values("contact__public_id")[:1]
    row = at_work.values_list(
        "state", Coalesce("contact__connected_at", "since"), Coalesce("user__country__time_zone", Value("UTC")),
        Subquery(called_back), _LEFT,
    ).first()  # fmt: skip
    return CallAtHand(Presence(row[0]), *row[1:]) if row else None
