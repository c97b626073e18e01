"""Which kind of change an edit of a lesson, a question, a story or a course is. Pure.

Material: law, procedure, a right answer, the pass rule, something required, a sentence or block more or less, a number,
a word of duty or denial. Wording: a repair. Minor: the rest. A person decides; this proposes, with its reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from training import grading, rewording, scenarios
from training.changing.known import as_known
from training.changing.parts import MATERIAL, MINOR, NODES, WORDING, reasons_of

RANK = {"": 1, WORDING: 0, MINOR: 1, MATERIAL: 2}  # nothing said counts as minor


@dataclass(frozen=True)
class Proposal:
    """The kind of change that is proposed, "" for none, and why: codes of `training.choices.ChangeReason`."""

    change: str
    reasons: tuple[str, ...] = ()

    def is_above(self, chosen: str) -> bool:
        """Tell whether somebody chose less than what is proposed."""
        return RANK[chosen] < RANK[self.change] if self.change else False


def proposal(before: Mapping | None, after: Mapping) -> Proposal:
    """Return what an edit is, from what readers have and what they would get; `before` is None for something new.

    Each mapping holds what its thing has of `text` (words of headings and the like, by field), `body` (raw blocks), `required`,
    `tracks`, `rule` (whatever passing hangs on), `story` (what each choice and each end of a story counts as), `facts`
    (whatever else is asked of people, or of whom: minutes, tries, months, countries).
    """
    if before is None:
        return Proposal(MATERIAL, ("new_required",)) if after.get("required") else Proposal(MINOR, ("new",))
    if before == after:
        return Proposal("")
    known = {**after, "body": as_known(before.get("body", ()), after["body"])} if "body" in after else after
    reasons = tuple(code for code, is_so in _CHECKS.items() if is_so(before, known))
    if reasons:
        return Proposal(MATERIAL, reasons)
    if before.get("facts") != known.get("facts"):
        return _of_the_facts(before, known)
    return _of_the_text(before, known) if before != known else Proposal(WORDING, ("anew",))


def _of_the_facts(before: Mapping, after: Mapping) -> Proposal:
    """Return what an edit of facts is: minor, and more where the words that change beside them are."""
    if all(before.get(name) == after.get(name) for name in ("text", "body")):
        return Proposal(MINOR, ("facts",))
    words = _of_the_text(before, after)
    return Proposal(MATERIAL if words.change == MATERIAL else MINOR, (*words.reasons, "facts"))


def _of_the_text(before: Mapping, after: Mapping) -> Proposal:
    """Return what an edit of words and blocks is: the most that one of its reasons makes it, with all that make it so."""
    told = reasons_of(before, after)
    most = max(told.values(), key=RANK.get)
    return Proposal(most, tuple(code for code, change in told.items() if change == most))


def _is_answer_new(before: Mapping, after: Mapping) -> bool:
    old, new = _questions(before), _questions(after)
    return any(rewording.is_other(old[one], new[one]) for one in old.keys() & new.keys())


def _questions(thing: Mapping) -> dict[str, dict]:
    return {block["id"]: block for block in thing.get("body", ()) if block["type"] in grading.KINDS}


def _is_law_new(before: Mapping, after: Mapping) -> bool:
    return _slots(before) != _slots(after)


def _slots(thing: Mapping) -> set[str]:
    return {block["value"]["slot"] for block in thing.get("body", ()) if block["type"] == "law"}


def _is_story_judged_anew(before: Mapping, after: Mapping) -> bool:
    old, new = before.get("story", {}), after.get("story", {})
    return _is_any_other(old, new) or _is_any_other(_ways(before), _ways(after))


def _is_any_other(old: Mapping, new: Mapping) -> bool:
    return any(new[key] != old[key] for key in old.keys() & new.keys())


def _ways(thing: Mapping) -> dict[str, list]:
    """Return what is judged in a story by the ids of its ends and choices, which may get other keys."""
    nodes = [block for block in thing.get("body", ()) if block["type"] in NODES]
    names = {node["value"]["key"]: node["id"] for node in nodes}
    found = {node["id"]: [node["value"]["outcome"]] for node in nodes if node["type"] == "end"}
    for part in (one for node in nodes for one in node["value"].get("choices", ())):
        value = part["value"]
        found[part["id"]] = [names.get(value["to"], value["to"]), *(value[name] for name in scenarios.DIMENSIONS)]
    return found


def _is_rule_new(before: Mapping, after: Mapping) -> bool:
    return before.get("rule") != after.get("rule")


def _is_required_now(before: Mapping, after: Mapping) -> bool:
    if not after.get("required"):
        return False
    return not before.get("required") or _is_wider(before.get("tracks") or (), after.get("tracks") or ())


def _is_wider(before, after) -> bool:
    """Tell whether something is asked of readers of whom it was not; no track stands for all of them."""
    return bool(before) and (not after or not set(after) <= set(before))


_CHECKS = {"answer": _is_answer_new, "law": _is_law_new, "story": _is_story_judged_anew,
           "rule": _is_rule_new, "required": _is_required_now}  # fmt: skip
