"""A pathway as a layered drawing: where each step and each way lies. Pure; a template turns it into SVG and a list."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from referral.pathways.compiled import Pathway, word

STEP_WIDTH = 90
LANE_HEIGHT = 88
MARGIN = 54
LINE_LETTERS = 13
MOST_LINES = 4


@dataclass(frozen=True)
class Node:
    """One step: its place, shape, words, and state (done, here, late, skip or "" for to come)."""

    key: str
    kind: str
    number: int
    x: int
    y: int
    title: str
    title_language: str
    lines: tuple[tuple[int, str], ...]
    state: str = ""


@dataclass(frozen=True)
class Edge:
    """One way: its curve, words, and state (took, skip or "")."""

    source: str
    target: str
    curve: str
    outcome: str = ""
    state: str = ""


@dataclass(frozen=True)
class Graph:
    """The drawing, in units of the viewBox."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def drawn(
    pathway: Pathway,
    chain: Collection[str],
    states: Mapping[str, str] | None = None,
    taken: Collection[tuple[str, str]] = (),
    is_mirrored: bool = False,
) -> Graph:
    """Lay a pathway out from start to end; mirrored for scripts that run from right to left."""
    layers = layers_of(pathway)
    points, chains = _placed(pathway, layers)
    width = MARGIN * 2 + max(layers.values(), default=0) * STEP_WIDTH
    lows = [y for _, y in points.values()] or [0.0]
    height = int((max(lows) - min(lows)) * LANE_HEIGHT) + 2 * MARGIN + 24

    def at(name) -> tuple[int, int]:
        layer, lane = points[name]
        x = MARGIN + layer * STEP_WIDTH
        return (width - x if is_mirrored else x), int(MARGIN + (lane - min(lows)) * LANE_HEIGHT)

    states = states or {}
    nodes = tuple(
        _node(step, number, at(step["key"]), chain, states.get(step["key"], ""))
        for number, step in enumerate(pathway.body["steps"], start=1)
    )
    edges = tuple(_edge(way, [at(name) for name in chains[index]], states, taken, pathway)
                  for index, way in enumerate(pathway.body["transitions"]) if index in chains)  # fmt: skip
    return Graph(nodes, edges, width, height)


def layers_of(pathway: Pathway) -> dict[str, int]:
    """Return the column of each step: the longest way from the start, loops left out."""
    order, back = _ordered(pathway)
    layers = dict.fromkeys(pathway.steps, 0)
    for key in order:
        for way in pathway.ways.get(key, ()):
            if (key, way["to"]) not in back and way["to"] in layers:
                layers[way["to"]] = max(layers[way["to"]], layers[key] + 1)
    return layers


def _ordered(pathway: Pathway) -> tuple[list[str], set[tuple[str, str]]]:
    """Return the steps so that ways lead onward, and the ways that lead back (loops)."""
    done: list[str] = []
    colour: dict[str, int] = {}
    back: set[tuple[str, str]] = set()
    starts = [key for key, step in pathway.steps.items() if step["kind"] == "start"] or list(pathway.steps)[:1]
    for root in [*starts, *pathway.steps]:
        stack = [(root, iter(pathway.ways.get(root, ())))] if root not in colour else []
        colour.setdefault(root, 1)
        while stack:
            key, ways = stack[-1]
            target = next((way["to"] for way in ways if way["to"] in pathway.steps), None)
            if target is None:
                colour[key] = 2
                done.append(key)
                stack.pop()
            elif colour.get(target) == 1:
                back.add((key, target))
            elif target not in colour:
                colour[target] = 1
                stack.append((target, iter(pathway.ways.get(target, ()))))
    return done[::-1], back


def _placed(pathway: Pathway, layers: dict[str, int]):
    """Return name -> (layer, lane), and for each way the names its curve passes; long ways get points between."""
    chains: dict[int, list] = {}
    columns: dict[int, list] = {}
    for key, layer in layers.items():
        columns.setdefault(layer, []).append(key)
    for index, way in enumerate(pathway.body["transitions"]):
        if way["from"] not in layers or way["to"] not in layers:
            continue
        between = [(index, layer) for layer in range(layers[way["from"]] + 1, layers[way["to"]])]
        for point in between:
            columns[point[1]].append(point)
        chains[index] = [way["from"], *between, way["to"]]
    lanes = _lanes(columns, chains)
    return {name: (layer, lanes[name]) for layer, names in columns.items() for name in names}, chains


def _lanes(columns, chains) -> dict:
    """Return the lane of each point: near the middle of its neighbours, at least one lane apart in a column."""
    before: dict = {}
    after: dict = {}
    for names in chains.values():
        for left, right in zip(names, names[1:], strict=False):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    lanes: dict = {}
    for neighbours, order in (
        (before, sorted(columns)),
        (after, sorted(columns, reverse=True)),
        (before, sorted(columns)),
    ):
        for layer in order:
            wanted = {name: _middle(name, neighbours, lanes) for name in columns[layer]}
            lanes |= _apart(columns[layer], wanted)
    return lanes


def _middle(name, neighbours, lanes) -> float:
    found = [lanes[other] for other in neighbours.get(name, ()) if other in lanes]
    return sum(found) / len(found) if found else lanes.get(name, 0.0)


def _apart(names: list, wanted: dict) -> dict:
    """Return lanes in the wanted order, one apart, moved as a whole so that they stay near what was wanted."""
    order = sorted(names, key=lambda name: wanted[name])
    lanes: dict = {}
    last = None
    for name in order:
        gap = 1.0 if isinstance(name, str) else 0.7
        last = wanted[name] if last is None else max(wanted[name], last + gap)
        lanes[name] = last
    shift = sum(wanted[name] - lanes[name] for name in order) / len(order) if order else 0
    return {name: lane + shift for name, lane in lanes.items()}


def _node(step: dict, number: int, place: tuple[int, int], chain, state: str) -> Node:
    title, language = word(step["title"], chain)
    x, y = place
    lines = tuple((y + 30 + row * 13, text) for row, text in enumerate(short_lines(title)))
    return Node(step["key"], step["kind"], number, x, y, title, language, lines, state)


def short_lines(title: str) -> list[str]:
    """Return the first clause of a title in at most four short lines; the whole title stands in the list."""
    clause = re.split(r"[:;(]|, ", title, maxsplit=1)[0].strip() or title
    lines: list[str] = []
    for part in clause.split():
        if lines and len(lines[-1]) + len(part) < LINE_LETTERS:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES]]
        lines[-1] += "…"
    return lines


def _edge(way: dict, points: list[tuple[int, int]], states, taken, pathway: Pathway) -> Edge:
    pair = (way["from"], way["to"])
    if pair in taken:
        state = "took"
    elif "skip" in (states.get(way["from"]), states.get(way["to"])) or states.get(way["from"]) == "done":
        state = "skip"
    else:
        state = ""
    return Edge(*pair, _curve(points), way.get("outcome", ""), state)


def _curve(points: list[tuple[int, int]]) -> str:
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for next_x, next_y in rest:
        middle = (x + next_x) // 2
        parts.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
        x, y = next_x, next_y
    return "".join(parts)
