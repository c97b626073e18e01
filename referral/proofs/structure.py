"""V01 to V05, V12, V20, V22: the shape of the graph."""

from collections import Counter
from collections.abc import Iterable

from referral.pathways import FORKS, HUMAN, Pathway
from referral.proofs.findings import Finding

OUTCOMES = {"referral": ("accepted", "declined", "no_answer"), "consent": ("given", "refused", "withdrawn")}


def joined(pathway: Pathway) -> list[Finding]:
    """V01 to V03: one start, an end, ways between known steps, keys once."""
    kinds = Counter(step["kind"] for step in pathway.body["steps"])
    keys = Counter(step["key"] for step in pathway.body["steps"])
    found = []
    if kinds["start"] != 1:
        found.append(Finding("V01", "starts", names={"count": kinds["start"]}))
    if not kinds["end"]:
        found.append(Finding("V02", "no_end"))
    found += [Finding("V03", "step_twice", step=key) for key, count in keys.items() if count > 1]
    for way in pathway.body["transitions"]:
        for side in ("from", "to"):
            if way[side] not in pathway.steps:
                found.append(Finding("V03", "unknown_step", names={"key": way[side]}))
    return found


def reached(pathway: Pathway, sources: Iterable[str], without: Iterable[str] = (), is_back: bool = False) -> set[str]:
    """Return the steps that can be reached from some steps (or from which they can be), leaving some steps out."""
    shut = set(without)
    edges = pathway.ways_in if is_back else pathway.ways
    side = "from" if is_back else "to"
    seen = {key for key in sources if key not in shut}
    waiting = list(seen)
    while waiting:
        for way in edges[waiting.pop()]:
            if way[side] not in seen and way[side] not in shut:
                seen.add(way[side])
                waiting.append(way[side])
    return seen


def shaped(pathway: Pathway) -> list[Finding]:
    """V04, V05: every step is reached from the start and leads to an end."""
    ends = [key for key, step in pathway.steps.items() if step["kind"] == "end"]
    forward = reached(pathway, [pathway.start])
    backward = reached(pathway, ends, is_back=True)
    lost = [Finding("V04", "not_reached", step=key) for key in pathway.steps if key not in forward]
    stuck = [Finding("V05", "no_way_to_end", step=key) for key in pathway.steps if key not in backward]
    return lost + stuck


def unambiguous(pathway: Pathway) -> list[Finding]:
    """V12: not two unconditional ways for one outcome."""
    found = []
    for key, ways in pathway.ways.items():
        if pathway.kind(key) in FORKS:
            continue
        plain = Counter(way.get("outcome", "") for way in ways if way.get("when") is None)
        found += [
            Finding("V12", "two_ways", step=key, where="ways", names={"outcome": outcome})
            for outcome, count in plain.items()
            if count > 1
        ]
    return found


def answered(pathway: Pathway) -> list[Finding]:
    """V11, V20: a referral, a consent and a decision have a way for each outcome."""
    found = []
    for key, step in pathway.steps.items():
        has = {way.get("outcome") for way in pathway.ways[key]}
        wanted = OUTCOMES.get(step["kind"], tuple(step.get("outcomes", ())))
        rule = "V11" if step["kind"] == "referral" else "V20"
        if None not in has:
            found += [
                Finding(rule, "outcome_missing", step=key, where="ways", names={"outcome": outcome})
                for outcome in wanted
                if outcome not in has
            ]
        if step["kind"] == "decision" and None not in has and len(has) < 2:
            found.append(Finding("V20", "decision_undecided", step=key, where="ways"))
        if step["kind"] in OUTCOMES:
            found += [
                Finding(rule, "outcome_unknown", step=key, where="ways", names={"outcome": outcome})
                for outcome in sorted(has - {None} - set(wanted))
            ]
    return found


def bounded(pathway: Pathway) -> list[Finding]:
    """V22: every loop has a limit (an exit it has by V05)."""
    limited = {key for key, step in pathway.steps.items() if step.get("max_visits")}
    found = []
    for key, step in pathway.steps.items():
        if key in limited or step["kind"] not in HUMAN | {"gate", "wait"}:
            continue
        after = {way["to"] for way in pathway.ways[key]}
        if key in reached(pathway, after, without=limited):
            found.append(Finding("V22", "loop_without_limit", step=key, where="max_visits"))
    return found
