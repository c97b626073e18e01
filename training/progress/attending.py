"""Who was at which session, from a state: the longest of what was seen, whoever saw it; what was taken back left out. Pure."""

from training.progress.folding import State
from training.progress.waiving import waived


def attended(state: State) -> dict[str, int]:
    """Return the minutes of each session that somebody attended."""
    minutes: dict[str, int] = {}
    for key, (_at, lasted) in state.get("attended", {}).items():
        session, _, event = key.partition("/")
        if event not in state["voided"]:
            minutes[session] = max(minutes.get(session, 0), lasted)
    return minutes


def seen_by(state: State, session: str) -> tuple[str, ...]:
    """Return the events that say that somebody was at a session and were not taken back."""
    keys = (key.partition("/") for key in state.get("attended", {}))
    return tuple(sorted(event for one, _, event in keys if one == session and event not in state["voided"]))


def told_of(state: State, session: str) -> int:
    """Return how often something was said of a session: each time somebody was seen, and each of those taken back.

    It never falls, so two readings that are equal have nothing between them.
    """
    seen = [event for one, _, event in (key.partition("/") for key in state.get("attended", {})) if one == session]
    return len(seen) + sum(1 for event in seen if event in state["voided"])


def state_of(state: State, activity: str) -> str:
    """Return how far somebody is with a lesson, story or test: "done", "begun" or "not_begun"."""
    if activity in state["ended"] or activity in waived(state):
        return "done"
    return "begun" if activity in state["opened"] else "not_begun"
