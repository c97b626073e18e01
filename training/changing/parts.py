"""Which blocks of a thing come, go, change places or hold something else, and what kind of change each of that is. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training import grading
from training.changing.words import Leaf, is_words, leaves, links, order_of, plain
from training.rephrasing import Extent, extent

WORDING, MINOR, MATERIAL = "wording", "minor", "material"
NODES, LINES = ("scene", "end"), ("do", "dont", "word")
_GONE = {"who": "who_out", "note": "note_out", **dict.fromkeys(NODES, "scene_out"), **dict.fromkeys(LINES, "line_out")}
_GONE |= dict.fromkeys(grading.KINDS, "question_out")
_MOVED = dict.fromkeys(NODES, "scenes_moved") | dict.fromkeys(LINES, "lines_moved")
_HELD = dict.fromkeys(("image", "decorative", "clips", "document"), "media") | {
    "scenario": "story_shown",
    "slot": "moved",
}
_NAMED = {"heading": "heading", "heading_en": "heading", "aim_en": "aim"}

Pairs = list[tuple[dict, dict]]


@dataclass(frozen=True)
class Paired:
    """The blocks of a thing beside those of its draft, in the order of the draft; what has no other is gone, or new."""

    both: Pairs
    gone: list[dict]
    come: list[dict]


def paired(before: Sequence[dict], after: Sequence[dict]) -> Paired:
    """Return which block is which, by its id; what was put in anew has that of what it replaces (`known.py`)."""
    left = {(block.get("id"), block["type"]): block for block in before}
    found = [(left.pop((block.get("id"), block["type"]), None), block) for block in after]
    both = [(old, new) for old, new in found if old is not None]
    return Paired(both, list(left.values()), [new for old, new in found if old is None])


def reasons_of(before: Mapping, after: Mapping) -> dict[str, str]:
    """Return why the words and blocks of two forms of a thing differ: the code of each reason, and the kind it makes."""
    found = paired(before.get("body", ()), after.get("body", ()))
    told = {_GONE.get(block["type"], "screen_out"): MATERIAL for block in found.gone}
    told |= {"who_in" if block["type"] == "who" else "new": MATERIAL for block in found.come}
    told |= dict.fromkeys(_moved(before.get("body", ()), found.both), MINOR)
    is_shorter = any(_loses_parts(old, new) for old, new in found.both)
    told |= {"part_out": MATERIAL} if is_shorter else {}
    told |= _of_words(before, after, found.both, is_shorter)
    told |= dict.fromkeys(_of_facts(found.both), MINOR)
    return told or {"other": MINOR}


def _moved(before: Sequence[dict], pairs: Pairs) -> Iterator[str]:
    """Yield what changes places: screens, scenes, or parts of one of them."""
    places = [before.index(old) for old, _new in pairs]
    if places != sorted(places):
        yield _MOVED.get(pairs[0][1]["type"], "moved")
    for old, new in pairs:
        was, gets = order_of(old), order_of(new)
        for name in was.keys() & gets.keys():
            here = [part for part in was[name] if part in gets[name]]
            if here != [part for part in gets[name] if part in was[name]]:
                yield _HELD.get(name, "parts_moved")


def _loses_parts(old: dict, new: dict) -> bool:
    """Tell whether a block has fewer answers or choices than it had."""
    was, gets = order_of(old), order_of(new)
    return any(len(gets[name]) < len(was[name]) for name in was.keys() & gets.keys() - _HELD.keys())


def _of_words(before: Mapping, after: Mapping, pairs: Pairs, is_shorter: bool) -> dict[str, str]:
    """Return what becomes of the words that stand in both, wherever they stand."""
    old, new = _words(before, [old for old, _new in pairs]), _words(after, [new for _old, new in pairs])
    shared = [leaf for leaf in new if leaf in old]
    had = {leaf: old[leaf] for leaf in shared} if is_shorter else old  # what went with its part is told as that
    moved = extent(_read(had, shared), _read(new, shared))
    if moved == Extent.ADDED:
        return {"new": MATERIAL}
    change = {Extent.RULE: MATERIAL, Extent.REPHRASED: MINOR}.get(moved, WORDING)
    codes = [_NAMED.get(leaf.name, "text") for leaf in shared if plain(old[leaf]) != plain(new[leaf])]
    codes = ["text"] if moved != Extent.NONE and not codes else codes
    return dict.fromkeys(codes, change) | dict(_of_markup((old[leaf], new[leaf]) for leaf in shared))


def _of_markup(texts) -> Iterator[tuple[str, str]]:
    """Yield what becomes of the links of texts, and of the layout where the words stay."""
    for old, new in texts:
        if links(old) != links(new):
            yield "link", MINOR
        elif old != new and plain(old) == plain(new):
            yield "layout", WORDING


def _words(thing: Mapping, blocks: list[dict]) -> dict[Leaf, str]:
    """Return the words above a thing and those of its blocks, each block under its place among those that stand in both."""
    told = {Leaf("", "", (), name): text for name, text in thing.get("text", {}).items()}
    for place, block in enumerate(blocks):
        told |= {leaf: value for leaf, value in leaves(block, str(place)).items() if is_words(leaf, value)}
    return told


def _read(texts: Mapping[Leaf, str], first: list[Leaf]) -> list[str]:
    """Return texts in an order that both forms share, those of one of them at the end."""
    return [texts[leaf] for leaf in [*first, *(leaf for leaf in texts if leaf not in set(first))]]


def _of_facts(pairs: Pairs) -> Iterator[str]:
    """Yield what changes in blocks beside their words."""
    for old, new in pairs:
        was, gets = leaves(old, ""), leaves(new, "")
        for leaf in dict.fromkeys([*was, *gets]):
            value = gets.get(leaf)
            if is_words(leaf, value) or is_words(leaf, was.get(leaf)) or was.get(leaf) == value:
                continue
            if leaf.name == "optional":
                yield "law_optional" if value else "law_needed"
            elif leaf.name in _HELD:
                yield _HELD[leaf.name]
            elif leaf in was and leaf in gets:
                yield "other"
