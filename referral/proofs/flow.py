"""V15, V16, V23, V25: what must come before what; tokens stay between their split and its join."""

from collections.abc import Mapping

from referral.pathways import FORKS, Pathway
from referral.proofs.conditions import combinations, facts_of, takes
from referral.proofs.findings import Finding
from referral.proofs.structure import reached

ADULT_FROM = 18
DEEPEST = 8


def paired(pathway: Pathway) -> list[Finding]:
    """V15: each split has its own join; tokens walk from the one to the other and nowhere else."""
    joins = [step["key"] for step in pathway.steps.values() if step["kind"] == "join"]
    named: dict[str, list[str]] = {key: [] for key in joins}
    found = []
    for key, step in pathway.steps.items():
        if step["kind"] in FORKS:
            if step.get("join") in named:
                named[step["join"]].append(key)
            else:
                found.append(Finding("V15", "split_without_join", step=key, where="join"))
    found += [Finding("V15", "join_not_paired", step=key) for key, forks in named.items() if len(forks) != 1]
    return found or _strays(pathway)


def _strays(pathway: Pathway) -> list[Finding]:
    """Walk with the stack of open splits; report what leaves its pair."""
    seen = {(pathway.start, ())}
    waiting = list(seen)
    found: dict[tuple[str, str], Finding] = {}
    while waiting:
        key, stack = waiting.pop()
        step = pathway.steps[key]
        if step["kind"] in FORKS:
            stack = (*stack, step["join"])
        for way in pathway.ways[key]:
            target, inner = way["to"], stack
            kind = pathway.kind(target)
            if kind == "join":
                if not stack or stack[-1] != target:
                    found["cross", target] = Finding(
                        "V15", "crossed_join", step=key, where="ways", names={"join": target}
                    )
                    continue
                inner = stack[:-1]
            elif kind == "end" and stack:
                found["leave", key] = Finding("V15", "branch_leaves", step=key, where="ways")
                continue
            if len(inner) > DEEPEST:
                found["deep", key] = Finding("V15", "split_in_loop", step=key, where="ways")
            elif (target, inner) not in seen:
                seen.add((target, inner))
                waiting.append((target, inner))
    return list(found.values())


def consented(pathway: Pathway) -> list[Finding]:
    """V16: without a `given` way no referral is reached, unless its legal ground is written."""
    given = {key for key, step in pathway.steps.items() if step["kind"] == "consent"}
    seen, waiting = {pathway.start}, [pathway.start]
    while waiting:
        key = waiting.pop()
        for way in pathway.ways[key]:
            is_yes = key in given and way.get("outcome") in ("given", None)
            if not is_yes and way["to"] not in seen:
                seen.add(way["to"])
                waiting.append(way["to"])
    return [
        Finding("V16", "referral_without_consent", step=key, where="without_consent_basis")
        for key in pathway.steps
        if key in seen and needs_consent(pathway, key)
    ]


def needs_consent(pathway: Pathway, key: str) -> bool:
    """Tell whether a step shares data and has no written legal ground."""
    step = pathway.steps[key]
    return step["kind"] in {"referral", "handover"} and not step.get("without_consent_basis")


def children_first(pathway: Pathway, forms: Mapping[str, frozenset[str]]) -> list[Finding]:
    """V23: for a child, or where the age is not known, best interests and guardian come before what needs consent."""
    cuts = pathway.facts.get("age", {}).get("cut_points", [])
    ages = [cut + step for cut in cuts for step in (-1, 0, 1) if cut + step < ADULT_FROM]
    seen, waiting = {pathway.start}, [pathway.start]
    while waiting:
        key = waiting.pop()
        if pathway.steps[key].get("form") == "bia":
            continue
        for target in _ways_of_a_child(pathway, key, [*ages, None]):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return [Finding("V23", "child_without_guardian", step=key) for key in pathway.steps
            if key in seen and needs_consent(pathway, key)]  # fmt: skip


def _ways_of_a_child(pathway: Pathway, key: str, ages: list) -> set[str]:
    ways = pathway.ways[key]
    keys = [fact for fact in facts_of(ways) if fact in pathway.facts]
    tried = combinations(pathway, keys, {"age": ages})
    if pathway.kind(key) in FORKS or tried is None or len(keys) != len(facts_of(ways)):
        return {way["to"] for way in ways}
    found = set()
    for outcome in {way.get("outcome") for way in ways}:
        matching = [way for way in ways if way.get("outcome") in (None, outcome)]
        found |= {next((way["to"] for way in matching if takes(way, facts)), "") for facts in tried}
    return found - {""}


def informed(pathway: Pathway, forms: Mapping[str, frozenset[str]]) -> list[Finding]:
    """V25: on every way to a question or split, forms have asked for the facts it uses."""
    found = []
    for key in pathway.steps:
        for fact in facts_of(pathway.ways[key]):
            asking = [name for name, step in pathway.steps.items() if fact in forms.get(step.get("form", ""), ())]
            if key not in asking and key in reached(pathway, [pathway.start], without=asking):
                found.append(Finding("V25", "never_asked", step=key, where="form", names={"fact": fact}))
    return found
