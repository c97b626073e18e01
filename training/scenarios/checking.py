"""What a scenario must be before anybody plays it: each fault with its reason and the way to it. Pure."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from training.scenarios.values import END, OUTCOMES, SCENE, SOUND, Choice, Graph, Node

MOST_NODES, MOST_CHOICES, MOST_WORDS, MOST_MARK = 60, 4, 90, 2
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class Fault:
    """One thing to mend: a code, the node and the choice it is about, what was found there, and how to come there."""

    code: str
    node: str = ""
    choice: str = ""
    found: str = ""
    path: tuple[str, ...] = ()


def faults_of(graph: Graph) -> list[Fault]:
    """Return everything that is wrong with a graph, in the order of its nodes; nothing where it can be played."""
    ways = _ways(graph)
    faults = [*_of_whole(graph), *_of_shape(graph, ways)]
    for node in graph.nodes:
        faults += (Fault(*fault, path=ways.get(node.key, ())) for fault in _of_node(graph, node))
    return faults


def _of_whole(graph: Graph) -> Iterator[Fault]:
    if len(graph.nodes) > MOST_NODES:
        yield Fault("too_many_nodes", found=str(len(graph.nodes)))
    if not any(node.key == graph.start for node in graph.scenes):
        yield Fault("no_start", found=graph.start)
    if not any(node.is_end and node.outcome == SOUND for node in graph.nodes):
        yield Fault("no_sound_end")
    for key, count in Counter(node.key for node in graph.nodes).items():
        if count > 1:
            yield Fault("node_twice", key)


def _of_shape(graph: Graph, ways: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    """Yield the nodes that nobody comes to, and those from which nobody gets out."""
    leaving = _leaving(graph)
    for key in graph.by_key:
        if graph.start in graph.by_key and key not in ways:
            yield Fault("unreachable", key)
        if key not in leaving:
            yield Fault("no_way_out", key, path=ways.get(key, ()))


def _ways(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return for each node that can be reached the nodes on a shortest way to it, itself the last."""
    if graph.start not in graph.by_key:
        return {}
    ways, waiting = {graph.start: (graph.start,)}, deque([graph.start])
    while waiting:
        here = waiting.popleft()
        for choice in graph.by_key[here].choices:
            if choice.to in graph.by_key and choice.to not in ways:
                ways[choice.to] = (*ways[here], choice.to)
                waiting.append(choice.to)
    return ways


def _leaving(graph: Graph) -> set[str]:
    """Return the nodes from which some end can be reached: the ends, and whoever leads to one of these."""
    before: dict[str, set[str]] = {}
    for node in graph.by_key.values():
        for choice in node.choices:
            before.setdefault(choice.to, set()).add(node.key)
    leaving, waiting = set(), deque(node.key for node in graph.by_key.values() if node.is_end)
    while waiting:
        key = waiting.popleft()
        if key not in leaving:
            leaving.add(key)
            waiting.extend(before.get(key, ()))
    return leaving


def _of_node(graph: Graph, node: Node) -> Iterator[tuple[str, ...]]:
    """Yield what is wrong with one node: code, node, choice, what was found."""
    if not KEY.fullmatch(node.key):
        yield "bad_key", node.key, "", node.key
    if node.kind not in (SCENE, END):
        yield "unknown_kind", node.key, "", node.kind
    if not node.text.strip():
        yield "no_text", node.key
    elif len(node.text.split()) > MOST_WORDS:
        yield "too_long", node.key, "", str(len(node.text.split()))
    yield from _of_end(node) if node.is_end else _of_scene(graph, node)


def _of_end(node: Node) -> Iterator[tuple[str, ...]]:
    if node.choices:
        yield "end_goes_on", node.key
    if node.outcome not in OUTCOMES:
        yield "no_outcome", node.key, "", node.outcome
    if not node.debrief.strip():
        yield "no_debrief", node.key


def _of_scene(graph: Graph, node: Node) -> Iterator[tuple[str, ...]]:
    if not 1 <= len(node.choices) <= MOST_CHOICES:
        yield "choices_count", node.key, "", str(len(node.choices))
    for key, count in Counter(choice.key for choice in node.choices).items():
        if count > 1:
            yield "choice_twice", node.key, key
    for choice in node.choices:
        yield from _of_choice(graph, node, choice)


def _of_choice(graph: Graph, node: Node, choice: Choice) -> Iterator[tuple[str, ...]]:
    if not KEY.fullmatch(choice.key):
        yield "bad_key", node.key, choice.key, choice.key
    if choice.to not in graph.by_key:
        yield "unknown_target", node.key, choice.key, choice.to
    if not choice.text.strip():
        yield "no_words", node.key, choice.key
    if not choice.feedback.strip():
        yield "no_feedback", node.key, choice.key
    if any(abs(mark) > MOST_MARK for mark in choice.marks):
        yield "bad_mark", node.key, choice.key
