"""When telephones were in a room, from what it tells of each coming and going, in whatever order. Pure."""

CAME, WENT = "+", "-"
MOVES = {"participant-join": CAME, "participant-leave": WENT}
NEVER = "~"  # after every mark


def with_move(moves: str, mark: str, sign: str) -> str:
    """Return the comings and goings of a telephone with one more, each as its mark and its sign, once, in their order."""
    return " ".join(sorted({*moves.split(), f"{mark}|{sign}"}))


def stays_of(moves: str) -> list[tuple[str, str]]:
    """Return from which mark to which a telephone was in the room; "" where its coming, `NEVER` where its going was not told."""
    stays, since = [], "" if moves.partition(" ")[0].endswith(WENT) else None
    for mark, sign in (move.rsplit("|", 1) for move in moves.split()):
        if sign == CAME and since is None:
            since = mark
        elif sign == WENT and since is not None:
            stays.append((since, mark))
            since = None
    return stays if since is None else [*stays, (since, NEVER)]


def is_apart(operator: str, caller: str) -> bool:
    """Tell from the comings and goings of two telephones that they were never in the room at the same time.

    Of a telephone that came by no room, as one that a document rings, nothing is told: it talks with whom it answers.
    """
    both = [(one, other) for one in stays_of(operator) for other in stays_of(caller)]
    return bool(operator) and not any(one[0] <= other[1] and other[0] <= one[1] for one, other in both)
