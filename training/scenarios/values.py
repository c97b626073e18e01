"""What a scenario is: nodes, the choices of a scene, what each choice does. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

SCENE, END = "scene", "end"
SOUND = "sound"
OUTCOMES = (SOUND, "partial", "lost")
DIMENSIONS = ("safety", "choice", "case")


@dataclass(frozen=True)
class Choice:
    """One way on from a scene; `safety`, `choice` and `case` say what it does to each, from -2 to 2."""

    key: str
    to: str
    text: str = ""
    feedback: str = ""
    safety: int = 0
    choice: int = 0
    case: int = 0

    @property
    def marks(self) -> tuple[int, ...]:
        """Return what it does, in the order of DIMENSIONS."""
        return (self.safety, self.choice, self.case)


@dataclass(frozen=True)
class Node:
    """A scene with its choices, or an end with its outcome and debrief."""

    key: str
    kind: str
    text: str = ""
    choices: tuple[Choice, ...] = ()
    outcome: str = ""
    debrief: str = ""

    @property
    def is_end(self) -> bool:
        """Tell whether the story stops here."""
        return self.kind == END

    def choice(self, key: str) -> Choice | None:
        """Return a choice by its key."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True)
class Graph:
    """The nodes in the order in which they were written, and the key of the first scene."""

    start: str
    nodes: tuple[Node, ...]

    @cached_property
    def by_key(self) -> dict[str, Node]:
        """Return the nodes by key; where a key stands twice, the first."""
        found: dict[str, Node] = {}
        for node in self.nodes:
            found.setdefault(node.key, node)
        return found

    @property
    def scenes(self) -> tuple[Node, ...]:
        """Return the nodes from which the story goes on."""
        return tuple(node for node in self.nodes if not node.is_end)


def graph_of_file(words: Mapping) -> Graph:
    """Return the graph of a scenario as its file says it; without a start, the first node is it."""
    return _graph(
        words.get("start", ""), (_node(entry["kind"], entry, entry.get("choices", ())) for entry in words["nodes"])
    )


def graph_of_blocks(start: str, blocks: Iterable[Mapping]) -> Graph:
    """Return the graph of raw StreamField blocks; without a start, the first node is it."""
    return _graph(
        start,
        (
            _node(block["type"], block["value"], (item["value"] for item in block["value"].get("choices", ())))
            for block in blocks
        ),
    )


def _graph(start: str, nodes: Iterable[Node]) -> Graph:
    found = tuple(nodes)
    return Graph(start or (found[0].key if found else ""), found)


def _node(kind: str, entry: Mapping, choices: Iterable[Mapping]) -> Node:
    return Node(
        key=entry["key"],
        kind=kind,
        text=entry.get("text", ""),
        choices=tuple(_choice(one) for one in choices),
        outcome=entry.get("outcome", "") if kind == END else "",
        debrief=entry.get("debrief", "") if kind == END else "",
    )


def _choice(entry: Mapping) -> Choice:
    marks = {name: int(entry.get(name) or 0) for name in DIMENSIONS}
    return Choice(entry["key"], entry.get("to", ""), entry.get("text", ""), entry.get("feedback", ""), **marks)


def skeleton_of(graph: Graph) -> dict:
    """Return what a walk needs of a graph, without its words, as canonical JSON keeps it."""
    nodes = {
        node.key: {"outcome": node.outcome} if node.is_end else {"to": {one.key: one.to for one in node.choices}}
        for node in graph.nodes
    }
    return {"start": graph.start, "nodes": nodes}


def graph_of(skeleton: Mapping) -> Graph:
    """Return the graph of a skeleton: it can be walked, and has no words."""
    return Graph(skeleton["start"], tuple(_bare(key, entry) for key, entry in skeleton["nodes"].items()))


def _bare(key: str, entry: Mapping) -> Node:
    if "outcome" in entry:
        return Node(key, END, outcome=entry["outcome"])
    return Node(key, SCENE, choices=tuple(Choice(one, to) for one, to in entry["to"].items()))
