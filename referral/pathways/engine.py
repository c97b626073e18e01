"""The engine: compiled pathway + events -> state. Tokens walk; gates ask; forks send, joins fire once. Pure.

The state is a value: `advance` returns a new one. The same events always give the same state.
"""

import datetime as dt
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from referral.pathways import again
from referral.pathways.compiled import FORKS, HUMAN, Pathway
from referral.pathways.states import (
    Event,
    NotToBeOpened,
    Reason,
    Run,
    RunEnded,
    State,
    StepIsOpen,
    StepNotOpen,
    TooManySteps,
    UnknownOutcome,
)
from referral.pathways.ways import Choice, choice_of

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


class _Walk:
    """One application of one event; holds the state being built."""

    def __init__(self, pathway: Pathway, state: State, at: dt.datetime):
        self.pathway, self.state, self.at = pathway, state, at
        self.runs = list(state.runs)
        self.facts = dict(state.facts)
        self.tokens = state.tokens
        self.beside = set(state.beside)
        self.entering: deque[tuple[str, int, tuple[int, ...]]] = deque()

    def applied(self, event: Event) -> State:
        """Return the state after the event."""
        if event.kind == "opened":
            self._open(event)
        elif self.state.opened_at is None:
            raise StepNotOpen("The case was not opened.")
        elif event.kind == "opened_by_hand":
            self._open_by_hand(event)
        elif event.kind == "opened_anew":
            self._open_anew(event.run)
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

    def _open_by_hand(self, event: Event) -> None:
        """Open a step for a fresh token; one that nobody's yes has led to gives way to it, else it walks beside."""
        if any(run.is_live and run.step == event.value for run in self.runs):
            raise StepIsOpen("This step is open already.")
        frames = again.openable(self.pathway, self.state)
        if event.value not in frames:
            raise NotToBeOpened("The pathway has not come to this step, or it is not a person's.")
        forks = frames[event.value]
        self.tokens += 1
        if event.run:
            forks = self._give_way(again.giving_way(self.state, event.run, event.value))
        else:
            forks = self._beside(event.value, forks)
        run = Run(len(self.runs) + 1, event.value, self.pathway.kind(event.value), self.tokens, forks, "open", self.at)
        self.runs.append(run)

    def _give_way(self, old: Run) -> tuple[int, ...]:
        """End a visit; the fresh token takes the place of its token, so that the join waits for as many as before."""
        self._put(replace(old, state="skipped", ended_at=self.at, asks=(), reasons=(Reason("opened_by_hand"),)))
        if old.token in self.beside:
            self.beside.add(self.tokens)
        return old.forks

    def _beside(self, step: str, forks: tuple[int, ...]) -> tuple[int, ...]:
        """Count a fresh token in at its split. A consent after one that was taken back begins the way anew."""
        last = self.state.last(step)
        if last is None or last.kind != "consent" or last.outcome != "withdrawn":
            self.beside.add(self.tokens)
        if not forks or not again.is_alive(self.runs, forks):
            return ()
        fork = self.runs[forks[-1] - 1]
        self._put(replace(fork, sent=fork.sent + 1))
        return forks

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
        consents = [run for run in self.runs if run.kind == "consent"]
        if not consents:
            raise StepNotOpen("No consent was asked for in this case.")
        first, consent = consents[0], consents[-1]
        for run in [run for run in self.runs if run.is_live and run.number > first.number and run != consent]:
            self._put(replace(run, state="skipped", ended_at=self.at, asks=(), reasons=(Reason("withdrawn"),)))
        if consent.is_live:
            self._leave(consent, "withdrawn")
            return
        choice = self._chosen(consent.step, "withdrawn")
        self._put(replace(consent, outcome="withdrawn", reasons=choice.reasons, taken=choice.targets))
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
        for way in self._chosen(run.step, "declined").ways:
            self.entering.append((way["to"], run.token, run.forks))

    def _open_anew(self, number: int) -> None:
        """Open a referral again whose agency lost consent: in its own place where it is still open, else beside the rest.

        A handover to that agency that is still open gives way; the call is held with the next one.
        """
        old = self.state.run(number)
        if old.kind != "referral" or not (old.is_live or old.outcome == "accepted"):
            raise StepNotOpen("Only a referral that is open, or that an agency accepted, is opened anew.")
        if any(run.is_live and run.step == old.step and run != old for run in self.runs):
            raise StepIsOpen("This step is open already.")
        place = old if old.is_live else again.handover_after(self.state, old)
        if place is None:
            self.tokens += 1
            token, forks = self.tokens, self._beside(old.step, old.forks)
        else:
            token, forks, outcome = place.token, place.forks, "recalled" if place == old else ""
            ended = {"state": "skipped", "ended_at": self.at, "asks": (), "reasons": (Reason("withdrawn"),)}
            self._put(replace(place, outcome=outcome, **ended))
        self.runs.append(Run(len(self.runs) + 1, old.step, old.kind, token, forks, "open", self.at))

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
        if not forks and token in self.beside:
            return
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
        choice = self._chosen(run.step, outcome)
        run = replace(run, outcome=outcome, reasons=choice.reasons, asks=choice.asks)
        if not choice.ways:
            asked_at = run.asked_at or (self.at if choice.asks else None)
            self._put(replace(run, state="asking" if choice.asks else "blocked", asked_at=asked_at))
            return
        is_fork = run.kind in FORKS
        sent = len(choice.ways) if is_fork else 0
        self._put(replace(run, state="done", ended_at=self.at, taken=choice.targets, sent=sent))
        for way in choice.ways:
            if is_fork:
                self._send(way["to"], (*run.forks, run.number))
            elif run.token in self.beside:
                self._go_beside(run, way["to"], outcome)
            else:
                self.entering.append((way["to"], run.token, run.forks))

    def _go_beside(self, run: Run, to: str, outcome: str) -> None:
        """Let a token that was opened by hand go on where nobody else walks; else it goes to its join, or ends.

        After a request that nobody accepted the next step opens always: somebody must see to it.
        """
        is_in_vain = run.kind == "referral" and outcome in again.IN_VAIN
        is_join = self.pathway.kind(to) == "join"
        if is_join or is_in_vain or not again.is_others_way(self.pathway, self.runs, run, to):
            self.entering.append((to, run.token, run.forks))
        elif run.forks:
            self.entering.append((self.pathway.steps[self.runs[run.forks[-1] - 1].step]["join"], run.token, run.forks))

    def _chosen(self, key: str, outcome: str) -> Choice:
        return choice_of(self.pathway, self.facts, key, outcome)

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
            beside=frozenset(self.beside),
        )
