"""Which ways lead out of a step with what is known: tried in file order, true, false, unknown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referral import logic
from referral.pathways.compiled import Pathway
from referral.pathways.states import Reason


@dataclass(frozen=True)
class Choice:
    """The ways that are taken, or the facts to ask for first, and why."""

    ways: tuple[dict, ...] = ()
    asks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Return the steps that the ways lead to."""
        return tuple(way["to"] for way in self.ways)


def choice_of(pathway: Pathway, facts: Mapping[str, Any], key: str, outcome: str = "") -> Choice:
    """Return the ways out of a step for an outcome, or what must be asked first."""
    ways = [way for way in pathway.ways[key] if way.get("outcome") in (None, outcome)]
    kind = pathway.kind(key)
    if kind == "fork_all":
        return Choice(tuple(ways), reasons=tuple(Reason("always", way["to"]) for way in ways))
    return _all_that_apply(ways, facts) if kind == "fork_any" else _first_that_applies(ways, facts)


def _first_that_applies(ways: list[dict], facts: Mapping[str, Any]) -> Choice:
    reasons = []
    for way in ways:
        code, asks = _weigh(way, facts)
        reasons.append(Reason(code, way["to"], tuple(asks or logic.facts_in(way.get("when")))))
        if asks:
            return Choice(asks=asks, reasons=tuple(reasons))
        if code in {"always", "true", "unknown_taken"}:
            return Choice((way,), reasons=tuple(reasons))
    return Choice(reasons=(*reasons, Reason("no_way")))


def _all_that_apply(ways: list[dict], facts: Mapping[str, Any]) -> Choice:
    weighed = [(way, *_weigh(way, facts)) for way in ways]
    reasons = tuple(
        Reason(code, way["to"], tuple(asks or logic.facts_in(way.get("when")))) for way, code, asks in weighed
    )
    asks = tuple(dict.fromkeys(key for _, _, keys in weighed for key in keys))
    if asks:
        return Choice(asks=asks, reasons=reasons)
    taken = tuple(way for way, code, _ in weighed if code in {"always", "true", "unknown_taken"})
    return Choice(taken, reasons=reasons if taken else (*reasons, Reason("no_way")))


def _weigh(way: dict, facts: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return a way's code (always, true, false, asks, unknown_taken, unknown) and the facts to ask for."""
    when = way.get("when")
    if when is None:
        return "always", ()
    known = logic.truth(when, facts, facts.keys())
    if known is not None:
        return ("true" if known else "false"), ()
    asks = tuple(logic.missing(when, facts, facts.keys()))
    if asks:
        return "asks", asks
    return ("unknown_taken" if way.get("on_unknown") else "unknown"), ()
