"""The matrix of the translation desk: rows by sort, one cell a language."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.desk import bundles
from cms.desk import queries as desk
from cms.desk.cells import Cell, cell, together
from languages import catalogues, queries, table
from languages.choices import Public
from languages.queries import Status, ThingKey
from languages.text import fold


@dataclass(frozen=True)
class Row:
    """One row of the matrix."""

    key: str
    name: str
    count: int
    url: str
    cells: tuple[Cell, ...]
    sort: str = ""


@dataclass(frozen=True)
class Group:
    """Rows of one sort under their heading."""

    key: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Filters:
    """What the matrix shows: own languages only, only what is left to do, one sort, one row opened, words."""

    mine: bool = False
    work: bool = False
    kind: str = ""
    bundle: str = ""
    words: str = ""


def columns_for(user, filters: Filters) -> list[str]:
    """Return the languages of the matrix, those the person works in first."""
    own = [code for code in table.CODES if code != table.SOURCE and code in user.speaks]
    if filters.mine and own:
        return own
    return [*own, *(code for code in table.CODES if code not in own)]


def groups_for(user, filters: Filters) -> list[Group]:
    """Return what is translated: rows by sort, one cell a language."""
    columns = columns_for(user, filters)
    mine = {code for code in columns if desk.may_translate(user, code)}
    covered = queries.coverage()
    placed = bundles.places(covered)
    if filters.bundle:
        rows = _thing_rows(covered, placed, filters, columns, mine)
    else:
        rows = _bundle_rows(covered, placed, columns, mine)
        rows["interface"] = [_interface_row(columns, mine)]
    headings = {"interface": _("Interface"), **bundles.GROUPS}
    groups = []
    for key, heading in headings.items():
        kept = [row for row in rows.get(key, []) if _is_kept(row, filters)]
        if kept and filters.kind in {"", key}:
            title = next((place.name for place in placed.values() if place.key == filters.bundle), str(heading))
            groups.append(Group(key, title, tuple(kept)))
    return groups


def _is_kept(row: Row, filters: Filters) -> bool:
    if filters.work and not any(shown.is_work for shown in row.cells):
        return False
    return fold(filters.words) in fold(f"{row.name} {getattr(row.name, 'source', '')}")


def _bundle_rows(covered: dict, placed: dict, columns: list[str], mine: set[str]) -> dict[str, list[Row]]:
    members: dict[bundles.Place, list[ThingKey]] = {}
    for key in covered:
        if key in placed:
            members.setdefault(placed[key], []).append(key)
    rows: dict[str, list[Row]] = {}
    for place, keys in sorted(members.items(), key=lambda pair: pair[0].name):
        cells = tuple(
            cell(
                code,
                together(covered[key][code] for key in keys),
                wanted=place.languages is None or code in place.languages,
                url=_opening(place.key, code, mine),
            )
            for code in columns
        )
        url = f"{reverse('desk:matrix')}?{urlencode({'bundle': place.key})}"
        rows.setdefault(place.group, []).append(Row(place.key, place.name, len(keys), url, cells))
    return rows


def _opening(bundle: str, language: str, mine: set[str]) -> str:
    """Return where the cell of a row leads; nowhere in a language that the person does not work in."""
    if language == table.SOURCE:
        return f"{reverse('desk:matrix')}?{urlencode({'bundle': bundle})}"
    if language not in mine:
        return ""
    return f"{reverse('desk:next')}?{urlencode({'bundle': bundle, 'language': language})}"


def _thing_rows(
    covered: dict, placed: dict, filters: Filters, columns: list[str], mine: set[str]
) -> dict[str, list[Row]]:
    keys = [key for key in covered if key in placed and placed[key].key == filters.bundle]
    names = desk.names_of(keys)
    rows: dict[str, list[Row]] = {}
    for key in keys:
        kind = ContentType.objects.get_for_id(key.content_type_id)
        label, place = f"{kind.app_label}.{kind.model}", placed[key]
        cells = tuple(
            cell(
                code,
                covered[key][code],
                wanted=place.languages is None or code in place.languages,
                url=reverse("desk:thing", args=[label, key.object_id, code]) if code in mine else "",
            )
            for code in columns
        )
        first = next((shown.url for shown in cells if shown.url), "")
        sort = str(kind.model_class()._meta.verbose_name)
        row = Row(str(key), names.get(key, label), covered[key][table.SOURCE].total, first, cells, sort)
        rows.setdefault(place.group, []).append(row)
    return rows


def _interface_row(columns: list[str], mine: set[str]) -> Row:
    """Return the row of buttons and messages; their texts live in the catalogues of the repository."""
    counted = catalogues.counts()
    cells = []
    for code in columns:
        count = counted[code]
        state = Public.PUBLISHED if count.translated == count.total else Public.PARTIAL
        status = Status(state if count.translated else Public.MISSING, count.translated, count.total, count.awaiting)
        cells.append(cell(code, status, url=reverse("desk:languages") if code in mine else ""))
    total = counted[table.SOURCE].total
    return Row("interface", _("Buttons and messages"), total, reverse("desk:languages"), tuple(cells))
