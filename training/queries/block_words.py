"""What the values of a block are in words: what a block is called, by what it is told from others, what holds of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import blocks

from languages.text import beside

NOTHING = "–"
FIRST_WORDS = 8
_LINK = re.compile(
    r'<a\b[^<>]*?\b(?:href="([^"]*)"|linktype="([^"]*)"[^<>]*?\bid="(\d+)"|id="(\d+)"[^<>]*?linktype="([^"]*)")'
)

Chosen = Mapping[tuple[type[models.Model], object], str]


@dataclass(frozen=True)
class Part:
    """A block, or a part of one: what it is called, with its first words in the source language, or else what it holds."""

    label: str
    words: str = ""
    told: str = ""


def part_of(block: blocks.Block | None, raw: object, chosen: Chosen, label: str = "") -> Part:
    """Return how a block is named; `label` serves one that has no name of its own and no text."""
    children = list(_children(block, raw)) or [(block, raw)]
    words = next((_first_words(value) for child, value in children if is_text(child) and _first_words(value)), "")
    own = str(getattr(block, "label", "") or "") or next(
        (str(one.label) for one, _value in children if is_text(one)), ""
    )
    told = "" if words else next((said(child, value, chosen) for child, value in children if is_fact(child)), "")
    return Part(capfirst(own or label), words, "" if told == NOTHING else told)


def held_by(block: blocks.Block | None, raw: object, chosen: Chosen) -> Iterator[str]:
    """Yield what holds of a block and of its parts beside the words, each with its name."""
    for child, value in _children(block, raw):
        if isinstance(child, blocks.ListBlock):
            for item in value or []:
                yield from _held_by_item(child.child_block, item["value"], capfirst(str(child.label)), chosen)
        elif is_fact(child) and value not in (None, "", False):
            yield beside(capfirst(str(child.label)), said(child, value, chosen), get_language())


def _held_by_item(block: blocks.Block, raw: object, label: str, chosen: Chosen) -> Iterator[str]:
    part = part_of(block, raw, chosen, label)
    if not _children(block, raw):
        yield beside(part.label, part.words or part.told, get_language())
    yield from (beside(part.words or part.label, held, get_language()) for held in held_by(block, raw, chosen))


def said(block: blocks.Block | None, raw: object, chosen: Chosen) -> str:
    """Return what a value beside the words is, in words."""
    if isinstance(block, blocks.BooleanBlock):
        return _("yes") if raw else _("no")
    if raw in (None, ""):
        return NOTHING
    if isinstance(block, blocks.ChooserBlock):
        return chosen.get((block.model_class, raw), NOTHING)
    if isinstance(block, blocks.ChoiceBlock):
        return str(next((label for value, label in block.field.choices if str(value) == str(raw)), raw))
    return str(raw)


def chosen_in(pairs: Iterable[tuple[blocks.Block | None, object]]) -> Chosen:
    """Return the names of the images, files, recordings and stories that blocks hold; one query for each of these kinds."""
    wanted = defaultdict(set)
    for block, raw in pairs:
        for child, value in _all_of(block, raw):
            if isinstance(child, blocks.ChooserBlock) and value:
                wanted[child.model_class].add(value)
    found = {model: models.QuerySet(model).in_bulk(keys) for model, keys in wanted.items()}
    return {(model, key): str(one) for model, rows in found.items() for key, one in rows.items()}


def links_in(raw: object) -> list[str]:
    """Return where the links of a rich text lead."""
    return [" ".join(part for part in one if part) for one in _LINK.findall(str(raw or ""))]


def is_text(block: blocks.Block | None) -> bool:
    """Tell whether a block holds words that readers read."""
    return isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.RichTextBlock)


def is_fact(block: blocks.Block | None) -> bool:
    """Tell whether a block holds one value that is no words."""
    whole = blocks.BaseStructBlock | blocks.BaseStreamBlock | blocks.ListBlock | blocks.StaticBlock
    return isinstance(block, blocks.Block) and not is_text(block) and not isinstance(block, whole)


def _children(block: blocks.Block | None, raw: object) -> list[tuple[blocks.Block, object]]:
    """Return the fields of a structure with their values; none of anything else."""
    if not isinstance(block, blocks.BaseStructBlock) or not isinstance(raw, Mapping):
        return []
    return [(child, raw.get(name)) for name, child in block.child_blocks.items()]


def _all_of(block: blocks.Block | None, raw: object) -> Iterator[tuple[blocks.Block | None, object]]:
    yield block, raw
    if isinstance(block, blocks.ListBlock):
        for item in raw or []:
            yield from _all_of(block.child_block, item["value"])
    for child, value in _children(block, raw):
        yield from _all_of(child, value)


def _first_words(raw: object) -> str:
    return Truncator(" ".join(strip_tags(str(raw or "").replace("<", " <")).split())).words(FIRST_WORDS, truncate="…")
