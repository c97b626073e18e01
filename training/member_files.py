"""A file of members for a cohort, read and checked row by row. Pure: bytes and who is known in, rows with faults out.

One column is needed, e-mail; whatever else a list of officials holds is left alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts import officials
from accounts.officials import Fault

COLUMN = "email"
HEADERS = {"e-mail": COLUMN, "email": COLUMN}


@dataclass(frozen=True)
class Known:
    """Whom a cohort may take of the addresses of a file: people by address; and who is in it already."""

    people: Mapping[str, int]
    inside: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, the address as typed, whom it means (0: nobody), what is wrong."""

    number: int
    typed: str
    person: int = 0
    is_inside: bool = False
    fault: Fault | None = None


@dataclass(frozen=True)
class Reading:
    """A whole file: its rows, the encoding it was read in, and columns that were not used."""

    rows: tuple[Row, ...]
    encoding: str
    unused: tuple[str, ...]

    @property
    def new(self) -> tuple[Row, ...]:
        """Return the rows of people who would be let in."""
        return tuple(row for row in self.rows if row.fault is None and not row.is_inside)

    @property
    def inside(self) -> tuple[Row, ...]:
        """Return the rows of people who are in already."""
        return tuple(row for row in self.rows if row.is_inside)

    @property
    def bad(self) -> tuple[Row, ...]:
        """Return the rows that are refused."""
        return tuple(row for row in self.rows if row.fault is not None)


def read(
    content: bytes, look_up: Callable[[frozenset[str]], Known], headers: Mapping[str, str], name: str = ""
) -> Reading:
    """Return every row of a file with what is wrong with it; raise officials.FileRefused when it is no list of people.

    `look_up` is asked once for the addresses of the file, in small letters. `headers` are further names of the column.
    The name of the file only helps to say what is wrong.
    """
    with officials.telling_other_sorts(content, name):
        numbered, encoding = officials.numbered_lines(content)
        columns, unused = officials.columns_in(numbered[0][1], {**headers, **HEADERS}, (COLUMN,))
        officials.refuse_length(len(numbered) - 1)
    place = columns[COLUMN]
    typed = [(number, line[place].strip() if place < len(line) else "") for number, line in numbered[1:]]
    known = look_up(frozenset(cell.lower() for _number, cell in typed if officials.ADDRESS.fullmatch(cell.lower())))
    rows, seen = [], {}
    for number, cell in typed:
        row = _check(number, cell, known)
        first = seen.setdefault(row.typed.lower(), number)
        rows.append(row if first == number else _twin(row, first))
    return Reading(tuple(rows), encoding, tuple(unused))


def _twin(row: Row, first: int) -> Row:
    """Return a row whose address stands in an earlier one; what is wrong with it anyway stays."""
    return row if row.fault else Row(row.number, row.typed, fault=Fault(COLUMN, "double", str(first)))


def _check(number: int, typed: str, known: Known) -> Row:
    address = typed.lower()
    fault = officials.shape_fault(COLUMN, typed)
    if fault is None and not officials.ADDRESS.fullmatch(address):
        fault = Fault(COLUMN, "bad_address")
    person = known.people.get(address, 0)
    if fault is None and not person:
        fault = Fault(COLUMN, "not_here")
    if fault:
        return Row(number, typed, fault=fault)
    return Row(number, typed, person, person in known.inside)
