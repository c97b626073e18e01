"""Reads of the operator console: the change mark that polling compares, the call at hand, what is due."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from hotline.choices import (
    TALK_STATES,
    CommandKind,
    ContactKind,
    Direction,
    LegRole,
    Mode,
    Outcome,
    Presence,
)
from hotline.models import Command, Contact, Line, OperatorState
from hotline.queries.contacts import contacts_visible_to
from hotline.queries.waiting import QueueRow, rows_waiting
from languages import table

SHIFT_STATES = (Presence.READY, Presence.BREAK, Presence.DEBRIEF, Presence.OFF)
UNCONFIRMED = timedelta(seconds=3)
BUSY_STATES = frozenset({Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP})


@dataclass(frozen=True)
class Due:
    """How much else waits for this person's attention today."""

    callbacks: int
    messages: int
    missed: int


@dataclass(frozen=True)
class Desk:
    """Everything the live parts of the console show, read in one go."""

    mark: str
    state: OperatorState | None
    rows: list[QueueRow]
    due: Due
    contact: Contact | None
    lines: list[Line]
    legs: list = field(default_factory=list)
    order: Command | None = None
    at: datetime | None = None

    @property
    def presence(self) -> str:
        """Return what the operator is doing; off before the first word."""
        return self.state.state if self.state else Presence.OFF

    @property
    def is_busy(self) -> bool:
        """Tell whether a call keeps the operator from changing her or his state."""
        return self.presence in (Presence.OFFERED, Presence.ON_CALL)

    @property
    def is_after_call(self) -> bool:
        """Tell whether the last call waits to be wrapped up."""
        return self.presence == Presence.WRAP_UP

    @property
    def opens_other(self) -> bool:
        """Tell whether another contact than the one that is held stands open."""
        return bool(self.state and self.state.contact_id and self.contact and not self.holds_contact)

    @property
    def language(self) -> table.Row | None:
        """Return the language of the contact shown, or None."""
        return table.BY_CODE.get(self.contact.language) if self.contact else None

    @property
    def headline(self) -> str:
        """Return where the contact stands, in words."""
        contact = self.contact
        if contact.kind != ContactKind.CALL:
            return contact.get_kind_display()
        if contact.is_live:
            return _("On hold, the caller hears music") if self.is_held else contact.get_state_display()
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
        if order.failed_at or self.at - order.made_at > UNCONFIRMED:
            return _("Not confirmed by the network: try again.")
        return _("Asked for, not confirmed yet.")

    @property
    def longest(self) -> datetime | None:
        """Return since when the first of the queue has been waiting."""
        return min((row.since for row in self.rows), default=None)

    @property
    def next_pk(self) -> int | None:
        """Return whom the key N takes: the first of the queue that this operator may take or read now.

        None in a call, nor a text while a call waits that this operator cannot take yet: the queue says why.
        """
        if self.is_busy or self.bar_to_calls:
            return None
        open_rows = (row for row in self.rows if row.is_text or (row.can_be_taken and self.may_take))
        return next((row.contact.pk for row in open_rows), None)

    @property
    def danger_count(self) -> int:
        """Return how many people in the queue said that they are in danger."""
        return sum(row.contact.is_danger for row in self.rows)

    @property
    def is_talking(self) -> bool:
        """Tell whether the call at hand is this operator's and goes on."""
        return bool(self.contact and self.contact.state in TALK_STATES and self.holds_contact)

    @property
    def holds_contact(self) -> bool:
        """Tell whether the contact shown is the one that this operator has taken."""
        return bool(self.state and self.contact and self.state.contact_id == self.contact.pk)

    @property
    def bar_to_calls(self) -> str:
        """Return why this operator can take none of the calls that wait now: its code, or "" when one can be taken."""
        if self.may_take or not any(row.can_be_taken and not row.is_text for row in self.rows):
            return ""
        return "sheet" if self.is_after_call else "call" if self.is_busy else "not_ready"

    @property
    def may_take(self) -> bool:
        """Tell whether this operator could take a call now."""
        return self.state is not None and self.state.state == Presence.READY

    @property
    def is_held(self) -> bool:
        """Tell whether the caller's leg is on hold, as the network confirmed it."""
        return any(leg.is_held for leg in self.legs if leg.role == LegRole.CALLER)

    @property
    def unusual_lines(self) -> list[Line]:
        """Return the lines that do not answer in the normal way today."""
        return [line for line in self.lines if line.mode != Mode.NORMAL]


@dataclass(frozen=True)
class Pulse:
    """What one cheap question tells: the change mark, and when this console was last noted as open."""

    mark: str
    seen_at: datetime | None


def pulse(user: User) -> Pulse:
    """Return a mark that differs as soon as something on the user's console would look different. One query."""
    newest = Contact.objects.filter(country_id=user.country_id).order_by("-changed_at").values("changed_at")[:1]
    mode = Line.objects.filter(country_id=OuterRef("country_id"), mode_at__isnull=False).order_by("-mode_at")
    *row, seen_at = (
        User.objects.filter(pk=user.pk)
        .values_list(
            Subquery(newest),
            Subquery(mode.values("mode_at")[:1]),
            "operator_state__state",
            "operator_state__since",
            "operator_state__contact_id",
            "operator_state__seen_at",
        )
        .get()
    )
    mark = "|".join(value.isoformat() if isinstance(value, datetime) else str(value or "") for value in row)
    return Pulse(mark, seen_at)


def change_mark(user: User) -> str:
    """Return only the mark of `pulse`."""
    return pulse(user).mark


def my_state(user: User) -> OperatorState | None:
    """Return what this operator is doing, with the contact that she or he holds."""
    return OperatorState.objects.filter(user=user).select_related("contact__line", "contact__case").first()


def desk(user: User, *, at: datetime, contact: Contact | None = None) -> Desk:
    """Return the live picture of the console; `contact` is the one opened by hand, else the one that is held."""
    mark = change_mark(user)
    state = my_state(user)
    shown = contact or (state.contact if state and state.state in BUSY_STATES else None)
    lines = list(Line.objects.filter(country_id=user.country_id, is_active=True))
    rows = rows_waiting(user, lines, at)
    legs = list(shown.legs.select_related("user").filter(left_at=None, ended_at=None)) if shown else []
    orders = Command.objects.filter(contact=shown, kind__in=[CommandKind.HOLD, CommandKind.UNHOLD]) if shown else []
    order = orders.order_by("-id").first() if shown and shown.state in TALK_STATES else None
    return Desk(mark, state, rows, due(user), shown, lines, legs, order, at)


def due(user: User) -> Due:
    """Return what waits besides the queue: call-backs agreed, unread messages, missed contacts."""
    open_ones = Q(closed_at=None)
    counts = contacts_visible_to(user).aggregate(
        callbacks=Count("pk", filter=open_ones & Q(outcome=Outcome.CALLBACK), distinct=True),
        missed=Count("pk", filter=open_ones & Q(is_missed=True), distinct=True),
        messages=Count("messages", filter=Q(messages__direction=Direction.IN, messages__read_at=None), distinct=True),
    )
    return Due(**counts)
