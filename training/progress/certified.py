"""When somebody had done what a certificate says. Pure."""

from training.progress.folding import State
from training.progress.values import Version


def lessons_done_at(state: State, version: Version) -> int | None:
    """Return when the last lesson asked of any group she chose was done, in milliseconds; None while one is not."""
    times = [_all_done_at(state, version, track) for track in ("", *state["tracks"])]
    return min((time for time in times if time is not None), default=None)


def _all_done_at(state: State, version: Version, track: str) -> int | None:
    times = [_done_at(state, one.id) for one in version.asked(track) if one.kind == "lesson"]
    return max(times) if times and None not in times else None


def _done_at(state: State, lesson: str) -> int | None:
    return min((state[part][lesson] for part in ("ended", "waived") if lesson in state[part]), default=None)
