"""Small numbers: from everything that is shown, no number of a hidden group can be worked out."""

import datetime as dt
import itertools

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from training.queries.small_numbers import (
    SMALLEST,
    Span,
    shown,
    shown_apart,
    spans_of,
    spans_within,
    steps_told,
    told_beside,
    told_of,
    told_together,
    withheld,
)

NAMES = ("", "ar", "en", "fr", "ht", "sw")


@st.composite
def tables(draw):
    """A table: languages, the nameless one perhaps, with how many began and how many of them finished."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=5))
    begun = {name: draw(st.integers(1, 30)) for name in names}
    return {name: (count, draw(st.integers(0, count))) for name, count in begun.items()}


def told(cells):
    """Return what a reader sees: the groups that are shown, and both totals."""
    return shown(cells), *(sum(cell[part] for cell in cells.values()) for part in (0, 1))


def others(cells):
    """Yield tables that move people between two hidden groups: from, to, how many who began, how many who finished."""
    hidden = [name for name in cells if name not in shown(cells)]
    for one, other in itertools.permutations(hidden, 2):
        for began, finished in itertools.product(range(10), repeat=2):
            (begun_here, done_here), (begun_there, done_there) = cells[one], cells[other]
            here, there = (begun_here - began, done_here - finished), (begun_there + began, done_there + finished)
            if here[0] > 0 and all(0 <= done <= begun for begun, done in (here, there)):
                yield {one, other}, began, finished, cells | {one: here, other: there}


@given(tables())
@example({"ar": (9, 3), "en": (9, 4), "fr": (9, 0), "ht": (10, 5)})
@example({"ar": (9, 3), "en": (9, 4), "fr": (9, 0), "ht": (10, 5), "sw": (10, 5)})
@example({"": (3, 1), "ar": (10, 4), "en": (10, 5), "fr": (12, 5)})
@example({"ar": (1, 0), "en": (10, 4), "fr": (11, 5), "sw": (1, 1)})
@example({"ar": (10, 8), "fr": (6, 3)})
@example({"": (1, 0), "ar": (8, 3), "en": (19, 4), "fr": (19, 9)})
@example({"ar": (10, 8), "fr": (9, 3), "en": (10, 2)})
@example({"ar": (25, 8), "fr": (1, 1), "en": (1, 0)})
@example({"ar": (25, 8), "fr": (6, 0), "en": (12, 0)})
@example({"": (1, 0), "ar": (11, 0), "en": (10, 1), "fr": (1, 0), "ht": (8, 0)})
def test_no_number_of_a_small_group_can_be_worked_out(cells):
    left = shown(cells)
    hidden = {name for name in cells if name not in left}

    assert all(cells[name][0] >= SMALLEST and name and left[name] == cells[name] for name in left)
    if not hidden or not left:  # nothing is hidden, or nothing stands beside the totals
        return
    assert sum(cells[name][0] for name in hidden) >= SMALLEST
    seen = told(cells)
    as_well = [moved for *moved, table in others(cells) if told(table) == seen]
    small = {name for name in hidden if cells[name][0] < SMALLEST}
    assert set().union(*(pair for pair, began, _finished in as_well if began)) >= small
    trivial = seen[2] in {0, seen[1]}  # nobody of all finished, or everybody: the total itself says it
    assert trivial or set().union(*(pair for pair, _began, finished in as_well if finished)) >= small


def test_what_is_shown_is_decided_by_what_every_reader_knows():
    def left(**begun):
        return sorted(shown({name: (count, count) for name, count in begun.items()}))

    assert left(ar=10, en=11) == ["ar", "en"]
    assert left(ar=9, en=10, fr=20) == ["fr"]  # always the smallest of the others is hidden too
    assert left(ar=1, en=10, fr=10, ht=30) == []  # of the eleven one must be ten
    assert left(ar=2, en=10, fr=11) == ["fr"]
    assert left(ar=2, ht=10, fr=11) == []  # of two groups of eleven the French would be hidden
    assert left(ar=9, en=9, fr=9, ht=10) == left(ar=9, en=9, fr=9, ht=10, sw=10) == []
    assert left(ar=2, en=10, fr=11, ht=30) == ["fr", "ht"]


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 40), max_size=8))
@example({1: 12, 2: 3, 3: 0})
@example({1: 30, 2: 12, 3: 4, 4: 8})
def test_no_small_number_of_a_group_is_the_difference_between_the_told_ones_and_their_total(numbers):
    told = told_of(numbers)
    hidden = [count for key, count in numbers.items() if count and key not in told]

    assert all(numbers[key] >= SMALLEST for key in told)
    assert not told or not hidden or (len(hidden) > 1 and sum(hidden) >= SMALLEST)


PARTS = st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 25)).filter(lambda row: sum(row) >= SMALLEST)
# Of an office: who finished, is under way, has not begun; and of those who finished, how many of whom a longer period tells.
ROWS = st.dictionaries(st.integers(1, 6), st.tuples(PARTS, st.integers(0, 25)), min_size=1)


def is_told(number):
    """Tell whether a number of people may be told: nobody, or ten and more."""
    return number == 0 or number >= SMALLEST


def gives_nothing_away(column, hidden):
    """Tell whether no small number of a column follows from what is told of it and its total."""
    kept = [column[key] for key in hidden if column[key]]
    return all(is_told(number) for number in kept) or (len(kept) > 1 and sum(kept) >= SMALLEST)


def cell_of(offices):
    """Return how many began and finished in all offices."""
    return tuple(sum(cell[part] for cell in offices.values()) for part in (0, 1))


@given(ROWS)
@example({1: ((3, 3, 9), 0)})
@example({1: ((12, 0, 8), 0)})
@example({1: ((12, 3, 0), 0), 2: ((20, 10, 0), 0), 3: ((30, 0, 0), 0)})
@example({1: ((25, 5, 10), 0), 2: ((25, 12, 10), 0), 3: ((25, 10, 11), 0)})
@example({1: ((0, 0, 10), 0), 2: ((1, 0, 10), 0)})
@example({1: ((0, 10, 0), 0), 2: ((0, 10, 1), 0)})
@example({1: ((20, 0, 10), 3), 2: ((20, 0, 10), 15), 3: ((20, 0, 10), 12)})
def test_no_small_number_of_an_office_is_told_or_follows_from_its_row_its_column_or_a_longer_period(offices):
    officials = {key: sum(parts) for key, (parts, _more) in offices.items()}
    asked = {key: (ended + going, ended) for key, ((ended, going, _rest), _more) in offices.items()}
    longer = {key: (begun, ended + min(offices[key][1], begun - ended)) for key, (begun, ended) in asked.items()}

    kept, kept_longer = withheld(officials, asked, [longer]), withheld(officials, longer)

    finished = {key: ended for key, (_begun, ended) in asked.items()}
    under_way = {key: begun - ended for key, (begun, ended) in asked.items()}
    not_begun = {key: officials[key] - begun for key, (begun, _ended) in asked.items()}
    assert kept.finished <= kept.parts
    for key in officials.keys() - kept.finished:
        assert is_told(finished[key])
        assert is_told(officials[key] - finished[key])
        assert key in kept_longer.finished or is_told(longer[key][1] - finished[key])
    for key in officials.keys() - kept.parts:
        assert is_told(under_way[key])
        assert is_told(not_begun[key])
    # Beside the totals that are told, which are all but those that are small themselves, or differ by little.
    together = told_together(sum(officials.values()), cell_of(asked), [cell_of(longer)])
    rest = {key: officials[key] - finished[key] for key in officials}
    recent = {key: longer[key][1] - finished[key] for key in officials}
    columns = [(together.finished, kept.finished, one) for one in (finished, rest, recent)]
    columns += [(together.parts, kept.parts, one) for one in (under_way, not_begun)]
    assert all(gives_nothing_away(column, hidden) for is_known, hidden, column in columns if is_known)
    assert together.parts == all(is_told(sum(column.values())) for _is_known, _hidden, column in columns)
    assert together.finished == all(is_told(sum(column.values())) for _is_known, _hidden, column in columns[:3])


def test_of_large_numbers_nothing_is_withheld_and_of_a_large_one_beside_small_ones_who_finished_is_told():
    officials = {1: 35, 2: 40, 3: 41, 4: 60}

    kept = withheld(officials, {1: (25, 10), 2: (30, 25), 3: (31, 26), 4: (30, 10)})
    none = withheld(officials, {1: (25, 10), 2: (30, 20), 3: (31, 21), 4: (30, 10)})

    assert (kept.finished, kept.parts) == (
        set(),
        {1, 2, 3},
    )  # the first, so that no two small ones are all that is hidden
    assert (none.finished, none.parts) == (set(), set())


@given(st.dictionaries(st.integers(1, 6), st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1))
@example({1: (10, 2), 2: (12, 11)})
@example({1: (20, 3), 2: (20, 12), 3: (20, 0)})
def test_a_number_is_told_only_where_what_a_wider_one_says_more_of_its_group_is_not_small(groups):
    numbers = {key: many for key, (many, _more) in groups.items()}
    rest = {key: more for key, (_many, more) in groups.items()}

    told = told_beside(numbers, [{key: numbers[key] + rest[key] for key in groups}])

    assert all(is_told(numbers[key]) and is_told(rest[key]) for key in told)
    for column in (numbers, rest):
        assert not told or gives_nothing_away(column, groups.keys() - told)


LANGUAGES = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(*[st.integers(0, 25)] * 3).filter(lambda parts: sum(parts)), min_size=1
)


@given(LANGUAGES)
@example({"fr": (3, 0, 9)})
@example({"fr": (20, 0, 12), "ar": (3, 0, 20), "en": (15, 0, 15)})
@example({"fr": (20, 3, 10), "ar": (20, 12, 10), "en": (20, 15, 10)})
def test_of_a_language_no_small_number_who_finished_or_did_not_is_told_to_others(languages):
    # Of a language: who finished in the period, who finished before, and who is under way.
    periods = {
        name: ((sum(parts), parts[0] + parts[1]), (sum(parts), parts[0])) for name, parts in languages.items()
    }  # fmt: skip

    left = shown_apart(periods)

    assert left.items() <= shown({name: cells[-1] for name, cells in periods.items()}).items()
    columns = [{name: count_of(parts) for name, parts in languages.items()} for count_of in (
        lambda parts: parts[0], lambda parts: parts[1], lambda parts: parts[1] + parts[2],
    )]  # fmt: skip
    assert all(is_told(column[name]) for column in columns for name in left)
    assert all(not left or gives_nothing_away(column, languages.keys() - left.keys()) for column in columns)


MONTHS = st.dictionaries(st.integers(0, 30), st.integers(1, 25), max_size=20)


@given(MONTHS, st.integers(0, 30))
def test_no_column_of_months_and_no_difference_to_the_total_is_small(counted, since):
    months = {dt.date(2025 + number // 12, number % 12 + 1, 1): count for number, count in counted.items()}
    start = dt.date(2025 + since // 12, since % 12 + 1, 1)
    every = spans_of(months)

    total = sum(months.values())
    assert sum(span.count for span in every) == (total if total >= SMALLEST else 0)
    for period in (None, start):
        finished = sum(count for month, count in months.items() if period is None or month >= period)
        spans = spans_within(every, period, finished)
        lacking = finished - sum(span.count for span in spans)
        assert all(span.count >= SMALLEST for span in spans)
        assert not spans or lacking == 0 or lacking >= SMALLEST
        assert all(one.last < two.first for one, two in zip(spans, spans[1:], strict=False))


def test_months_are_joined_until_ten_finished_and_the_rest_joins_the_last():
    months = {dt.date(2026, number, 1): count for number, count in ((1, 12), (2, 1), (4, 9), (5, 3), (6, 11), (8, 2))}

    assert [(span.first.month, span.last.month, span.count) for span in spans_of(months)] == [
        (1, 1, 12), (2, 4, 10), (5, 8, 16),
    ]  # fmt: skip


# Who finished, and of each part who stopped before opening it, in it, and who is still before or in it.
LEAVERS = st.tuples(*[st.integers(0, 14)] * 4)
STEPS = st.tuples(st.integers(0, 40), st.lists(LEAVERS, max_size=3))


def way_of(finished, leavers):
    """Return the groups of people in the order of the course, and who opened, ended and stopped, each as places of groups."""
    groups = [count for one in leavers for count in one] + [finished]
    everybody = set(range(len(groups)))
    steps = []
    for place in range(len(leavers)):
        stopped_before, stopped_in, there_before, there_in = range(4 * place, 4 * place + 4)
        opened = {one for one in everybody if one > there_in} | {stopped_in, there_in}
        steps.append((opened, opened - {stopped_in, there_in}, {stopped_before, stopped_in}))
    return groups, everybody, steps


def follow(told, groups):
    """Yield each number of people that follows from up to four that are told, by adding and taking away."""
    for many in range(1, 5):
        for some in itertools.combinations(told, many):
            for signs in itertools.product((1, -1), repeat=many):
                places = [
                    sum(sign for sign, one in zip(signs, some, strict=True) if place in one)
                    for place in range(len(groups))
                ]
                if set(places) <= {0, 1}:
                    yield sum(count for count, is_in in zip(groups, places, strict=True) if is_in)


@settings(max_examples=40, deadline=None)
@given(STEPS)
@example((12, [(0, 0, 0, 0), (0, 11, 0, 0), (0, 1, 0, 0)]))
@example((12, [(0, 12, 0, 3), (0, 0, 0, 12)]))
@example((20, [(0, 14, 0, 0), (0, 3, 0, 11), (0, 13, 0, 0)]))
@example((40, [(0, 14, 0, 3), (0, 13, 0, 12), (0, 14, 0, 0)]))
@example((20, [(0, 14, 0, 0), (0, 13, 0, 3)]))
@example((0, [(0, 1, 0, 0), (0, 11, 0, 1), (0, 11, 0, 10)]))
def test_of_the_way_through_a_course_no_small_number_follows_from_what_is_told(way):
    groups, everybody, steps = way_of(*way)
    count = lambda places: sum(groups[place] for place in places)  # noqa: E731
    begun, finished = count(everybody), groups[-1]
    assume(is_told(begun) and is_told(finished) and is_told(begun - finished))  # else nothing of the course is told

    found = steps_told(begun, finished, [tuple(map(count, step)) for step in steps])

    told = [everybody, {len(groups) - 1}]
    told += [set().union(*(step[2] for step in steps))] if found.stopped else []
    for step, numbers in zip(steps, found.steps, strict=True):
        assert all(number in {None, count(places)} for number, places in zip(numbers, step, strict=True))
        told += [places for number, places in zip(numbers, step, strict=True) if number is not None]
    assert all(map(is_told, follow(told, groups)))


def test_large_steps_are_told_exactly_and_nobody_is_told_where_everybody_is():
    steps = [(90, 90, 0), (90, 60, 30), (60, 40, 20)]

    found = steps_told(90, 40, steps)

    assert (found.steps, found.stopped) == (tuple(steps), True)


def test_a_span_is_left_out_only_while_what_is_told_lacks_fewer_than_ten():
    spans = [Span(dt.date(2026, month, 1), dt.date(2026, month, 1), count) for month, count in ((1, 12), (2, 15))]

    assert [len(spans_within(spans, None, 27 + lacking)) for lacking in (0, 1, 9, 10)] == [2, 1, 1, 2]
