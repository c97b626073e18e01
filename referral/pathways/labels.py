"""Where the words of a step stand in a drawing: under it or over it, where they cover least. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LINE = 13
UNDER, OVER = 31, -25
WIDTHS = (64, 78, 100, 128)
SIDES = (-30, 30)
MOST_LINES = 4
BUCKET = 80
NEAR = 2
ON_WORDS, ON_STEP, OUTSIDE, ON_LINE, MORE_LINES, NOT_UNDER, MOVED, CUT = 9.0, 9.0, 30.0, 1.0, 0.6, 0.4, 1.2, 4.0
GOOD_ENOUGH = 2.9


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.bottom - self.top

    def covers(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the rectangle or touches it."""
        return self.left - NEAR <= x <= self.right + NEAR and self.top - NEAR <= y <= self.bottom + NEAR

    def overlap(self, other: "Box") -> float:
        """Return how much of a common area there is, 0 to 1 of the smaller one and more than 0 when they touch."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high / 100 if wide > 0 and high > 0 else 0.0


@dataclass(frozen=True)
class Label:
    """The middle of a label, its lines with the baseline of each, and the rectangle they fill."""

    x: int
    lines: tuple[tuple[int, str], ...]
    box: Box

    @property
    def is_cut(self) -> bool:
        """Tell whether words are missing at the end."""
        return self.lines[-1][1].endswith("…")


def span(text: str) -> float:
    """Return about how wide a line of 12 px letters is; signs that stand over a letter take no room."""
    return sum(_letter(sign) for sign in text)


@lru_cache(maxsize=2048)
def _letter(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Cf"}:
        return 0.0
    if sign in "ijl.,;:'’!| ":
        return 3.4
    return 9.0 if sign in "mwMW" else 8.0 if sign.isupper() else 6.5


def short_title(title: str) -> str:
    """Return the first clause of a title; the whole title stands in the list."""
    return re.split(r"[:;(؛]|, |، ", title, maxsplit=1)[0].strip() or title


def wrapped(title: str, width: float) -> list[str]:
    """Return a title in at most four lines of a width; a word that is wider stands alone."""
    lines: list[str] = []
    for part in title.split():
        if lines and span(f"{lines[-1]} {part}") <= width:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    if len(lines) > MOST_LINES:
        lines = lines[:MOST_LINES]
        lines[-1] += "…"
    return lines


class Sheet:
    """What stands in a drawing already: the shapes, the lines as points, the labels; found by column."""

    def __init__(self, places: Sequence[tuple[int, int]], points: Iterable[tuple[float, float]], width: int):
        self.width = width
        self._shapes: dict[int, list[Box]] = {}
        self._points: dict[int, list[tuple[float, float]]] = {}
        self._labels: dict[int, dict[int, Box]] = {}
        for x, y in places:
            self._shapes.setdefault(int(x // BUCKET), []).append(Box(x - 18, y - 20, x + 18, y + 20))
        for x, y in points:
            self._points.setdefault(int(x // BUCKET), []).append((x, y))

    def put(self, index: int, x: int, y: int, title: str) -> Label:
        """Return the label of a step where it covers least, and keep its place."""
        self._labels.get(int(x // BUCKET), {}).pop(index, None)
        texts = list(map(list, dict.fromkeys(tuple(wrapped(title, width)) for width in WIDTHS)))
        cost, label = self._best(_choices(x, y, texts), x, y)
        if cost > GOOD_ENOUGH:
            moved = [choice for side in SIDES for choice in _choices(x + side, y, texts)]
            label = min((cost, label), self._best(moved, x, y), key=lambda found: found[0])[1]
        self._labels.setdefault(int(x // BUCKET), {})[index] = label.box
        return label

    def cost(self, label: Label, index: int, x: int, y: int) -> float:
        """Return what a label costs that stands already, beside all others."""
        column = self._labels[int(x // BUCKET)]
        column[index], own = Box(0, 0, 0, 0), column[index]
        cost = self._cost(label, x, y)
        column[index] = own
        return cost

    def _best(self, choices: list[Label], x: int, y: int) -> tuple[float, Label]:
        return min(((self._cost(choice, x, y), choice) for choice in choices), key=lambda found: found[0])

    def _cost(self, label: Label, x: int, y: int) -> float:
        box, columns = label.box, range(int(label.box.left // BUCKET) - 1, int(label.box.right // BUCKET) + 2)
        cost = MORE_LINES * len(label.lines) + CUT * label.is_cut + (NOT_UNDER if box.top < y else 0)
        cost += MOVED if label.x != x else 0
        cost += OUTSIDE * (max(0.0, -box.left) + max(0.0, box.right - self.width)) / 10
        for column in columns:
            cost += ON_WORDS * sum(_hit(box, other) for other in self._labels.get(column, {}).values())
            cost += ON_STEP * sum(_hit(box, other) for other in self._shapes.get(column, ()))
            cost += ON_LINE * sum(box.covers(*point) for point in self._points.get(column, ()))
        return cost


def _choices(x: int, y: int, texts: list[list[str]]) -> list[Label]:
    return [_at(x, y, lines, over) for lines in texts for over in (False, True)]


def _hit(box: Box, other: Box) -> float:
    shared = box.overlap(other)
    return 1 + shared if shared else 0.0


def _at(x: int, y: int, lines: list[str], is_over: bool) -> Label:
    first = y + OVER - LINE * (len(lines) - 1) if is_over else y + UNDER
    half = max((span(line) for line in lines), default=0) / 2 + 2
    rows = tuple((first + LINE * row, line) for row, line in enumerate(lines))
    return Label(x, rows, Box(x - half, first - 11, x + half, first + LINE * (len(lines) - 1) + 4))


def labels_of(places: Sequence[tuple[int, int]], titles: Sequence[str], points, width: int) -> list[Label]:
    """Return the label of each step: each is placed once after the others, then once more knowing them all."""
    sheet = Sheet(places, points, width)
    order = sorted(range(len(places)), key=lambda index: places[index])
    found = {index: sheet.put(index, *places[index], titles[index]) for index in order}
    for index in order:
        if sheet.cost(found[index], index, *places[index]) > GOOD_ENOUGH:
            found[index] = sheet.put(index, *places[index], titles[index])
    return [found[index] for index in range(len(places))]
