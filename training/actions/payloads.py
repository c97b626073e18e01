"""Does a payload fit its verb, its activity and its test? Each check returns a reason, or nothing."""

import re
from datetime import UTC, datetime

from training import grading, progress, scenarios
from training.choices import END, How, Reason, Verb


def fault_of(verb: str, payload: dict, activity: progress.Activity, papers: dict[str, progress.Paper]) -> str:
    """Return why a payload is not taken, or nothing; `papers` are those of the enrolment that the event is of."""
    if len(progress.canonical(payload)) > (PAPER_LIMIT if verb == Verb.SUBMITTED else LIMIT):
        return Reason.PAYLOAD_INVALID
    return _CHECKS[verb](payload, activity, papers)


WITHOUT_ACTIVITY = frozenset({Verb.MOVED, Verb.TRACKED, Verb.ATTENDED, Verb.VOIDED})


def fault_of_whole(verb: str, payload: dict, version: progress.Version) -> str:
    """Return why a payload that speaks of the whole course is not taken, or nothing."""
    if len(progress.canonical(payload)) > LIMIT:
        return Reason.PAYLOAD_INVALID
    return "" if _WHOLE[verb](payload, version) else Reason.PAYLOAD_INVALID


def _is_key(value) -> bool:
    """Tell whether a value is an id as we write them."""
    return isinstance(value, str) and bool(PLAY.fullmatch(value))


def _is_tracked(payload: dict, version: progress.Version) -> bool:
    return set(payload) == {"track"} and payload["track"] in version.tracks


def _is_attended(payload: dict, version: progress.Version) -> bool:
    """Tell whether a session, the minutes and how it was seen are named; by telephone, the code that was typed as well."""
    is_phone = payload.get("how") == How.PHONE
    if set(payload) != {"session", "minutes", "how"} | ({"code"} if is_phone else set()):
        return False
    return (
        _is_key(payload["session"])
        and type(payload["minutes"]) is int
        and 1 <= payload["minutes"] <= MOST_MINUTES
        and payload["how"] in How.values
        and (not is_phone or isinstance(payload["code"], str))
    )


def _is_voided(payload: dict, version: progress.Version) -> bool:
    if set(payload) != {"attempts", "events", "reason"} or not isinstance(payload["reason"], str):
        return False
    named = [payload["attempts"], payload["events"]]
    return all(isinstance(keys, list) and all(_is_key(key) for key in keys) for keys in named) and any(named)


_WHOLE = {
    Verb.MOVED: lambda payload, version: set(payload) == {"from", "to"},
    Verb.TRACKED: _is_tracked,
    Verb.ATTENDED: _is_attended,
    Verb.VOIDED: _is_voided,
}
MOST_MINUTES = 600


LIMIT = 8192
PAPER_LIMIT = 131_072  # progress.MOST_ASKED questions of twelve pairs each take some 70,000
PAST_ALL_CLOCKS = int(datetime(2201, 1, 1, tzinfo=UTC).timestamp())
MOST_TURNS = 1_000_000_000  # behind a form a turn is a second since the test began
PLAY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _opened_fault(payload: dict, activity, papers) -> str:
    return Reason.PAYLOAD_INVALID if payload else ""


def _reached_fault(payload: dict, activity, papers) -> str:
    """Screens and the end of a lesson are reached by reading; a story ends by choosing, a test by handing it in."""
    known = (*activity.screens, END) if activity.kind == "lesson" else ()
    return "" if set(payload) == {"screen"} and payload["screen"] in known else Reason.PAYLOAD_INVALID


def _acknowledged_fault(payload: dict, activity, papers) -> str:
    return "" if set(payload) == {"block"} and payload["block"] in activity.screens else Reason.PAYLOAD_INVALID


def _focused_fault(payload: dict, activity, papers) -> str:
    """Time in a lesson is told in seconds of the clock, of the years in which an event may happen (`instant_from`)."""
    if set(payload) != {"from", "to"} or not all(type(value) is int and value >= 0 for value in payload.values()):
        return Reason.PAYLOAD_INVALID
    begin, end = payload["from"], payload["to"]
    is_sound = begin < end <= begin + progress.FOUR_HOURS and end < PAST_ALL_CLOCKS
    return "" if is_sound else Reason.PAYLOAD_INVALID


def _paper_of(key, activity: progress.Activity, papers: dict[str, progress.Paper]) -> progress.Paper | None:
    """Return the paper that a payload names, where it is one of this very test."""
    paper = papers.get(key) if isinstance(key, str) else None
    return paper if paper is not None and paper.activity == activity.id else None


def _answered_fault(payload: dict, activity, papers) -> str:
    needed, allowed = {"item", "turn", "response"}, {"attempt", "item", "item_version", "turn", "response", "shown"}
    if (
        not needed <= set(payload) <= allowed
        or type(payload["turn"]) is not int
        or not 1 <= payload["turn"] <= MOST_TURNS
    ):
        return Reason.PAYLOAD_INVALID
    if attempt := payload.get("attempt"):
        paper = _paper_of(attempt, activity, papers)
        item = paper.item(payload["item"]) if paper else None
        if item is None:
            return Reason.ITEM_NOT_IN_ATTEMPT
    else:
        item = next((item for item in activity.items if item.id == payload["item"]), None)
    return "" if item and grading.fits(item, payload["response"]) else Reason.PAYLOAD_INVALID


def _submitted_fault(payload: dict, activity, papers) -> str:
    if set(payload) != {"attempt", "answers"} or not isinstance(payload["answers"], list):
        return Reason.PAYLOAD_INVALID
    paper = _paper_of(payload["attempt"], activity, papers)
    if paper is None:
        return Reason.ITEM_NOT_IN_ATTEMPT
    seen = set()
    for answer in payload["answers"]:
        if not isinstance(answer, dict) or not {"item", "response"} <= set(answer) <= {
            "item",
            "item_version",
            "response",
            "shown",
        }:
            return Reason.PAYLOAD_INVALID
        item = paper.item(answer["item"]) if isinstance(answer["item"], str) else None
        if item is None:
            return Reason.ITEM_NOT_IN_ATTEMPT
        if item.id in seen or not grading.fits(item, answer["response"]):
            return Reason.PAYLOAD_INVALID
        seen.add(item.id)
    return ""


def _waived_fault(payload: dict, activity, papers) -> str:
    """A lesson or story is waived with a reason; a test never."""
    is_sound = set(payload) == {"reason"} and isinstance(payload["reason"], str) and activity.kind != "test"
    return "" if is_sound else Reason.PAYLOAD_INVALID


def _regraded_fault(payload: dict, activity, papers) -> str:
    """An answer marked anew names its paper, its question, the key by which it is marked, and whole points."""
    if set(payload) != {"attempt", "item", "item_version", "key", "points", "max"} or payload["max"] != grading.FULL:
        return Reason.PAYLOAD_INVALID
    paper = _paper_of(payload["attempt"], activity, papers)
    if paper is None or paper.item(payload["item"]) is None:
        return Reason.ITEM_NOT_IN_ATTEMPT
    is_sound = type(payload["points"]) is int and 0 <= payload["points"] <= grading.FULL
    return "" if is_sound and isinstance(payload["key"], str) else Reason.PAYLOAD_INVALID


def _chose_fault(payload: dict, activity, papers) -> str:
    """A path is whole, from the first scene on, and was walked on the graph that this edition holds."""
    if set(payload) != {"play", "graph", "path"} or activity.graph is None or payload["graph"] != activity.graph_id:
        return Reason.PAYLOAD_INVALID
    play, path = payload["play"], payload["path"]
    if not _is_key(play) or not (isinstance(path, list) and path):
        return Reason.PAYLOAD_INVALID
    if not all(isinstance(key, str) for key in path):
        return Reason.PAYLOAD_INVALID
    try:
        scenarios.walk(activity.graph, path)
    except scenarios.NoSuchStep:
        return Reason.PAYLOAD_INVALID
    return ""


_CHECKS = {
    Verb.OPENED: _opened_fault,
    Verb.REACHED: _reached_fault,
    Verb.ACKNOWLEDGED: _acknowledged_fault,
    Verb.FOCUSED: _focused_fault,
    Verb.ANSWERED: _answered_fault,
    Verb.SUBMITTED: _submitted_fault,
    Verb.CHOSE: _chose_fault,
    Verb.REGRADED: _regraded_fault,
    Verb.WAIVED: _waived_fault,
}
