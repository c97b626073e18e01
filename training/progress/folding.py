"""The fold: the same events, in any order and any number of times, give the same state; it only moves up.

Pure: no rows, no clock. A state is a mapping of parts; `join` is associative, commutative and idempotent, and
`empty()` is neutral. Times are epoch milliseconds, points thousandths, all numbers whole.
"""

from collections.abc import Iterable, Mapping
from functools import reduce

from training import grading
from training.progress.values import POST, Fact, Paper, Summary, Version, canonical, read
from training.progress.waiving import waived

FOLD = 3
END = "end"
FOUR_HOURS = 4 * 3600
State = dict[str, dict]

_EARLIEST = ("opened", "read", "acknowledged", "ended", "under", "waived", "pinned", "submitted", "voided", "tracks")
_LATEST = ("languages", "track")
_PARTS = (*_EARLIEST, *_LATEST, "time", "last", "points")
# Parts that stand in a state only once something is in them: who played nothing has the state she always had.
_SPARSE = {"ends": min, "plays": max, "attended": min}


def empty() -> State:
    """Return the state of somebody who has done nothing."""
    return {part: {} for part in _PARTS}


def read_state(text: str) -> State:
    """Read a state back; one that an earlier fold wrote lacks what that fold did not keep."""
    return empty() | read(text)


def join(one: State, other: State) -> State:
    """Return the state in which both happened."""
    joined = {part: _merged(one[part], other[part], min) for part in _EARLIEST}
    joined["time"] = _merged(one["time"], other["time"], _union)
    joined["last"] = _merged(one["last"], other["last"], _later)
    joined["points"] = _merged(one["points"], other["points"], lambda a, b: _merged(a, b, max))
    joined |= {part: _merged(one[part], other[part], max) for part in _LATEST}
    for part, choose in _SPARSE.items():
        if part in one or part in other:
            joined[part] = _merged(one.get(part, {}), other.get(part, {}), choose)
    return joined


def _merged(one: dict, other: dict, choose) -> dict:
    both = {key: choose(one[key], other[key]) for key in one.keys() & other.keys()}
    return {**one, **other, **both}


def _later(one: list, other: list) -> list:
    return max(one, other, key=lambda entry: (entry[:3], canonical(entry)))


def _union(one: list, other: list) -> list:
    """Return two lists of intervals as one list without overlaps."""
    merged: list[list[int]] = []
    for begin, end in sorted([*one, *other]):
        if merged and begin <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([begin, end])
    return merged


def of_event(event: Fact, papers: Mapping[str, Paper]) -> State:
    """Return the state in which only this event happened."""
    state = empty()
    _FOLDS[event.verb](state, event, papers)
    if event.verb in _WORK and event.language:
        state["languages"][event.language] = event.at
    return state


def _opened(state: State, event: Fact, papers) -> None:
    state["opened"][event.activity] = event.at


def _reached(state: State, event: Fact, papers) -> None:
    screen = event.payload["screen"]
    state["opened"][event.activity] = event.at
    if screen == END:
        state["ended"][event.activity] = event.at
        state["under"][f"{event.activity}/{event.version}"] = event.at
    else:
        state["read"][f"{event.activity}/{screen}"] = event.at


def _acknowledged(state: State, event: Fact, papers) -> None:
    state["acknowledged"][event.payload["block"]] = event.at


def _focused(state: State, event: Fact, papers) -> None:
    begin, end = event.payload["from"], event.payload["to"]
    if begin < end <= begin + FOUR_HOURS:
        state["time"][event.activity] = [[begin, end]]


def _answered(state: State, event: Fact, papers) -> None:
    payload = event.payload
    key = f"{payload.get('attempt') or 'practice'}/{payload['item']}"
    state["last"][key] = [payload["turn"], event.at, event.id, payload["response"]]


def _submitted(state: State, event: Fact, papers) -> None:
    paper = papers.get(event.payload["attempt"])
    if paper is None:
        return
    given = {answer["item"]: answer["response"] for answer in event.payload["answers"]}
    state["points"][paper.attempt] = {item.id: grading.grade(item, given.get(item.id)).points for item in paper.items}
    state["submitted"][paper.attempt] = event.at


def _regraded(state: State, event: Fact, papers) -> None:
    """Note what an answer is worth by a corrected key; points join by the greatest, so that nobody falls by it."""
    payload = event.payload
    state["points"][payload["attempt"]] = {payload["item"]: payload["points"]}


def _chose(state: State, event: Fact, papers) -> None:
    """Note how far a play came, and the end it reached: one end is what a scenario asks."""
    path = event.payload["path"]
    state["opened"][event.activity] = event.at
    state["plays"] = {f"{event.activity}/{event.payload['play']}": [len(path), event.at, event.id, path]}
    if event.end:
        state["ends"] = {f"{event.activity}/{event.end}": event.at}
        state["ended"][event.activity] = event.at
        state["under"][f"{event.activity}/{event.version}"] = event.at


def _waived(state: State, event: Fact, papers) -> None:
    state["waived"][f"{event.activity}/{event.version}/{event.id}"] = event.at


def _tracked(state: State, event: Fact, papers) -> None:
    state["tracks"][event.payload["track"]] = event.at
    state["track"][event.payload["track"]] = event.at


def _attended(state: State, event: Fact, papers) -> None:
    """Note that somebody was at a session, each time it was seen by itself, so that one of them can be taken back."""
    state["attended"] = {f"{event.payload['session']}/{event.id}": [event.at, event.payload["minutes"]]}


def _voided(state: State, event: Fact, papers) -> None:
    for key in (*event.payload["attempts"], *event.payload.get("events", ())):
        state["voided"][key] = event.at


def _moved(state: State, event: Fact, papers) -> None:
    state["pinned"][event.payload["from"]] = event.at
    state["pinned"][event.payload["to"]] = event.at


_FOLDS = {
    "opened": _opened,
    "reached": _reached,
    "acknowledged": _acknowledged,
    "focused": _focused,
    "answered": _answered,
    "submitted": _submitted,
    "chose": _chose,
    "waived": _waived,
    "voided": _voided,
    "moved": _moved,
    "tracked": _tracked,
    "attended": _attended,
    "regraded": _regraded,
}
_WORK = frozenset({"reached", "answered", "submitted", "chose"})


def fold(events: Iterable[Fact], papers: Mapping[str, Paper], state: State | None = None) -> State:
    """Return a state with these events joined on."""
    return reduce(join, (of_event(event, papers) for event in events), state or empty())


def summary(state: State, versions: list[Version], papers: Mapping[str, Paper]) -> Summary:
    """Derive what lists show; counts come from the last version and her track, completion from any she ever had."""
    done, track = _done(state), track_of(state)
    lessons = [activity for activity in versions[-1].asked(track) if activity.kind == "lesson"]
    return Summary(
        done=sum(1 for lesson in lessons if lesson.id in done),
        of=len(lessons),
        done_lessons=tuple(lesson.id for lesson in versions[-1].lessons if lesson.id in done),
        opened_lessons=tuple(lesson.id for lesson in versions[-1].lessons if lesson.id in state["opened"]),
        best=_best(state, papers),
        passed_at=passed_at_of(state, papers),
        completed_at=completion(state, versions, papers)[0],
        seconds=sum(end - begin for spans in state["time"].values() for begin, end in spans),
        language=max(state["languages"], key=lambda code: (state["languages"][code], code), default=""),
        last_at=_last_at(state),
        track=track,
    )


def _last_at(state: State) -> int | None:
    """Return when she last did something: opened, read, played, answered or handed in."""
    moments = [at for part in ("opened", "read", "ended", "submitted", "languages") for at in state[part].values()]
    return max(moments, default=None)


def track_of(state: State) -> str:
    """Return the track that was chosen last; "" where none was."""
    return max(state["track"], key=lambda code: (state["track"][code], code), default="")


def completion(state: State, versions: list[Version], papers: Mapping[str, Paper]) -> tuple[int | None, str]:
    """Return when a course was first complete, and for which track: of any edition, for any track she ever chose.

    Where it was so for several at once, as it is when she has read everything, it is the one that she chose last.
    """
    done, passed_at, chosen = _done(state), passed_at_of(state, papers), track_of(state)
    found = [
        (at, track)
        for version in versions
        for track in ("", *state["tracks"])
        if (at := _completed_at(version, track, done, passed_at)) is not None
    ]
    return min(found, key=lambda one: (one[0], one[1] != chosen, one[1]), default=(None, ""))


def finished_by(state: State, versions: list[Version], papers: Mapping[str, Paper]) -> list[Version]:
    """Return the editions by which a course was first complete: those that asked no more than she had done by then."""
    at, track = completion(state, versions, papers)
    done, passed_at = _done(state), passed_at_of(state, papers)
    return [one for one in versions if at is not None and _completed_at(one, track, done, passed_at) == at]


def _done(state: State) -> dict[str, int]:
    return _merged(state["ended"], waived(state), min)


def _standing(state: State) -> dict[str, dict[str, int]]:
    """Return the points of the papers that were handed in and not set aside."""
    handed_in = state["submitted"].keys() - state["voided"].keys()
    return {attempt: points for attempt, points in state["points"].items() if attempt in handed_in}


def _best(state: State, papers: Mapping[str, Paper]) -> int:
    counts = [
        sum(1 for value in points.values() if value == grading.FULL)
        for attempt, points in _standing(state).items()
        if attempt in papers and papers[attempt].form == POST
    ]
    return max(counts, default=0)


def passed_at_of(state: State, papers: Mapping[str, Paper], forms: tuple[int, ...] = (POST,)) -> int | None:
    """Return when a test of one of these forms was first passed, under the rule of its own paper."""
    return min((at for at, _version in passes_of(state, papers, forms)), default=None)


def passes_of(state: State, papers: Mapping[str, Paper], forms: tuple[int, ...]) -> list[tuple[int, str]]:
    """Return each passed paper of these forms: when it was handed in, and its edition."""
    return [
        (state["submitted"][attempt], papers[attempt].version)
        for attempt, points in _standing(state).items()
        if attempt in papers and papers[attempt].form in forms and grading.passes(points, papers[attempt].rule)
    ]


def _completed_at(version: Version, track: str, done: Mapping[str, int], passed_at: int | None) -> int | None:
    asked = version.asked(track)
    required = [activity.id for activity in asked if activity.kind != "test"]
    needs_test = len(required) < len(asked)
    if not all(one in done for one in required) or (needs_test and passed_at is None):
        return None
    return max([done[one] for one in required] + ([passed_at] if needs_test else []), default=None)
