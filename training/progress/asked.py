"""What is asked of somebody at an instant: what her edition asks and the course has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from training.progress.standing import Edition
from training.progress.values import Version


@dataclass(frozen=True)
class Move:
    """How a lesson last came to be asked of her, or not: `at` when, `again` where it had been asked before."""

    at: int
    is_asked: bool
    again: bool = False


def moves(pins: Sequence[tuple[int, Version]], chain: Sequence[Edition], track: str) -> dict[str, Move]:
    """Return the last move of each lesson that came or went since her first edition; nothing where none did.

    `pins` are the editions she followed, each with the instant from which on, of the first that of its publication;
    `chain` those of her country: what the newest of them had by then is what the course had.
    """
    first = pins[0][0]
    had = [(one.at, {lesson.id for lesson in one.version.lessons}) for one in chain if one.at > first]
    if not had and len(pins) == 1:
        return {}
    asked = [(at, {one.id for one in version.asked(track) if one.kind == "lesson"}) for at, version in pins]
    moments = sorted({at for at, _keys in (*asked, *had)})
    then = [_last(asked, at) & _last([asked[0], *had], at) for at in moments]
    return {key: found for key in set().union(*then) if (found := _last_move(key, moments, then))}


def _last(rows: Sequence[tuple[int, set[str]]], at: int) -> set[str]:
    """Return what held at an instant: the last of some sets that had begun."""
    return next(keys for since, keys in reversed(rows) if since <= at)


def _last_move(key: str, moments: Sequence[int], then: Sequence[set[str]]) -> Move | None:
    states = [key in one for one in then]
    turns = [place for place in range(1, len(states)) if states[place] != states[place - 1]]
    if not turns:
        return None
    return Move(moments[turns[-1]], states[-1], again=states[-1] and any(states[: turns[-1]]))
