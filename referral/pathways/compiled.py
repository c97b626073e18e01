"""The compiled file, schema "pathway/1": one canonical text, its two hashes, and its reading. Pure."""

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from referral import logic

SCHEMA = "pathway/1"
LIMITS = {"bytes": 512 * 1024, "steps": 300}

HUMAN = frozenset({"task", "decision", "consent", "referral", "handover"})
FORKS = frozenset({"fork_all", "fork_any"})
AUTOMATIC = frozenset({"start", "end", "gate", "join"}) | FORKS
KINDS = HUMAN | AUTOMATIC | {"wait"}

TOP_KEYS = frozenset(
    [
        "schema",
        "key",
        "version",
        "status",
        "country",
        "title",
        "languages",
        "valid",
        "notes",
        "sources",
        "roles",
        "sharing_profiles",
        "facts",
        "steps",
        "transitions",
        "is_example",
    ]
)
ROLE_KEYS = frozenset({"key", "name", "cited"})
FACT_KEYS = frozenset(
    ["key", "type", "cut_points", "choices", "choice_labels", "source", "label", "sensitivity", "ic_tip"]
)
STEP_KEYS = frozenset(
    [
        "key",
        "kind",
        "title",
        "role",
        "deadline",
        "escalation",
        "form",
        "service",
        "sharing_profile",
        "without_consent_basis",
        "join",
        "sources",
        "anchor_note",
        "guidance",
        "script",
        "outcomes",
        "quorum",
        "windows",
        "max_visits",
    ]
)
DEADLINE_KEYS = frozenset({"amount", "unit", "anchor", "type", "basis", "reference", "when"})
ESCALATION_KEYS = frozenset({"after", "to", "action"})
WAY_KEYS = frozenset({"from", "to", "outcome", "when", "on_unknown"})
WORD_KEYS = frozenset({"title", "guidance", "script", "label", "choice_labels", "notes"})


class FileFault(ValueError):
    """Raised when a pathway file cannot be read; the message names the path of the first fault."""

    def __init__(self, path: str):
        self.path = path
        super().__init__(f"The pathway file has a fault at {path}.")


@dataclass(frozen=True)
class Pathway:
    """A compiled pathway with its steps and ways at hand."""

    body: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Return the key of the pathway."""
        return self.body["key"]

    @cached_property
    def steps(self) -> dict[str, dict]:
        """Return the steps by key, in file order."""
        return {step["key"]: step for step in self.body["steps"]}

    @cached_property
    def ways(self) -> dict[str, list[dict]]:
        """Return the ways out of each step, in file order."""
        found: dict[str, list[dict]] = {key: [] for key in self.steps}
        for way in self.body["transitions"]:
            found.setdefault(way["from"], []).append(way)
        return found

    @cached_property
    def ways_in(self) -> dict[str, list[dict]]:
        """Return the ways into each step, in file order."""
        found: dict[str, list[dict]] = {key: [] for key in self.steps}
        for way in self.body["transitions"]:
            found.setdefault(way["to"], []).append(way)
        return found

    @cached_property
    def facts(self) -> dict[str, dict]:
        """Return the facts by key, in file order."""
        return {fact["key"]: fact for fact in self.body["facts"]}

    @cached_property
    def roles(self) -> dict[str, dict]:
        """Return the roles by key, in file order."""
        return {role["key"]: role for role in self.body["roles"]}

    @property
    def start(self) -> str:
        """Return the key of the start step."""
        return next(step["key"] for step in self.body["steps"] if step["kind"] == "start")

    def kind(self, key: str) -> str:
        """Return the kind of a step."""
        return self.steps[key]["kind"]


def _normal(value: Any) -> Any:
    """Return a value with every text in NFC, and integers only."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_normal(key): _normal(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(part) for part in value]
    if isinstance(value, float):
        raise FileFault(f"the number {value}")
    return value


def canonical(body: Mapping[str, Any]) -> str:
    """Return the one text of a pathway: UTF-8, NFC, keys sorted, no spaces, integers only."""
    return json.dumps(_normal(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def without_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pathway without any text that people read, and without its number."""
    bare = {key: part for key, part in body.items() if key not in WORD_KEYS | {"version"}}
    bare["roles"] = [{key: part for key, part in role.items() if key != "name"} for role in body["roles"]]
    for rows in ("facts", "steps"):
        bare[rows] = [{key: part for key, part in row.items() if key not in WORD_KEYS} for row in body[rows]]
    return bare


def shape_digest(body: Mapping[str, Any]) -> str:
    """Return the hash that stays the same when only words change."""
    return digest(canonical(without_words(body)))


def word(texts: Any, chain: Iterable[str]) -> tuple[str, str]:
    """Return a text and its language: the first language of the chain that has it, else any, else nothing."""
    if isinstance(texts, str):
        return texts, ""
    for code in chain:
        if texts and texts.get(code):
            return texts[code], code
    return next(((text, code) for code, text in sorted((texts or {}).items()) if text), ("", ""))


def load(text: str) -> Pathway:
    """Read a pathway file; refuse what is too large, doubled, unknown or of the wrong shape, naming the path."""
    if len(text.encode()) > LIMITS["bytes"]:
        raise FileFault("size: over 512 KB")
    try:
        body = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise FileFault(f"line {error.lineno}") from error
    if not isinstance(body, dict) or body.get("schema") != SCHEMA:
        raise FileFault("schema")
    _check(body)
    return Pathway(body)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileFault(f"{key}: given twice")
        found[key] = value
    return found


def _known(row: Any, allowed: frozenset[str], required: Iterable[str], path: str) -> None:
    if not isinstance(row, dict):
        raise FileFault(path)
    for key in row:
        if key not in allowed:
            raise FileFault(f"{path}.{key}")
    for key in required:
        if key not in row:
            raise FileFault(f"{path}.{key}: missing")


def _check(body: dict) -> None:
    _known(body, TOP_KEYS, ("key", "version", "title", "languages", "roles", "facts", "steps", "transitions"), "file")
    if len(body["steps"]) > LIMITS["steps"]:
        raise FileFault("steps: over 300")
    for number, role in enumerate(body["roles"]):
        _known(role, ROLE_KEYS, ("key", "name"), f"roles[{number}]")
    for number, fact in enumerate(body["facts"]):
        _known(fact, FACT_KEYS, ("key", "type"), f"facts[{number}]")
    for number, step in enumerate(body["steps"]):
        _check_step(step, f"steps[{number}]")
    for number, way in enumerate(body["transitions"]):
        _check_way(way, f"transitions[{number}]")


def _check_step(step: Any, path: str) -> None:
    _known(step, STEP_KEYS, ("key", "kind", "title"), path)
    if step["kind"] not in KINDS:
        raise FileFault(f"{path}.kind")
    for number, rule in enumerate(step.get("escalation", [])):
        _known(rule, ESCALATION_KEYS, ("after", "to", "action"), f"{path}.escalation[{number}]")
    for name, rules in (
        ("deadline", [step["deadline"]] if "deadline" in step else []),
        ("windows", step.get("windows", [])),
    ):
        for rule in rules:
            _known(rule, DEADLINE_KEYS, ("amount", "unit", "anchor", "type", "basis"), f"{path}.{name}")
            _check_condition(rule, f"{path}.{name}")


def _check_way(way: Any, path: str) -> None:
    _known(way, WAY_KEYS, ("from", "to"), path)
    _check_condition(way, path)


def _check_condition(row: dict, path: str) -> None:
    if row.get("when") is not None:
        for fault in logic.faults_in(row["when"]):
            raise FileFault(f"{path}.{fault}")


def fits(fact: Mapping[str, Any], value: Any) -> bool:
    """Tell whether a value can be an answer to a fact; None (asked, not known) always can."""
    if value is None:
        return True
    kind = fact["type"]
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "choice":
        return value in fact.get("choices", ())
    if kind == "multi":
        return isinstance(value, list) and all(part in fact.get("choices", ()) for part in value)
    return _is_instant(value)


def _is_instant(value: Any) -> bool:
    try:
        return dt.datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False
