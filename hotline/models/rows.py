"""Statements written once and used again: the voice webhook has two milliseconds, and building a query takes a third of one.

Inserts and updates name our own columns; for reads see `languages.statements`.
What one request writes goes together (`Writing`): each wait for PostgreSQL costs more than the statement itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

PLAIN = frozenset(
    {"CharField", "TextField", "PositiveIntegerField", "PositiveSmallIntegerField", "IntegerField", "BigIntegerField",
     "BigAutoField", "BooleanField", "ForeignKey"}
)  # fmt: skip


class RowExists(Exception):
    """Raised when a row that had to be new was there already; read it and go on from it."""


def _here() -> BaseDatabaseWrapper:
    """Return the connection itself: through `connection` each attribute of it looks the thread up again."""
    return connections[DEFAULT_DB_ALIAS]


def _time(value: object, here: BaseDatabaseWrapper) -> object:
    return here.ops.adapt_datetimefield_value(value)


def _preparer(field: models.Field) -> Callable[[object, BaseDatabaseWrapper], object] | None:
    """Return what prepares a value for a column; plain texts, numbers and switches need nothing, a time has its zone."""
    if type(field) is models.DateTimeField:
        return _time
    return None if type(field).__name__ in PLAIN else field.get_db_prep_save


def _prepared(values: Iterable[tuple[object, Callable | None]]) -> list:
    here = _here()
    return [value if prepare is None or value is None else prepare(value, here) for value, prepare in values]


@cache
def _fields(model: type[models.Model]) -> tuple[tuple[str, Callable | None], ...]:
    """Return each column's attribute, and what prepares its value."""
    return tuple((field.attname, _preparer(field)) for field in model._meta.concrete_fields)


@lru_cache(maxsize=256)
def _insert_statement(
    model: type[models.Model], vendor: str, names: tuple[str, ...], once: tuple[str, ...], count: int
) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(model._meta.get_field(name).column) for name in names)
    holders = ", ".join([f"({', '.join(['%s'] * len(names))})"] * count)
    conflict = f" ON CONFLICT ({', '.join(quote(name) for name in once)}) DO NOTHING" if once else ""
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES {holders}{conflict} RETURNING {key}"  # noqa: S608 -- own names only


def _insertion(row: models.Model, once: tuple[str, ...]) -> tuple[str, list]:
    """Return the statement that inserts a row, and its values; columns without a value are left out."""
    own = row.__dict__
    fields = [one for one in _fields(type(row)) if own[one[0]] is not None]
    names = tuple(name for name, _ in fields)
    values = _prepared((own[name], prepare) for name, prepare in fields)
    return _insert_statement(type(row), connection.vendor, names, once, 1), values


def stored(model: type[models.Model], values: Sequence) -> models.Model:
    """Return a row as it was read, all its columns in their order: what `from_db` returns, for models without signals of theirs."""
    row = model.__new__(model)
    row.__dict__.update(zip(_names(model), values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(name for name, _ in _fields(model))


def _is_inserted(row: models.Model, key: int) -> None:
    row.pk = key
    row._state.adding = False
    row._state.db = connection.alias


def insert(row: models.Model, *, once: tuple[str, ...] = ()) -> bool:
    """Insert a row and give it its key; with `once`, tell whether it was new under these unique columns."""
    with connection.cursor() as cursor:
        cursor.execute(*_insertion(row, once))
        found = cursor.fetchone()
    if found is None:
        return False
    _is_inserted(row, found[0])
    return True


def _insertion_of_all(rows: Sequence[models.Model]) -> tuple[str, list]:
    model, vendor = type(rows[0]), connection.vendor
    fields = [one for one in _fields(model) if one[0] != model._meta.pk.attname]
    values = _prepared((row.__dict__[name], prepare) for row in rows for name, prepare in fields)
    return _insert_statement(model, vendor, tuple(name for name, _ in fields), (), len(rows)), values


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model with one statement; they do not learn their keys."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(*_insertion_of_all(rows))


@lru_cache(maxsize=256)
def _update_statement(model: type[models.Model], vendor: str, names: tuple[str, ...]) -> tuple[str, tuple]:
    quote = connection.ops.quote_name
    fields = tuple(model._meta.get_field(name) for name in names)
    pairs = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    preparers = tuple(_preparer(field) for field in fields)
    return f"UPDATE {table} SET {pairs} WHERE {key} = %s", preparers  # noqa: S608 -- own names only


def _change(row: models.Model, changes: Mapping[str, object]) -> tuple[str, list]:
    names = tuple(sorted(changes))
    statement, preparers = _update_statement(type(row), connection.vendor, names)
    values = _prepared((changes[name], prepare) for name, prepare in zip(names, preparers, strict=True))
    return statement, [*values, row.pk]


def update(row: models.Model, changes: Mapping[str, object]) -> None:
    """Write changed columns of one row with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*_change(row, changes))


@cache
def _next_keys(models_: tuple[type[models.Model], ...]) -> str:
    quote = connection.ops.quote_name
    calls = [
        f"nextval(pg_get_serial_sequence('{quote(one._meta.db_table)}', '{one._meta.pk.column}'))" for one in models_
    ]
    return f"SELECT {', '.join(calls)}"


class Writing:
    """What one request writes, in order, inside the caller's transaction.

    SQLite writes each statement at once. PostgreSQL gets them in one message when `send` is called, so that it is waited
    for once; a row that others point to then takes its key beforehand: name its model in `keyed`, one row of each.
    """

    def __init__(self, *keyed: type[models.Model]):
        self.is_together = connection.vendor == "postgresql"
        self._statements: list[tuple[str, list]] = []
        self._must_be_new: list[bool] = []
        self._keys: dict[type[models.Model], int] = {}
        if keyed and self.is_together:
            with connection.cursor() as cursor:
                cursor.execute(_next_keys(keyed))
                self._keys = dict(zip(keyed, cursor.fetchone(), strict=True))

    def insert(self, row: models.Model, *, once: tuple[str, ...] = (), must_be_new: bool = False) -> None:
        """Insert a row; one that exists under the columns of `once` is passed by, or raises RowExists if it must be new."""
        if not self.is_together:
            if not insert(row, once=once) and must_be_new:
                raise RowExists
            return
        if type(row) in self._keys:
            _is_inserted(row, self._keys.pop(type(row)))
        self._add(_insertion(row, once), must_be_new=must_be_new)

    def insert_all(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model; they do not learn their keys."""
        if rows:
            self._add(_insertion_of_all(rows))

    def update(self, row: models.Model, changes: Mapping[str, object]) -> None:
        """Write changed columns of one row."""
        self._add(_change(row, changes))

    def _add(self, statement: tuple[str, list], *, must_be_new: bool = False) -> None:
        if self.is_together:
            self._statements.append(statement)
            self._must_be_new.append(must_be_new)
            return
        with connection.cursor() as cursor:
            cursor.execute(*statement)

    def send(self) -> None:
        """Send what waits; raise RowExists when a row that must be new was there."""
        if not self._statements:
            return
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(cursor.mogrify(*one) for one in self._statements))
            for must_be_new in self._must_be_new:
                if must_be_new and cursor.rowcount == 0:
                    raise RowExists
                cursor.nextset()
        self._statements.clear()
        self._must_be_new.clear()
