"""The mark of a demo's database: its administrator stands in it, or nobody does yet.

`./fanal demo --fresh` asks it of a file (`python -m accounts.demo_mark FILE`), everything else of the connection
(cms.demo). Needs no settings, and reads a database of any version.
"""

import contextlib
import pathlib
import sqlite3
import sys
from collections.abc import Collection

ADMINISTRATOR = "administrator@example.org"
PEOPLE, COUNTRIES = "accounts_user", "accounts_country"


def has_administrator(cursor, tables: Collection[str]) -> bool:
    """Tell whether the demo's administrator stands in a database; whom she invited there is the demo's too."""
    return PEOPLE in tables and _any(cursor, f"SELECT 1 FROM {PEOPLE} WHERE email = '{ADMINISTRATOR}'")  # noqa: S608


def is_demo(cursor, tables: Collection[str]) -> bool:
    """Tell whether a database is a demo's, or may become one: nobody and no country stands in it."""
    if has_administrator(cursor, tables):
        return True
    return not any(_any(cursor, f"SELECT 1 FROM {name}") for name in (PEOPLE, COUNTRIES) if name in tables)  # noqa: S608


def _any(cursor, words: str) -> bool:
    cursor.execute(f"{words} LIMIT 1")
    return cursor.fetchone() is not None


def is_demo_file(file: str) -> bool:
    """Tell it of a file of SQLite; what is no such file is not a demo's."""
    address = pathlib.Path(file).resolve().as_uri() + "?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as base:
            cursor = base.cursor()
            tables = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return is_demo(cursor, tables)
    except sqlite3.Error:
        return False


if __name__ == "__main__":
    sys.exit(not is_demo_file(sys.argv[1]))
