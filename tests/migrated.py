"""The test database of SQLite, migrated once for all runs on the same migrations, models and packages."""

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

# What the tables, their triggers and the rights of the editors are made of.
MADE_OF = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/apps.py", "*/triggers.py", "cms/editors.py")
FOLDER = Path(sys.prefix) / "share" / "migrated"


def migrate_once() -> None:
    """Let the first run of these migrations keep what it migrated, and each later one begin with a copy of that."""
    if connection.vendor == "sqlite":
        migrate = connection.creation.create_test_db
        connection.creation.create_test_db = lambda **told: _create(migrate, **told)


def copy_migrated(to: Path) -> bool:
    """Copy what an earlier run kept into a file of SQLite; False where none was kept of these migrations."""
    kept = _kept()
    if kept.exists():
        shutil.copy(kept, to)
    return kept.exists()


def _create(migrate, *, serialize: bool = True, **told) -> str:
    creation = connection.creation
    name, kept = creation._get_test_db_name(), _kept()
    if not creation.is_in_memory_db(name):
        return migrate(serialize=serialize, **told)
    if not kept.exists():
        made = migrate(serialize=serialize, **told)
        _keep(kept)
        return made
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as file:
        file.backup(connection.connection)
    if serialize:
        connection._test_serialized_contents = creation.serialize_db_to_string()
    return name


def _keep(kept: Path) -> None:
    """Put what was migrated aside, whole or not at all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-20]:
        old.unlink(missing_ok=True)
    handle, beside = tempfile.mkstemp(dir=FOLDER)
    os.close(handle)
    with sqlite3.connect(beside) as file:
        connection.connection.backup(file)
    Path(beside).replace(kept)


def _kept() -> Path:
    return FOLDER / f"{_digest()}.sqlite3"


def _digest() -> str:
    sources = [settings.BASE_DIR / "requirements.txt", *sorted(set(_sources()))]
    told = b"".join(str(path.relative_to(settings.BASE_DIR)).encode() + path.read_bytes() for path in sources)
    return hashlib.sha256(sys.version.encode() + told).hexdigest()[:24]


def _sources() -> Iterator[Path]:
    for pattern in MADE_OF:
        yield from settings.BASE_DIR.glob(pattern)
        yield from (settings.BASE_DIR / "tests").glob(pattern)
