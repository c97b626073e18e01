"""Write what is live into the columns readers see: one read of units, one UPDATE for all columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import models, transaction

from languages import queries, table
from languages.actions.segmenting import locked_rows, refresh_segments
from languages.choices import Kind
from languages.models import reapplied
from languages.segments import extract, filled
from languages.text import BrokenTags, from_tags, same_tags


def reapply(thing: models.Model, languages: Iterable[str] | None = None) -> None:
    """Fill the translated columns of a thing from its live units, and the instance in hand with them.

    With `languages`, those and the ones that fall back to them; else all.
    """
    reapply_many([thing], languages)


@transaction.atomic
def reapply_many(things: Sequence[models.Model], languages: Iterable[str] | None = None) -> None:
    """Fill the translated columns of several things, reading their rows and units once."""
    codes = _with_followers(languages)
    if codes:
        _apply(list(zip(things, locked_rows(things), strict=True)), codes)


@transaction.atomic
def follow_source(thing: models.Model, *, change: str = "", by: str, at: datetime) -> None:
    """Bring the segments of a thing in line with its source, then every translated column; its row is read once."""
    row = refresh_segments(thing, change=change, by=by, at=at)
    _apply([(thing, row)], _with_followers(None), is_published=True)


def _apply(
    pairs: Sequence[tuple[models.Model, models.Model]], codes: list[str], *, is_published: bool = False
) -> None:
    """Fill the columns of rows that were read under the lock, and the instances in hand with them."""
    live = _live_by_thing([row for _thing, row in pairs])
    for thing, row in pairs:
        columns = _filled(row, codes, live.get(queries.key_of(row), {}))
        if columns:
            _write(thing, row, columns)
            reapplied.send(sender=type(thing), thing=thing, is_published=is_published)


def _write(thing: models.Model, row: models.Model, columns: dict[str, object]) -> None:
    """Write the columns that do not hold what they should, and give the instance in hand all of them."""
    changed = {column: value for column, value in columns.items() if _raw(getattr(row, column)) != value}
    if changed:
        models.QuerySet(type(row)).filter(pk=row.pk).update(**changed)
    for column, value in columns.items():
        setattr(thing, column, thing._meta.get_field(column).to_python(value))


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
    return _filled(row, _with_followers(languages), live_texts(row))


def _filled(row: models.Model, codes: Iterable[str], live: dict[str, dict[str, str]]) -> dict[str, object]:
    lines = extract(row) if live else []
    columns: dict[str, object] = {}
    for code in codes:
        columns |= filled(row, code, live, lines)
    return columns


def live_texts(thing: models.Model) -> dict[str, dict[str, str]]:
    """Return language -> path -> text or HTML of everything that is live for a thing."""
    return _live_by_thing([thing]).get(queries.key_of(thing), {})


def _live_by_thing(things: Sequence[models.Model]) -> dict[queries.ThingKey, dict[str, dict[str, str]]]:
    """Return thing -> language -> path -> text or HTML of everything that is live for some things; one query."""
    live: dict[queries.ThingKey, dict[str, dict[str, str]]] = {}
    for unit in queries.live_units_of(*things):
        key = queries.ThingKey(unit["content_type"], unit["object_id"])
        live.setdefault(key, {}).setdefault(unit["language"], {})[unit["segment__path"]] = _rendered(unit)
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
