"""V13, V14: conditions use defined facts and fitting tests; gates are complete by enumeration, unknown included."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from referral import logic
from referral.pathways import Pathway
from referral.proofs.findings import WARNING, Finding

MOST_COMBINATIONS = 4096
FITTING = {
    "bool": {"eq", "ne", "is_known"},
    "int": {"eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "is_known"},
    "choice": {"eq", "ne", "in", "not_in", "is_known"},
    "multi": {"contains", "is_known"},
    "datetime": {"is_known"},
}


def fitting(pathway: Pathway) -> list[Finding]:
    """V13: only defined facts; the test fits the type; numbers are cut points, values are choices."""
    found = []
    for key, ways in pathway.ways.items():
        for way in ways:
            found += [
                Finding("V13", sentence, step=key, where="ways", names=names)
                for sentence, names in _misfits(pathway, way.get("when"))
            ]
    for key, step in pathway.steps.items():
        for window in step.get("windows", ()):
            found += [
                Finding("V13", sentence, step=key, where="windows", names=names)
                for sentence, names in _misfits(pathway, window.get("when"))
            ]
    return found


def tests_in(condition) -> Iterator[Mapping[str, Any]]:
    """Yield every test of a condition."""
    if condition is None:
        return
    if "fact" in condition:
        yield condition
        return
    for part in condition.get("all") or condition.get("any") or [condition["not"]]:
        yield from tests_in(part)


def _misfits(pathway: Pathway, condition) -> Iterator[tuple[str, dict]]:
    for test in tests_in(condition):
        fact = pathway.facts.get(test["fact"])
        names = {"fact": test["fact"]}
        if fact is None:
            yield "unknown_fact", names
        elif fact.get("sensitivity", "plain") != "plain":
            yield "sealed_fact", names
        elif test["op"] not in FITTING[fact["type"]]:
            yield "test_does_not_fit", names
        elif test["op"] != "is_known":
            values = test["value"] if test["op"] in {"in", "not_in"} else [test["value"]]
            allowed = _allowed(fact)
            yield from (
                ("value_not_listed", names | {"value": value})
                for value in values
                if value not in allowed or isinstance(value, bool) != (fact["type"] == "bool")
            )


def _allowed(fact: Mapping[str, Any]) -> list:
    if fact["type"] == "bool":
        return [True, False]
    return fact.get("cut_points", []) if fact["type"] == "int" else fact.get("choices", [])


def domain(fact: Mapping[str, Any]) -> list:
    """Return the values of a fact that conditions can tell apart, "asked and not known" (None) last.

    Whole numbers are tried just below, at and just above each cut: else faults in "at most" stay unseen.
    """
    kind = fact["type"]
    if kind == "bool":
        return [True, False, None]
    if kind == "int":
        return [*sorted({cut + step for cut in fact.get("cut_points", ()) for step in (-1, 0, 1)}), None]
    if kind == "choice":
        return [*fact.get("choices", ()), None]
    if kind == "multi":
        return [[], *([choice] for choice in fact.get("choices", ())), list(fact.get("choices", ())), None]
    return ["known", None]


def combinations(pathway: Pathway, keys: list[str], fixed: Mapping[str, list] | None = None) -> list[dict] | None:
    """Return every combination of the facts' values, or None where there are too many."""
    domains = [(fixed or {}).get(key) or domain(pathway.facts[key]) for key in keys]
    size = 1
    for values in domains:
        size *= len(values)
    if size > MOST_COMBINATIONS:
        return None
    return [dict(zip(keys, values, strict=True)) for values in itertools.product(*domains)]


def facts_of(ways: list[dict]) -> list[str]:
    """Return the facts that some ways look at."""
    return list(dict.fromkeys(key for way in ways for key in logic.facts_in(way.get("when"))))


def takes(way: dict, facts: Mapping[str, Any]) -> bool:
    """Tell whether a way is taken when everything was asked."""
    holds = logic.truth(way.get("when"), facts)
    return holds is True or (holds is None and way.get("on_unknown", False))


def complete(pathway: Pathway) -> list[Finding]:
    """V14: for every combination some way is taken; ways that overlap warn; a split has one way without condition."""
    found = []
    for key, step in pathway.steps.items():
        if step["kind"] == "fork_any":
            if all(way.get("when") is not None for way in pathway.ways[key]):
                found.append(Finding("V14", "split_without_sure_way", step=key, where="ways"))
        elif step["kind"] not in {"end", "fork_all"}:
            for outcome in sorted({way.get("outcome", "") for way in pathway.ways[key]}):
                ways = [way for way in pathway.ways[key] if way.get("outcome", "") in ("", outcome)]
                found += _gate(pathway, key, ways)
    return found


def _gate(pathway: Pathway, key: str, ways: list[dict]) -> list[Finding]:
    keys = [fact for fact in facts_of(ways) if fact in pathway.facts]
    if len(keys) != len(facts_of(ways)) or not ways:
        return []
    tried = combinations(pathway, keys)
    if tried is None:
        return [Finding("V14", "too_many", step=key, where="ways")]
    holes = [facts for facts in tried if not any(takes(way, facts) for way in ways)]
    found = [Finding("V14", "hole", step=key, where="ways", names={"facts": holes[0]})] if holes else []
    conditional = [way for way in ways if way.get("when") is not None]
    doubled = [facts for facts in tried if sum(logic.truth(way["when"], facts) is True for way in conditional) > 1]
    if doubled:
        found.append(Finding("V14", "overlap", step=key, where="ways", level=WARNING, names={"facts": doubled[0]}))
    return found
