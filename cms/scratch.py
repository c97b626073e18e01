"""A copy of the database for the time of a measurement: what is written goes into the copy, which goes with the process.

SQLite: a copy of the file. PostgreSQL: temporary tables of this connection, which stand before those of the database and
which the server drops when the connection ends, however it ends. In both, each request still opens and commits a
transaction of its own, so the figures are those of every day.
"""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.db.backends.signals import connection_created


class ConnectionLost(Exception):
    """Raised when the copy is gone in the middle of a measurement; run it again. Nothing was written elsewhere."""

    def __init__(self):
        super().__init__("The database was away for a moment, and the copy with it. Run ./fanal bench again.")


@contextmanager
def copied() -> Iterator[None]:
    """Let this process write into a copy; the database itself is only read. A request to end is an end as any other."""
    before, age = signal.signal(signal.SIGTERM, _end), connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = None  # the copy lives as long as the connection
    try:
        with _tables() if connection.vendor == "postgresql" else _file():
            link = connection.connection
            connection_created.connect(_refuse)
            try:
                yield
            finally:
                connection_created.disconnect(_refuse)
            if connection.connection is not link:
                raise ConnectionLost
    finally:
        connection.settings_dict["CONN_MAX_AGE"] = age
        signal.signal(signal.SIGTERM, before)


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _refuse(**_facts: object) -> None:
    """Refuse a second connection: it would lead to the database itself."""
    connection.connection.close()
    connection.connection = None
    raise ConnectionLost


@contextmanager
def _file() -> Iterator[None]:
    """Copy the file beside the data, where the disk is the same, and lead this connection there."""
    connection.ensure_connection()
    own, name = connection.connection, connection.settings_dict["NAME"]
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.VAR_DIR) as folder:
        try:
            connection.settings_dict["NAME"] = str(Path(folder) / "copy.sqlite3")
            connection.connect()
            own.backup(connection.connection)
            yield
        finally:
            if connection.connection is not own:
                connection.close()
            connection.settings_dict["NAME"], connection.connection = name, own


@contextmanager
def _tables() -> Iterator[None]:
    """Put a temporary table before each of ours, with the same rows, indexes and next numbers."""
    connection.close()
    tables = connection.introspection.table_names()
    try:
        with connection.cursor() as cursor:
            for table in map(connection.ops.quote_name, tables):
                cursor.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL)")
                cursor.execute(f"INSERT INTO {table} SELECT * FROM public.{table}")  # noqa: S608 -- our own names
            models = apps.get_models(include_auto_created=True)
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            cursor.execute("ANALYZE")
        yield
    finally:
        connection.close()
