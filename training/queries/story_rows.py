"""A story as its readers are told it: scenes, ends, ways on, in the language that serves them best."""

import datetime as dt
from dataclasses import dataclass

from languages.queries import State
from training import scenarios
from training.choices import Outcome
from training.queries.course_rows import LanguageState, Words


@dataclass(frozen=True)
class NewerWay:
    """A way on in the source's words, and what follows."""

    text: str
    feedback: str


@dataclass(frozen=True)
class Newer:
    """What the source says now of a scene or an end whose translation is of an earlier day; `ways` in their order."""

    date: dt.date
    text: str
    debrief: str
    ways: dict[str, NewerWay]


@dataclass(frozen=True)
class Told:
    """A scene or an end in the language in which it is told, its number on the cards; since when law is out of date in
    it, and what the source says now where it is behind at all."""

    key: str
    number: int
    words: Words
    debrief: Words
    outcome: str
    stale: dt.date | None
    choices: dict[str, "Way"]
    newer: Newer | None = None

    @property
    def is_end(self) -> bool:
        """Tell whether the story stops here."""
        return bool(self.outcome)

    @property
    def outcome_name(self) -> str:
        """Return how the story ended, in words."""
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True)
class Effected:
    """What a choice did to one thing, in a word; `kind` says whether that is good."""

    name: str
    word: str
    kind: str
    shape: str


@dataclass(frozen=True)
class Way:
    """One way on from a scene; `newer` is what follows in the source's words, where the scene is behind."""

    key: str
    to: str
    words: Words
    feedback: Words
    effects: tuple[Effected, ...]
    newer: str = ""


@dataclass(frozen=True)
class Story:
    """A scenario for every reader of a language: put together once for each building of its rows."""

    id: str
    key: str
    heading: Words
    intro: Words
    note: Words
    minutes: int
    required: bool
    graph: scenarios.Graph
    graph_id: str
    state: State
    told: dict[str, Told]
    languages: tuple[LanguageState, ...]

    @property
    def by_number(self) -> list[Told]:
        """Return the scenes and ends in the order of their cards."""
        return sorted(self.told.values(), key=lambda told: told.number)


@dataclass(frozen=True)
class Done:
    """A choice that was made: in which scene, and the path that leads back to that scene."""

    scene: Told
    way: Way
    back: str
