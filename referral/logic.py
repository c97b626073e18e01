"""Three-valued conditions (Kleene): true, false, or unknown, with the facts that can still change the answer. Pure.

A condition is {"all": [..]}, {"any": [..]}, {"not": ..} or {"fact", "op", "value"}; see docs/algorithms/pathway-engine.md.
True and False are Python's; unknown is None. A fact whose value is None, or that is missing, is not known.
"""

from collections.abc import Mapping, Set
from typing import Any

Condition = Mapping[str, Any]
Truth = bool | None

MAX_DEPTH = 3
OPERATORS = frozenset({"eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "contains", "is_known"})


def every(parts: list[Truth]) -> Truth:
    """Return Kleene's "and": false if one is false, else unknown if one is unknown, else true."""
    if False in parts:
        return False
    return None if None in parts else True


def some(parts: list[Truth]) -> Truth:
    """Return Kleene's "or": true if one is true, else unknown if one is unknown, else false."""
    if True in parts:
        return True
    return None if None in parts else False


def negated(part: Truth) -> Truth:
    """Return Kleene's "not": unknown stays unknown."""
    return None if part is None else not part


def truth(condition: Condition | None, facts: Mapping[str, Any], asked: Set[str] | None = None) -> Truth:
    """Return whether a condition holds; no condition always holds.

    With `asked`, a fact that nobody asked for yet is open for `is_known` too; without it every fact counts as asked.
    """
    if condition is None:
        return True
    if "all" in condition:
        return every([truth(part, facts, asked) for part in condition["all"]])
    if "any" in condition:
        return some([truth(part, facts, asked) for part in condition["any"]])
    if "not" in condition:
        return negated(truth(condition["not"], facts, asked))
    return _test(condition, facts.get(condition["fact"]), asked)


def _test(condition: Condition, known: Any, asked: Set[str] | None) -> Truth:
    operator = condition["op"]
    if operator == "is_known":
        if known is None and asked is not None and condition["fact"] not in asked:
            return None
        return (known is not None) == condition.get("value", True)
    if known is None:
        return None
    return TESTS[operator](known, condition["value"])


TESTS = {
    "eq": lambda known, value: known == value,
    "ne": lambda known, value: known != value,
    "in": lambda known, value: known in value,
    "not_in": lambda known, value: known not in value,
    "lt": lambda known, value: known < value,
    "lte": lambda known, value: known <= value,
    "gt": lambda known, value: known > value,
    "gte": lambda known, value: known >= value,
    "contains": lambda known, value: value in known,
}


def facts_in(condition: Condition | None) -> list[str]:
    """Return the facts a condition names, in reading order, each once."""
    if condition is None:
        return []
    if "fact" in condition:
        return [condition["fact"]]
    inner = condition.get("all") or condition.get("any") or [condition["not"]]
    return list(dict.fromkeys(key for part in inner for key in facts_in(part)))


def missing(condition: Condition | None, facts: Mapping[str, Any], asked: Set[str]) -> list[str]:
    """Return the facts not asked yet that can still change the answer, in reading order.

    A part that is decided asks nothing; a fact that was asked and is not known is not asked again.
    """
    if truth(condition, facts, asked) is not None:
        return []
    if "fact" in condition:
        return [] if condition["fact"] in asked else [condition["fact"]]
    inner = condition.get("all") or condition.get("any") or [condition["not"]]
    return list(dict.fromkeys(key for part in inner for key in missing(part, facts, asked)))


def faults_in(condition: Any, path: str = "when", depth: int = 1) -> list[str]:
    """Return the paths of the parts that have no known shape, or lie deeper than three levels."""
    if not isinstance(condition, Mapping):
        return [path]
    for joiner in ("all", "any"):
        if joiner in condition:
            parts = condition[joiner]
            if set(condition) != {joiner} or not isinstance(parts, list) or not parts or depth > MAX_DEPTH:
                return [f"{path}.{joiner}"]
            return [
                fault
                for number, part in enumerate(parts)
                for fault in faults_in(part, f"{path}.{joiner}[{number}]", depth + 1)
            ]
    if "not" in condition:
        if set(condition) != {"not"} or depth > MAX_DEPTH:
            return [f"{path}.not"]
        return faults_in(condition["not"], f"{path}.not", depth + 1)
    return _test_faults(condition, path)


def _test_faults(condition: Mapping, path: str) -> list[str]:
    if not {"fact", "op"} <= set(condition) <= {"fact", "op", "value"}:
        return [path]
    if not isinstance(condition["fact"], str) or condition["op"] not in OPERATORS:
        return [f"{path}.op"]
    if condition["op"] != "is_known" and "value" not in condition:
        return [f"{path}.value"]
    if condition["op"] in {"in", "not_in"} and not isinstance(condition["value"], list):
        return [f"{path}.value"]
    return []
