"""The supervisor's board: who waits and for how long, who talks, who is on shift, what is late. Codes, never a caller's name or number."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from accounts.models import User
from hotline.choices import TALK_STATES, ContactKind, Duty, LegRole, Mode, Presence, State, ThirdState
from hotline.exposure import Load
from hotline.models import Absence, Block, CallBack, Contact, Leg, Line, OperatorState, Shift, ThirdCall
from hotline.queries.back_help import HelpInBack
from hotline.queries.blocks import blocks_of
from hotline.queries.colleagues import Joining, helps, kept_out, part_of
from hotline.queries.console import Due, due
from hotline.queries.contacts import contacts_of_desk, waiting_calls
from hotline.queries.duty import SEEN
from hotline.queries.exposure import loads_of
from hotline.queries.heartbeat import heard_at, is_silent
from hotline.queries.holding import is_held_long
from hotline.queries.holes import holes_near
from hotline.queries.lines import memory
from hotline.queries.needs import Said, needs_by_key
from hotline.queries.pulse import desk_sign, of_desk
from hotline.queries.serving import has_role, serves
from hotline.queries.unfinished import open_sheets
from hotline.rules import DESK
from languages import table

SILENT = "silent"
NO_MARK = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Waiting:
    """Callers who wait in one language: how many, how many of them in danger, or else in need now, since when the first one."""

    language: table.Row | None
    count: int
    danger: int
    longest: dt.datetime
    need: int = 0


@dataclass(frozen=True)
class Talk:
    """One call or conversation that goes on, and who has it; nobody of ours where a caller was left with a service."""

    contact: Contact
    who: User | None
    since: dt.datetime
    is_held_long: bool = False
    is_with_service: bool = False
    call_back: CallBack | None = None
    needs_now: Sequence[Said] = ()

    @property
    def state(self) -> str:
        """Return the state of a call in words: who talks with a service is in conversation, whatever became of the sheet."""
        if self.call_back is not None:
            return self.call_back.get_state_display()
        return State.CONSULT.label if self.is_with_service else self.contact.get_state_display()

    @property
    def language(self) -> table.Row | None:
        """Return the language the person chose, or None."""
        return table.BY_CODE.get(self.contact.language)


@dataclass(frozen=True)
class Person:
    """Somebody on shift or at work: what she does and since when, whether she could take a call now, and why she was set off."""

    user: User
    state: OperatorState | None
    duty: str
    until: dt.datetime | None
    is_seen: bool
    load: Load = Load()
    is_interpreting: bool = False

    @property
    def presence(self) -> str:
        """Return what she does, in words; of an interpreter, who sets no state, only that she is in a call."""
        if self.duty == Duty.INTERPRETER:
            return str(Presence.ON_CALL.label) if self.is_interpreting else ""
        return str(Presence(self.state.state if self.state else Presence.OFF).label)

    @property
    def is_ready(self) -> bool:
        """Tell whether a call can be offered to her now."""
        return self.is_seen and self.state is not None and self.state.state == Presence.READY

    @property
    def was_set_off(self) -> bool:
        """Tell whether two offers that she did not answer set her to off."""
        return self.state is not None and self.state.was_set_off

    @property
    def speaks(self) -> list[table.Row]:
        """Return her languages."""
        return [table.BY_CODE[code] for code in self.user.speaks if code in table.BY_CODE]


@dataclass(frozen=True)
class LineNow:
    """One line: whether it is open, how it answers, and how many holes its roster has in the coming day."""

    line: Line
    is_open: bool
    holes: int

    @property
    def is_usual(self) -> bool:
        """Tell whether it answers in the normal way."""
        return self.line.mode == Mode.NORMAL


@dataclass(frozen=True)
class Board:
    """Everything the board shows, read in one go."""

    mark: str
    lines: list[LineNow]
    waiting: list[Waiting]
    in_menus: int
    talks: list[Talk]
    people: list[Person]
    due: Due
    blocks: list[Block]
    heard_at: dt.datetime | None
    is_silent: bool
    helps: list[Joining | HelpInBack]
    joining: Joining | None
    has_left: bool
    kept_out: Joining | None
    open_sheets: int

    @property
    def ready(self) -> int:
        """Return how many could take a call now."""
        return sum(one.is_ready for one in self.people)

    @property
    def on_shift(self) -> int:
        """Return how many are on shift as operators."""
        return sum(one.until is not None and one.duty == Duty.OPERATOR for one in self.people)

    @property
    def callers(self) -> int:
        """Return how many callers wait."""
        return sum(one.count for one in self.waiting)

    @property
    def longest(self) -> dt.datetime | None:
        """Return since when the first of them waits."""
        return min((one.longest for one in self.waiting), default=None)


def board_mark(user: User, *, at: dt.datetime) -> str:
    """Return a mark that differs as soon as something on the board would look different. Two queries.

    Whose console is open is a part of it: one that closes writes nothing down. Nor does a shift that begins or ends, so each
    minute has its own mark.
    """
    mode = Line.objects.filter(country_id=user.country_id).order_by().values("country_id")
    *told, mode_at = User.objects.filter(pk=user.pk).values_list(
        *of_desk(user), Subquery(mode.annotate(newest=Max("mode_at")).values("newest")),
    ).get()  # fmt: skip
    states = list(OperatorState.objects.filter(user__country_id=user.country_id).order_by("pk"))
    marks = [(one or NO_MARK).isoformat() for one in (mode_at, max((one.since for one in states), default=None))]
    open_consoles = ".".join(str(one.pk) for one in states if _is_seen(one, at))
    return "|".join([desk_sign(user, *told), *marks, open_consoles, f"{at:%H%M}", *[SILENT] * is_silent(at)])


def is_silent_in(mark: str) -> bool:
    """Tell whether a mark is of a board on which the worker was silent."""
    return mark.split("|")[-1] == SILENT


def board(user: User, *, at: dt.datetime) -> Board:
    """Return the board of a supervisor's country; the same queries however many call, wait and work."""
    mark = board_mark(user, at=at)
    lines = list(Line.objects.filter(country_id=user.country_id, is_active=True).select_related("country"))
    calls, part = contacts_of_desk(user).filter(kind=ContactKind.CALL, ended_at=None), part_of(user, at)
    waiting, talks = list(waiting_calls(user)), _talks(user, calls, at)
    needs = needs_by_key([*waiting, *(one.contact for one in talks)])
    in_menus = calls.exclude(
        state__in=[*TALK_STATES, "wrap_up", "ended", "done", "waiting", "choices", "returned", "offered", "phones"]
    )
    return Board(
        mark=mark,
        lines=_lines(user, lines, at),
        waiting=_by_language(waiting, needs),
        in_menus=in_menus.count(),
        talks=[replace(one, needs_now=needs.get(one.contact.pk, ())) for one in talks],
        people=_people(user, lines, at),
        due=due(user, at=at),
        blocks=blocks_of(user, at),
        heard_at=heard_at(),
        is_silent=is_silent(at),
        helps=helps(user),
        joining=part.joining,
        has_left=part.has_left,
        kept_out=kept_out(user, at),
        open_sheets=open_sheets(user, at),
    )


def _lines(user: User, lines: list[Line], at: dt.datetime) -> list[LineNow]:
    known, holes = memory().by_id, holes_near(user.country_id, at)
    return [LineNow(line, line.pk in known and known[line.pk].is_open(at), holes.get(line.pk, 0)) for line in lines]


def _by_language(calls: Iterable[Contact], needs: Collection[int]) -> list[Waiting]:
    """Return the callers who wait by language, the one with the longest wait first; who is in danger, or in need, before it."""
    groups: dict[str, list[Contact]] = {}
    for call in calls:
        groups.setdefault(call.language, []).append(call)
    found = [
        Waiting(
            table.BY_CODE.get(code),
            len(rows),
            sum(row.is_danger for row in rows),
            min(row.queued_at or row.started_at for row in rows),
            sum(row.pk in needs and not row.is_danger for row in rows),
        )
        for code, rows in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.danger - one.need, one.longest))


def _talks(user: User, calls, at: dt.datetime) -> list[Talk]:
    texts = contacts_of_desk(user).filter(kind=ContactKind.MESSAGE, claimed_until__gte=at, claimed_by__isnull=False)
    held = Leg.objects.filter(contact=OuterRef("pk"), role=LegRole.CALLER, is_held=True).order_by()
    services = ThirdCall.objects.filter(contact=OuterRef("pk"), role=LegRole.AGENCY, state=ThirdState.JOINED)
    left = Q(Exists(services), state__in=[State.WRAP_UP, State.DONE])
    rows = (calls.filter(Q(state__in=TALK_STATES) | left) | texts).select_related("claimed_by", "line")
    rows = rows.annotate(held_mark=Subquery(held.values("hold_mark")[:1]))
    return [*(_talk(row, at) for row in rows.order_by("started_at")), *_call_backs(user)]


def _call_backs(user: User) -> list[Talk]:
    rows = CallBack.objects.filter(ended_at=None, contact__in=contacts_of_desk(user))
    return [
        Talk(one.contact, one.by, one.made_at, call_back=one) for one in rows.select_related("contact__line", "by")
    ]


def _talk(row: Contact, at: dt.datetime) -> Talk:
    is_left = row.kind == ContactKind.CALL and row.state not in TALK_STATES
    since = row.connected_at or row.queued_at or row.started_at
    return Talk(row, None if is_left else row.claimed_by, since, is_held_long(row.held_mark, at), is_left)


def _people(user: User, lines: list[Line], at: dt.datetime) -> list[Person]:
    """Return who is on shift and not away, and who is at work beside the roster or was set to off lately, and what their calls weigh.

    Three queries.
    """
    away = Absence.objects.filter(user=OuterRef("user"), starts_at__lte=at, ends_at__gt=at)
    shifts = Shift.objects.filter(serves(), ~Exists(away), line__in=lines, starts_at__lte=at, ends_at__gt=at)
    interpreted = ThirdCall.objects.filter(
        role=LegRole.INTERPRETER, state=ThirdState.JOINED, leg__user=OuterRef("user")
    )
    shifts = shifts.annotate(is_interpreting=Exists(interpreted))
    found: dict[int, Person] = {}
    for shift in shifts.select_related("user__operator_state").order_by("duty", "user__name"):
        state = getattr(shift.user, "operator_state", None)
        seen, interprets = _is_seen(state, at), shift.is_interpreting
        found[shift.user_id] = Person(shift.user, state, shift.duty, shift.ends_at, seen, is_interpreting=interprets)
    beside = OperatorState.objects.filter(has_role(*DESK), user__country_id=user.country_id).filter(
        Q(seen_at__gt=at - SEEN) & ~Q(state=Presence.OFF) | Q(contact__isnull=False)
    )
    for state in beside.exclude(user__in=list(found)).select_related("user").order_by("user__name"):
        found[state.user_id] = Person(state.user, state, Duty.OPERATOR, None, _is_seen(state, at))
    loads = loads_of([one.user for one in found.values()], user.country_id, at)
    return [replace(one, load=loads.get(key, Load())) for key, one in found.items()]


def _is_seen(state: OperatorState | None, at: dt.datetime) -> bool:
    return state is not None and state.seen_at is not None and at - state.seen_at < SEEN
