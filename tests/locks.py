"""What other connections may do while a transaction is under way; for tests on PostgreSQL."""

import contextlib
import threading
import time

import psycopg
from django.db import connection, connections, transaction

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
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


@contextlib.contextmanager
def beside(act):
    """Begin an act on another connection once it has to wait for a row of our transaction; then ours goes on and ends.

    Yields a function that begins it, and what became of it: its result, or what it raised.
    """
    told = []

    def run():
        try:
            told.append(act())
        except Exception as error:  # noqa: BLE001 -- the test asserts what was raised
            told.append(error)
        finally:
            connections["default"].close()

    other = threading.Thread(target=run)

    def begin():
        other.start()
        until = time.monotonic() + 5
        while time.monotonic() < until and not told and not _somebody_waits():
            time.sleep(0.02)
        assert not told
        assert _somebody_waits()

    with transaction.atomic():
        yield begin, told
    other.join()


@contextlib.contextmanager
def meanwhile(act):
    """Do an act on another connection at the end of our transaction, for whose rows it waits; yields what becomes of it."""
    with beside(act) as (begin, told):
        yield told
        begin()


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw when it first looked
        cursor.execute(WAITS)
        return cursor.fetchone()[0] > 0
