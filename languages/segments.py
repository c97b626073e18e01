"""Source columns and blocks to strings, and strings back to columns. Paths use block ids, never positions."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from modeltranslation.utils import build_localized_fieldname
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField

from languages import table
from languages.choices import Kind
from languages.columns import translated_fields
from languages.text import clean, paragraphs, plain, to_tags

Live = Mapping[str, Mapping[str, str]]  # language -> path -> text or HTML


class BlockIdsDoubled(ValueError):
    """Raised when two blocks of one field share an id; delete one of them and add it anew."""

    def __init__(self, path: str):
        super().__init__(f"Two blocks share an id ({path}). Delete one of them and add it anew.")


@dataclass(frozen=True)
class Line:
    """One string of a source: where it stands, what sort it is, its text (tags numbered), its limit, a note."""

    path: str
    kind: str
    text: str
    max_length: int | None = None
    note: str = ""
    tags: dict = field(default_factory=dict, compare=False, hash=False)

    @property
    def digest(self) -> str:
        """Return the fingerprint of the words; attributes of tags do not count."""
        return digest_of(self.text)

    @property
    def paragraphs(self) -> list[str]:
        """Return the words as a reader meets them, paragraph by paragraph, without tags."""
        if self.kind == Kind.RICH:
            return paragraphs(self.text, self.tags)
        return [line for line in self.text.splitlines() if line.strip()]

    @property
    def block(self) -> str:
        """Return what falls back together: the field, or the field and its top-level block."""
        return block_of(self.path)


@dataclass(frozen=True)
class _Leaf:
    path: str
    kind: str
    raw: str
    max_length: int | None
    label: object
    asked: str = ""

    @property
    def note(self) -> str:
        """Return what stands beside the string for translators, in the active language."""
        label = str(self.label or "")
        return f"{label}: {self.asked}"[:300] if self.asked else label


_Replace = Callable[[_Leaf], str]


def digest_of(text: str) -> str:
    """Return the SHA-256 of a cleaned, tagged text."""
    return hashlib.sha256(clean(text).encode()).hexdigest()


def block_of(path: str) -> str:
    """Return the part of a path that falls back whole."""
    return ".".join(path.split(".", 2)[:2])


def _own_fields(thing: models.Model) -> list[str]:
    """Return the translated fields of a thing, without those that something else writes in every language."""
    kept = getattr(thing, "kept_fields", ())
    return [name for name in translated_fields(type(thing)) if name not in kept]


def extract(thing: models.Model) -> list[Line]:
    """Return the source strings of a thing in reading order; empty ones are left out."""
    lines: list[Line] = []

    def note_down(leaf: _Leaf) -> str:
        line = _line(leaf)
        if line.text:
            lines.append(line)
        return leaf.raw

    for name in _own_fields(thing):
        _walk_field(thing, name, note_down)
    seen: set[str] = set()
    for line in lines:
        if line.path in seen:
            raise BlockIdsDoubled(line.path)
        seen.add(line.path)
    return lines


def filled(thing: models.Model, language: str, live: Live, lines: list[Line] | None = None) -> dict[str, object]:
    """Return what the columns of a language hold, given what is live in it and in its chain.

    A field falls back alone; a top-level block falls back whole, to the first language in which all of it is live.
    A column whose language has nothing live is emptied: the reader's chain then serves the next language.
    `lines` spares a second walk when the caller has extracted them.
    """
    if not live.get(language):
        return {
            column: _empty(type(thing), column)
            for column in (build_localized_fieldname(name, language) for name in _own_fields(thing))
        }
    columns: dict[str, object] = {}
    paths: dict[str, list[str]] = {}
    for line in extract(thing) if lines is None else lines:
        paths.setdefault(line.block, []).append(line.path)
    serving = {block: serves(language, of_block, live) for block, of_block in paths.items()}

    def translate(leaf: _Leaf) -> str:
        source_of = serving.get(block_of(leaf.path), table.SOURCE)
        return leaf.raw if source_of == table.SOURCE else live[source_of].get(leaf.path, leaf.raw)

    for name in _own_fields(thing):
        column = build_localized_fieldname(name, language)
        has_own = any(path.partition(".")[0] == name for path in live[language])
        columns[column] = _walk_field(thing, name, translate) if has_own else _empty(type(thing), column)
    return columns


def block_in(model, name: str, raw: dict, language: str, live: Live) -> tuple[dict, str]:
    """Return a top-level block of a field as its reader in a language had it, and in which language: it falls back whole."""
    paths: list[str] = []

    def note_down(leaf: _Leaf) -> str:
        if leaf.raw.strip():
            paths.append(leaf.path)
        return leaf.raw

    stream = _field(model, name).stream_block
    _walk_stream(stream, [raw], name, "", note_down)
    code = serves(language, paths, live)
    (walked,) = _walk_stream(stream, [raw], name, "", lambda leaf: live.get(code, {}).get(leaf.path, leaf.raw))
    return walked, code


def serves(language: str, paths, live: Mapping) -> str:
    """Return the first language of the chain in which every one of the paths is live; the source at the end."""
    for code in (language, *table.BY_CODE[language].chain):
        if code != table.SOURCE and paths and all(path in live.get(code, ()) for path in paths):
            return code
    return table.SOURCE


def with_block_ids(thing: models.Model) -> dict[str, object]:
    """Return the source columns in which blocks or list items had no id, with ids; an empty dict when all have one."""
    mended = {}
    for name in translated_fields(type(thing)):
        stream = _stream_field(type(thing), name)
        if stream is None:
            continue
        column = build_localized_fieldname(name, table.SOURCE)
        raw = _raw_stream(getattr(thing, column))
        whole = _identified(stream.stream_block, raw)
        if whole != raw:
            mended[column] = whole
    return mended


def _line(leaf: _Leaf) -> Line:
    if leaf.kind == Kind.RICH:
        tagged, tags = to_tags(leaf.raw)
        return Line(leaf.path, leaf.kind, tagged if plain(tagged) else "", leaf.max_length, leaf.note, tags)
    text = clean(leaf.raw)
    if leaf.kind == Kind.LINE:
        text = text.replace("\n", " ")
    return Line(leaf.path, leaf.kind, text if text.strip() else "", leaf.max_length, leaf.note)


def _field(model, name: str):
    """Return the source column's field: it carries the type, the limit and the label."""
    return model._meta.get_field(build_localized_fieldname(name, table.SOURCE))


def _stream_field(model, name: str) -> StreamField | None:
    try:
        found = _field(model, name)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, StreamField) else None


def _empty(model, column: str):
    found = model._meta.get_field(column)
    if isinstance(found, StreamField):
        return []
    return None if found.null else ""


def _raw_stream(value) -> list:
    return value.get_prep_value() if hasattr(value, "get_prep_value") else list(value or [])


def _walk_field(thing: models.Model, name: str, replace: _Replace):
    """Return the value of a field with each string replaced."""
    found = _field(type(thing), name)
    value = getattr(thing, found.name)
    if isinstance(found, StreamField):
        return _walk_stream(found.stream_block, _raw_stream(value), name, "", replace)
    if isinstance(found, RichTextField):
        kind = Kind.RICH
    elif isinstance(found, models.TextField):
        kind = Kind.TEXT
    elif isinstance(found, models.CharField):
        kind = Kind.LINE
    else:
        return value
    label = thing._meta.get_field(name).verbose_name
    return replace(_Leaf(name, kind, value or "", getattr(found, "max_length", None), label))


def _is_skipped(block) -> bool:
    return bool(getattr(block, "untranslatable", False) or getattr(block.meta, "untranslatable", False))


def _walk(block, raw, path: str, note: str, replace: _Replace):
    """Return raw block data with each string replaced; what is no text comes back as it was."""
    if raw is None or _is_skipped(block):
        return raw
    if isinstance(block, blocks.BaseStreamBlock):
        return _walk_stream(block, raw, path, note, replace)
    if isinstance(block, blocks.BaseStructBlock):
        return _walk_struct(block, raw, path, note, replace)
    if isinstance(block, blocks.ListBlock):
        return [
            item | {"value": _walk(block.child_block, item["value"], f"{path}.{item['id']}", note, replace)}
            for item in raw
        ]
    kind = _kind(block)
    if kind is None or not isinstance(raw, str):
        return raw
    return replace(_Leaf(path, kind, raw, getattr(block.field, "max_length", None), block.label, note))


def _kind(block) -> str | None:
    if isinstance(block, blocks.RichTextBlock):
        return Kind.RICH
    if isinstance(block, blocks.TextBlock):
        return Kind.TEXT
    if isinstance(block, blocks.CharBlock):
        return Kind.ALT if block.name in {"alt", "alt_text"} else Kind.LINE
    return None


def _walk_stream(block, raw: list, path: str, note: str, replace: _Replace) -> list:
    walked = []
    for child in raw:
        child_block = block.child_blocks.get(child["type"])
        if child_block is None:
            walked.append(child)
            continue
        value = _walk(child_block, child["value"], f"{path}.{child['id']}", note, replace)
        walked.append(child | {"value": value})
    return walked


def _walk_struct(block, raw: dict, path: str, note: str, replace: _Replace) -> dict:
    """Walk the fields of a struct; what it asks ("question") goes as a note to everything beside it."""
    asked = raw.get("question")
    walked = dict(raw)
    for name, child_block in block.child_blocks.items():
        if name in raw:
            hint = asked if isinstance(asked, str) and name != "question" else note
            walked[name] = _walk(child_block, raw[name], f"{path}.{name}", hint, replace)
    return walked


def _identified(block, raw):
    """Return raw block data in which every block of a stream and every item of a list has an id."""
    if raw is None:
        return raw
    if isinstance(block, blocks.BaseStreamBlock):
        return [
            child
            | {
                "id": child.get("id") or str(uuid.uuid4()),
                "value": _identified(block.child_blocks.get(child["type"]), child["value"]),
            }
            for child in raw
        ]
    if isinstance(block, blocks.ListBlock):
        return [_identified_item(block, item) for item in raw]
    if isinstance(block, blocks.BaseStructBlock) and isinstance(raw, dict):
        return raw | {name: _identified(child, raw[name]) for name, child in block.child_blocks.items() if name in raw}
    return raw


def _identified_item(block, item) -> dict:
    if not (isinstance(item, dict) and item.get("type") == "item" and "value" in item):
        item = {"type": "item", "value": item}
    return item | {"id": item.get("id") or str(uuid.uuid4()), "value": _identified(block.child_block, item["value"])}
