"""Whether the database that DATABASE_URL names can be reached: `./fanal` asks before it begins. Needs no settings.

`python -m cms.settings.answers` says in one sentence what to do. It repeats no value: one may be a secret in a wrong place.
"""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import dj_database_url
import psycopg

SECONDS = 5
SILENT = (
    "The database server that DATABASE_URL names does not answer: start it, or set the host and port of one that runs."
)
SHUT = (
    "The database server that DATABASE_URL names lets nobody in with it: look at user, password and name of the database"
    " there, and whether the server is still starting."
)
NO_FOLDER = (
    "The folder of the file that DATABASE_URL names is not there, or cannot be written to: make it, or name another."
)
NO_DATABASE = (
    "The file that DATABASE_URL names cannot be opened as a database of SQLite: look at its rights, or name another."
)


def refusal(url: str) -> str:
    """Return why the database of a URL that can be read cannot be used now, and what to do, or "" where it can."""
    entry = dj_database_url.parse(url)
    return _file(Path(entry["NAME"]).absolute()) if entry["ENGINE"].endswith("sqlite3") else _server(entry)


def _server(entry: dict) -> str:
    given = {"dbname": entry["NAME"], "user": entry["USER"], "password": entry["PASSWORD"], "host": entry["HOST"]}
    given |= {"port": entry["PORT"], "connect_timeout": SECONDS} | entry.get("OPTIONS", {})
    try:
        psycopg.connect(**{name: value for name, value in given.items() if value}).close()
    except psycopg.OperationalError as error:
        return SHUT if "FATAL" in str(error) else SILENT  # the server's own word: it is there
    return ""


def _file(file: Path) -> str:
    """Judge a file of SQLite; one that is not there yet is made later, where its folder can be written to."""
    try:
        if not file.exists():
            return "" if os.access(file.parent, os.W_OK) else NO_FOLDER
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as base:
            base.execute("PRAGMA schema_version")
    except (sqlite3.Error, OSError) as error:
        is_busy = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
        return "" if is_busy else NO_DATABASE
    return ""


if __name__ == "__main__":
    words = refusal(os.environ["DATABASE_URL"])
    sys.exit(f"fanal: {words}" if words else None)
