"""A draft as readers of a language would see it: the source in hand with the translations that are live. Nothing is stored."""

from django.db import models

from languages import queries, table
from languages.actions.applying import live_texts
from languages.choices import Freshness
from languages.queries import Shown
from languages.revisions import Change
from languages.segments import Line, extract, filled, serves, with_block_ids

_MEANS = {Change.WORDING: Freshness.WORDING, Change.MATERIAL: Freshness.MATERIAL}


def fill_draft(draft: models.Model, language: str) -> dict[str, Shown]:
    """Give a draft in hand the columns that readers of a language and its chain would get, as if it were published now.

    Returns, by path and by block, in which language they would see each string and how fresh that would be.
    """
    live = live_texts(draft) if draft.pk else {}
    _fill(draft, with_block_ids(draft))
    lines = extract(draft)
    for code in (language, *table.BY_CODE[language].chain):
        _fill(draft, filled(draft, code, live, lines) if code != table.SOURCE else {})
    return _shown(draft, language, live, lines)


def _fill(draft: models.Model, columns: dict[str, object]) -> None:
    for column, value in columns.items():
        setattr(draft, column, draft._meta.get_field(column).to_python(value))


def _shown(draft: models.Model, language: str, live: dict, lines: list[Line]) -> dict[str, Shown]:
    source = Shown(table.SOURCE, Freshness.FRESH, None)
    readers = queries.Readers([draft], language) if live else None
    digests = dict(queries.segments_of(draft).values_list("path", "digest")) if live else {}
    blocks: dict[str, list[Line]] = {}
    for line in lines:
        blocks.setdefault(line.block, []).append(line)
    found: dict[str, Shown] = {}
    for block, of_block in blocks.items():
        code = serves(language, [line.path for line in of_block], live)
        for line in of_block:
            known = readers.live_in(draft, line.path).get(code, source) if code != table.SOURCE else source
            is_changed = code != table.SOURCE and digests.get(line.path) != line.digest
            found[line.path] = _aged(known, draft.change) if is_changed else known
        worst = max((found[line.path] for line in of_block), key=lambda shown: shown.freshness)
        awaits = any(found[line.path].awaiting_native for line in of_block)
        found[block] = Shown(worst.language, worst.freshness, worst.date, awaits)
    return found


def _aged(shown: Shown, change: str) -> Shown:
    """Return how fresh a translation will be once its source has changed; nothing said counts as minor."""
    freshness = max(shown.freshness, _MEANS.get(change, Freshness.MINOR))
    return Shown(shown.language, freshness, shown.date, shown.awaiting_native)
