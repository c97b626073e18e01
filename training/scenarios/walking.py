"""Walking a graph: the same path leads to the same scene, whoever walks it and whenever. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from training.scenarios.values import Choice, Graph, Node

# A path may go in circles; longer than this nobody plays, and it fits an event.
MOST_STEPS = 120


class NoSuchStep(LookupError):
    """Raised when a path leaves the graph: at which step, counted from 0, and which choice was not there."""

    def __init__(self, position: int, choice: str):
        self.position, self.choice = position, choice
        super().__init__(f"Step {position} of the path, {choice!r}, is no choice of the scene it stands in.")


@dataclass(frozen=True)
class Step:
    """A choice that was made, in which scene, and where it led."""

    scene: Node
    choice: Choice
    to: Node


@dataclass(frozen=True)
class Walk:
    """A path through a graph: its steps and where they lead."""

    steps: tuple[Step, ...]
    here: Node

    @property
    def end(self) -> str:
        """Return the key of the end that was reached, or nothing."""
        return self.here.key if self.here.is_end else ""


def walk(graph: Graph, path: Sequence[str]) -> Walk:
    """Return where a path of choices leads, from the first scene on."""
    nodes, steps = graph.by_key, []
    here = nodes.get(graph.start)
    if here is None or len(path) > MOST_STEPS:
        raise NoSuchStep(0 if here is None else MOST_STEPS, graph.start if here is None else path[MOST_STEPS])
    for position, key in enumerate(path):
        choice = here.choice(key)
        if choice is None or choice.to not in nodes:
            raise NoSuchStep(position, key)
        steps.append(Step(here, choice, nodes[choice.to]))
        here = nodes[choice.to]
    return Walk(tuple(steps), here)


def furthest_part(graph: Graph, path: Sequence[str]) -> tuple[str, ...]:
    """Return as much of a path as the graph still knows: all of it, unless the scenario was rewritten since."""
    try:
        walk(graph, path)
    except NoSuchStep as stop:
        return tuple(path[: stop.position])
    return tuple(path)


def path_to(graph: Graph, outcome: str) -> tuple[str, ...] | None:
    """Return a shortest path to an end of an outcome, or None where there is none."""
    waiting, seen = deque([(graph.start, ())]), {graph.start}
    while waiting:
        key, path = waiting.popleft()
        node = graph.by_key.get(key)
        if node is None:
            continue
        if node.is_end and node.outcome == outcome:
            return path
        for choice in node.choices:
            if choice.to not in seen:
                seen.add(choice.to)
                waiting.append((choice.to, (*path, choice.key)))
    return None
