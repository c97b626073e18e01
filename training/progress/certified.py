"""What an edition asks beyond another one: whether who finished the one is up to date with the other. Pure."""

from collections.abc import Iterable

from training.progress.folding import State
from training.progress.values import Activity, Version
from training.progress.waiving import waived


def raised(old: Version, new: Version, track: str, kinds: Iterable[str] = ("lesson", "test", "scenario")) -> bool:
    """Tell whether a newer edition asks something of her track that changed materially since the old one, or is new."""
    return any(one.kind in kinds and one.material > _material(old, one) for one in new.asked(track))


def _material(version: Version, activity: Activity) -> int:
    there = version.activity(activity.id)
    return there.material if there else 0


def work_done_at(state: State, version: Version, track: str) -> int | None:
    """Return when the last lesson or story that is asked of her was done, in milliseconds; None while one is not."""
    times = [_done_at(state, one.id) for one in version.asked(track) if one.kind != "test"]
    return max(times) if times and None not in times else None


def _done_at(state: State, activity: str) -> int | None:
    return min((part[activity] for part in (state["ended"], waived(state)) if activity in part), default=None)
