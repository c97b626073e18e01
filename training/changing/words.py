"""The words of a thing and what holds beside them, leaf by leaf, so that two of them can be compared. Pure."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

NO_WORDS = frozenset({"key", "to", "slot", "outcome"})  # texts that no reader reads: they name something
_BLOCK_KEY = re.compile(r' data-block-key=(?:\\"[^"\\]*\\"|"[^"]*")')
_TAG = re.compile(r"<[^<>]+>")
_LINK = re.compile(r"<a\b[^<>]*>")


class Leaf(NamedTuple):
    """Where a value stands in a thing: the id of its block, the type of that, the ids of parts, last its name."""

    block: str
    kind: str
    parts: tuple[str, ...]
    name: str


def without_block_keys(text: str) -> str:
    """Return rich text, bare or within JSON, without the keys that the editor gives to paragraphs: no reader sees them."""
    return _BLOCK_KEY.sub("", text)


def leaves(block: Mapping, key: str) -> dict[Leaf, object]:
    """Return each value of a raw block by where it stands, the block under a name of the caller's."""
    return dict(_leaves(block.get("value"), Leaf(key, block.get("type", ""), (), "")))


def content(block: Mapping) -> list:
    """Return what a raw block says, whatever the ids of it and of its parts."""
    return [block.get("type"), [(leaf.name, value) for leaf, value in leaves(block, "").items()]]


def is_words(leaf: Leaf, value: object) -> bool:
    """Tell whether a value is something that readers read."""
    return isinstance(value, str) and leaf.name not in NO_WORDS


def texts_of(block: Mapping) -> list[str]:
    """Return the words of a raw block."""
    return [value for leaf, value in leaves(block, "").items() if is_words(leaf, value)]


def plain(text: str) -> str:
    """Return the words of a text without its tags, spaced evenly."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def links(text: str) -> list[str]:
    """Return where the links of a rich text lead."""
    return _LINK.findall(text)


def order_of(block: Mapping) -> dict[str, list[str]]:
    """Return the ids of the parts of each list in a raw block, in their order."""
    lists = (block.get("value") or {}).items() if isinstance(block.get("value"), Mapping) else ()
    return {name: [part["id"] for part in value] for name, value in lists if is_list(value)}


def is_list(value: object) -> bool:
    """Tell whether a value is a list of parts, each under its id."""
    return isinstance(value, list) and all(isinstance(part, Mapping) and "id" in part for part in value)


def _leaves(value: object, at: Leaf) -> Iterator[tuple[Leaf, object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, at._replace(name=name))
    elif isinstance(value, list) and is_list(value):
        for part in value:
            yield from _leaves(part.get("value"), at._replace(parts=(*at.parts, part["id"])))
    else:
        yield at, value
