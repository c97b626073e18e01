"""Which tables hold rows; and the flush after a test whose rows other connections saw, of those tables alone."""

from functools import cache

from django.db import connection


def filled():
    """Return the tables that hold rows, as SQL names them."""
    tables = [connection.ops.quote_name(one) for one in connection.introspection.django_table_names(True)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT FROM {table})' for table in tables)}")  # noqa: S608
        return [table for table, is_filled in zip(tables, cursor.fetchone(), strict=True) if is_filled]


@cache
def unchecked():
    """Return what lets all rows of a transaction come and go in any order, without a look at each where we may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may_all,) = cursor.fetchone()
    return "SET LOCAL session_replication_role = replica" if may_all else "SET CONSTRAINTS ALL DEFERRED"


def flush_the_filled(style, tables, **how):
    """Say how PostgreSQL forgets all rows, in the place of its TRUNCATE, which makes files anew for every table."""
    return [unchecked(), *(f"DELETE FROM {table}" for table in filled())]  # noqa: S608
