"""V06 to V10, V21, V24: who does it, until when, who is told, what may be shared."""

import re

from referral.deadlines import TYPES, UNITS
from referral.pathways import HUMAN, Pathway
from referral.proofs.findings import Finding
from referral.proofs.structure import reached

HOURS = {"h": 1, "wh": 3, "d": 24, "wd": 24}
NOTICE_WORDS = frozenset({"reference", "line", "link", "deadline"})
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def staffed(pathway: Pathway, given) -> list[Finding]:
    """V06 to V09: role, deadline with its basis, escalation to another role."""
    found = []
    for key, step in pathway.steps.items():
        if step["kind"] not in HUMAN:
            continue
        if step.get("role") not in pathway.roles:
            found.append(Finding("V06", "no_role", step=key, where="role"))
        if "deadline" not in step:
            found.append(Finding("V07", "no_deadline", step=key, where="amount"))
        if not step.get("escalation"):
            found.append(Finding("V08", "no_escalation", step=key, where="escalations"))
        found += _told(pathway, key, step)
    for key, step in pathway.steps.items():
        found += _deadlines(pathway, key, step, given.has_calendar)
    return found


def _told(pathway: Pathway, key: str, step: dict) -> list[Finding]:
    receivers = [rule["to"] for rule in step.get("escalation", ())]
    unknown = [Finding("V09", "told_unknown", step=key, where="escalations", names={"role": role})
               for role in receivers if role not in pathway.roles]  # fmt: skip
    if receivers and set(receivers) == {step.get("role")}:
        return [*unknown, Finding("V09", "told_itself", step=key, where="escalations")]
    return unknown


def _deadlines(pathway: Pathway, key: str, step: dict, has_calendar: bool) -> list[Finding]:
    rules = [step["deadline"]] if "deadline" in step else []
    found = []
    for rule in [*rules, *step.get("windows", ())]:
        if rule["amount"] <= 0 or rule["unit"] not in UNITS or rule["type"] not in TYPES:
            found.append(Finding("V07", "bad_deadline", step=key, where="amount"))
        if rule["basis"] == "cited" and not step.get("sources"):
            found.append(Finding("V07", "cited_without_source", step=key, where="sources"))
        if rule["basis"] == "decided" and not rule.get("reference"):
            found.append(Finding("V07", "decided_without_reference", step=key, where="reference"))
        if rule["unit"] in {"wd", "wh"} and not has_calendar:
            found.append(Finding("V07", "no_calendar", step=key, where="unit"))
        if not _anchor_holds(pathway, key, rule["anchor"]):
            found.append(Finding("V07", "bad_anchor", step=key, where="anchor"))
    return found


def _anchor_holds(pathway: Pathway, key: str, anchor: str) -> bool:
    """Tell whether a deadline can be counted from its anchor: not from a later step, nor from a fact that is no date."""
    kind, _, name = anchor.partition(":")
    if kind == "fact":
        return pathway.facts.get(name, {}).get("type") == "datetime"
    if kind == "step":
        return (
            name in pathway.steps
            and name != key
            and key in reached(pathway, [name])
            and name not in reached(pathway, [key])
        )
    return anchor in {"step_start", "case_opened"}


def referred(pathway: Pathway, field_keys: frozenset[str]) -> list[Finding]:
    """V10: a referral has a service and a sharing profile; profiles hold registered fields only."""
    profiles = pathway.body.get("sharing_profiles", {})
    found = []
    for key, step in pathway.steps.items():
        if step["kind"] not in {"referral", "handover"}:
            continue
        if not step.get("service"):
            found.append(Finding("V10", "no_service", step=key, where="service"))
        if step.get("sharing_profile") not in profiles:
            found.append(Finding("V10", "no_profile", step=key, where="sharing_profile"))
    for name, keys in profiles.items():
        found += [Finding("V10", "unknown_field", where="profiles", names={"profile": name, "key": key})
                  for key in keys if key not in field_keys]  # fmt: skip
    return found


def timed(pathway: Pathway) -> list[Finding]:
    """V21: a wait has a period; what is due by an earlier anchor leaves room for the wait before it."""
    waits = {key: step for key, step in pathway.steps.items() if step["kind"] == "wait"}
    found = [
        Finding("V21", "wait_without_period", step=key, where="amount")
        for key, step in waits.items()
        if step.get("deadline", {}).get("type") != "not_before"
    ]
    for key, step in pathway.steps.items():
        rule = step.get("deadline")
        if rule and rule["type"] == "within" and rule["anchor"] != "step_start":
            found += [Finding("V21", "due_before_wait_ends", step=key, where="amount", names={"wait": name})
                      for name in waits if _overruns(pathway, key, rule, name)]  # fmt: skip
    return found


def _overruns(pathway: Pathway, key: str, rule: dict, wait: str) -> bool:
    period = pathway.steps[wait].get("deadline")
    if not period or wait == key or key not in reached(pathway, [wait]):
        return False
    kind, _, name = rule["anchor"].partition(":")
    is_earlier = kind == "case_opened" or (
        kind == "step" and name in pathway.steps and wait in reached(pathway, [name])
    )
    return is_earlier and rule["amount"] * HOURS[rule["unit"]] <= period["amount"] * HOURS[period["unit"]]


def quiet(pathway: Pathway) -> list[Finding]:
    """V24: words that leave the house name only reference, line, link and deadline."""
    found = []
    for key, step in pathway.steps.items():
        for text in (step.get("script") or {}).values():
            found += [Finding("V24", "personal_word", step=key, where="script", names={"word": word})
                      for word in PLACEHOLDER.findall(text) if word not in NOTICE_WORDS]  # fmt: skip
    return found
