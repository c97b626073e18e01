"""When telephones were in a room, and on hold there, from what it tells of each, in whatever order. Pure.

A conference numbers what it tells from 1, so what happened first within a second is told by its numbers alone. Numbers of
two conferences of one call are never compared: what each told is kept, as a set, and everything is read from that set.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

CAME, WENT = "+", "-"
HELD, HEARD = "h", "u"
MOVES = {"participant-join": CAME, "participant-leave": WENT}
HOLDS = {"participant-hold": HELD, "participant-unhold": HEARD}
NEVER = "~"  # after every mark
SECOND = 14  # letters of a mark that say the second
# Of two conferences in one second: who was put on hold in one has left the other, and somebody must take her back.
HOLD_ORDER = (WENT, HEARD, HELD)


class Told(NamedTuple):
    """One report of a room on a telephone: its mark, the conference that told it, and its sign."""

    mark: str
    room: str
    sign: str


class Stay(NamedTuple):
    """From which mark to which a telephone was in a conference; "" where its coming, `NEVER` where its going was not told."""

    room: str
    came: str
    went: str

    def meets(self, other: "Stay") -> bool:
        """Tell whether two stays were in one conference at the same time; of one without a name, any may be meant."""
        if self.room == other.room:
            return self.came <= other.went and other.came <= self.went
        # Their numbers may be of two conferences: only the seconds are compared.
        is_one = "" in (self.room, other.room)
        return is_one and self.came[:SECOND] <= other.went[:SECOND] and other.came[:SECOND] <= self.went[:SECOND]


def with_move(moves: str, mark: str, room: str, sign: str) -> str:
    """Return what was told of a telephone with one report more, once: each as its mark, the conference and its sign."""
    return " ".join(sorted({*moves.split(), f"{mark}|{room}|{sign}"}))


def stays_of(moves: str) -> list[Stay]:
    """Return when a telephone was in which conference, by conference and in order."""
    told = sorted(one for one in _told(moves) if one.sign in (CAME, WENT))
    by_room = sorted(told, key=_room)  # each in its order
    return [stay for room, rows in groupby(by_room, key=_room) for stay in _stays_in(room, rows)]


def hold_of(moves: str, *, ends_by_leaving: bool) -> tuple[bool, str]:
    """Return whether a telephone is on hold, and the mark of the report that says so or not; False and "" where none does.

    Of each conference its last report counts, by second and number. Of several conferences that of the later second, and
    within one second that the telephone is held before that it is not, this before that it left.
    """
    signs = HOLD_ORDER if ends_by_leaving else (HEARD, HELD)
    last: dict[str, tuple[str, int]] = {}
    for one in _told(moves):
        if one.sign in signs:
            last[one.room] = max(last.get(one.room, ("", 0)), (one.mark, HOLD_ORDER.index(one.sign)))
    mark, rank = max(last.values(), key=lambda one: (one[0][:SECOND], one[1], one[0]), default=("", 0))
    return HOLD_ORDER[rank] == HELD, mark


def room_of(moves: str) -> str:
    """Return the conference that told last of a telephone that it is there; within one second the last by name, "" for none."""
    there = ((one.mark[:SECOND], one.room) for one in _told(moves) if one.sign != WENT)
    return max(there, default=("", ""))[1]


def _told(moves: str) -> list[Told]:
    return [Told(*move.rsplit("|", 2)) for move in moves.split()]


def _room(one: Told) -> str:
    return one.room


def _stays_in(room: str, rows: Iterable[Told]) -> Iterator[Stay]:
    since, is_first = None, True
    for mark, _room, sign in rows:
        if sign == CAME and since is None:
            since = mark
        elif sign == WENT and (since is not None or is_first):
            yield Stay(room, since or "", mark)
            since = None
        is_first = False
    if since is not None:
        yield Stay(room, since, NEVER)


def is_apart(operator: str, caller: str) -> bool:
    """Tell from the comings and goings of two telephones that they were never in a conference at the same time.

    Of a telephone that came by no conference, as one that a document rings, nothing is told: it talks with whom it answers.
    """
    mine, hers = stays_of(operator), stays_of(caller)
    return bool(mine) and not any(one.meets(other) for one in mine for other in hers)
