"""Which ways lead out of a step with what is known: tried in file order, true, false, unknown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referral import logic
from referral.pathways.compiled import FORKS, HUMAN, Pathway
from referral.pathways.states import Reason

TAKEN = frozenset({"always", "true", "unknown_taken"})


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
        if code in TAKEN:
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
    taken = tuple(way for way, code, _ in weighed if code in TAKEN)
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


def ahead(pathway: Pathway, facts: Mapping[str, Any], key: str, outcome: str = "") -> dict[str, logic.Truth]:
    """Return the steps of people that lie behind a step for an outcome, with nothing but questions and splits between.

    True: with what is known the way there is taken, also where it is taken because nobody knows. False: another way is
    taken. Unknown: it hangs on a fact that nobody asked for, or that was asked and is not known.
    """
    found: dict[str, logic.Truth] = {}
    waiting: list[tuple[str, str, logic.Truth, tuple[str, ...]]] = [(key, outcome, True, (key,))]
    while waiting:
        step, end, so_far, trail = waiting.pop()
        for to, is_taken in _leads(pathway, facts, step, end):
            both, kind = logic.every([so_far, is_taken]), pathway.kind(to)
            if kind in HUMAN:
                found[to] = logic.some([found.get(to, False), both])
            elif (kind == "gate" or kind in FORKS) and to not in trail:
                waiting.append((to, "", both, (*trail, to)))
    return found


def _leads(pathway: Pathway, facts: Mapping[str, Any], key: str, outcome: str) -> list[tuple[str, logic.Truth]]:
    """Return where each way out of a step leads, and whether it is taken; but for a split the first that applies is."""
    ways = [way for way in pathway.ways[key] if way.get("outcome") in (None, outcome)]
    if pathway.kind(key) == "fork_all":
        return [(way["to"], True) for way in ways]
    leads, is_left = [], True
    for way in ways:
        code = _weigh(way, facts)[0]
        is_taken = True if code in TAKEN else False if code == "false" else None
        leads.append((way["to"], logic.every([is_left, is_taken])))
        if pathway.kind(key) != "fork_any" and code in {*TAKEN, "asks"}:
            is_left = False if code in TAKEN else logic.every([is_left, None])
    return leads
