"""Inserting one row with one statement, and at most once where a key is unique: for the voice webhook's budget."""

from functools import cache

from django.db import connection, models


@cache
def _statement(model: type[models.Model], vendor: str, once: tuple[str, ...]) -> tuple[str, tuple]:
    fields = tuple(field for field in model._meta.concrete_fields if not field.primary_key)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    holders = ", ".join("%s" for _field in fields)
    conflict = f" ON CONFLICT ({', '.join(quote(name) for name in once)}) DO NOTHING" if once else ""
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES ({holders}){conflict} RETURNING {key}", fields  # noqa: S608 -- names come from our own models


def insert(row: models.Model, *, once: tuple[str, ...] = ()) -> bool:
    """Insert a row and give it its key; with `once`, tell whether it was new under these unique columns."""
    statement, fields = _statement(type(row), connection.vendor, once)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk = found[0]
    row._state.adding = False
    row._state.db = connection.alias
    return True
