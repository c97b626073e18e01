"""The values of the fold: facts, versions, papers, summaries; and how they stand as canonical JSON. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from training import grading, scenarios
from training.progress.pacing import Pace

PRE, POST, CHECKUP = 1, 2, 3  # the forms of a test, as `training.choices.Form` has them


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
    version: str = ""


@dataclass(frozen=True)
class Activity:
    """What an edition asks at one place: a lesson with screens and checks, a scenario with its graph, a test of a form.

    `material` rises with each change of law, procedure or right answer; 0: added later by a change that asks nobody
    anew. `tracks` are those of whom it is asked; none: of everybody. It rises as well where an editor said that it is
    asked of more people from now on, and what it says is the same: then `done_from` is the number from which on it was
    done as it stands, and `asked_to` the number up to which other groups of readers are asked; 0: nobody who finished is.
    """

    id: str
    kind: str
    required: bool = True
    minutes: int = 0
    material: int = 1
    screens: tuple[str, ...] = ()
    items: tuple[grading.Item, ...] = ()
    graph: scenarios.Graph | None = None
    graph_id: str = ""
    tracks: tuple[str, ...] = ()
    form: int = 0
    done_from: int | None = None
    asked_to: tuple[tuple[str, int], ...] = ()

    def is_for(self, track: str) -> bool:
        """Tell whether it is asked of a track; who has chosen none is asked everything."""
        return not track or not self.tracks or track in self.tracks

    def is_asked_of(self, track: str) -> bool:
        """Tell whether it is asked of a track before the course is finished."""
        return self.required and self.is_for(track)

    def number_for(self, track: str) -> int:
        """Return the number up to which those of a track who have finished are asked."""
        return dict(self.asked_to).get(track, self.material)

    def is_done_at(self, number: int | None) -> bool:
        """Tell whether who did it under a number did it as it stands; None: she never did."""
        return number is not None and number >= (self.material if self.done_from is None else self.done_from)


@dataclass(frozen=True)
class Version:
    """One edition of a course, read from its canonical JSON.

    `resting` are the material numbers of what stood in earlier editions and not in this one, `resting_from` those from
    which on that was done as it last stood. Its numbers are those of the chain of its `country`, "" for all together.
    """

    id: str
    activities: tuple[Activity, ...]
    tracks: tuple[str, ...] = ()
    pace: Pace = Pace()
    resting: tuple[tuple[str, int], ...] = ()
    resting_from: tuple[tuple[str, int], ...] = ()
    country: str = ""

    def activity(self, key: str) -> Activity | None:
        """Return an activity by its id."""
        return next((activity for activity in self.activities if activity.id == key), None)

    def material_of(self, key: str) -> int | None:
        """Return the material number of an activity, also of one that rests; None where it never stood."""
        there = self.activity(key)
        return there.material if there else dict(self.resting).get(key)

    def done_from(self, key: str) -> int | None:
        """Return the number from which on an activity was done as it stands, or as it rests; None where it never stood."""
        there = self.activity(key)
        if there is None:
            return dict(self.resting_from).get(key)
        return there.material if there.done_from is None else there.done_from

    @property
    def lessons(self) -> tuple[Activity, ...]:
        """Return the lessons, in order."""
        return tuple(activity for activity in self.activities if activity.kind == "lesson")

    @property
    def scenarios(self) -> tuple[Activity, ...]:
        """Return the scenarios, in order."""
        return tuple(activity for activity in self.activities if activity.kind == "scenario")

    def asked(self, track: str) -> tuple[Activity, ...]:
        """Return what is asked of a track before the course is finished: required lessons, then the required test."""
        return tuple(activity for activity in self.activities if activity.is_asked_of(track))

    def test(self, form: int) -> Activity | None:
        """Return the test of a form, where the edition has one."""
        return next((one for one in self.activities if one.kind == "test" and one.form == form), None)


@dataclass(frozen=True)
class Paper:
    """One attempt's questions with their keys, and the pass rule copied when it began.

    `version` is the edition that it was drawn from, `activity` the test of that edition.
    """

    attempt: str
    items: tuple[grading.Item, ...]
    rule: grading.PassRule
    form: int = POST
    version: str = ""
    activity: str = ""

    def item(self, key: str) -> grading.Item | None:
        """Return an item of the paper by its id."""
        return next((item for item in self.items if item.id == key), None)


@dataclass(frozen=True)
class Summary:
    """What lists show of a state: lessons done of those asked of her track, best result, when passed and completed."""

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
    track: str = ""


class KeysAlike(ValueError):
    """Raised where two keys of one thing are the same text in NFC: one of their values would be lost."""


def canonical(thing) -> str:
    """Return canonical JSON text: sorted keys, no spaces, NFC; a decimal stands as the text that rows keep of it.

    Each text in it is composed for itself: in the finished JSON a mark would join the letter of an escape before it. A text
    without anything to compose, which nearly all are, is written once. KeysAlike where composing makes two keys one.
    """
    text = _written(thing)
    return text if composed(text) == text else _written(_composed(thing))


def _written(thing) -> str:
    return json.dumps(
        thing, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_text_of
    )


def _composed(thing):
    """Return a thing with each text and each key in NFC."""
    if isinstance(thing, str):
        return composed(thing)
    if isinstance(thing, dict):
        found = {_composed(key): _composed(value) for key, value in thing.items()}
        if len(found) != len(thing):
            raise KeysAlike("Two keys are the same text in NFC.")
        return found
    return [_composed(one) for one in thing] if isinstance(thing, list | tuple) else thing


def composed(text: str) -> str:
    """Return a text in NFC, the form in which every text is kept."""
    return unicodedata.normalize("NFC", text)


def _text_of(thing) -> str:
    if isinstance(thing, Decimal):
        return str(thing)
    raise TypeError(f"Canonical JSON has no {type(thing).__name__}.")


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
    activities = tuple(_activity(entry) for entry in [*lessons, *others])
    rested = skeleton.get("resting", {}).get("activities", {})
    resting = tuple((one, entry["material"]) for one, entry in rested.items())
    done_from = tuple((one, entry.get("done_from", entry["material"])) for one, entry in rested.items())
    tracks, pace = tuple(skeleton.get("tracks", ())), pace_in(skeleton["pass"])
    return Version(key, activities, tracks, pace, resting, done_from, skeleton.get("country", ""))


def pace_in(rule: Mapping) -> Pace:
    """Read how often a test may be taken from a pass rule; one from before there was such a rule limits nothing."""
    return Pace(rule.get("attempts"), rule.get("wait_hours", 0))


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
        tracks=tuple(entry.get("tracks", ())),
        form=entry.get("form", POST if entry["kind"] == "test" else 0),
        done_from=entry.get("done_from"),
        asked_to=tuple(entry.get("asked_to", {}).items()),
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
        version=entry.get("version", ""),
    )


def entry_of(item: grading.Item) -> dict:
    """Write an item's key for canonical JSON; which words stand beside it is told by who keeps them."""
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
    items = tuple(item_of(item) for item in entry["items"])
    return Paper(attempt, items, rule, entry.get("form", POST), entry.get("version", ""), entry["activity"])
