"""What an edit changes of a thing, part by part: both forms are walked whole, so no difference is left without its row."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname
from wagtail import blocks
from wagtail.fields import StreamField

from languages import table
from languages.columns import translated_fields
from languages.segments import Line, extract
from languages.text import diffs
from languages.text.diffs import Piece
from training.queries.block_words import Chosen, Part, chosen_in, held_by, is_text, links_in, part_of, said
from training.queries.proposals import as_known, blocks_in

ADDED, REMOVED, MOVED, CHANGED, LAYOUT, OTHER = "added", "removed", "moved", "changed", "layout", "other"
Paragraphs = list[list[Piece]]


@dataclass(frozen=True)
class Change:
    """One text, block or fact of a block that an edit changes: where it stands, what it is called, what it was and will be.

    `before` and `after` are words of the source, each paragraph in pieces; `was` and `gets` what is told in the reader's own.
    """

    kind: str
    where: tuple[Part, ...] = ()
    label: str = ""
    before: Paragraphs = ()
    after: Paragraphs = ()
    was: tuple[str, ...] = ()
    gets: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Forms:
    """The texts of both forms by their paths, and the names of what they show."""

    before: Mapping[str, Line]
    after: Mapping[str, Line]
    chosen: Chosen


@dataclass(frozen=True)
class _Place:
    """A value in both forms: its block, its path, what stands around it."""

    block: blocks.Block | None
    path: str
    where: tuple[Part, ...] = ()
    label: str = ""


def changes(live: models.Model | None, draft: models.Model) -> tuple[Change, ...]:
    """Return each text, block and fact of a block that an edit changes; of something new, all that it holds.

    What was put in anew is told beside what it replaces, whatever ids it bears.
    """
    draft = as_known(live, draft)
    streams = dict(_streams(live, draft))
    held = [
        (stream.child_blocks.get(one["type"]), one["value"])
        for stream, *both in streams.values()
        for raw in both
        for one in raw
    ]
    forms = _Forms(texts_of(live), texts_of(draft), chosen_in(held))
    found = []
    for name in translated_fields(type(draft)):
        if name in streams:
            stream, old, new = streams[name]
            found += _items(_Place(stream, name), old, new, forms)
        else:
            column = build_localized_fieldname(name, table.SOURCE)
            both = [(getattr(thing, column) or "") if thing else "" for thing in (live, draft)]
            place = _Place(None, name, label=capfirst(str(draft._meta.get_field(name).verbose_name)))
            found += _text(place, *both, forms)
    return tuple(found)


def texts_of(thing: models.Model | None) -> dict[str, Line]:
    """Return the texts of a thing by their paths."""
    return {line.path: line for line in extract(thing)} if thing else {}


def _streams(live: models.Model | None, draft: models.Model) -> Iterator[tuple[str, tuple]]:
    for name in translated_fields(type(draft)):
        column = build_localized_fieldname(name, table.SOURCE)
        field = draft._meta.get_field(column)
        if isinstance(field, StreamField):
            yield name, (field.stream_block, blocks_in(live, column) if live else [], blocks_in(draft, column))


def _items(place: _Place, old: list[dict], new: list[dict], forms: _Forms) -> Iterator[Change]:
    """Yield what changes among the blocks of a stream, or the parts of a list."""
    had, gets = ({one["id"]: one for one in items} for items in (old, new))
    moved = _moved(list(had), list(gets))
    for key in dict.fromkeys([*gets, *had]):
        was, becomes = had.get(key), gets.get(key)
        if was and becomes and was["type"] == becomes["type"]:
            here = _item(place, becomes, forms)
            if key in moved:
                yield Change(MOVED, here.where, was=moved[key][:1], gets=moved[key][1:])
            yield from _within(here, was["value"], becomes["value"], forms)
            continue
        if was:
            yield _whole(REMOVED, _item(place, was, forms), was["value"], forms)
        if becomes:
            yield _whole(ADDED, _item(place, becomes, forms), becomes["value"], forms)


def _item(place: _Place, item: dict, forms: _Forms) -> _Place:
    """Return the place of a block of a stream, or of a part of a list."""
    is_list = isinstance(place.block, blocks.ListBlock)
    block = place.block.child_block if is_list else place.block.child_blocks.get(item["type"])
    part = part_of(block, item["value"], forms.chosen, str(place.block.label or "") if is_list else item["type"])
    return _Place(block, f"{place.path}.{item['id']}", (*place.where, part))


def _moved(had: list[str], gets: list[str]) -> dict[str, tuple[str, str]]:
    """Return where each block stood that changes places, and where it would: as few of them as say it all."""
    old, new = [key for key in had if key in gets], [key for key in gets if key in had]
    runs = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    still = {key for run in runs for key in old[run.a : run.a + run.size]}
    return {key: (_placed(had, key), _placed(gets, key)) for key in new if key not in still}


def _placed(keys: list[str], key: str) -> str:
    return _("place %(number)s of %(count)s") % {"number": keys.index(key) + 1, "count": len(keys)}


def _whole(kind: str, place: _Place, raw: object, forms: _Forms) -> Change:
    """Return a block that comes or goes, with all that it holds."""
    lines = forms.after if kind == ADDED else forms.before
    within = [one for path, one in lines.items() if path == place.path or path.startswith(f"{place.path}.")]
    told, held = (
        [words for line in within for words in line.paragraphs],
        tuple(held_by(place.block, raw, forms.chosen)),
    )
    gone, come = diffs.beside(told, ()) if kind == REMOVED else diffs.beside((), told)
    return Change(kind, place.where, "", gone, come, *((held, ()) if kind == REMOVED else ((), held)))


def _within(place: _Place, old: object, new: object, forms: _Forms) -> list[Change]:
    """Return what changes within a block; a difference that no row of it names has a row of its own."""
    if old == new:
        return []
    return list(_value(place, old, new, forms)) or [Change(OTHER, place.where, place.label)]


def _value(place: _Place, old: object, new: object, forms: _Forms) -> Iterator[Change]:
    block = place.block
    if isinstance(block, blocks.BaseStructBlock) and isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*block.child_blocks, *old, *new]):
            child = block.child_blocks.get(name)
            label = capfirst(str(child.label if child else name))
            yield from _within(
                _Place(child, f"{place.path}.{name}", place.where, label), old.get(name), new.get(name), forms
            )
    elif isinstance(block, blocks.ListBlock):
        yield from _items(place, old or [], new or [], forms)
    elif is_text(block):
        yield from _text(place, old, new, forms)
    elif block is not None:
        was, gets = said(block, old, forms.chosen), said(block, new, forms.chosen)
        if was != gets:
            yield Change(CHANGED, place.where, place.label, was=(was,), gets=(gets,))


def _text(place: _Place, old: object, new: object, forms: _Forms) -> Iterator[Change]:
    """Yield what becomes of a text: of its words, else of its links and its layout."""
    was, gets = forms.before.get(place.path), forms.after.get(place.path)
    said_before, said_after = (one.paragraphs if one else [] for one in (was, gets))
    if said_before != said_after:
        kind = CHANGED if said_before and said_after else ADDED if said_after else REMOVED
        yield Change(kind, place.where, place.label, *diffs.beside(said_before, said_after))
    if links_in(old) != links_in(new) or said_before == said_after and old != new:
        yield Change(LAYOUT, place.where, place.label, was=tuple(links_in(old)), gets=tuple(links_in(new)))
