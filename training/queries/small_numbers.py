"""Small numbers in shared tables: what is hidden beside a small group, and which months are joined. Values in, values out.

A group under ten is hidden. Where a total is shown beside the table, what it lacks is the hidden groups' sum: so the
smallest of the others is hidden too. What else is shown is decided by that sum and by what is shown alone, which every
reader has before her: so the decision tells her nothing more.
"""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 10
MOST_SPANS = 12

Cell = tuple[int, int]  # how many began, and how many of them finished
Cells = Mapping[str, Cell]  # by the name of a group
Offices = Mapping[Hashable, Cell]  # by the key of an office, or of a language


@dataclass(frozen=True)
class Span:
    """One month or several together, and how many finished in them."""

    first: dt.date
    last: dt.date
    count: int


def shown(cells: Cells) -> dict[str, tuple[int, int]]:
    """Return the groups of a table that may be shown beside its totals; a group without a name never is.

    Which ones are hidden depends on how many began alone. Where of the hidden ones all or none finished, while that is
    not so of all, no group is shown.
    """
    small = [name for name in cells if not name or cells[name][0] < SMALLEST]
    if not small:
        return dict(cells)
    large = sorted(cells.keys() - set(small), key=lambda name: (cells[name][0], name))
    hidden, left = [*small, *large[:1]], large[1:]
    if not left or not _leaves_open(cells, hidden, left[0]):
        return {}
    if _is_all_or_none(cells, hidden) and not _is_all_or_none(cells, cells):
        return {}
    return {name: cells[name] for name in left}


def told_of(numbers: Mapping[Hashable, int]) -> set[Hashable]:
    """Return the groups whose number may be shown beside the total of all: those from ten on, less those that give others away.

    Groups of nobody are not told and hide nobody: that nobody is in them is often told elsewhere.
    """
    keys = {str(key): key for key, count in numbers.items() if count}
    return {keys[name] for name in shown({name: (numbers[key],) * 2 for name, key in keys.items()})}


def told_beside(numbers: Mapping[Hashable, int], wider: Iterable[Mapping[Hashable, int]]) -> set[Hashable]:
    """Return the groups whose number may be shown, as `told_of`, where wider numbers of them are shown as well.

    What a wider number says more is a number of people too, and so is the total of it. That nobody is in a group is told
    where all the others are.
    """
    rest = ({key: one[key] - count for key, count in numbers.items()} for one in wider)
    return numbers.keys() - _untold(numbers, *rest)


def shown_apart(periods: Mapping[str, Sequence[Cell]]) -> dict[str, Cell]:
    """Return the groups that may be shown, as `shown`, with who finished and who did not each told: nobody, or ten and more.

    Of each group the cells of all periods are given, the longest first; those of the last are shown.
    """
    *wider, asked = ({name: cells[place] for name, cells in periods.items()} for place in range(_many(periods)))
    kept = withheld({name: begun for name, (begun, _ended) in asked.items()}, asked, wider)
    return {name: cell for name, cell in shown(asked).items() if name not in kept.parts}


def _many(periods: Mapping[str, Sequence[Cell]]) -> int:
    return len(next(iter(periods.values())))


@dataclass(frozen=True)
class Withheld:
    """The offices of which it is not told who finished, and those of which it is not told who is under way or has not begun."""

    finished: frozenset[Hashable]
    parts: frozenset[Hashable]


def withheld(
    officials: Mapping[Hashable, int], asked: Offices, wider: Iterable[Offices] = (), overlaps: Iterable[Offices] = ()
) -> Withheld:
    """Return what is withheld of the rows of a table, whose totals are shown, and how many officials each office has.

    `wider` are the tables of longer periods and of all courses: what this one and such a table differ by is a number of
    people as well. So each part of a row is nobody or ten and more, alone, with the others and beside wider tables.
    `overlaps` are told of a table of any course: by how many the tables of each course, added up, say more than it, and by
    how much more they do so in each longer period. Of two courses that is how many took both, and took both before.
    """
    wider, overlaps = list(wider), list(overlaps)
    finished = {key: ended for key, (_begun, ended) in asked.items()}
    rest = {key: many - finished[key] for key, many in officials.items()}
    under_way = {key: begun - ended for key, (begun, ended) in asked.items()}
    not_begun = {key: rest[key] - under_way[key] for key in officials}
    both_begun, both_finished = (
        [{key: cell[part] for key, cell in one.items()} for one in overlaps] for part in (0, 1)
    )
    first = _untold(finished, rest, *both_finished, *(_differ(asked, one, 1) for one in wider))
    others = _untold(under_way, not_begun, *both_begun, *(_differ(asked, one, 0) for one in wider))
    return Withheld(first, first | others)


@dataclass(frozen=True)
class Told:
    """Whether of all offices together it is told who finished, and who is under way and has not begun."""

    finished: bool
    parts: bool


def told_together(officials: int, asked: Cell, wider: Iterable[Cell] = (), overlaps: Iterable[Cell] = ()) -> Told:
    """Return what is told of all offices of a country together, beside their rows as `withheld` leaves them.

    A number under ten is not, nor one that differs by so few from that of a wider table or overlaps by so few: the offices
    that are hidden have it among them, or one alone has it. Otherwise the hidden ones have ten and more of them, or nobody.
    """
    (begun, finished), wider, overlaps = asked, list(wider), list(overlaps)
    both_begun, both_finished = ([one[part] for one in overlaps] for part in (0, 1))
    ended = (finished, officials - finished, *both_finished, *(one[1] - finished for one in wider))
    others = (begun - finished, officials - begun, *both_begun, *(one[0] - begun for one in wider))
    is_finished_told = all(is_told(count) for count in ended)
    return Told(is_finished_told, is_finished_told and all(is_told(count) for count in others))


def is_told(count: int) -> bool:
    """Tell whether a number that is the only one of its kind may be told: nobody, or ten and more."""
    return count == 0 or count >= SMALLEST


Step = tuple[int, int, int]  # how many opened a part of a course, reached its end, stopped before it


@dataclass(frozen=True)
class StepsTold:
    """Of the parts of a course in their order what is told, None where a number is not; whether it is told who stopped at all."""

    steps: tuple[tuple[int | None, int | None, int | None], ...]
    stopped: bool


def steps_told(begun: int, finished: int, steps: Sequence[Step]) -> StepsTold:
    """Return what is told of the way through a course, of which it is told how many began and finished.

    Who opened or ended a part is told where that differs from all that is told before by nobody or ten and more, also less
    those who are told to have stopped in between: what is left then went on, or is still there. Less the hidden ones too,
    where all of them stopped in between: how many they are follows from the total. Who stopped in a part is told as a
    group beside the total.
    """
    stops = {place: stopped for place, (_opened, _ended, stopped) in enumerate(steps)}
    total = sum(stops.values())
    is_stopped_told = is_told(total) and is_told(begun - finished - total)
    left = told_of(stops) if is_stopped_told else set()
    if is_stopped_told and left == {place for place, count in stops.items() if count}:
        left = set(stops)
    hidden = {place for place, count in stops.items() if count} - left if is_stopped_told else set()
    known, found = [(begun, 0), (finished, len(steps))], []

    def tells_none(number: int, place: int) -> bool:
        for other, there in known:
            apart, first, last = abs(number - other), *sorted((place, there))
            stopped = sum(stops[step] for step in range(first, last) if step in left)
            lefts = [apart, abs(apart - stopped)]
            if hidden and all(first <= step < last for step in hidden):
                lefts.append(abs(apart - stopped - sum(stops[step] for step in hidden)))
            if not all(map(is_told, lefts)):
                return False
        return is_told(number)

    for place, (opened, ended, stopped) in enumerate(steps):
        row = []
        for number, after in ((opened, place), (ended, place + 1)):
            if told := tells_none(number, after):
                known.append((number, after))
            row.append(number if told else None)
        found.append((*row, stopped if place in left else None))
    return StepsTold(tuple(found), is_stopped_told)


def _differ(asked: Offices, wider: Offices, part: int) -> dict[Hashable, int]:
    """Return by how many a wider table says more of each office."""
    return {key: wider[key][part] - cells[part] for key, cells in asked.items()}


def _untold(*columns: Mapping[Hashable, int]) -> frozenset[Hashable]:
    """Return the groups whose number in some column may not be shown beside the total of it.

    Where anybody's is not, that nobody is in a group is not told either: the total would be that of the others.
    """
    found: set[Hashable] = set()
    for column in columns:
        kept = {key for key, count in column.items() if count} - told_of(column)
        found |= kept | {key for key, count in column.items() if kept and not count}
    return frozenset(found)


def _leaves_open(cells: Cells, hidden: list[str], smallest: str) -> bool:
    """Tell whether each hidden group could have another number, for all that who knows the rule can tell.

    She knows the sum of the hidden ones; that those with a name have nine at most, but for the last, which has ten at
    least and comes before the smallest that is shown; and that of those without a name there is somebody.
    """
    lacking, beside = sum(cells[name][0] for name in hidden), hidden[-1]
    ranges = [(1, SMALLEST - 1 if name else lacking) for name in hidden[:-1]]
    ranges.append((SMALLEST, cells[smallest][0] - (beside > smallest)))
    least, most = (sum(one[end] for one in ranges) for end in (0, 1))
    # What is left to a group when the others have all they can, and when they have as few as they can.
    lefts = [(max(low, lacking - (most - high)), min(high, lacking - (least - low))) for low, high in ranges[:-1]]
    return all(fewest < many for fewest, many in lefts)


def _is_all_or_none(cells: Cells, names: Iterable[str]) -> bool:
    begun, finished = (sum(cells[name][part] for name in names) for part in (0, 1))
    return finished in {0, begun}


def spans_of(counted: Mapping[dt.date, int], parts: Iterable[Mapping[dt.date, int]] = ()) -> list[Span]:
    """Join months, by their first days, until ten finished in each span; what is left at the end joins the last.

    Of a sum the parts are given that are told alone as well. A span of it ends only where no span of a part is cut, so
    that sums of other parts, taken from each other, leave whole spans of some part: nobody, or ten and more.
    """
    spans: list[Span] = []
    if not counted:
        return spans
    whole = [_tight(part, span) for part in parts for span in spans_of(part)]
    month, first, count = min(counted), min(counted), 0
    while month <= max(counted):
        count += counted.get(month, 0)
        following = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        if count >= SMALLEST and not any(begins <= month < ends for begins, ends in whole):
            spans.append(Span(first, month, count))
            first, count = following, 0
        last, month = month, following
    if count and spans:
        spans[-1] = Span(spans[-1].first, last, spans[-1].count + count)
    return spans


def _tight(part: Mapping[dt.date, int], span: Span) -> tuple[dt.date, dt.date]:
    """Return the first month of a span in which anybody finished, and its last."""
    return min(month for month, count in part.items() if count and span.first <= month <= span.last), span.last


def spans_within(spans: list[Span], since: dt.date | None, finished: int) -> tuple[Span, ...]:
    """Return the spans that begin in a period in which so many finished, the newest; what they lack is no small number."""
    inside = [span for span in spans if since is None or span.first >= since]
    lacking = finished - sum(span.count for span in inside)
    while inside and 0 < lacking < SMALLEST:
        lacking += inside.pop(0).count
    return tuple(inside[-MOST_SPANS:])
