"""In which language a reader sees each string of a thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import FilteredRelation, Q
from modeltranslation.utils import build_localized_fieldname

from languages import table
from languages.choices import Freshness
from languages.models import Segment
from languages.queries.keys import ThingKey, any_of, key_of
from languages.segments import block_of


@dataclass(frozen=True)
class Shown:
    """In which language a reader sees a string, how fresh that is, and since when."""

    language: str
    freshness: int
    date: datetime | None
    awaiting_native: bool = False


def shown_in(thing: models.Model, language: str) -> dict[str, Shown]:
    """Return, by path and by block, in which language a reader of `language` sees each string; one query."""
    return Readers([thing], language).shown_in(thing, language)


def shown_language(thing: models.Model, field: str, language: str) -> str:
    """Return the language a plain field of a thing is shown in: the first of the chain that has a text; no query."""
    for code in (language, *table.BY_CODE[language].chain, table.SOURCE):
        if getattr(thing, build_localized_fieldname(field, code), None):
            return code
    return table.SOURCE


class Readers:
    """What readers see of several things, in every language or in one and its chain, read with one query."""

    def __init__(self, things: Iterable[models.Model], language: str = ""):
        chain = [language, *table.BY_CODE[language].chain] if language else table.CODES
        here = Q(units__language__in=chain, units__freshness__gte=1)
        rows = (
            Segment.objects.filter(any_of(things), retired_at=None)
            .annotate(here=FilteredRelation("units", condition=here))
            .values_list("content_type", "object_id", "path", "here__language", "here__freshness",
                         "here__published_at", "here__native_read_at")
        )  # fmt: skip
        self._paths: dict[ThingKey, dict[str, set[str]]] = {}
        self._live: dict[ThingKey, dict[str, dict[str, Shown]]] = {}
        for kind, pk, path, code, freshness, date, native in rows:
            key = ThingKey(kind, pk)
            self._paths.setdefault(key, {}).setdefault(block_of(path), set()).add(path)
            if code:
                live = self._live.setdefault(key, {}).setdefault(code, {})
                live[path] = Shown(code, freshness, date, native is None)

    def shown_in(self, thing: models.Model, language: str) -> dict[str, Shown]:
        """Return, by path and by block, in which language a reader of `language` sees each string of a thing."""
        chain, key = [language, *table.BY_CODE[language].chain], key_of(thing)
        live, blocks = self._live.get(key, {}), self._paths.get(key, {})
        return {path: seen for name, paths in blocks.items() for path, seen in _served(name, paths, chain, live)}

    def live_in(self, thing: models.Model, path: str) -> dict[str, Shown]:
        """Return, by language, what is live of one string of a thing, up to date or not."""
        return {code: live[path] for code, live in self._live.get(key_of(thing), {}).items() if path in live}


def _served(block: str, paths: set[str], chain: list[str], live: dict) -> list[tuple[str, Shown]]:
    for code in chain:
        if code != table.SOURCE and all(path in live.get(code, {}) for path in paths):
            found = [live[code][path] for path in sorted(paths)]
            worst = max(found, key=lambda shown: shown.freshness)
            whole = Shown(code, worst.freshness, worst.date, any(shown.awaiting_native for shown in found))
            return [*((path, live[code][path]) for path in paths), (block, whole)]
    source = Shown(table.SOURCE, Freshness.FRESH, None)
    return [(path, source) for path in {block, *paths}]
