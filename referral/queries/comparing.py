"""What changed between two compiled pathways, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from languages.text import listed
from referral import deadlines, pathways
from referral.choices import EscalationAction
from referral.queries import graphs, runs


@dataclass(frozen=True)
class Difference:
    """One change: of which step or part, what it was, what it is. Empty `before` means added, empty `after` removed."""

    about: str
    part: str
    before: str
    after: str


def differences(old: pathways.Pathway, new: pathways.Pathway, language: str) -> list[Difference]:
    """Return every change from one pathway to another, steps first, in the order of the new one."""
    found = []
    for key in [*new.steps, *(key for key in old.steps if key not in new.steps)]:
        found += _step(old, new, key, language)
    found += _rows(_("Role"), old.roles, new.roles, "name", language)
    found += _rows(_("Question"), old.facts, new.facts, "label", language)
    found += _profiles(old.body, new.body, language)
    return found + _settings(old.body, new.body, language)


def _step(old, new, key: str, language: str) -> list[Difference]:
    if key not in new.steps:
        return [Difference(str(runs.words(old.steps[key]["title"], language)), _("step"), _("was there"), "")]
    title = str(runs.words(new.steps[key]["title"], language))
    if key not in old.steps:
        return [Difference(title, _("step"), "", _("is new"))]
    before, after = step_parts(old, key, language), step_parts(new, key, language)
    same = {part for part, row in bare_parts(old, key).items() if row == bare_parts(new, key)[part]}
    return [
        Difference(title, part, before.get(part, ""), after.get(part, ""))
        for part in {**before, **after}
        if before.get(part, "") != after.get(part, "") and part not in same
    ]


def bare_parts(pathway: pathways.Pathway, key: str) -> dict[str, Any]:
    """Return the parts that name other rows, by key: a new name of another step or role is no change here."""
    step = pathway.steps[key]
    return {
        _("role"): step.get("role"),
        _("deadline"): graphs.rules_of(step),
        _("if late"): step.get("escalation"),
        _("ways"): pathway.ways[key],
    }


def step_parts(pathway: pathways.Pathway, key: str, language: str) -> dict[str, str]:
    """Return everything a step says, part by part, in words."""
    step = pathway.steps[key]
    parts = {
        _("title"): _every(step["title"]),
        _("guidance for staff"): _every(step.get("guidance")),
        _("words to say"): _every(step.get("script")),
        _("role"): _role(pathway, step.get("role"), language),
        _("deadline"): "; ".join(graphs.rule_words(rule, pathway, language) for rule in graphs.rules_of(step)),
        _("if late"): "; ".join(escalation_words(pathway, rule, language) for rule in step.get("escalation", ())),
        _("ways"): "; ".join(_way(pathway, way, language) for way in pathway.ways[key]),
        _("sources"): " ".join(step.get("sources", ())),
    }
    rest = {"kind", "form", "service", "sharing_profile", "without_consent_basis", "join", "quorum", "max_visits"}
    parts[_("policy")] = listed((f"{name} {step[name]}" for name in sorted(rest) if step.get(name)), language)
    parts[_("outcomes")] = " ".join(step.get("outcomes", ()))
    return {name: text for name, text in parts.items() if text}


def _every(texts: Any) -> str:
    """Return a text in all its languages, so that a change in any of them is seen."""
    if not texts or isinstance(texts, str):
        return texts or ""
    return (
        texts["en"] if set(texts) == {"en"} else " / ".join(f"{code}: {text}" for code, text in sorted(texts.items()))
    )


def _role(pathway: pathways.Pathway, key: str | None, language: str) -> str:
    return str(runs.words(pathway.roles.get(key, {}).get("name", key or ""), language))


def _way(pathway: pathways.Pathway, way: dict, language: str) -> str:
    target = str(runs.words(pathway.steps[way["to"]]["title"], language))
    condition = graphs.way_words(pathway, way, language)
    if not condition:
        return _("on to “%(step)s”") % {"step": target}
    return _("%(condition)s: on to “%(step)s”") % {"condition": condition, "step": target}


def escalation_words(pathway: pathways.Pathway, rule: dict, language: str) -> str:
    """Return one escalation in words: "at the deadline: tell TIP Secretariat"."""
    offset = deadlines.offset_of(rule["after"])
    names = {
        "what": EscalationAction(rule["action"]).label,
        "role": _role(pathway, rule["to"], language),
        "percent": abs(offset),
    }
    if not offset:
        return _("at the deadline: %(what)s %(role)s") % names
    if offset > 0:
        return _("%(percent)s %% of the time after the deadline: %(what)s %(role)s") % names
    return _("%(percent)s %% of the time before the deadline: %(what)s %(role)s") % names


def _rows(about: str, old: dict, new: dict, name: str, language: str) -> list[Difference]:
    found = []
    for key in {**old, **new}:
        before, after = old.get(key, {}), new.get(key, {})
        if before != after:
            shown = [_every(row.get(name)) + _rest(row, name, language) for row in (before, after)]
            found.append(Difference(f"{about} {key}", name, *shown))
    return found


def _rest(row: dict, name: str, language: str) -> str:
    extra = {key: part for key, part in row.items() if key not in {name, "key"}}
    told = listed((f"{key} {part}" for key, part in sorted(extra.items())), language)
    return f" ({told})" if extra else ""


def _profiles(old: dict, new: dict, language: str) -> list[Difference]:
    before, after = old.get("sharing_profiles", {}), new.get("sharing_profiles", {})
    return [
        Difference(
            _("Sharing profile %(name)s") % {"name": key},
            _("fields"),
            listed(before.get(key, ()), language),
            listed(after.get(key, ()), language),
        )
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]


def _settings(old: dict, new: dict, language: str) -> list[Difference]:
    names = {"title": _("title"), "languages": _("required languages"), "valid": _("valid"), "notes": _("notes"),
             "sources": _("public sources"), "is_example": _("example")}  # fmt: skip
    return [
        Difference(_("The pathway"), words, _shown(old.get(key)), _shown(new.get(key)))
        for key, words in names.items()
        if old.get(key) != new.get(key)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(f"{key}: {part}" for key, part in sorted(value.items()))
    return " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
