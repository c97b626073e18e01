"""Reads of the operator console: the call at hand, the queue, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Q, QuerySet, Value

from accounts.models import User
from hotline.choices import Mode, Presence, State
from hotline.exposure import Load
from hotline.models import Contact, Line, OperatorState
from hotline.queries.answering import has_answer
from hotline.queries.back_help import HelpInBack
from hotline.queries.bar import Bar, bar_of
from hotline.queries.circuit import held_accounts
from hotline.queries.closed_sheets import closed_sheet
from hotline.queries.colleagues import Joining, helps, part_of
from hotline.queries.contacts import contacts_of_desk
from hotline.queries.exposure import load_of
from hotline.queries.heartbeat import is_silent
from hotline.queries.of_desk import OfDesk
from hotline.queries.pressing import in_need
from hotline.queries.pulse import HELD, change_mark
from hotline.queries.softphone import Softphone, softphone_of
from hotline.queries.standing import TO_CALL_BACK
from hotline.queries.telephones import Reach, is_out_of_reach, reach_of
from hotline.queries.unfinished import is_unfinished, own_sheets
from hotline.queries.waiting import QueueRow, queue_of
from languages.statements import Prepared

SHIFT_STATES = (Presence.READY, Presence.BREAK, Presence.DEBRIEF, Presence.OFF)
BUSY_STATES = frozenset({Presence.OFFERED, Presence.ON_CALL, Presence.WRAP_UP})


@dataclass(frozen=True)
class Due:
    """How much else waits for this person's attention today.

    Of the missed contacts some are late, some in danger, and of the others some in another need of now.
    """

    callbacks: int
    missed: int
    late: int
    danger: int
    need: int
    answered: int
    unfinished: int


COUNTED = tuple(one.name for one in fields(Due))


@dataclass(frozen=True)
class Desk:
    """Everything the live parts of the console show, read in one go.

    `closed`: whose sheet the operator has just closed, and may open again. `own`: whose sheet she has in hand, but for the
    one that is before her.
    `is_silent`: no order of a call is carried out, so no call can be brought to anybody here. `held`: the accounts at
    the provider that do not answer, so that no telephone is rung there but by a probe.
    """

    mark: str
    state: OperatorState | None
    rows: list[QueueRow]
    text_count: int
    due: Due
    contact: Contact | None
    lines: list[Line]
    bars: list[Bar]
    lacks_telephone: bool = False
    is_silent: bool = False
    phone: Softphone | None = None
    load: Load = Load()
    joining: Joining | None = None
    helps: Sequence[Joining | HelpInBack] = ()
    held: frozenset[str] = frozenset()
    has_left: bool = False
    closed: Contact | None = None
    own: Sequence[Contact] = ()

    @property
    def held_lines(self) -> list[Line]:
        """Return the lines on which no telephone can be rung now."""
        return [line for line in self.lines if line.account in self.held]

    @property
    def joins_by_itself(self) -> bool:
        """Tell whether this operator's browser joins the calls of those lines, so that nothing has to be rung for her."""
        return all(reach_of(self.state, line.account) == Reach.BROWSER for line in self.held_lines)

    @property
    def presence(self) -> str:
        """Return what the operator is doing; off before the first word."""
        return self.state.state if self.state else Presence.OFF

    @property
    def was_set_off(self) -> bool:
        """Tell whether two offers that she did not answer set the operator to off."""
        return self.state is not None and self.state.was_set_off

    @property
    def is_busy(self) -> bool:
        """Tell whether a call keeps the operator from changing her or his state."""
        return self.presence in (Presence.OFFERED, Presence.ON_CALL)

    @property
    def is_calling_back(self) -> bool:
        """Tell whether the operator calls somebody back, on the page of that call."""
        is_in_no_call_of_hers = self.presence == Presence.ON_CALL and self.state.contact_id is None
        return is_in_no_call_of_hers and (self.joining is None or not self.joining.third.before)

    @property
    def is_in_a_call(self) -> bool:
        """Tell whether the operator is on the line in a call that is not shown below: a colleague's, or one that names her."""
        if self.joining is not None and not self.joining.is_asked:
            return True
        return self.is_in_one_that_names_her

    @property
    def is_in_one_that_names_her(self) -> bool:
        """Tell whether the operator is still in a call of her own that was hidden from her: nothing more of it is shown."""
        has_one = self.presence in (Presence.ON_CALL, Presence.WRAP_UP) and self.state.contact_id is not None
        return has_one and not any(bar.is_mine for bar in self.bars)

    @property
    def is_after_call(self) -> bool:
        """Tell whether the last call waits to be wrapped up."""
        return self.presence == Presence.WRAP_UP

    @property
    def calls(self) -> list[QueueRow]:
        """Return the callers who wait."""
        return [row for row in self.rows if not row.is_text]

    @property
    def texts(self) -> list[QueueRow]:
        """Return the conversations by text that wait for somebody and are listed: not those that are being answered."""
        return [row for row in self.rows if row.is_text and row.answerer is None]

    @property
    def more_texts(self) -> int:
        """Return how many more conversations by text wait than are listed."""
        return self.text_count - len(self.texts)

    @property
    def longest(self) -> datetime | None:
        """Return since when the first of the callers has been waiting."""
        return min((row.since for row in self.calls), default=None)

    @property
    def oldest_text(self) -> datetime | None:
        """Return since when the first of the texts has been waiting."""
        return min((row.since for row in self.texts), default=None)

    @property
    def next_pk(self) -> int | None:
        """Return whom the key N takes: the first of the queue that this operator may take or read now.

        None in a call, nor a text while a call waits that this operator cannot take yet: the queue says why. None while
        it is asked what becomes of whom she talked with: the keys of the sheet are that call's. A text that cannot be
        answered, or that a colleague answers, is opened by hand only.
        """
        return self._next.contact.pk if self._next else None

    @property
    def next_is_text(self) -> bool:
        """Tell whether the key N opens a text now."""
        return self._next is not None and self._next.is_text

    @cached_property
    def _next(self) -> QueueRow | None:
        if (
            self.is_busy
            or self.bar_to_calls
            or any(bar.is_mine and bar.ways_on and bar.ways_on.asks for bar in self.bars)
        ):
            return None
        return next((row for row in self.rows if (row.waits_for_answer if row.is_text else self._is_open(row))), None)

    def _is_open(self, row: QueueRow) -> bool:
        return row.can_be_taken and self.may_take

    @property
    def danger_count(self) -> int:
        """Return how many people in the queue said that they are in danger, locked in or hurt, or want the police."""
        return sum(row.is_urgent for row in self.rows)

    @property
    def bar_to_calls(self) -> str:
        """Return why this operator can take none of the calls that wait now: its code, or "" when one can be taken."""
        if self.may_take or self.is_silent or not any(row.can_be_taken and not row.is_text for row in self.rows):
            return ""
        return "sheet" if self.is_after_call else "call" if self.is_busy else "not_ready"

    @property
    def may_take(self) -> bool:
        """Tell whether this operator could take a call now."""
        return self.state is not None and self.state.state == Presence.READY and not self.is_silent

    @property
    def unusual_lines(self) -> list[Line]:
        """Return the lines that do not answer in the normal way today."""
        return [line for line in self.lines if line.mode != Mode.NORMAL]


def my_state(user: User) -> OperatorState | None:
    """Return what this operator is doing, with the contact that she or he holds."""
    return next(iter(_STATE.objects(user.pk)), None)


def _states(pk: int) -> QuerySet[OperatorState]:
    return OperatorState.objects.filter(user=pk).select_related("contact__line", "contact__case", "browser_trial")


_STATE = Prepared(_states, -7)


def desk(user: User, *, at: datetime, contact: Contact | None = None, mark: str = "") -> Desk:
    """Return the live picture of the console; `contact` is the one opened by hand, else the one that is held.

    `mark`: the one that was read a moment ago, where it was.
    """
    mark = mark or change_mark(user, at=at, contact=contact)
    state = my_state(user)
    own = state.contact if state and state.state in BUSY_STATES and _is_of(user, state.contact) else None
    shown = contact or own
    lines = list(Line.objects.filter(country_id=user.country_id, is_active=True))
    held = held_accounts([line.account for line in lines], at) if mark.endswith(f"|{HELD}") else frozenset()
    shown_ones = [one for one in dict.fromkeys((own, shown)) if one]
    bars = [bar_of(one, user=user, is_mine=one == own, at=at, held=held) for one in shown_ones]
    queue = queue_of(user, lines, at, state=state)
    lacks_telephone = is_out_of_reach(state, lines, at)
    part = part_of(user, at)
    asked = part.joining
    told, phone = due(user, at=at), softphone_of(user, state, lines, asked.to_join if asked else "")
    return Desk(
        mark, state, queue.rows, queue.texts, told, shown, lines, bars, lacks_telephone, is_silent(at), phone,
        load_of(user, at),
        asked, helps(user), held, part.has_left,
        _closed(user, state, shown, at), [one for one in _OWN.objects(user, at=at) if one != shown],
    )  # fmt: skip


def _closed(user: User, state: OperatorState | None, shown: Contact | None, at: datetime) -> Contact | None:
    """Return whose sheet this person has just closed, while no other is open before her."""
    is_busy = state is not None and state.state in BUSY_STATES
    if is_busy or (shown is not None and shown.state != State.DONE):
        return None
    return closed_sheet(user, at)


def _is_of(user: User, contact: Contact | None) -> bool:
    """Tell whether the call in hand may still be shown: not erased, its operator did not move since, it does not name her."""
    if contact is None or contact.erased_at is not None or contact.country_id != user.country_id:
        return False
    return not contact.hides_from(user)


def due(user: User, *, at: datetime) -> Due:
    """Return what waits besides the queue: call-backs agreed or promised, missed contacts, answered texts, unfinished sheets."""
    return Due(*(sum(found) for found in zip([0] * len(COUNTED), *_DUE.rows(user, at=at), strict=True)))


def _due_rows(user: User, at: datetime) -> QuerySet:
    missed = contacts_of_desk(user).filter(is_missed=True, closed_at=None)
    unfinished = contacts_of_desk(user).filter(is_unfinished(at))
    answered, waits, none = Q(has_answer(), erased_at=None), ~has_answer(), Value(0)
    need = Q(waits, in_need(), is_danger=False)
    counts = (TO_CALL_BACK, waits, Q(waits, due_at__lt=at), Q(waits, is_danger=True), need, answered)
    first = _counted(missed, *(Count("pk", one) for one in counts), none)
    return first.union(_counted(unfinished, *[none] * len(counts), Count("pk")), all=True)


_DUE, _OWN = OfDesk(_due_rows), OfDesk(own_sheets)


def _counted(rows: QuerySet[Contact], *counts) -> QuerySet:
    """Return one row of counts, or none where nothing is counted; each part is narrowed so that an index of its own serves."""
    named = dict(zip(COUNTED, counts, strict=True))
    return rows.order_by().values("country").annotate(**named).values_list(*named)
