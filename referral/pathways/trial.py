"""What-if: walk a pathway with invented facts and answers on a clock, and tell the path. Pure; writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.calendars import Calendar
from referral.deadlines import Deadline, Due
from referral.pathways.compiled import FORKS, Pathway
from referral.pathways.engine import advance
from referral.pathways.states import Event, EventRefused, Run, State
from referral.pathways.timing import deadlines_of, elapsed, escalations_of

MOST_STEPS = 500
USUAL = {"referral": "accepted", "consent": "given", "decision": ""}


@dataclass(frozen=True)
class Answer:
    """How a step is answered in a trial: its outcome ("" for done) and after how long."""

    outcome: str = ""
    after: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True)
class Line:
    """One visit in a trial: the run, its deadlines, the escalations that would have been sent."""

    run: Run
    deadlines: tuple[Deadline, ...] = ()
    escalations: tuple[Due, ...] = ()


@dataclass(frozen=True)
class Trial:
    """The result: the state, its lines, the facts that were not known on the way, and where it stops, and why."""

    state: State
    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()
    stop: str = "ended"
    stops_at: tuple[str, ...] = field(default=())


def outcomes_of(pathway: Pathway, key: str) -> list[str]:
    """Return the outcomes a step may have: those it declares, then those of its ways."""
    declared = pathway.steps[key].get("outcomes", [])
    return declared or list(dict.fromkeys(way["outcome"] for way in pathway.ways[key] if way.get("outcome")))


def tried(
    pathway: Pathway,
    facts: Mapping[str, Any],
    answers: Mapping[str, Answer | None],
    start: dt.datetime,
    calendar: Calendar,
    until: dt.datetime | None = None,
) -> Trial:
    """Walk the pathway. A fact that is not given counts as asked and not known; an answer None stops there.

    A step without an entry in `answers` gets the usual answer at once.
    """
    known = dict.fromkeys(pathway.facts) | dict(facts)
    state = advance(pathway, State(), Event("opened", start, facts=known))
    for _ in range(MOST_STEPS):
        event = _next_event(pathway, state, answers, calendar)
        if event is None or (until is not None and event.at > until):
            break
        try:
            state = advance(pathway, state, event)
        except EventRefused:
            return _told(pathway, state, calendar, "refused", until)
    else:
        return _told(pathway, state, calendar, "too_long", until)
    return _told(pathway, state, calendar, _stop(state), until)


def _next_event(pathway, state, answers, calendar) -> Event | None:
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    events = elapsed(pathway, state, far, calendar)
    for run in state.open_runs:
        answer = answers.get(run.step, Answer(_usual(pathway, run)))
        if run.kind == "wait" or answer is None:
            continue
        kind = "outcome" if run.kind in USUAL else "done"
        value = (answer.outcome or _usual(pathway, run)) if run.kind in USUAL else ""
        events.append(Event(kind, run.started_at + answer.after, run=run.number, value=value))
    return min(events, key=lambda event: (event.at, event.run), default=None)


def _usual(pathway: Pathway, run: Run) -> str:
    outcomes = outcomes_of(pathway, run.step)
    usual = USUAL.get(run.kind, "")
    return usual if usual in outcomes or not outcomes else outcomes[0]


def _stop(state: State) -> str:
    if state.ended_at is not None:
        return "ended"
    return "blocked" if state.blocked else "waits"


def _told(pathway: Pathway, state: State, calendar: Calendar, stop: str, until: dt.datetime | None) -> Trial:
    lines = tuple(_line(pathway, state, run, calendar, until) for run in state.runs)
    unknown = [key for run in state.runs for reason in run.reasons if reason.code.startswith("unknown")
               for key in reason.facts if state.facts.get(key) is None]  # fmt: skip
    return Trial(state, lines, tuple(dict.fromkeys(unknown)), stop, tuple(run.step for run in state.live))


def _line(pathway, state, run: Run, calendar, until) -> Line:
    if run.kind in FORKS or run.kind in {"start", "end", "gate", "join"}:
        return Line(run)
    deadlines = deadlines_of(pathway, state, run, calendar)
    last = run.ended_at or until or run.started_at
    sent = [due for due in escalations_of(pathway, run, deadlines) if due.at < last]
    return Line(run, deadlines, tuple(sent))
