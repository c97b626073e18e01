"""What the engine takes and gives: events in, a state of visits out, and why it refuses. Pure values."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LIVE = frozenset({"open", "waiting", "asking", "blocked"})


class EventRefused(Exception):
    """Raised when the present state does not admit an event; look at the case again."""


class RunEnded(EventRefused):
    """Raised for an event after the pathway ended."""


class StepNotOpen(EventRefused):
    """Raised for an event of a step that is not open, or not moved by such an event."""


class UnknownOutcome(EventRefused):
    """Raised for an outcome that the version does not know for this step."""


class StepIsOpen(EventRefused):
    """Raised when a step would be opened by hand that is open already."""


class NotToBeOpened(EventRefused):
    """Raised when a step would be opened by hand that lies ahead, or is no person's."""


class TooManySteps(EventRefused):
    """Raised when a loop without limit would run for ever; the validator refuses such pathways (V22)."""


@dataclass(frozen=True)
class Event:
    """One event: `opened facts done outcome elapsed wish withdrawn recalled opened_anew opened_by_hand`.

    The value is an outcome code; of a step opened by hand its key, and `run` the visit that gives way to it.
    """

    kind: str
    at: dt.datetime
    run: int = 0
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """Why a way was taken or a step stands: a code, the step it leads to, the facts it looked at."""

    code: str
    to: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """One visit of a step by one token.

    `forks`: the fork runs the token is inside of, innermost last. A fork counts the tokens `sent`; its join knows the
    `fork` run it belongs to and how many `arrived`. `asked_at` is when it first stood still for an answer.
    """

    number: int
    step: str
    kind: str
    token: int
    forks: tuple[int, ...]
    state: str
    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    asked_at: dt.datetime | None = None
    outcome: str = ""
    taken: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    sent: int = 0
    arrived: int = 0
    fork: int = 0

    @property
    def is_live(self) -> bool:
        """Tell whether the visit has not ended."""
        return self.state in LIVE


@dataclass(frozen=True)
class State:
    """Where a case stands: every visit, what is known, when it opened and ended; which tokens walk `beside` the others."""

    runs: tuple[Run, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    opened_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_step: str = ""
    tokens: int = 0
    beside: frozenset[int] = frozenset()

    def run(self, number: int) -> Run:
        """Return a visit by its number."""
        if not 1 <= number <= len(self.runs):
            raise StepNotOpen("This step does not exist in this case.")
        return self.runs[number - 1]

    @property
    def live(self) -> tuple[Run, ...]:
        """Return the visits that have not ended, in order."""
        return tuple(run for run in self.runs if run.is_live)

    @property
    def open_runs(self) -> tuple[Run, ...]:
        """Return the visits a person or the clock can move now."""
        return tuple(
            run for run in self.runs if run.state == "open" or (run.state == "waiting" and run.kind == "wait")
        )

    @property
    def questions(self) -> tuple[tuple[str, Run], ...]:
        """Return the facts to ask for next, each once, with the visit that waits for it."""
        found: dict[str, Run] = {}
        for run in self.runs:
            for key in run.asks if run.state == "asking" else ():
                found.setdefault(key, run)
        return tuple(found.items())

    @property
    def blocked(self) -> tuple[Run, ...]:
        """Return the visits from which no way leads on; a supervisor must look."""
        return tuple(run for run in self.runs if run.state == "blocked")

    def last(self, step: str) -> Run | None:
        """Return the latest visit of a step."""
        return next((run for run in reversed(self.runs) if run.step == step), None)
