"""How long a voice request waits for a database that another process keeps locked (SQLite; PostgreSQL has limits of its own).

Calls are answered by a few threads. If each waited the whole time for the same lock, those behind them would wait two
and three times as long; so once a request has waited in vain, the next ones wait a moment only, until one gets through.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

SHORT_WAIT = 200  # milliseconds; a writer of ours is done in ten
REMEMBERED = 10.0  # seconds
_short_until = 0.0  # one number is swapped: threads need no lock to read it


@contextmanager
def waiting() -> Iterator[None]:
    """Wait for locks as usual, or a moment only where the last request waited in vain; remember how this one ended."""
    global _short_until  # shared by the threads of the process
    is_short = connection.vendor == "sqlite" and time.monotonic() < _short_until
    try:
        if is_short:
            _wait_for(SHORT_WAIT)
        yield
    except OperationalError:
        _short_until = time.monotonic() + REMEMBERED
        raise
    else:
        _short_until = 0.0
    finally:
        if is_short:
            _wait_for(_usual())


def _usual() -> int:
    return int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)


def _wait_for(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")  # a pragma takes no parameters
