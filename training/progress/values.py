"""The values of the fold: facts, versions, papers, summaries; and how they stand as canonical JSON. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from training import grading, scenarios


@dataclass(frozen=True)
class Fact:
    """One event as the fold sees it; `at` is the corrected time in milliseconds.

    `end` is the end of a scenario that its path reached, by the graph of the edition in which it was walked.
    """

    id: str
    verb: str
    activity: str
    language: str
    at: int
    payload: Mapping = field(default_factory=dict)
    end: str = ""


@dataclass(frozen=True)
class Activity:
    """What an edition asks at one place: a lesson with its screens and checks, a scenario with its graph, or the test."""

    id: str
    kind: str
    required: bool = True
    minutes: int = 0
    material: int = 1
    screens: tuple[str, ...] = ()
    items: tuple[grading.Item, ...] = ()
    graph: scenarios.Graph | None = None
    graph_id: str = ""


@dataclass(frozen=True)
class Version:
    """One edition of a course, read from its canonical JSON."""

    id: str
    activities: tuple[Activity, ...]

    def activity(self, key: str) -> Activity | None:
        """Return an activity by its id."""
        return next((activity for activity in self.activities if activity.id == key), None)

    @property
    def lessons(self) -> tuple[Activity, ...]:
        """Return the lessons, in order."""
        return tuple(activity for activity in self.activities if activity.kind == "lesson")

    @property
    def scenarios(self) -> tuple[Activity, ...]:
        """Return the scenarios, in order."""
        return tuple(activity for activity in self.activities if activity.kind == "scenario")


@dataclass(frozen=True)
class Paper:
    """One attempt's questions with their keys, and the pass rule copied when it began."""

    attempt: str
    items: tuple[grading.Item, ...]
    rule: grading.PassRule

    def item(self, key: str) -> grading.Item | None:
        """Return an item of the paper by its id."""
        return next((item for item in self.items if item.id == key), None)


@dataclass(frozen=True)
class Summary:
    """What lists show of a state: lessons done of how many, best result, and when it was passed and completed."""

    done: int
    of: int
    done_lessons: tuple[str, ...]
    opened_lessons: tuple[str, ...]
    best: int
    passed_at: int | None
    completed_at: int | None
    seconds: int
    language: str
    last_at: int | None


def canonical(thing) -> str:
    """Return canonical JSON text: sorted keys, no spaces, NFC."""
    text = json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return unicodedata.normalize("NFC", text)


def read(text: str):
    """Read canonical JSON back."""
    return json.loads(text)


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def version_of(key: str, body: str) -> Version:
    """Read a version from its id and its canonical JSON."""
    skeleton = read(body)
    lessons = [lesson for module in skeleton["modules"] for lesson in module["lessons"]]
    others = [*skeleton.get("scenarios", ()), *skeleton["tests"]]
    return Version(key, tuple(_activity(entry) for entry in [*lessons, *others]))


def _activity(entry: dict) -> Activity:
    return Activity(
        id=entry["id"],
        kind=entry["kind"],
        required=entry["required"],
        minutes=entry["minutes"],
        material=entry["material"],
        screens=tuple(entry["screens"]),
        items=tuple(item_of(item) for item in entry["items"]),
        graph=scenarios.graph_of(entry["graph"]) if "graph" in entry else None,
        graph_id=graph_id(entry["graph"]) if "graph" in entry else "",
    )


def graph_id(skeleton: dict) -> str:
    """Return the name of a graph: what a path was walked on, as events tell it."""
    return digest(canonical(skeleton))[:12]


def item_of(entry: dict) -> grading.Item:
    """Read an item's key from canonical JSON."""
    return grading.Item(
        id=entry["id"],
        kind=entry["kind"],
        options=tuple(entry["options"]),
        right=tuple(entry["right"]),
        groups=tuple((left, group) for left, group in entry["groups"]),
        answer=entry["answer"],
        tolerance=entry["tolerance"],
    )


def entry_of(item: grading.Item) -> dict:
    """Write an item's key for canonical JSON."""
    return {
        "id": item.id,
        "kind": item.kind,
        "options": list(item.options),
        "right": list(item.right),
        "groups": [list(pair) for pair in item.groups],
        "answer": item.answer,
        "tolerance": item.tolerance,
    }


def paper_of(attempt: str, body: str) -> Paper:
    """Read an attempt's paper from its canonical JSON."""
    entry = read(body)
    rule = grading.PassRule(entry["minimum"], tuple(entry["critical"]))
    return Paper(attempt, tuple(item_of(item) for item in entry["items"]), rule)
