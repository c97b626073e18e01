"""Reads for steps opened by hand: which may be opened, which the facts of today ask for, whom one could ask again."""

import json
from dataclasses import dataclass

from referral import pathways
from referral.models import Case, CaseEvent, StepRun
from referral.queries.runs import EngineState, Words, engine_state, words


@dataclass(frozen=True)
class ToOpen:
    """One step that may be opened by hand, and whether facts that changed would lead to it now."""

    key: str
    title: Words
    is_wanted: bool


def steps_to_open(engine: EngineState, language: str) -> list[ToOpen]:
    """Return the steps that may be opened by hand, those first that facts which changed would lead to now."""
    wanted = pathways.would_open(engine.pathway, engine.state)
    steps = [
        ToOpen(key, words(engine.pathway.steps[key]["title"], language), key in wanted)
        for key in pathways.openable(engine.pathway, engine.state)
    ]
    return sorted(steps, key=lambda step: not step.is_wanted)


def steps_wanted(case: Case, language: str) -> list[Words]:
    """Return the titles of the steps that facts which changed would lead to now."""
    return [step.title for step in steps_to_open(engine_state(case), language) if step.is_wanted]


def vain_run(case: Case, engine: EngineState, number: int) -> StepRun | None:
    """Return the request that nobody accepted and that led to an open visit, if it may be made again."""
    run = next((run for run in engine.state.live if run.number == number), None)
    before = pathways.asked_in_vain_before(engine.state, run) if run else None
    if before is None or before.step not in pathways.openable(engine.pathway, engine.state):
        return None
    row = StepRun.objects.get(case=case, number=before.number)
    row.case = case
    return row


def step_before(engine: EngineState, number: int) -> str | None:
    """Return the key of the request that nobody accepted and that led to a visit, open or not."""
    run = next((run for run in engine.state.runs if run.number == number), None)
    before = pathways.asked_in_vain_before(engine.state, run) if run else None
    return before.step if before else None


def step_opened_by(case: Case, key: str) -> str | None:
    """Return the step that one sending of a form has opened already, if it has."""
    event = CaseEvent.objects.filter(case=case, kind="opened_by_hand", key=key).first()
    return json.loads(event.body)["value"] if event else None


def opened_run(case: Case, step: str) -> StepRun:
    """Return the newest visit of a step."""
    return StepRun.objects.filter(case=case, step_key=step).latest("number")
