"""The engine: compiled pathway + events -> state. Tokens walk; gates ask; forks send, joins fire once. Pure.

The state is a value: `advance` returns a new one. The same events always give the same state.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from referral import logic
from referral.pathways.compiled import FORKS, HUMAN, Pathway
from referral.pathways.states import Event, Reason, Run, RunEnded, State, StepNotOpen, TooManySteps, UnknownOutcome

MOST_RUNS = 2000


def advance(pathway: Pathway, state: State, event: Event) -> State:
    """Apply one event and let every token walk until it stands."""
    return _Walk(pathway, state, event.at).applied(event)


def replay(pathway: Pathway, events: Iterable[Event]) -> State:
    """Return the state that a list of events leads to."""
    state = State()
    for event in events:
        state = advance(pathway, state, event)
    return state


@dataclass(frozen=True)
class _Choice:
    ways: tuple[dict, ...] = ()
    asks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


class _Walk:
    """One application of one event; holds the state being built."""

    def __init__(self, pathway: Pathway, state: State, at: dt.datetime):
        self.pathway, self.state, self.at = pathway, state, at
        self.runs = list(state.runs)
        self.facts = dict(state.facts)
        self.tokens = state.tokens
        self.entering: deque[tuple[str, int, tuple[int, ...]]] = deque()

    def applied(self, event: Event) -> State:
        """Return the state after the event."""
        if event.kind == "opened":
            self._open(event)
        elif self.state.opened_at is None:
            raise StepNotOpen("The case was not opened.")
        elif self.state.ended_at is not None:
            raise RunEnded("The pathway of this case has ended.")
        else:
            self._apply(event)
        self._settle()
        return self._result(event)

    def _open(self, event: Event) -> None:
        if self.state.opened_at is not None:
            raise StepNotOpen("The case is open already.")
        self.facts.update(event.facts)
        self._send(self.pathway.start, ())

    def _apply(self, event: Event) -> None:
        if event.kind == "facts":
            self.facts.update(event.facts)
            for run in [run for run in self.runs if run.state in {"asking", "blocked"}]:
                self._leave(run, run.outcome)
        elif event.kind == "withdrawn":
            self._withdraw()
        elif event.kind == "recalled":
            self._recall(event.run)
        else:
            self._move(event)

    def _move(self, event: Event) -> None:
        run = self._open_run(event.run)
        by_clock = run.kind == "wait"
        by_outcome = run.kind in {"decision", "consent", "referral"}
        wanted = {"elapsed", "wish"} if by_clock else {"outcome"} if by_outcome else {"done"}
        if event.kind not in wanted:
            raise StepNotOpen("This step is not moved in this way.")
        if by_outcome and not self._admits(run.step, event.value):
            raise UnknownOutcome("This pathway has no way for this outcome.")
        self._leave(run, event.value if by_outcome else "")

    def _admits(self, step: str, outcome: str) -> bool:
        declared = self.pathway.steps[step].get("outcomes")
        if declared and outcome not in declared:
            return False
        return bool(outcome) and any(way.get("outcome") in (None, outcome) for way in self.pathway.ways[step])

    def _open_run(self, number: int) -> Run:
        if not 1 <= number <= len(self.runs):
            raise StepNotOpen("This step does not exist in this case.")
        run = self.runs[number - 1]
        if run.state != "open" and not (run.state == "waiting" and run.kind == "wait"):
            raise StepNotOpen("This step is not open.")
        return run

    def _withdraw(self) -> None:
        """End everything that rests on consent, and take the consent step's way for `withdrawn`."""
        consent = next((run for run in reversed(self.runs) if run.kind == "consent"), None)
        if consent is None:
            raise StepNotOpen("No consent was asked for in this case.")
        for run in [run for run in self.runs if run.is_live and run.number > consent.number]:
            self._put(replace(run, state="skipped", ended_at=self.at, asks=(), reasons=(Reason("withdrawn"),)))
        if consent.is_live:
            self._leave(consent, "withdrawn")
            return
        choice = self._choice(consent.step, "withdrawn")
        self._put(replace(consent, outcome="withdrawn", reasons=choice.reasons, taken=_targets(choice)))
        for way in choice.ways:
            self.entering.append((way["to"], consent.token, consent.forks))

    def _recall(self, number: int) -> None:
        """End one referral whose consent was taken back; its token goes on to the join, or the way for `declined`."""
        run = self._open_run(number)
        if run.kind != "referral":
            raise StepNotOpen("Only a referral can be recalled.")
        self._put(replace(run, state="skipped", ended_at=self.at, outcome="recalled", reasons=(Reason("withdrawn"),)))
        if run.forks:
            join = self.pathway.steps[self.runs[run.forks[-1] - 1].step]["join"]
            self.entering.append((join, run.token, run.forks))
            return
        for way in self._choice(run.step, "declined").ways:
            self.entering.append((way["to"], run.token, run.forks))

    def _send(self, step: str, forks: tuple[int, ...]) -> None:
        self.tokens += 1
        self.entering.append((step, self.tokens, forks))

    def _settle(self) -> None:
        """Let tokens enter steps until each stands still."""
        while self.entering:
            if len(self.runs) >= MOST_RUNS:
                raise TooManySteps("This case would take more than 2000 steps.")
            step, token, forks = self.entering.popleft()
            if self.pathway.kind(step) == "join":
                self._arrive(step, token, forks)
            else:
                self._enter(step, token, forks)

    def _enter(self, key: str, token: int, forks: tuple[int, ...]) -> None:
        step = self.pathway.steps[key]
        kind = step["kind"]
        run = Run(len(self.runs) + 1, key, kind, token, forks, "open", self.at)
        self.runs.append(run)
        visits = sum(1 for other in self.runs if other.step == key and other.forks == forks)
        if visits > step.get("max_visits", MOST_RUNS):
            self._put(replace(run, state="blocked", reasons=(Reason("too_often"),)))
        elif kind == "end":
            self._put(replace(run, state="done", ended_at=self.at))
        elif kind == "wait":
            self._put(replace(run, state="waiting"))
        elif kind not in HUMAN:
            self._leave(run, "")

    def _arrive(self, key: str, token: int, forks: tuple[int, ...]) -> None:
        """Count a token in at its join; the join fires once, when those it waits for have come."""
        if not forks or self.pathway.steps[self.runs[forks[-1] - 1].step].get("join") != key:
            stray = Run(len(self.runs) + 1, key, "join", token, forks, "blocked", self.at, reasons=(Reason("stray"),))
            self.runs.append(stray)
            return
        fork = self.runs[forks[-1] - 1]
        run = next(
            (run for run in self.runs if run.kind == "join" and run.fork == fork.number and run.step == key), None
        )
        if run is None:
            run = Run(len(self.runs) + 1, key, "join", fork.token, forks[:-1], "waiting", self.at, fork=fork.number)
            self.runs.append(run)
        run = replace(run, arrived=run.arrived + 1)
        self._put(run)
        needed = min(self.pathway.steps[key].get("quorum") or fork.sent, fork.sent)
        if run.state == "waiting" and run.arrived >= needed:
            self._leave(run, "")

    def _leave(self, run: Run, outcome: str) -> None:
        """Take the way out of a step, or ask for what is missing, or stand blocked."""
        choice = self._choice(run.step, outcome)
        run = replace(run, outcome=outcome, reasons=choice.reasons, asks=choice.asks)
        if not choice.ways:
            self._put(replace(run, state="asking" if choice.asks else "blocked"))
            return
        is_fork = run.kind in FORKS
        sent = len(choice.ways) if is_fork else 0
        self._put(replace(run, state="done", ended_at=self.at, taken=_targets(choice), sent=sent))
        for way in choice.ways:
            if is_fork:
                self._send(way["to"], (*run.forks, run.number))
            else:
                self.entering.append((way["to"], run.token, run.forks))

    def _choice(self, key: str, outcome: str) -> _Choice:
        ways = [way for way in self.pathway.ways[key] if way.get("outcome") in (None, outcome)]
        kind = self.pathway.kind(key)
        if kind == "fork_all":
            return _Choice(tuple(ways), reasons=tuple(Reason("always", way["to"]) for way in ways))
        if kind == "fork_any":
            return self._all_that_apply(ways)
        return self._first_that_applies(ways, outcome)

    def _first_that_applies(self, ways: list[dict], outcome: str) -> _Choice:
        reasons = []
        for way in ways:
            code, asks = self._weigh(way)
            reasons.append(Reason(code, way["to"], tuple(asks or logic.facts_in(way.get("when")))))
            if asks:
                return _Choice(asks=asks, reasons=tuple(reasons))
            if code in {"always", "true", "unknown_taken"}:
                return _Choice((way,), reasons=tuple(reasons))
        return _Choice(reasons=(*reasons, Reason("no_way")))

    def _all_that_apply(self, ways: list[dict]) -> _Choice:
        weighed = [(way, *self._weigh(way)) for way in ways]
        reasons = tuple(
            Reason(code, way["to"], tuple(asks or logic.facts_in(way.get("when")))) for way, code, asks in weighed
        )
        asks = tuple(dict.fromkeys(key for _, _, keys in weighed for key in keys))
        if asks:
            return _Choice(asks=asks, reasons=reasons)
        taken = tuple(way for way, code, _ in weighed if code in {"always", "true", "unknown_taken"})
        return _Choice(taken, reasons=reasons if taken else (*reasons, Reason("no_way")))

    def _weigh(self, way: dict) -> tuple[str, tuple[str, ...]]:
        """Return a way's code (always, true, false, asks, unknown_taken, unknown) and the facts to ask for."""
        when = way.get("when")
        if when is None:
            return "always", ()
        asked = self.facts.keys()
        known = logic.truth(when, self.facts, asked)
        if known is not None:
            return ("true" if known else "false"), ()
        asks = tuple(logic.missing(when, self.facts, asked))
        if asks:
            return "asks", asks
        return ("unknown_taken" if way.get("on_unknown") else "unknown"), ()

    def _put(self, run: Run) -> None:
        self.runs[run.number - 1] = run

    def _result(self, event: Event) -> State:
        opened_at = self.state.opened_at or event.at
        has_ended = not any(run.is_live for run in self.runs)
        last_end = next((run for run in reversed(self.runs) if run.kind == "end"), None)
        return State(
            runs=tuple(self.runs),
            facts=self.facts,
            opened_at=opened_at,
            ended_at=self.at if has_ended else None,
            end_step=last_end.step if has_ended and last_end else "",
            tokens=self.tokens,
        )


def _targets(choice: _Choice) -> tuple[str, ...]:
    return tuple(way["to"] for way in choice.ways)
