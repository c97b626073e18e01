"""Steps that a person may open by hand, and where a token that was opened by hand has nothing more to do. Pure."""

from collections.abc import Iterable

from referral.pathways.compiled import FORKS, HUMAN, Pathway
from referral.pathways.states import Run, State, StepNotOpen
from referral.pathways.ways import choice_of

IN_VAIN = frozenset({"declined", "no_answer"})


def openable(pathway: Pathway, state: State) -> dict[str, tuple[int, ...]]:
    """Return the steps that may be opened by hand, in file order, each with the splits it is opened inside of.

    Those that were visited, and those that a question or a split passed by; none that is open now, none that lies ahead.
    """
    found: dict[str, tuple[int, ...]] = {}
    for run in state.runs:
        if run.kind in HUMAN:
            found[run.step] = run.forks
        elif run.state == "done" and (run.kind == "gate" or run.kind in FORKS):
            inside = (*run.forks, run.number) if run.kind in FORKS else run.forks
            found |= dict.fromkeys(_people_after(pathway, run.step), inside)
    live = {run.step for run in state.live}
    return {key: found[key] for key in pathway.steps if key in found and key not in live}


def _people_after(pathway: Pathway, key: str) -> set[str]:
    """Return the steps of people that lie behind a question or a split, with nothing but questions between."""
    found, waiting, seen = set(), [way["to"] for way in pathway.ways[key]], set()
    while waiting:
        step = waiting.pop()
        if step in seen:
            continue
        seen.add(step)
        if pathway.kind(step) in HUMAN:
            found.add(step)
        elif pathway.kind(step) == "gate":
            waiting += [way["to"] for way in pathway.ways[step]]
    return found


def would_open(pathway: Pathway, state: State) -> tuple[str, ...]:
    """Return the steps that questions and splits would lead to now and did not when they were decided, in file order.

    Facts that changed later move nothing; a person looks at these and opens them by hand.
    """
    newest = {run.step: run for run in state.runs if run.state == "done" and (run.kind == "gate" or run.kind in FORKS)}
    found = {step for run in newest.values() for step in _led_to(pathway, state, run.step, run.taken)}
    visited = {run.step for run in state.runs if run.kind in HUMAN}
    return tuple(key for key in openable(pathway, state) if key in found - visited)


def _led_to(pathway: Pathway, state: State, key: str, taken: tuple[str, ...] = ()) -> set[str]:
    """Return the steps of people to which a question or a split leads with what is known now, but for the ways taken."""
    found: set[str] = set()
    for step in set(choice_of(pathway, state.facts, key).targets) - set(taken):
        kind = pathway.kind(step)
        found |= {step} if kind in HUMAN else _led_to(pathway, state, step) if kind == "gate" else set()
    return found


def came_from(runs: Iterable[Run], run: Run) -> Run | None:
    """Return the visit from which a token came to a visit."""
    return next((one for one in reversed(tuple(runs)[: run.number - 1]) if one.token == run.token), None)


def asked_in_vain_before(state: State, run: Run) -> Run | None:
    """Return the referral that nobody accepted and that led to a visit, if there is one."""
    before = came_from(state.runs, run)
    return before if before is not None and before.kind == "referral" and before.outcome in IN_VAIN else None


def giving_way(state: State, number: int, step: str) -> Run:
    """Return the visit that ends when its referral is opened again: the one to which nobody's yes has led."""
    run = state.run(number)
    before = asked_in_vain_before(state, run) if run.is_live else None
    if before is None or before.step != step:
        raise StepNotOpen("This step did not follow a request that nobody accepted.")
    return run


def handover_after(state: State, run: Run) -> Run | None:
    """Return the open handover to the agency that accepted in a visit, if there is one."""
    found = (one for one in state.live if one.kind == "handover" and one.token == run.token)
    return next((one for one in found if came_from(state.runs, one) == run), None)


def is_alive(runs: Iterable[Run], forks: tuple[int, ...]) -> bool:
    """Tell whether a split still matters: a branch of it is on its way, or its join has fired."""
    runs = tuple(runs)
    has_fired = any(run.kind == "join" and run.fork == forks[-1] and run.state == "done" for run in runs)
    return has_fired or any(run.is_live and (_is_inside(run, forks) or run.fork == forks[-1]) for run in runs)


def is_others_way(pathway: Pathway, runs: Iterable[Run], run: Run, to: str) -> bool:
    """Tell whether a step was entered already inside the same split, or another token is still on its way to it."""
    runs = tuple(runs)
    if any(other.step == to and other.forks == run.forks for other in runs):
        return True
    others = {
        other.step for other in runs if other.is_live and other.token != run.token and _is_inside(other, run.forks)
    }
    return to in _reached(pathway, others)


def _is_inside(run: Run, forks: tuple[int, ...]) -> bool:
    return run.forks[: len(forks)] == forks


def _reached(pathway: Pathway, steps: set[str]) -> set[str]:
    """Return the steps that can be reached from some steps, those included."""
    found, waiting = set(), list(steps)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += [way["to"] for way in pathway.ways[step]]
    return found
