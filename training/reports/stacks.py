"""Bars of up to three parts, and columns lesson by lesson: told apart by filling, hatching and outline, not by colour."""

from dataclasses import dataclass

from training.queries.dropoff import LESSON, STORY, TEST, Part

BAR_WIDTH = 240
HATCH = 7
MOST_LABELS = 10
SIGNS = {STORY: "◆", TEST: "✓"}
PLOT_WIDTH, BASE, LEFT = 540, 170, 44


@dataclass(frozen=True)
class Stack:
    """A bar: so much of its width filled, then hatched, the rest outlined; where the hatches stand."""

    filled: float = 0
    hatched: float = 0
    hatches: tuple[float, ...] = ()


@dataclass(frozen=True)
class Line:
    """A guide line with its number."""

    y: float
    label_y: float
    value: int


@dataclass(frozen=True)
class Column:
    """One lesson: how high the outline stands (who opened it), the filling (who reached its end), and who stopped.

    None stands for what is not told.
    """

    x: float
    middle: float
    label: str
    outer: float | None
    inner: float | None
    stopped: float | None

    @property
    def tops(self) -> tuple[float, float, float]:
        """Return where each begins, from above."""
        return tuple(round(BASE - (height or 0), 1) for height in (self.outer, self.inner, self.stopped))


@dataclass(frozen=True)
class LessonPlot:
    """Columns by lesson, with guide lines: of those who opened it, and to a scale of their own of those who stopped.

    A plot of which nothing is told has no guide lines, and is left out.
    """

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    stop_lines: tuple[Line, ...]
    width: float


def stacked(filled: int, hatched: int, total: int) -> Stack:
    """Return a bar to the scale of its own total; nothing of nothing is an empty one."""
    if not total:
        return Stack()
    unit = BAR_WIDTH / total
    first, second = round(filled * unit, 1), round(hatched * unit, 1)
    return Stack(first, second, tuple(round(first + 2 + HATCH * place, 1) for place in range(int(second // HATCH))))


def guides(top: int) -> tuple[Line, ...]:
    """Return guide lines at nothing, the middle and the top of a plot."""
    return tuple(_line(value, top) for value in sorted({0, top // 2, top}))


def _line(value: int, top: int) -> Line:
    y = round(BASE - _height(value, top), 1)
    return Line(y, y + 4, value)


def _height(value: int | None, top: int) -> float | None:
    return None if value is None else round((BASE - 26) * value / top, 1)


def round_up(value: int) -> int:
    """Return a round number at or above a count, for the top of a plot."""
    return next(
        step for step in (4, 10, 20, 40, 60, 100, 200, 400, 1000, 4000, 10_000, 100_000, value) if step >= value
    )


def lesson_plot(parts: tuple[Part, ...]) -> LessonPlot | None:
    """Return the columns of plots lesson by lesson, or None when neither has anything to show; a row is not mirrored.

    A lesson of which one number is not told has no bar: an outline alone would say that nobody reached the end.
    """
    opened = [_heard(part) for part in parts]
    most = max((one[0] or one[1] or 0 for one in opened), default=0)
    stops = [part.stopped for part in parts if part.stopped is not None]
    if not most and not any(stops):
        return None
    top, stop_top = round_up(most), round_up(max(stops, default=0))
    step = (PLOT_WIDTH - LEFT) / len(parts)
    width = round(min(34.0, step * 0.66), 1)
    columns = []
    for place, (part, both) in enumerate(zip(parts, opened, strict=True)):
        x = LEFT + step * place + (step - width) / 2
        heights = *(_height(value, top) for value in both), _height(part.stopped, stop_top)
        columns.append(Column(round(x, 1), round(x + width / 2, 1), _label(part, len(parts)), *heights))
    return LessonPlot(tuple(columns), guides(top) if most else (), guides(stop_top) if stops else (), width)


def _heard(part: Part) -> tuple[int | None, int | None]:
    """Return how many opened a part and how many ended it, where both are told."""
    return (None, None) if part.opened_only is None else (part.opened, part.ended)


def _label(part: Part, of: int) -> str:
    """Return what stands below a column: the lesson's number, of many every second one's; a sign for story and test."""
    if part.kind != LESSON:
        return SIGNS[part.kind]
    return "" if of > MOST_LABELS and part.number % 2 == 0 else str(part.number)
