"""A pathway as a layered drawing: where each step, each way and each word lies. Pure; a template makes SVG and a list.

The drawing fits a page 1280 px wide as long as its columns stay wide enough to be read; a longer one scrolls.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import accumulate

from referral.pathways.compiled import Pathway, word
from referral.pathways.labels import Box, Label, labels_of, short_title
from referral.pathways.layers import placed

WIDEST = 1180
STEP_WIDTH, NARROWEST = 96, 44
CROWDED, MOST_ROOM = 0.3, 1.9
LANE_HEIGHT = 84
SIDE, ABOVE, BELOW = 52, 62, 78
SAMPLES, FEW_SAMPLES = 24, 6
Place = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One step: its place, shape, words with the ground they stand on, and state: done, unmet, here, late, skip,
    or "" for to come.
    """

    key: str
    kind: str
    number: int
    x: int
    y: int
    title: str
    title_language: str
    words_x: int
    lines: tuple[tuple[int, str], ...]
    ground: Box
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
    """The drawing, in units of the viewBox; `fits` when it is shown whole, else it is scrolled."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    fits: bool


def drawn(
    pathway: Pathway,
    chain: Collection[str],
    states: Mapping[str, str] | None = None,
    taken: Collection[tuple[str, str]] = (),
    is_mirrored: bool = False,
    widest: int = WIDEST,
) -> Graph:
    """Lay a pathway out from start to end, no wider than `widest` where its columns can still be read.

    It is mirrored for scripts that run from right to left.
    """
    points, chains = placed(pathway)
    width, height, at = _scale(points, is_mirrored, widest)
    lines = {index: [at(name) for name in names] for index, names in chains.items()}
    steps = pathway.body["steps"]
    words = [word(step["title"], chain) for step in steps]
    numbered = [f"{number} {short_title(title)}" for number, (title, _language) in enumerate(words, start=1)]
    passed = {tuple(line): None for line in lines.values()}
    labels = labels_of(
        [at(step["key"]) for step in steps], numbered, [point for line in passed for point in _sampled(line)], width
    )
    states = states or {}
    nodes = tuple(
        _node(step, number, at(step["key"]), word_of, label, states.get(step["key"], ""))
        for number, (step, word_of, label) in enumerate(zip(steps, words, labels, strict=True), start=1)
    )
    edges = tuple(_edge(pathway.body["transitions"][index], line, states, taken) for index, line in lines.items())
    return Graph(nodes, edges, width, height, width <= widest)


def _scale(points, is_mirrored: bool, widest: int):
    """Return width and height, and the function from a name to its place: columns as wide as the page allows."""
    offsets = _offsets(Counter(layer for layer, _lane in points.values()), widest)
    width = 2 * SIDE + offsets[-1]
    lanes = [lane for _layer, lane in points.values()] or [0.0]
    top = min(lanes)

    def at(name) -> Place:
        layer, lane = points[name]
        x = SIDE + offsets[layer]
        return (width - x if is_mirrored else x), int(ABOVE + (lane - top) * LANE_HEIGHT)

    return width, int((max(lanes) - top) * LANE_HEIGHT) + ABOVE + BELOW, at


def _offsets(crowd: Mapping[int, int], widest: int) -> list[int]:
    """Return how far each column is from the first; more room beside a column where many lines pass."""
    weights = [1 + CROWDED * max(0, max(crowd[layer], crowd[layer + 1]) - 2) for layer in range(max(crowd, default=0))]
    weights = [min(weight, MOST_ROOM) for weight in weights]
    unit = min(STEP_WIDTH, max(NARROWEST, (widest - 2 * SIDE) / sum(weights))) if weights else 0
    return [int(unit * part) for part in accumulate(weights, initial=0)]


def _node(step: dict, number: int, place: Place, words: tuple[str, str], label: Label, state: str) -> Node:
    return Node(step["key"], step["kind"], number, *place, *words, label.x, label.lines, label.box, state)


def _edge(way: dict, points: list[Place], states: Mapping[str, str], taken) -> Edge:
    pair = (way["from"], way["to"])
    if pair in taken:
        state = "took"
    elif "skip" in (states.get(way["from"]), states.get(way["to"])) or states.get(way["from"]) in ("done", "unmet"):
        state = "skip"
    else:
        state = ""
    return Edge(*pair, _curve(points), way.get("outcome", ""), state)


def _curve(points: list[Place]) -> str:
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for next_x, next_y in rest:
        middle = (x + next_x) // 2
        parts.append(f"C{middle} {y} {middle} {next_y} {next_x} {next_y}")
        x, y = next_x, next_y
    return "".join(parts)


def _sampled(points: tuple[Place, ...]) -> list[tuple[float, float]]:
    """Return points on a curve, by which labels keep off it."""
    found = []
    for (x, y), (next_x, next_y) in zip(points, points[1:], strict=False):
        samples = SAMPLES if y != next_y else FEW_SAMPLES
        for part in range(samples):
            t = part / samples
            along = 1.5 * t * (1 - t) + t**3  # x of the same curve with both handles in the middle
            rise = 3 * t**2 - 2 * t**3
            found.append((x + (next_x - x) * along, y + (next_y - y) * rise))
    return found
