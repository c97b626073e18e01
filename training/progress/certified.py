"""What an edition asks beyond another one: whether who finished the one is up to date with the other. Pure."""

from collections.abc import Iterable, Mapping

from training.progress.folding import State, passes_of
from training.progress.standing import Edition, as_here, as_of, caught_up_at, work_by
from training.progress.values import CHECKUP, POST, Paper, Version
from training.progress.waiving import under, waived

KINDS = ("lesson", "test", "scenario")


def raised(old: Version, new: Version, track: str, kinds: Iterable[str] = KINDS) -> bool:
    """Tell whether a newer edition asks something of her track that changed materially since the old one, or is new.

    Both are of one chain: the numbers of two countries have nothing to do with each other.
    """
    return any(
        one.kind in kinds and one.number_for(track) > (old.material_of(one.id) or 0) for one in new.asked(track)
    )


def asks_more(
    state: State,
    chain: Iterable[Edition],
    known: Mapping[str, Edition],
    old: Version,
    by: int,
    new: Version,
    track: str,
    kinds: Iterable[str] = KINDS,
) -> bool:
    """Tell whether an edition of a chain asks something beyond another one, of which she had done all by an instant.

    Where that one is of another country's chain it says nothing of how a lesson or story stands in this one: what she
    had done by then is looked at. Its test is the one that stood here then.
    """
    chain, kinds = list(chain), tuple(kinds)
    here = as_here(old.id, chain, known)
    if here is None or here.id == old.id:
        return raised(old, new, track, kinds)
    done = work_by(state, chain, known, track, by)
    work = [one for one in new.asked(track) if one.kind in kinds and one.kind != "test"]
    return any(done.owes(one) for one in work) or "test" in kinds and raised(here, new, track, ("test",))


def worked_under(state: State, papers: Mapping[str, Paper], at: int | None = None) -> set[str]:
    """Return the editions under which something was done or waived, or a test passed; at an instant, or ever."""
    done = [(when, key.partition("/")[2]) for key, when in under(state).items()]
    passed = passes_of(state, papers, (POST, CHECKUP))
    return {version for when, version in [*done, *passed] if version and at in (None, when)}


def work_done_at(state: State, version: Version, track: str) -> int | None:
    """Return when the last lesson or story that is asked of her was done, in milliseconds; None while one is not."""
    times = [_done_at(state, one.id) for one in version.asked(track) if one.kind != "test"]
    return max(times) if times and None not in times else None


def work_done_again_at(state: State, version: Version, track: str, since: int) -> int | None:
    """Return when she had done all lessons and stories asked of her after an instant, those of before done once more.

    Of what is done twice under one edition the first time alone is known, so that needs a later edition.
    """
    done = [(key.split("/", 1)[0], when) for key, when in under(state).items() if when > since]
    asked = [one.id for one in version.asked(track) if one.kind != "test"]
    times = [min((when for key, when in done if key == one), default=None) for one in asked]
    return max(times) if times and None not in times else None


def stories_done(state: State, version: Version, track: str, by: int) -> int:
    """Return how many stories an edition asks of her, where all of them were done by an instant in milliseconds; else 0.

    While it is 0 for an edition that asks for one, her certificate was issued when lessons alone were asked.
    """
    times = [_done_at(state, one.id) for one in version.asked(track) if one.kind == "scenario"]
    return len(times) if all(when is not None and when <= by for when in times) else 0


def rests_on_waiver(
    state: State, chain: Iterable[Edition], known: Mapping[str, Edition], version: Version, track: str, by: int
) -> bool:
    """Tell whether a lesson or story was waived that she had not done herself, by an instant, as an edition asks it.

    Done as an earlier edition had it is not enough where the law, a procedure or a right answer in it changed since.
    """
    hers, chain = as_of(state, by) | {"waived": {}}, list(chain)
    asked = [one for one in version.asked(track) if one.kind != "test" and one.id in waived(state)]
    return any(caught_up_at(hers, {}, chain, known, (one,)) is None for one in asked)


def _done_at(state: State, activity: str) -> int | None:
    return min((part[activity] for part in (state["ended"], waived(state)) if activity in part), default=None)
