"""Who is trained on the course as it stands: finished, and up to date with every material change. Pure.

Nothing is stored for a refresher: it is what a newer edition asks and she has not done since. So it is never doubled,
follows each newer edition by itself, and can be told for any past instant from the same facts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from training.progress.folding import State, completion, finished_by, passes_of
from training.progress.values import CHECKUP, POST, Activity, Paper, Version
from training.progress.waiving import under

DAY = 24 * 3600 * 1000
GRACE_DAYS = 90
CHECKUP_DAYS = 91
UNFINISHED, CURRENT, REFRESHER_DUE, LAPSED = "unfinished", "current", "refresher_due", "lapsed"
WORK = ("lesson", "scenario")
_BY_TIME = ("ended", "under", "waived", "submitted", "voided", "tracks")


@dataclass(frozen=True)
class Edition:
    """An edition of a course in its chain: number, when it was published in milliseconds, what it asks."""

    number: int
    at: int
    version: Version


@dataclass(frozen=True)
class Standing:
    """How somebody stands at an instant; `asked` is what the refresher holds, `until` when the grace ends.

    `current_to` is the number of the last edition of the chain with which she is up to date; 0: with none.
    """

    state: str
    completed_at: int | None = None
    asked: tuple[Activity, ...] = ()
    since: int | None = None
    until: int | None = None
    current_to: int = 0

    @property
    def minutes(self) -> int:
        """Return how long the refresher takes."""
        return sum(activity.minutes for activity in self.asked)


@dataclass(frozen=True)
class Held:
    """What somebody of a track has done: by activity, the material number up to which she did it, or is spared it."""

    track: str
    done: Mapping[str, int]
    spared: Mapping[str, int]

    def owes(self, activity: Activity) -> bool:
        """Tell whether somebody who has finished is asked for an activity as an edition has it."""
        done = self.done.get(activity.id)
        if not activity.is_asked_of(self.track) or activity.is_done_at(done):
            return False
        return activity.number_for(self.track) > max(done or 0, self.spared.get(activity.id, 0))


def standing(
    state: State,
    papers: Mapping[str, Paper],
    chain: Iterable[Edition],
    known: Mapping[str, Edition],
    pinned: list[Version],
    at: int,
    grace_days: int = GRACE_DAYS,
) -> Standing:
    """Return how somebody stands at an instant, as it was then.

    `chain` are the editions of her country by number; `known` every edition her work refers to, also of another
    country's chain; `pinned` those her enrolment was ever pinned to.
    """
    past = as_of(state, at)
    completed_at, track = completion(past, pinned, papers)
    if completed_at is None or completed_at > at:
        return Standing(UNFINISHED)
    editions = [edition for edition in chain if edition.at <= at]
    held = Held(track, _levels(past, papers, editions, known), {})
    for finished in finished_by(past, pinned, papers):
        _spare(held, finished, editions, known)
    return _compared(editions, held, (*WORK, "test"), completed_at, at, grace_days)


def standing_of_work(
    state: State,
    chain: Iterable[Edition],
    known: Mapping[str, Edition],
    certified: Version,
    since: int,
    track: str,
    at: int,
    grace_days: int = GRACE_DAYS,
) -> Standing:
    """Return how somebody stands who did all lessons and stories and has not passed the test, which is not asked then.

    `certified` is the edition that her certificate names, which says that she did all of it, `since` when she had.
    """
    editions = [edition for edition in chain if edition.at <= at]
    held = Held(track, _levels(as_of(state, at), {}, editions, known), {})
    is_of_chain = any(one.version.id == certified.id for one in editions)
    for one in certified.activities:
        if one.id in held.done and not is_of_chain:
            continue  # what another country's edition says of it is no word on how it stands here
        number, part = _number(one.id, certified.id, editions, known), held.done
        if not one.is_asked_of(track):
            part = held.spared
        part[one.id] = max(part.get(one.id, 0), number)
    _spare(held, certified, editions, known)
    return _compared(editions, held, WORK, since, at, grace_days)


def _compared(
    editions: list[Edition],
    held: Held,
    kinds: tuple[str, ...],
    completed_at: int,
    at: int,
    grace_days: int,
) -> Standing:
    """Return how somebody stands who had done all that was asked, by what editions ask now and what she has done."""
    lacking = {edition.number: _lacking(edition, held, kinds) for edition in editions}
    current_to = max((number for number, left in lacking.items() if not left), default=0)
    asked = lacking[editions[-1].number] if editions else ()
    if not asked:
        return Standing(CURRENT, completed_at, current_to=current_to)
    since = max(completed_at, min(_risen_at(activity, editions, held) for activity in asked))
    until = min(_grace_ends(activity, editions, held, completed_at, grace_days) for activity in asked)
    word = REFRESHER_DUE if at < until else LAPSED
    return Standing(word, completed_at, asked, since, until, current_to)


def caught_up_at(
    state: State,
    papers: Mapping[str, Paper],
    chain: Iterable[Edition],
    known: Mapping[str, Edition],
    asked: Iterable[Activity],
) -> int | None:
    """Return when the last of what an edition of this chain asks was done as it stands there; None while one is not."""
    work = list(_work(state, papers, list(chain), known))
    times = [
        min((at for activity, level, at in work if activity == one.id and one.is_done_at(level)), default=None)
        for one in asked
    ]
    return max(times, default=None) if None not in times else None


def work_by(state: State, chain: Iterable[Edition], known: Mapping[str, Edition], track: str, at: int) -> Held:
    """Return what lessons and stories somebody of a track had done by an instant, in the numbers of a chain."""
    return Held(track, _levels(as_of(state, at), {}, list(chain), known), {})


def done_as_it_stands(state: State, key: str, chain: Iterable[Edition], known: Mapping[str, Edition]) -> bool:
    """Tell whether somebody did a lesson or story, or was let off it, as the newest edition of her chain has it."""
    editions = list(chain)
    under_which = (one.partition("/")[2] for one in under(state) if one.startswith(f"{key}/"))
    numbers = [_number(key, version, editions, known) for version in under_which]
    done_from = editions[-1].version.done_from(key) if editions else None
    return bool(numbers) and done_from is not None and max(numbers) >= done_from


def as_of(state: State, at: int) -> State:
    """Return the state as it was at an instant; every fact holds the earliest time at which it was true."""
    past = state | {part: {key: when for key, when in state[part].items() if when <= at} for part in _BY_TIME}
    past["points"] = {key: points for key, points in state["points"].items() if key in past["submitted"]}
    return past


def checkup_due(state: State, papers: Mapping[str, Paper], completed_at: int | None, at: int) -> bool:
    """Tell whether the check-up is offered: three months after the course was finished, until one is passed since."""
    if completed_at is None or at < completed_at + CHECKUP_DAYS * DAY:
        return False
    passed = passes_of(as_of(state, at), papers, (CHECKUP,))
    return not any(when >= completed_at for when, _version in passed)


def _lacking(edition: Edition, held: Held, kinds: tuple[str, ...]) -> tuple[Activity, ...]:
    return tuple(one for one in edition.version.activities if one.kind in kinds and held.owes(one))


def _risen_at(activity: Activity, editions: list[Edition], held: Held) -> int:
    """Return when the first edition appeared that asks more of an activity than she has done."""
    found = ((one.at, one.version.activity(activity.id)) for one in editions)
    return min(at for at, there in found if there is not None and held.owes(there))


def _grace_ends(activity: Activity, editions: list[Edition], held: Held, completed_at: int, grace_days: int) -> int:
    """Return until when an activity may be done anew; the time during which it rested or was not asked is not counted."""
    begins = max(completed_at, _risen_at(activity, editions, held))
    spans = ((one.version.activity(activity.id), max(one.at, begins), later.at) for one, later in pairwise(editions))
    gaps = ((begun, ends) for there, begun, ends in spans if there is None or not there.is_asked_of(held.track))
    return begins + grace_days * DAY + sum(ends - begun for begun, ends in gaps if ends > begun)


def _levels(
    past: State, papers: Mapping[str, Paper], editions: list[Edition], known: Mapping[str, Edition]
) -> dict[str, int]:
    """Return, by activity, the material number up to which she has done it, in the numbers of this chain."""
    levels: dict[str, int] = {}
    for activity, level, _at in _work(past, papers, editions, known):
        levels[activity] = max(levels.get(activity, 0), level)
    return levels


def _work(
    state: State, papers: Mapping[str, Paper], editions: list[Edition], known: Mapping[str, Edition]
) -> Iterator[tuple[str, int, int]]:
    """Yield each activity that was done or waived, or test passed, with the material number it had then, and when."""
    for key, at in under(state).items():
        activity, version = key.split("/", 1)
        yield activity, _number(activity, version, editions, known), at
    for test in {one.version.test(POST).id for one in editions if one.version.test(POST)}:
        for at, version in passes_of(state, papers, (POST, CHECKUP)):
            yield test, _number(test, version, editions, known), at


def _spare(held: Held, finished: Version, editions: list[Edition], known: Mapping[str, Edition]) -> None:
    """Note what rested in the edition that she finished and she never did: put back as it was, it is not asked of her.

    So it is with what is added without being material. What she had done as it was before it changed is asked all the same.
    """
    for activity, _number_then in finished.resting:
        if activity not in held.done and activity not in held.spared:
            held.spared[activity] = _number(activity, finished.id, editions, known)


def _number(activity: str, version: str, editions: list[Edition], known: Mapping[str, Edition]) -> int:
    """Return the material number of an activity in an edition; one of another chain counts as what stood here then."""
    found = as_here(version, editions, known)
    number = found.material_of(activity) if found else None
    return 1 if number is None else number


def as_here(version: str, editions: list[Edition], known: Mapping[str, Edition]) -> Version | None:
    """Return an edition by the numbers of a chain: itself, or of another chain what stood here when it was published.

    A chain that began later has its first one in the place of all before; None: it has none.
    """
    found = next((one for one in editions if one.version.id == version), None)
    if found is None:
        other = known.get(version)
        earlier = [one for one in editions if other is not None and one.at <= other.at]
        found = earlier[-1] if earlier else next(iter(editions), None)
    return found.version if found else None
