"""When somebody had done what a certificate says. Pure."""

from training.progress.folding import State
from training.progress.values import Version


def lessons_done_at(state: State, version: Version) -> int | None:
    """Return when the last required lesson was done, in milliseconds; None while one is not."""
    times = [_done_at(state, one.id) for one in version.lessons if one.required]
    return max(times) if times and None not in times else None


def _done_at(state: State, lesson: str) -> int | None:
    return min((state[part][lesson] for part in ("ended", "waived") if lesson in state[part]), default=None)
