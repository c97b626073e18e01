"""Write what is live into the columns readers see: one read of units, one UPDATE for all columns."""

from collections.abc import Iterable

from django.db import models, transaction

from languages import queries, table
from languages.choices import Kind
from languages.models import reapplied
from languages.segments import extract, filled
from languages.text import BrokenTags, from_tags, same_tags


@transaction.atomic
def reapply(thing: models.Model, languages: Iterable[str] | None = None) -> None:
    """Fill the translated columns of a thing from its live units, and the instance in hand with them.

    With `languages`, those and the ones that fall back to them; else all.
    """
    row = models.QuerySet(type(thing)).select_for_update(of=("self",)).get(pk=thing.pk)
    columns = columns_of(row, languages)
    if columns:
        models.QuerySet(type(thing)).filter(pk=thing.pk).update(**columns)
        for column, value in columns.items():
            setattr(thing, column, thing._meta.get_field(column).to_python(value))
        reapplied.send(sender=type(thing), thing=thing)


def drifted_columns(thing: models.Model) -> list[str]:
    """Return the translated columns of a row that do not hold what is live."""
    row = models.QuerySet(type(thing)).get(pk=thing.pk)
    return sorted(name for name, value in columns_of(row).items() if _raw(getattr(row, name)) != value)


def _raw(value):
    """Return a stored value as it is written: streams as their raw data."""
    if hasattr(value, "get_prep_value"):
        return value.get_prep_value()
    return value


def columns_of(row: models.Model, languages: Iterable[str] | None = None) -> dict[str, object]:
    """Return what the translated columns of a row should hold, from its live units."""
    live, lines = live_texts(row), extract(row)
    columns: dict[str, object] = {}
    for code in _with_followers(languages):
        columns |= filled(row, code, live, lines)
    return columns


def live_texts(thing: models.Model) -> dict[str, dict[str, str]]:
    """Return language -> path -> text or HTML of everything that is live for a thing."""
    live: dict[str, dict[str, str]] = {}
    for unit in queries.live_units_of(thing):
        live.setdefault(unit["language"], {})[unit["segment__path"]] = _rendered(unit)
    return live


def _rendered(unit: dict) -> str:
    """Return the text as it stands in a column; tags get the source's attributes while the source says the same."""
    if unit["segment__kind"] != Kind.RICH:
        return unit["live"]
    is_current = unit["live_digest"] == unit["segment__digest"]
    tags = unit["segment__tags"] if is_current else unit["live_tags"]
    try:
        return from_tags(unit["live"], tags)
    except BrokenTags:
        if same_tags(tags, unit["live_tags"]):
            raise
        return from_tags(unit["live"], unit["live_tags"])


def _with_followers(languages: Iterable[str] | None) -> list[str]:
    """Return languages in table order, with those that fall back to one of them; never the source."""
    wanted = set(table.CODES if languages is None else languages)
    return [
        code
        for code in table.CODES
        if code != table.SOURCE and (code in wanted or wanted.intersection(table.BY_CODE[code].chain))
    ]
