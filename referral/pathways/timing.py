"""Time in a running pathway: the deadlines of a visit, its escalations, the waits that are over. Pure."""

import datetime as dt

from accounts.calendars import Calendar
from referral import logic
from referral.deadlines import Deadline, Due, counted, earliest, escalations, unanswered, window_warnings
from referral.pathways.compiled import Pathway
from referral.pathways.states import Event, Run, State

DANGER = "immediate_danger"
SAFETY = frozenset({DANGER, "risk_level", "felt_safe"})
# Who is told of a question that nobody answers: whoever has the case, then the supervisor.
UNANSWERED = (
    {"after": "deadline", "action": "notify", "to": "hotline"},
    {"after": "deadline+50%", "action": "notify", "to": "supervisor"},
)


def anchor_of(anchor: str, state: State, run: Run) -> dt.datetime | None:
    """Return the instant a deadline is counted from, or None when it is not known yet."""
    if anchor == "step_start":
        return run.started_at
    if anchor == "case_opened":
        return state.opened_at
    kind, _, name = anchor.partition(":")
    if kind == "fact":
        told = state.facts.get(name)
        return dt.datetime.fromisoformat(told) if told else None
    ended = [other.ended_at for other in state.runs if other.step == name and other.ended_at]
    return ended[-1] if ended else None


def deadlines_of(pathway: Pathway, state: State, run: Run, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the deadlines of a visit: its own, then each window whose condition holds and whose anchor is known.

    One that stood still for an answer and has no time of its own has the house's.
    """
    step = pathway.steps[run.step]
    rules = [step["deadline"]] if "deadline" in step else []
    rules += [rule for rule in step.get("windows", []) if logic.truth(rule.get("when"), state.facts) is True]
    anchored = [(rule, anchor_of(rule["anchor"], state, run)) for rule in rules]
    found = tuple(counted(rule, anchor, calendar) for rule, anchor in anchored if anchor is not None)
    if run.asked_at is None or earliest(found):
        return found
    return (*found, counted(unanswered(_is_urgent(pathway, state, run)), run.asked_at, calendar))


def _is_urgent(pathway: Pathway, state: State, run: Run) -> bool:
    """Tell whether a step asks about danger or safety, or the person is known to be in danger."""
    asked = {fact for way in pathway.ways[run.step] for fact in logic.facts_in(way.get("when"))}
    return bool(asked & SAFETY) or state.facts.get(DANGER) is True


def closes_from(deadlines: tuple[Deadline, ...]) -> dt.datetime | None:
    """Return the instant before which a visit is not closed, except by the person's own wish."""
    return max((deadline.at for deadline in deadlines if deadline.type == "not_before"), default=None)


def escalations_of(pathway: Pathway, run: Run, deadlines: tuple[Deadline, ...]) -> list[Due]:
    """Return who is told when about a visit: its escalation rules, and the warnings of closing windows."""
    step = pathway.steps[run.step]
    counts = earliest(deadlines)
    if counts is None:
        return []
    found = escalations(step.get("escalation") or (UNANSWERED if run.asked_at else ()), counts)
    windows = [deadline for deadline in deadlines if deadline.type == "window_closes"]
    return found + window_warnings(windows, step.get("role", ""))


def elapsed(pathway: Pathway, state: State, at: dt.datetime, calendar: Calendar) -> list[Event]:
    """Return an `elapsed` event for each waiting time that is over at an instant, earliest first."""
    over = []
    for run in state.runs:
        if run.kind == "wait" and run.state == "waiting":
            until = closes_from(deadlines_of(pathway, state, run, calendar))
            if until is not None and until <= at:
                over.append(Event("elapsed", until, run=run.number))
    return sorted(over, key=lambda event: (event.at, event.run))
