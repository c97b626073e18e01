"""Statements written once and used again: the voice webhook has two milliseconds, and building a query takes a third of one.

Reads are compiled by the ORM at first use and run again with other values; inserts and updates name our own columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from django.db import connection, models

PLAIN = frozenset(
    {"CharField", "PositiveIntegerField", "PositiveSmallIntegerField", "IntegerField", "BigIntegerField", "BooleanField",
     "ForeignKey"}
)  # fmt: skip


@cache
def _fields(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _insert_statement(model: type[models.Model], vendor: str, once: tuple[str, ...], count: int) -> str:
    fields, quote = _fields(model), connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    holders = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * count)
    conflict = f" ON CONFLICT ({', '.join(quote(name) for name in once)}) DO NOTHING" if once else ""
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES {holders}{conflict} RETURNING {key}"  # noqa: S608 -- own names only


@cache
def _readers(model: type[models.Model], vendor: str) -> tuple[tuple[str, Callable | None], ...]:
    """Return each column's attribute, and what prepares its value; plain texts, numbers and switches need nothing."""
    return tuple(
        (field.attname, None if field.get_internal_type() in PLAIN else partial(_prepared, field))
        for field in _fields(model)
    )


def _prepared(field: models.Field, value: object) -> object:
    return field.get_db_prep_save(value, connection)


def _values(row: models.Model) -> list[object]:
    own = row.__dict__
    return [
        own[name] if prepare is None else prepare(own[name])
        for name, prepare in _readers(type(row), connection.vendor)
    ]


def insert(row: models.Model, *, once: tuple[str, ...] = ()) -> bool:
    """Insert a row and give it its key; with `once`, tell whether it was new under these unique columns."""
    with connection.cursor() as cursor:
        cursor.execute(_insert_statement(type(row), connection.vendor, once, 1), _values(row))
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model with one statement; they do not learn their keys."""
    if not rows:
        return
    values = [value for row in rows for value in _values(row)]
    with connection.cursor() as cursor:
        cursor.execute(_insert_statement(type(rows[0]), connection.vendor, (), len(rows)), values)


@cache
def _update_statement(model: type[models.Model], vendor: str, names: tuple[str, ...]) -> tuple[str, tuple]:
    quote = connection.ops.quote_name
    fields = tuple(model._meta.get_field(name) for name in names)
    pairs = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"UPDATE {table} SET {pairs} WHERE {key} = %s", fields  # noqa: S608 -- own names only


def update(row: models.Model, changes: Mapping[str, object]) -> None:
    """Write changed columns of one row with one statement."""
    names = tuple(sorted(changes))
    statement, fields = _update_statement(type(row), connection.vendor, names)
    values = [field.get_db_prep_save(changes[name], connection) for name, field in zip(names, fields, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])


class Prepared:
    """A read whose SQL is compiled once for each database; `marks` stand in it for the values of each use."""

    def __init__(self, make: Callable[..., models.QuerySet], *marks: object):
        self.make, self.marks = make, marks
        self._known: dict[str, tuple] = {}

    def _compiled(self) -> tuple:
        known = self._known.get(connection.vendor)
        if known is None:
            compiler = self.make(*self.marks).query.get_compiler(connection=connection)
            statement, parameters = compiler.as_sql()
            marks = [_wired(mark) for mark in self.marks]
            places = tuple(marks.index(one) if one in marks else None for one in parameters)
            converters = compiler.get_converters([column[0] for column in compiler.select])
            known = self._known[connection.vendor] = (statement, tuple(parameters), places, compiler, converters)
        return known

    def rows(self, *values: object) -> Iterable[Sequence]:
        """Return the rows for some values, as Python values."""
        statement, parameters, places, compiler, converters = self._compiled()
        wired = [_wired(value) for value in values]
        filled = [wired[place] if place is not None else one for one, place in zip(parameters, places, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            found = cursor.fetchall()
        return list(compiler.apply_converters(found, converters)) if converters else found


def _wired(value: object) -> object:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
