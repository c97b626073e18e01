"""Reads about third persons in a call: who is still rung, and what became of the newest asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hotline.choices import TALK_STATES, THIRD_OPEN, THIRD_RINGS, ContactKind, JoinMode, LegRole, ThirdState
from hotline.models import Contact, Leg, ThirdCall
from hotline.queries.confirming import is_unconfirmed
from hotline.queries.interpreters import interpreters_on_duty, interpreters_to_ring

QUIET = timedelta(seconds=15)  # in which what was told of a call is complete


def ringing_thirds() -> QuerySet[ThirdCall]:
    """Return those who are asked, whose telephones ring, or who answered and are not in the room yet, the oldest first."""
    return ThirdCall.objects.filter(state__in=[ThirdState.ASKED, *THIRD_RINGS]).order_by("asked_at", "pk")


def handed_under_way(at: datetime) -> QuerySet[Contact]:
    """Return the calls that go on and were to be handed to somebody in the room, of which nothing was heard for a while."""
    rows = Contact.objects.filter(kind=ContactKind.CALL, ended_at=None, step="waiting", changed_at__lte=at - QUIET)
    return rows.filter(Exists(ThirdCall.objects.filter(contact=OuterRef("pk"), hand_asked_at__isnull=False)))


def coached_call(contact_id: int) -> str:
    """Return the call of the operator who has a contact's call now, and who alone hears a supervisor that coaches."""
    legs = Leg.objects.filter(contact_id=contact_id, role=LegRole.OPERATOR, joined_at__isnull=False)
    return legs.order_by("-pk").values_list("call_sid", flat=True).first() or ""


@dataclass(frozen=True)
class Asked:
    """What the console shows of the newest asking of a third person: whether she is rung, there, or did not come."""

    third: ThirdCall | None = None

    @property
    def state(self) -> str:
        """Return what the last asking came to; "" where nobody was asked, or she has gone again."""
        state = self.third.state if self.third else ""
        return "" if state in (ThirdState.OVER, ThirdState.STOPPED) else state

    @property
    def is_open(self) -> bool:
        """Tell whether somebody is rung or in the call."""
        return self.state in THIRD_OPEN

    @property
    def name(self) -> str:
        """Return who is rung, joining or there."""
        if self.third is not None and self.third.agency is not None:
            return self.third.agency.organisation.name
        leg = self.third.leg if self.third else None
        return leg.user.get_short_name() if leg and leg.user else ""


@dataclass(frozen=True)
class Interpreting(Asked):
    """What the console shows of interpreters: the newest asking, who may be rung, whether more are on duty."""

    people: tuple[User, ...] = ()
    is_more_on_duty: bool = False


@dataclass(frozen=True)
class Service(Asked):
    """What the console shows of a service in the call, and of leaving the caller with it."""

    at: datetime | None = None
    operator: Leg | None = None  # her telephone in the room

    @property
    def leaves_by_itself(self) -> bool:
        """Tell whether the operator is taken out of the call as soon as the service is in it."""
        return self.is_open and self.third.is_cold

    @property
    def may_leave(self) -> bool:
        """Tell whether the network confirmed that the room goes on without the operator."""
        return self.state == ThirdState.JOINED and self.operator is not None and self.third.lets_go(self.operator)

    @property
    def hand_word(self) -> str:
        """Return what became of handing over; "" where it was not asked for."""
        if self.state != ThirdState.JOINED or self.third.hand_asked_at is None:
            return ""
        if self.may_leave:
            return _("The room goes on without you: you may leave.")
        if is_unconfirmed(self.third.hand_asked_at, self.at):
            return _("Not confirmed by the network: try again.")
        return _("Asked for, not confirmed yet.")


def service_in(contact: Contact, at: datetime, operator: Leg | None) -> Service:
    """Return what an operator sees of a service in her own call; `operator` is her telephone in the room."""
    rows = contact.thirds.filter(role=LegRole.AGENCY).select_related("leg__user", "agency__organisation")
    return Service(rows.order_by("-pk").first() if contact.state in TALK_STATES else None, at, operator)


@dataclass(frozen=True)
class Supervising(Asked):
    """What the console shows of a supervisor in the call: who asks to come, is rung or is there, and how she is heard."""

    @property
    def name(self) -> str:
        """Return who it is; "" while it is anybody, or the duty phone."""
        person = self.third.person if self.third else None
        return person.get_short_name() if person else ""

    @property
    def is_help(self) -> bool:
        """Tell whether the operator asked for it."""
        return self.third is not None and self.third.is_help

    @property
    def coaches(self) -> bool:
        """Tell whether only the operator hears the supervisor."""
        return self.third is not None and self.third.mode == JoinMode.COACH

    @property
    def asks(self) -> bool:
        """Tell whether a supervisor waits to be let in."""
        return self.state == ThirdState.ASKED and not self.is_help

    @property
    def waits_to_be_shown(self) -> bool:
        """Tell whether a supervisor who answered is rung as soon as the operator has seen it."""
        return self.state == ThirdState.ASKED and self.is_help and bool(self.name)

    @property
    def reason(self) -> str:
        """Return why, in words."""
        return str(self.third.get_reason_display()) if self.third else ""


def supervising(contact: Contact) -> Supervising:
    """Return what an operator sees of a supervisor in her own call."""
    rows = contact.thirds.filter(role=LegRole.SUPERVISOR).select_related("leg__user", "person", "agency")
    return Supervising(rows.order_by("-pk").first() if contact.state in TALK_STATES else None)


@dataclass(frozen=True)
class Handing(Service):
    """What the console shows of a colleague who is to take the call over."""

    @property
    def name(self) -> str:
        """Return who is asked."""
        return self.third.person.get_short_name() if self.third and self.third.person else ""


def handing(contact: Contact, at: datetime, operator: Leg | None) -> Handing:
    """Return what an operator sees of the colleague to whom she hands her own call."""
    rows = contact.thirds.filter(role=LegRole.COLLEAGUE).select_related("leg__user", "person", "agency")
    return Handing(rows.order_by("-pk").first() if contact.state in TALK_STATES else None, at, operator)


def interpreting(user: User, contact: Contact, at: datetime) -> Interpreting | None:
    """Return what an operator sees of interpreters in her own call; None where she works in its language herself.

    One who was asked before the language was changed is shown until she is gone: somebody must let her go.
    """
    if not contact.is_live:
        return None
    rows = contact.thirds.filter(role=LegRole.INTERPRETER).select_related("leg__user", "agency").order_by("-pk")
    third = rows.first() if contact.state in TALK_STATES else None
    if not contact.language or contact.language in user.speaks:
        return Interpreting(third, (), False) if third is not None and third.state in THIRD_OPEN else None
    on_duty = [one for one in interpreters_on_duty(contact, at) if one != user]
    people = tuple(interpreters_to_ring(contact, at, on_duty))
    return Interpreting(third, people, len(on_duty) > len(people))
