"""Statements on the hot paths: compiled once, run again with other values.

Building a query costs several times what running it does; the voice webhook and a lesson's page are counted in
milliseconds (docs/benchmarks.md).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection, models


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


BARE = (str, int, type(None))


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
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 -- names of our own tables and columns
            [[_stored(field, getattr(row, field.attname)) for field in fields] for row in rows],
        )


def _stored(field: models.Field, value: object) -> object:
    """Return a value as its column takes it; what a database takes as it is needs no converting."""
    if type(value) in BARE and not isinstance(field, models.JSONField):
        return value
    return field.get_db_prep_save(value, connection)
