"""When telephones were in a room, from what it tells of each coming and going, in whatever order. Pure.

A conference numbers what it tells from 1, so what happened first within a second is told by its numbers alone, and of two
conferences of one call nothing is compared.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

CAME, WENT = "+", "-"
MOVES = {"participant-join": CAME, "participant-leave": WENT}
NEVER = "~"  # after every mark


class Stay(NamedTuple):
    """From which mark to which a telephone was in a conference; "" where its coming, `NEVER` where its going was not told."""

    room: str
    came: str
    went: str

    def meets(self, other: "Stay") -> bool:
        """Tell whether two stays were in one conference at the same time; of one without a name, any may be meant."""
        is_one = self.room == other.room or "" in (self.room, other.room)
        return is_one and self.came <= other.went and other.came <= self.went


def with_move(moves: str, mark: str, room: str, sign: str) -> str:
    """Return the comings and goings of a telephone with one more, once: each as its mark, the conference and its sign."""
    return " ".join(sorted({*moves.split(), f"{mark}|{room}|{sign}"}))


def stays_of(moves: str) -> list[Stay]:
    """Return when a telephone was in which conference, by conference and in order."""
    told = sorted(tuple(move.rsplit("|", 2)) for move in moves.split())
    by_room = sorted(told, key=lambda move: move[1])  # each in its order
    return [stay for room, rows in groupby(by_room, key=lambda move: move[1]) for stay in _stays_in(room, rows)]


def _stays_in(room: str, rows) -> Iterator[Stay]:
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
    return bool(operator) and not any(one.meets(other) for one in stays_of(operator) for other in stays_of(caller))
