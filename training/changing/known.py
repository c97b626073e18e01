"""Which block is which where one was put in anew: pasted, or duplicated and the first one deleted, it bears other ids. Pure.

A block is the one of its id. One whose id was nowhere is the one that is gone and says the same; else, of questions, the
one that asks the same in the same way; else one that says nearly the same; of several the most alike. So are answers,
steps, pairs and choices told by their own words, whatever else holds of them.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from training import grading, rewording
from training.changing.words import content, is_list, texts_of
from training.rephrasing import Extent, extent, words_of

Pairs = list[tuple[dict, dict]]
Twin = Callable[[dict, dict], bool]
_ALIKE = {Extent.NONE, Extent.REPAIR, Extent.REPHRASED}


def as_known(before: Sequence[dict], after: Sequence[dict]) -> list[dict]:
    """Return the blocks of a draft, those that were put in anew, and parts of theirs, under the ids of what they replace."""
    tests = (_says_the_same, is_same_question, _says_nearly_the_same)
    return [_as(old, new) if old else new for old, new in _beside(before, after, tests)]


def questions_anew(gone: Iterable[dict], come: Iterable[dict]) -> Pairs:
    """Return which questions that are gone were put in anew as which ones that came: in the same words."""
    return _twins(list(gone), list(come), (_says_the_same, is_same_question))


def is_same_question(old: dict, new: dict) -> bool:
    """Tell whether two raw blocks ask the same in the same way, whatever is right by them."""
    is_asked = old["type"] == new["type"] and new["type"] in grading.KINDS
    return is_asked and _is_same_text(old["value"]["question"], new["value"]["question"])


def _beside(before: Sequence[dict], after: Sequence[dict], tests: Sequence[Twin]) -> list[tuple[dict | None, dict]]:
    """Return each block or part of a draft with what it was; None where it is new."""
    had, gets = ({_name(one): one for one in some} for some in (before, after))
    gone = [one for name, one in had.items() if name not in gets]
    come = [one for name, one in gets.items() if name not in had]
    found = {_name(new): old for old, new in _twins(gone, come, tests)}
    return [(had.get(name) or found.get(name), new) for new in after for name in [_name(new)]]


def _name(block: dict) -> tuple:
    return block.get("id"), block.get("type")


def _twins(gone: list[dict], come: list[dict], tests: Sequence[Twin]) -> Pairs:
    """Return which of those that came is which that is gone, by the first test that tells; the most alike first."""
    found = []
    for is_twin in tests:
        pairs = [both for both in product(gone, come) if is_twin(*both)]
        for old, new in sorted(pairs, key=lambda both: -_likeness(*both)) if len(pairs) > 1 else pairs:
            if any(one is old for one in gone) and any(one is new for one in come):
                found.append((old, new))
                gone, come = [one for one in gone if one is not old], [one for one in come if one is not new]
    return found


def _likeness(old: dict, new: dict) -> float:
    """Return how much of the words of two blocks or parts is the same."""
    one, other = (words_of(" ".join(texts_of(block)).casefold()) for block in (old, new))
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def _says_the_same(old: dict, new: dict) -> bool:
    return content(old) == content(new)


def _says_nearly_the_same(old: dict, new: dict) -> bool:
    words = texts_of(old)
    return old["type"] == new["type"] and bool(words) and extent(words, texts_of(new)) in _ALIKE


def _is_same_part(old: dict, new: dict) -> bool:
    """Tell whether two parts are the same answer, step, pair or choice, by the words that tell it from the others."""
    one, other = (part["value"] if isinstance(part["value"], Mapping) else {} for part in (old, new))
    return any(name in one and name in other and _is_same_text(one[name], other[name]) for name in ("left", "text"))


def _is_same_text(old: str, new: str) -> bool:
    return rewording.bare(old) == rewording.bare(new) or rewording.is_repaired(old, new)


def _as(old: dict, new: dict) -> dict:
    """Return a block or part under the id of what it was, and its parts likewise."""
    told = new | {"id": old["id"]} if "id" in old else new
    values = old.get("value"), new.get("value")
    if not all(isinstance(value, Mapping) for value in values):
        return told
    was, gets = values
    lists = {name: _parts(was.get(name), value) for name, value in gets.items() if is_list(value) and value}
    return told | {"value": {**gets, **lists}} if lists else told


def _parts(was: object, gets: list[dict]) -> list[dict]:
    tests = (_says_the_same, _is_same_part)
    return [_as(old, new) if old else new for old, new in _beside(was if is_list(was) else (), gets, tests)]
