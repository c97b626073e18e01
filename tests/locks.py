"""What other connections may do while a transaction is under way; for tests on PostgreSQL."""

import contextlib

import psycopg
from django.db import connection, transaction

WAIT = "SET lock_timeout = '300ms'"


class Undone(Exception):
    """Raised at the end of an act, so that nothing of it stays."""


@contextlib.contextmanager
def under_way(act):
    """Do something and stay in its transaction for the while."""
    with contextlib.suppress(Undone), transaction.atomic():
        act()
        yield
        raise Undone


def can_point_to(row):
    """Tell whether another connection may add a row with a foreign key to this one now."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        other.execute(WAIT)
        table, key = connection.ops.quote_name(row._meta.db_table), row._meta.pk.column
        try:
            found = other.execute(f"SELECT 1 FROM {table} WHERE {key} = %s FOR KEY SHARE", [row.pk])  # noqa: S608
        except psycopg.errors.LockNotAvailable:
            return False
        return found.fetchone() is not None
