"""Compiled rows as a reader needs them: asked for on each request by when they were built, parsed once.

Each request reads from the database when the rows that serve it were built, so what was edited or translated anew shows
at once in every process; what was built then is kept in memory, the same for all readers of a language.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.translation import get_language

from languages.statements import Prepared
from training import progress
from training.models import Compiled
from training.queries.course_rows import CourseRow
from training.queries.reading import Reader, chain_of


@dataclass(frozen=True)
class Built:
    """Which row serves a reader, of which page and language, and when it was built."""

    pk: int
    page: int
    language: str
    at: dt.datetime


def _rows(*paths_and_languages: str):
    paths, languages = paths_and_languages[:2], paths_and_languages[2:]
    rows = Compiled.objects.filter(page__path__in=paths, part="", language__in=languages)
    return rows.order_by().values_list("page__path", "pk", "page_id", "language", "built_at")


@cache
def _statement(languages: int) -> Prepared:
    return Prepared(_rows, "path of a page", "path of a course", *(f"language {n}" for n in range(languages)))


def built_for(page_path: str, course_path: str, language: str) -> tuple[Built | None, Built | None]:
    """Return the rows of a lesson and of its course that serve a reader of a language best; one query."""
    chain = chain_of(language)
    found: dict[str, Built] = {}
    rows = _statement(len(chain)).rows(page_path, course_path, *chain)
    for path, *row in sorted(rows, key=lambda row: chain.index(row[3])):
        found.setdefault(path, Built(*row))
    return found.get(page_path), found.get(course_path)


@lru_cache(maxsize=256)
def body_of(built: Built) -> dict:
    """Return what a row holds; nobody changes it. One query when it is not in memory."""
    return progress.read(Compiled.objects.values_list("body", flat=True).get(pk=built.pk))


def course_in(built: Built, language: str) -> CourseRow:
    """Return a course for readers of a language; one query when it is not in memory."""
    return _course(built, language, get_language())


@lru_cache(maxsize=64)
def _course(built: Built, language: str, active: str) -> CourseRow:
    """Read a course; its addresses are those of the language that is active."""
    return Reader(language).course(Compiled.objects.get(pk=built.pk))
