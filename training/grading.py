"""Grading: an item's key and a response give points with reasons. Pure: no rows, no clock, no web.

Points are whole thousandths. An unanswered item has 0 points and says so; no total is ever negative.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from training.written import MAX_TEXT, as_compared, as_seen, decimal, is_number, number, plainest

FULL = 1000
PARTS = {
    "single": "options",
    "multiple": "options",
    "match": "pairs",
    "order": "steps",
}  # under which name each has them
CHOSEN = frozenset({"single", "multiple"})  # each part by itself is right or wrong
TYPED = frozenset({"number", "short"})  # no parts: one feedback for who is right, one for who is not
PRACTICE_ONLY = frozenset({"short"})  # no test asks it
KINDS = (*PARTS, "number", "short")  # every kind of question; all other lists of them are held to this one by a test
SIZE = 12  # powers of ten that the right number of a question may have


@dataclass(frozen=True)
class Item:
    """A question's key without its words.

    `options` are all option, pair or step ids in the source's order; `right` the right ones (single, multiple);
    `groups` gives each left side of a match the id that stands for its right side; `answer` is the number, or what is
    accepted as short text, one a line. `version` names the words that stand beside it, in editions and papers.
    """

    id: str
    kind: str
    options: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    tolerance: str = "0"
    version: str = field(default="", compare=False)


@dataclass(frozen=True)
class Mark:
    """What a response is worth: points of 1000, whether it is wholly right, and one code per part."""

    points: int
    right: bool
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PassRule:
    """What passing asks: so many items wholly right, and every critical one."""

    minimum: int
    critical: tuple[str, ...] = ()


UNANSWERED = Mark(0, False, (("", "unanswered"),))


def is_empty(response) -> bool:
    """Tell whether a response says nothing."""
    return response is None or response in ("", [], {})


def is_whole(item: Item, response) -> bool:
    """Tell whether a response leaves no part of its item open; of pairs each left side needs its right one.

    What is no number answers no question that asks for one.
    """
    if is_empty(response) or item.kind == "number" and not is_number(response):
        return False
    return item.kind != "match" or {left for left, right in response if right} >= set(item.options)


def fits(item: Item, response) -> bool:
    """Tell whether a response has the shape its item asks for; an empty one fits."""
    if is_empty(response):
        return True
    return _FITS[item.kind](item, response)


def _fits_single(item: Item, response) -> bool:
    return isinstance(response, str) and response in item.options


def _fits_multiple(item: Item, response) -> bool:
    return _are_texts(response) and len(set(response)) == len(response) and set(response) <= set(item.options)


def _fits_order(item: Item, response) -> bool:
    return _are_texts(response) and sorted(response) == sorted(item.options)


def _fits_match(item: Item, response) -> bool:
    if not isinstance(response, list) or not all(_are_texts(pair) and len(pair) == 2 for pair in response):
        return False
    lefts = [left for left, _right in response]
    groups = {group for _left, group in item.groups}
    return (
        len(set(lefts)) == len(lefts)
        and set(lefts) <= set(item.options)
        and all(right in groups or right == "" for _left, right in response)
    )


def _fits_typed(item: Item, response) -> bool:
    return isinstance(response, str) and len(response) <= MAX_TEXT


def _are_texts(response) -> bool:
    return isinstance(response, list) and all(isinstance(part, str) for part in response)


def grade(item: Item, response) -> Mark:
    """Return what a fitting response is worth, with one reason per part."""
    if is_empty(response):
        return UNANSWERED
    return _GRADE[item.kind](item, response)


def _grade_single(item: Item, response: str) -> Mark:
    right = response in item.right
    return Mark(FULL if right else 0, right, ((response, "right" if right else "wrong"),))


def _grade_multiple(item: Item, response: list[str]) -> Mark:
    chosen, key = set(response), set(item.right)
    reasons = tuple(
        (option, _multiple_reason(option in chosen, option in key))
        for option in item.options
        if option in chosen or option in key
    )
    points = FULL * max(0, len(chosen & key) - len(chosen - key)) // len(key)
    return Mark(points, chosen == key, reasons)


def _multiple_reason(chosen: bool, right: bool) -> str:
    if chosen:
        return "right" if right else "wrong"
    return "missed"


def _grade_order(item: Item, response: list[str]) -> Mark:
    places = tuple(
        (given, "right" if given == wanted else "wrong") for given, wanted in zip(response, item.options, strict=True)
    )
    return _by_parts(places, len(item.options))


def _grade_match(item: Item, response: list[list[str]]) -> Mark:
    given = dict(tuple(pair) for pair in response)
    parts = tuple(
        (left, "right" if given.get(left) == group else "wrong" if given.get(left) else "missed")
        for left, group in item.groups
    )
    return _by_parts(parts, len(item.groups))


def _by_parts(parts: tuple[tuple[str, str], ...], count: int) -> Mark:
    right = sum(1 for _part, reason in parts if reason == "right")
    return Mark(FULL * right // count, right == count, parts)


def _grade_number(item: Item, response: str) -> Mark:
    value, answer, tolerance = number(response), decimal(item.answer), decimal(item.tolerance)
    if value is None:
        return Mark(0, False, (("", "not_a_number"),))
    right = answer is not None and tolerance is not None and abs(value - answer) <= tolerance
    return Mark(FULL if right else 0, right, (("", "right" if right else "wrong"),))


def _grade_short(item: Item, response: str) -> Mark:
    right = bool(as_compared(response)) and as_compared(response) in map(as_compared, item.answer.splitlines())
    return Mark(FULL if right else 0, right, (("", "right" if right else "wrong"),))


def doubled(texts: Iterable[str]) -> str:
    """Return the first text that stands among some twice, as far as a reader can tell them apart; "" where none does."""
    seen: set[str] = set()
    for text in texts:
        if (compared := as_seen(text)) in seen:
            return text.strip()
        seen |= {compared} - {""}
    return ""


def told_apart_by(kind: str) -> str:
    """Return by which of its texts each part of a question is told from the others."""
    return "left" if kind == "match" else "text"


_FITS = {
    "single": _fits_single,
    "multiple": _fits_multiple,
    "order": _fits_order,
    "match": _fits_match,
    "number": _fits_typed,
    "short": _fits_typed,
}
_GRADE = {
    "single": _grade_single,
    "multiple": _grade_multiple,
    "order": _grade_order,
    "match": _grade_match,
    "number": _grade_number,
    "short": _grade_short,
}


def passes(points: dict[str, int], rule: PassRule) -> bool:
    """Tell whether enough items, and every critical one, are wholly right."""
    right = {item for item, value in points.items() if value == FULL}
    return len(right) >= rule.minimum and set(rule.critical) <= right


def shuffled(seed: str, item: str, options: list[str] | tuple[str, ...]) -> list[str]:
    """Return option ids in the order of a seed: the same on phone, server and paper."""
    return sorted(options, key=lambda option: hashlib.sha256(f"{seed}|{item}|{option}".encode()).hexdigest())


def as_key(item: Item) -> Item:
    """Return an item as its key is compared: what is accepted as short text counts in any order, case and spacing.

    A number counts in whatever way it is written: 3, 3.0 and 3.00 are one.
    """
    if item.kind == "number":
        return replace(item, answer=plainest(item.answer), tolerance=plainest(item.tolerance))
    if item.kind != "short":
        return item
    return replace(item, answer="\n".join(sorted({as_compared(line) for line in item.answer.splitlines()} - {""})))


def right_in(item: Item) -> list:
    """Return what is right in an item, in one form: the same as long as the same answers are, however they are listed."""
    right = list(item.right) if item.kind == "order" else sorted(item.right)
    groups = sorted([left, group] for left, group in item.groups)
    key = as_key(item)
    return [item.kind, right, groups, key.answer, key.tolerance]


def parts_of(block: dict) -> list[dict]:
    """Return the options, pairs or steps of a raw block; none of one that is typed, and of what is no question."""
    return block["value"].get(PARTS[block["type"]]) or [] if block["type"] in PARTS else []


def as_written(block: dict) -> dict:
    """Return a raw block with its number, if it has one, in its plainest writing, whoever wrote it and in which type."""
    if block["type"] != "number":
        return block
    told = {name: plainest(block["value"][name]) for name in ("answer", "tolerance") if name in block["value"]}
    return block | {"value": block["value"] | told}


def item_of_block(block: dict) -> Item:
    """Read an item's key from a raw block of a lesson or of the bank: its id, and the ids of its parts."""
    value, kind = block["value"], block["type"]
    parts = parts_of(block)
    ids = tuple(part["id"] for part in parts)
    if kind == "number":
        return Item(block["id"], kind, answer=str(value["answer"]), tolerance=str(value["tolerance"]))
    if kind == "short":
        return Item(block["id"], kind, answer=value["answers"])
    if kind == "match":
        first: dict[str, str] = {}
        groups = tuple((part["id"], first.setdefault(part["value"]["right"], part["id"])) for part in parts)
        return Item(block["id"], kind, ids, groups=groups)
    right = tuple(part["id"] for part in parts if part["value"].get("right"))
    return Item(block["id"], kind, ids, right=ids if kind == "order" else right)
