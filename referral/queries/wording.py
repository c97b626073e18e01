"""Which words of a working copy go into a version: those its staff read, none that are out of date unasked."""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.db import models
from modeltranslation.utils import build_localized_fieldname

from languages import queries as languages
from languages import table
from referral.models import Fact, FactChoice, Pathway, PathwayRole, Step

WORDED = (Pathway, Step, PathwayRole, Fact, FactChoice)
Stale = frozenset[tuple[int, int, str, str]]  # sort, row, field, language
Say = Callable[[models.Model, str], dict[str, str]]


def texts(row, name: str, codes: list[str]) -> dict[str, str]:
    """Return a field's text by language, languages without text left out."""
    found = {code: getattr(row, build_localized_fieldname(name, code)) for code in codes}
    return {code: text for code, text in found.items() if text}


def sayer(pathway: Pathway, stale: Stale) -> Say:
    """Return what gives the texts of a field that go into the next version of a pathway, by language."""
    codes, required = _said_in(pathway), set(pathway.languages)

    def say(row: models.Model, name: str) -> dict[str, str]:
        kind = ContentType.objects.get_for_model(row).pk
        found = texts(row, name, codes)
        return {c: text for c, text in found.items() if c in required or (kind, row.pk, name, c) not in stale}

    return say


def _said_in(pathway: Pathway) -> list[str]:
    """Return the languages whose texts go into a version: those its staff read too; of a model all, for its copies."""
    return pathway.wanted_languages if pathway.country_id else list(table.CODES)


def stale_words(whole: list[Pathway]) -> Stale:
    """Return the texts that are out of date in languages that publishing does not wait for: a version leaves them out."""
    codes = {code for row in whole for code in _said_in(row) if code not in {table.SOURCE, *row.languages}}
    if not codes:
        return frozenset()
    kinds = ContentType.objects.get_for_models(*WORDED).values()
    found = languages.stale_units(sorted(codes)).filter(content_type__in=[kind.pk for kind in kinds])
    return frozenset(found.values_list("content_type_id", "object_id", "segment__path", "language"))
