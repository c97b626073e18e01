"""Statements on the hot paths: compiled once, run again with other values.

Building a query costs several times what running it does; the voice webhook and a lesson's page are counted in
milliseconds (docs/benchmarks.md).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from threading import Lock
from typing import ClassVar
from uuid import UUID
from weakref import WeakSet

from django.db import DatabaseError, connection, models
from django.db.models.query import get_related_populators


class Prepared:
    """A read whose SQL is compiled once for each database; `marks` stand in it for the values of each use."""

    ALL: ClassVar[WeakSet["Prepared"]] = WeakSet()

    def __init__(self, make: Callable[..., models.QuerySet], *marks: object):
        self.make, self.marks = make, marks
        self.ALL.add(self)
        self._known: dict[str, tuple] = {}
        self._lock = Lock()

    def _compiled(self) -> tuple:
        """Return the statement; many threads that ask first at once let one compile it."""
        known = self._known.get(connection.vendor)
        if known is None:
            with self._lock:
                known = self._known.get(connection.vendor)
                if known is None:
                    known = self._known[connection.vendor] = _inlined(*self._compile())
        return known

    def _compile(self) -> tuple:
        compiler = self.make(*self.marks).query.get_compiler(connection=connection)
        statement, parameters = compiler.as_sql()
        marks = [_wired(mark) for mark in self.marks]
        places = tuple(marks.index(one) if one in marks else None for one in parameters)
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return statement, tuple(parameters), places, compiler, converters

    def rows(self, *values: object) -> Iterable[Sequence]:
        """Return the rows for some values, as Python values."""
        statement, parameters, places, compiler, converters = self._compiled()
        with connection.cursor() as cursor:
            cursor.execute(statement, self._filled(parameters, places, values))
            found = cursor.fetchall()
        return list(compiler.apply_converters(found, converters)) if converters else found

    def _filled(self, parameters: Sequence, places: Sequence, values: Sequence) -> list:
        wired = [_wired(value) for value in values]
        return [wired[place] if place is not None else one for one, place in zip(parameters, places, strict=True)]

    def objects(self, *values: object) -> list[models.Model]:
        """Return the rows for some values as the query would: with what is selected with them, and what is annotated."""
        rows, (*_rest, compiler, _converters) = self.rows(*values), self._compiled()
        asked = compiler.klass_info
        first, last = asked["select_fields"][0], asked["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        related = get_related_populators(asked, compiler.select, connection.alias)
        found = []
        for row in rows:
            one = asked["model"].from_db(connection.alias, names, row[first:last])
            for populator in related:
                populator.populate(row, one)
            for name, place in compiler.annotation_col_map.items():
                setattr(one, name, row[place])
            found.append(one)
        return found


PLACE = re.compile(r"(?<!%)%s")
LITERAL = (str, int, type(None))  # a switch is a number


def _inlined(statement: str, parameters: Sequence, places: Sequence, *rest: object) -> tuple:
    """Return a compiled statement with what never changes written into it, on SQLite; elsewhere as it is.

    SQLite plans a statement anew for each value beside LIKE or beside the condition of a partial index, as that value tells
    which index serves: six times the cost of reading who is on duty (docs/decisions/0024). What is written into the
    statement is known when it is planned, once.
    """
    if connection.vendor != "sqlite":
        return statement, parameters, places, *rest
    parts, kept = PLACE.split(statement), []
    text = parts[0]
    for part, one, place in zip(parts[1:], parameters, places, strict=True):
        is_written = place is None and isinstance(one, LITERAL)
        kept += [] if is_written else [(one, place)]
        text += (_literal(one) if is_written else "%s") + part
    return text, tuple(one for one, _ in kept), tuple(place for _, place in kept), *rest


def _literal(value: str | int | None) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''").replace("%", "%%") + "'"
    return "NULL" if value is None else str(int(value))


class TimeStays(ValueError):
    """Raised when a time in a statement does not go with the time that is given: read it by a query that is made each time."""


class PreparedAt(Prepared):
    """A read that hangs on the time too: each time in its SQL is as far from the one that is given as when it was compiled.

    `make` takes the values of the marks, and the time last. What it makes of the time may be earlier or later by so much,
    and nothing else: one that does not go along is refused when it is compiled, by TimeStays.
    """

    MARK, GOES = datetime(2001, 2, 3, 4, 5, 6, 789, tzinfo=UTC), timedelta(days=40, hours=5, minutes=7, seconds=11)

    def __init__(self, make: Callable[..., models.QuerySet], *marks: object):
        super().__init__(make, *marks, self.MARK)

    def _compile(self) -> tuple:
        statement, parameters, places, *rest = super()._compile()
        other = self.make(*self.marks[:-1], self.MARK + self.GOES).query.get_compiler(connection=connection)
        later = other.as_sql()[1]
        offsets = [self._offset(*pair) for pair in zip(parameters, later, strict=True)]
        places = tuple(place if far is None else far for place, far in zip(places, offsets, strict=True))
        return (statement, parameters, places, *rest)

    def _offset(self, first: object, later: object) -> timedelta | None:
        """Return how far a parameter is from the time, by what it is at two of them; None where it does not hang on it."""
        first, later = (getattr(one, "obj", one) for one in (first, later))  # what wraps JSON is equal to nothing
        if first == later:
            return None
        if not isinstance(first, (datetime, str)) or _time(later) - _time(first) != self.GOES:
            raise TimeStays(self.make)
        return _time(first) - self.MARK

    def _filled(self, parameters: Sequence, places: Sequence, values: Sequence) -> list:
        wired = [_wired(value) for value in values]
        return [
            one if place is None else _wired(values[-1] + place) if isinstance(place, timedelta) else wired[place]
            for one, place in zip(parameters, places, strict=True)
        ]


def compile_all() -> None:
    """Compile the statements that are known by now, so that nobody who asks first waits for it; without a database none."""
    try:
        for statement in list(Prepared.ALL):
            statement._compiled()
    except DatabaseError:
        return


class ByKeys:
    """A read of the rows of some keys: its SQL is compiled once for each number of keys, while they are few."""

    FEW = 20

    def __init__(self, make: Callable[..., models.QuerySet]):
        self.make, self._known = make, {}

    def _prepared(self, many: int) -> Prepared:
        known = self._known.get(many)
        if known is None:
            known = self._known[many] = Prepared(self.make, *range(-many, 0))
        return known

    def objects(self, keys: Iterable[int]) -> list:
        """Return the rows as the query would; no keys are no statement."""
        return self._read(keys, Prepared.objects)

    def rows(self, keys: Iterable[int]) -> list:
        """Return the values that the query names; no keys are no statement."""
        return self._read(keys, Prepared.rows)

    def _read(self, keys: Iterable[int], read: Callable) -> list:
        keys = tuple(dict.fromkeys(keys))
        if not keys or len(keys) > self.FEW:
            return list(self.make(*keys)) if keys else []
        return list(read(self._prepared(len(keys)), *keys))


def _time(wired: object) -> datetime:
    """Return the time that a parameter of a statement is, as the database takes it."""
    time = wired if isinstance(wired, datetime) else datetime.fromisoformat(str(wired))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _wired(value: object) -> object:
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


BARE = frozenset((str, int, type(None)))


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model by one statement; the rows in hand get no key, and no signal goes out.

    `bulk_create` wraps and compiles each value of each row: for thousands of short texts that is most of its time.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.local_concrete_fields if field is not rows[0]._meta.auto_field]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(rows[0]._meta.db_table)
    held = zip(*map(attrgetter(*(field.attname for field in fields)), rows), strict=True)
    stored = [_stored(field, values) for field, values in zip(fields, held, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 -- names of our own tables and columns
            list(zip(*stored, strict=True)),
        )


def _stored(field: models.Field, values: Sequence[object]) -> Sequence[object]:
    """Return the values of a column as the database takes them; an object that many rows share is converted once."""
    if not isinstance(field, models.JSONField) and BARE.issuperset(map(type, values)):
        return values
    shared = {id(value): value for value in values}
    wired = {key: field.get_db_prep_save(value, connection) for key, value in shared.items()}
    return [wired[id(value)] for value in values]


def rewrite(rows: Sequence[models.Model], columns: list[str]) -> None:
    """Write columns of rows that are stored already, of one model, read or locked in this transaction.

    One upsert by primary key: its cost grows with the rows, where `bulk_update` weighs each row against each column.
    """
    if rows:
        models.QuerySet(type(rows[0])).bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )


def count_anew(*tables: type[models.Model]) -> None:
    """Let PostgreSQL look how many rows some tables have; without it, what one transaction loads is planned as if it were few.

    The server counts by itself only what is committed, so a load of thousands of texts is read by loops over whole tables.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")
