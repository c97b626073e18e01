"""The bar of one contact in the console: where it stands, its clock, who is in the room, what the network confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import names_of
from hotline.callstate import GOES_ON, THIRD
from hotline.choices import TALK_STATES, CommandKind, ContactKind, LegRole, State
from hotline.choices.calling import CALL_BARS
from hotline.models import CallBack, Command, Contact, Leg
from hotline.queries.answering import answerer_of, conversation_version
from hotline.queries.asking import Asking, asking
from hotline.queries.confirming import is_unconfirmed
from hotline.queries.danger import Danger, danger_of
from hotline.queries.dialling import open_call_back
from hotline.queries.holding import LONG_HOLD, held_since
from hotline.queries.in_hand import holder_of
from hotline.queries.needs import Said, needs_by_key
from hotline.queries.sheets import ByKeys, by_keys_now, is_overheard
from hotline.queries.thirds import (
    Handing,
    Interpreting,
    Service,
    Supervising,
    handing,
    interpreting,
    service_in,
    supervising,
)
from hotline.queries.ways_on import WaysOn, ways_on
from hotline.rules import is_readable
from languages import table


@dataclass(frozen=True)
class Bar:
    """One contact as the console's bar shows it; `is_mine` when the operator who looks has taken it."""

    contact: Contact
    is_mine: bool
    legs: list[Leg]
    order: Command | None
    at: datetime
    asking: Asking | None = None
    interpreting: Interpreting | None = None
    service: Service | None = None
    handing: Handing | None = None
    supervising: Supervising | None = None
    danger: Danger | None = None
    by_keys: ByKeys | None = None
    needs: Sequence[Said] = ()  # those of now that the caller told by key, beside danger
    ways_on: WaysOn | None = None
    may_close: bool = True
    is_leaving: bool = False  # to whom she handed the call, not ending it
    seen: str = ""  # the mark of a conversation by text, which closing it bears
    is_held_back: bool = False  # the provider does not answer: no telephone rings for this call but by a probe
    holder: User | None = None  # the colleague who has this call now
    has_left: bool = False  # she talked in it before, and left it to that colleague
    leave_asked_at: datetime | None = None  # the same, and her telephone is in its room still
    closed_by: str = ""  # which other person closed its sheet
    call_back: CallBack | None = None  # goes on: until it is over nobody closes the contact
    is_covert: bool = False  # the caller cannot talk freely, and somebody could come in: an interpreter, a supervisor

    @property
    def answerer(self) -> User | None:
        """Return who answers this conversation by text now, or None."""
        return answerer_of(self.contact, self.at)

    @property
    def language(self) -> table.Row | None:
        """Return the language of the contact, or None."""
        return table.BY_CODE.get(self.contact.language)

    @property
    def headline(self) -> str:
        """Return where the contact stands, in words."""
        contact = self.contact
        if contact.kind != ContactKind.CALL:
            return contact.way
        if self.call_back is not None:
            return str(CALL_BARS["under_way"])
        if contact.is_live:
            return (
                _("On hold; the caller hears that somebody comes back soon")
                if self.is_held
                else contact.get_state_display()
            )
        return contact.get_state_display()

    @property
    def clock_since(self) -> datetime | None:
        """Return from when the clock of the call bar counts."""
        contact = self.contact
        if contact.kind != ContactKind.CALL:
            return None
        return contact.connected_at or contact.queued_at or contact.started_at

    @property
    def is_muted(self) -> bool:
        """Tell whether the operator's leg is muted."""
        return any(leg.is_muted for leg in self.legs if leg.role == LegRole.OPERATOR)

    @property
    def hold_word(self) -> str:
        """Return what became of the last hold or take-back that the network has not confirmed; "" when all is said."""
        order = self.order
        if order is None or (order.kind == CommandKind.HOLD) == self.is_held:
            return ""
        if order.failed_at or is_unconfirmed(order.made_at, self.at):
            return _("Not confirmed by the network: try again.")
        return _("Asked for, not confirmed yet.")

    @property
    def is_held_long(self) -> bool:
        """Tell whether the caller has been on hold for so long that her operator is to take her back."""
        since = next((held_since(leg) for leg in self.legs if leg.role == LegRole.CALLER), None)
        return self.is_talking and since is not None and self.at - since >= LONG_HOLD

    @property
    def end_word(self) -> str:
        """Return what became of the end that the operator asked for and the network has not confirmed; "" without one."""
        asked = self.contact.end_asked_at
        if asked is None or self.contact.state not in TALK_STATES:
            return ""
        if self.is_leaving:
            return self._leaving_word(asked)
        if is_unconfirmed(asked, self.at):
            return _("The end of the call is not confirmed by the network: press “End” again.")
        return _("The end of the call is asked for, not confirmed yet.")

    @property
    def leave_word(self) -> str:
        """Return what became of her leaving a call that a colleague has by now, while her telephone is in it still; "" else."""
        return self._leaving_word(self.leave_asked_at) if self.leave_asked_at else ""

    def _leaving_word(self, asked: datetime) -> str:
        if is_unconfirmed(asked, self.at):
            return _("That you leave is not confirmed by the network: press “Leave the call” again.")
        return _("You are leaving the call: asked for, not confirmed yet.")

    @property
    def others(self) -> list[Leg]:
        """Return who is in the room besides the operator once the caller has left it: the room goes on for them a while."""
        if not self.is_mine or self.contact.ended_at is None or not self._has_operator:
            return []
        return self.thirds

    @property
    def left_with(self) -> list[Leg]:
        """Return with whom the operator left the caller, who still talk."""
        is_left = (
            self.is_mine and self.contact.ended_at is None and self.contact.end_asked_at and not self._has_operator
        )
        return self.thirds if is_left else []

    @property
    def thirds(self) -> list[Leg]:
        """Return the third persons in the room."""
        return [leg for leg in self.legs if leg.role in THIRD and leg.joined_at]

    @property
    def _has_operator(self) -> bool:
        return any(leg.role == LegRole.OPERATOR and leg.joined_at for leg in self.legs)

    @property
    def room_until(self) -> datetime:
        """Return until when the room goes on without the caller."""
        return self.contact.ended_at + timedelta(seconds=GOES_ON)

    @property
    def is_talking(self) -> bool:
        """Tell whether this is the operator's own call and goes on."""
        return self.is_mine and self.contact.state in TALK_STATES

    @property
    def waits_for_ring(self) -> bool:
        """Tell whether the operator's own telephone is still to be rung, and the provider that rings it does not answer."""
        operators = [leg for leg in self.legs if leg.role == LegRole.OPERATOR]
        return self.is_held_back and self.contact.state == State.OFFERED and not any(leg.call_sid for leg in operators)

    @property
    def is_held(self) -> bool:
        """Tell whether the caller's leg is on hold, as the network confirmed it."""
        return any(leg.is_held for leg in self.legs if leg.role == LegRole.CALLER)


def _is_leaving(contact: Contact) -> bool:
    """Tell whether the hanging up that was ordered last lets the operator leave a call that goes on."""
    if contact.end_asked_at is None or contact.state not in TALK_STATES:
        return False
    orders = Command.objects.filter(contact=contact, kind=CommandKind.HANG_UP, leg__role=LegRole.OPERATOR)
    orders = orders.exclude(key__startswith="second_call:")  # that a telephone was rung twice says nothing of its call
    return (orders.order_by("-id").values_list("key", flat=True).first() or "").startswith("leave:")


def _leave_asked_at(legs: list[Leg], user: User) -> datetime | None:
    """Return when somebody whose telephone is in the room last asked to leave the call to a colleague; None for who did not."""
    mine = next(
        (leg for leg in legs if leg.role == LegRole.OPERATOR and leg.user_id == user.pk and leg.joined_at), None
    )
    if mine is None:
        return None
    orders = Command.objects.filter(leg=mine, kind=CommandKind.HANG_UP, key__startswith="leave:")
    return orders.order_by("-id").values_list("made_at", flat=True).first()


def _has_left(contact: Contact, user: User, there: list[Leg]) -> bool:
    """Tell whether she talked in a call before and is not in it again: nobody's leg of those there is hers."""
    if any(leg.user_id == user.pk and leg.joined_at for leg in there):
        return False
    return contact.legs.filter(role=LegRole.OPERATOR, user=user, joined_at__isnull=False).exists()


def _closed_by(contact: Contact, user: User) -> str:
    """Return who closed the sheet of a call, by name; "" where nobody did, or she herself."""
    if contact.kind != ContactKind.CALL or contact.wrapped_up_at is None:
        return ""
    by = contact.events.filter(kind="wrapped_up").order_by("-at", "-id").values_list("by", flat=True).first() or ""
    return "" if by in ("", str(user.public_id)) else names_of([by]).get(by, "")


def _service(contact: Contact, at: datetime, operator: Leg | None) -> Service | None:
    return service_in(contact, at, operator) if contact.state in TALK_STATES else None


def bar_of(contact: Contact, *, user: User, is_mine: bool, at: datetime, held: frozenset[str] = frozenset()) -> Bar:
    """Return the bar of a contact: who is in the room, the last order about holding, why danger, who could interpret.

    `held`: the accounts at the provider that are left alone because they do not answer.
    """
    legs = list(contact.legs.select_related("user").filter(left_at=None, ended_at=None))
    orders = Command.objects.filter(contact=contact, kind__in=[CommandKind.HOLD, CommandKind.UNHOLD])
    order = orders.order_by("-id").first() if contact.state in TALK_STATES else None
    danger, by_keys = danger_of(contact) if contact.is_danger else None, by_keys_now(contact)
    needs = needs_by_key([contact]).get(contact.pk, ()) if contact.kind == ContactKind.CALL else ()
    going = None if contact.is_live else open_call_back(contact)
    seen = conversation_version(contact) if contact.kind == ContactKind.MESSAGE else ""
    if not is_mine:
        may_close = contact.kind != ContactKind.MESSAGE or is_readable(user, contact)
        holder = holder_of(contact, user, at)
        asked_at = _leave_asked_at(legs, user) if holder and contact.is_live else None
        return Bar(
            contact, is_mine, legs, order, at, danger=danger, by_keys=by_keys, needs=needs, ways_on=None if holder else ways_on(contact, at),
            may_close=may_close, seen=seen, holder=holder, leave_asked_at=asked_at,
            has_left=holder is not None and asked_at is None and _has_left(contact, user, legs),
            closed_by=_closed_by(contact, user), call_back=going,
        )  # fmt: skip
    operator = next((leg for leg in legs if leg.role == LegRole.OPERATOR and leg.joined_at), None)
    interpreters = interpreting(user, contact, at)
    colleague, watched = (
        (handing(contact, at, operator), supervising(contact)) if contact.state in TALK_STATES else (None, None)
    )
    return Bar(
        contact, is_mine, legs, order, at, asking(contact, at), interpreters, _service(contact, at, operator),
        colleague, watched, danger, by_keys, needs, ways_on(contact, at), is_leaving=_is_leaving(contact),
        is_held_back=contact.is_live and any(leg.account in held for leg in legs), call_back=going,
        is_covert=(interpreters is not None or (watched is not None and watched.asks)) and is_overheard(contact),
    )  # fmt: skip
