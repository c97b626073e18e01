"""What is said while the database is away: the numbers of every country, kept in a file that needs no database.

The worker writes the file each minute, a web process when it starts and when a line or a number was changed in it; it
holds only what the public pages show.
"""

import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.db.transaction import on_commit
from modeltranslation.utils import build_localized_fieldname

from accounts.models import Country
from accounts.queries.numbers import police_numbers
from hotline.models import Line
from languages import table

KEEP_SECONDS = 60
RETRY_SECONDS = 30
# What SQLite calls an operational error although the database is there: a statement that is wrong.
WRONG_STATEMENT = 1


@dataclass(frozen=True)
class Numbers:
    """The telephone numbers that one country publishes."""

    slug: str
    names: dict[str, str]
    line: str = ""
    is_free: bool = False
    is_practice: bool = False
    police: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return the country's name in a language, or in the next one of its chain."""
        codes = (language, *table.BY_CODE[language].chain, table.SOURCE)
        return next((self.names[code] for code in codes if self.names.get(code)), self.slug)


def is_away(error: BaseException | None) -> bool:
    """Tell whether the database was away or locked; an error in a statement of ours is none of that."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OperationalError | InterfaceError):
            return getattr(error.__cause__, "sqlite_errorcode", None) != WRONG_STATEMENT
        error = error.__cause__ or error.__context__
    return False


def _file() -> Path:
    return settings.VAR_DIR / "numbers.json"


def published() -> list[Numbers]:
    """Return the numbers of each active country that has one, as they are now."""
    lines: dict[str, Line] = {}
    for line in Line.objects.filter(is_active=True):
        lines.setdefault(line.country_id, line)
    found = []
    for country in Country.objects.filter(is_active=True).prefetch_related("contacts"):
        line = lines.get(country.code)
        police = police_numbers(country.contacts.all())
        names = {code: getattr(country, build_localized_fieldname("name", code)) for code in table.CODES}
        spoken = {"line": line.number, "is_free": line.is_free, "is_practice": line.is_practice} if line else {}
        if line or police:
            kept = {code: name for code, name in names.items() if name}
            found.append(Numbers(country.slug, kept, police=tuple(police), **spoken))
    return found


def keep_numbers(at: datetime) -> int:
    """Write the numbers down when a minute has passed; return 1 when they changed."""
    file = _file()
    if file.exists() and at.timestamp() - file.stat().st_mtime < KEEP_SECONDS:
        return 0
    return _write()


def _write() -> int:
    file = _file()
    text = json.dumps([asdict(one) for one in published()], ensure_ascii=False)
    if file.exists() and file.read_text(encoding="utf-8") == text:
        os.utime(file)
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
    return 1


def follow(sender, using=None, **_rest) -> None:
    """Write the numbers down as soon as what was changed in a line, a country or its numbers is stored."""
    on_commit(_write, using=using, robust=True)


def keep_at_start(at: datetime) -> None:
    """Write the numbers down when a web process starts; a database that is away now stops no start."""
    try:
        keep_numbers(at)
    except (Error, OSError):
        return
    finally:
        connection.close()


def known() -> list[Numbers]:
    """Return the numbers as they were last written down, without the database; none when there are none."""
    try:
        rows = json.loads(_file().read_text(encoding="utf-8"))
        return [Numbers(**row) for row in rows]
    except (OSError, ValueError, TypeError):
        return []


def numbers_for(path: str) -> list[Numbers]:
    """Return the numbers of the country that an address names, else those of every country."""
    pieces, rows = set(path.split("/")[2:4]), known()
    return [row for row in rows if row.slug in pieces] or rows
