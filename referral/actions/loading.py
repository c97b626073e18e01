"""Load a seed pathway of the product as a working copy. An import makes a draft, never a published version."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.dateparse import parse_date

from accounts import actions as accounts
from accounts.models import Country, User
from languages import actions as languages
from languages import table
from referral import deadlines, pathways
from referral.actions.authoring import note_edit
from referral.models import (
    EscalationRule,
    Fact,
    FactChoice,
    Pathway,
    PathwayRole,
    SharingProfile,
    Step,
    StepWindow,
    Transition,
)
from referral.queries import compiling

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class NoSuchSeed(Exception):
    """Raised for a key that no seed file has; see referral/seeds."""


class CountryMissing(Exception):
    """Raised when the country of a seed is not set up yet; add the country first."""


def seed_keys() -> list[str]:
    """Return the keys of the seeds that come with the product."""
    return sorted(path.stem for path in SEEDS.glob("*.json"))


def country_of_seed(key: str) -> str:
    """Return the code of the country that a seed was written for, or nothing for a model to copy."""
    if key not in seed_keys():
        raise NoSuchSeed(key)
    return pathways.load((SEEDS / f"{key}.json").read_text(encoding="utf-8")).body.get("country") or ""


def load_seed(key: str, *, by: User | str, at: dt.datetime) -> Pathway:
    """Load a seed as a working copy; a second time returns the one that is there."""
    if key not in seed_keys():
        raise NoSuchSeed(key)
    return import_pathway(text=(SEEDS / f"{key}.json").read_text(encoding="utf-8"), by=by, at=at)


@transaction.atomic
def import_pathway(*, text: str, by: User | str, at: dt.datetime) -> Pathway:
    """Make a working copy from a pathway file; a file with faults makes nothing, and says where they are."""
    body = pathways.load(text).body
    known = Pathway.objects.filter(key=body["key"]).first()
    if known is not None:
        return known
    if body.get("country") and not Country.objects.filter(code=body["country"]).exists():
        raise CountryMissing(f"The country {body['country']} is not set up. Add it before its pathway.")
    pathway = _pathway(body)
    loader = _Loader(pathway, by, at)
    loader.words(pathway, "title", body["title"])
    loader.load(body)
    note_edit(pathway=pathway, thing=pathway, fields=["imported"], by=by, at=at, seen=None)
    return pathway


@transaction.atomic
def copy_model(*, pathway: Pathway, country: Country, by: User | str, at: dt.datetime) -> Pathway:
    """Make a country's own working copy of a model pathway; a second time returns the one that is there."""
    body = compiling.compiled_draft(pathway) | {"key": f"{country.slug}-{pathway.key}", "country": country.code}
    return import_pathway(text=pathways.canonical(body), by=by, at=at)


def _pathway(body: dict) -> Pathway:
    valid = body.get("valid") or {}
    return Pathway.objects.create(
        key=body["key"],
        country_id=body.get("country"),
        title_en=_source(body["title"]),
        language_codes=" ".join(body["languages"]),
        notes=body.get("notes", ""),
        sources="\n".join(body.get("sources", [])),
        valid_from=_day(valid.get("from"), 1),
        valid_until=_day(valid.get("to"), 28),
    )


def _day(text: str | None, day: int) -> dt.date | None:
    if not text:
        return None
    return parse_date(text if text.count("-") == 2 else f"{text}-{day:02}")


def _source(texts: Any) -> str:
    return texts if isinstance(texts, str) else texts.get(table.SOURCE, "")


class _Loader:
    """Writes the rows of one file."""

    def __init__(self, pathway: Pathway, by: User | str, at: dt.datetime):
        self.pathway, self.by, self.at = pathway, accounts.actor_id(by), at
        self.steps: dict[str, Step] = {}
        self.rules: list[EscalationRule] = []

    def load(self, body: dict) -> None:
        """Write roles, facts, profiles, steps, then the ways between them."""
        for position, role in enumerate(body["roles"]):
            self._role(role, position)
        for position, fact in enumerate(body["facts"]):
            self._fact(fact, position)
        for position, (key, fields) in enumerate(body.get("sharing_profiles", {}).items()):
            SharingProfile.objects.create(
                pathway=self.pathway, key=key, position=position, field_keys=" ".join(fields)
            )
        for position, step in enumerate(body["steps"]):
            self._step(step, position)
        ways = [self._way(way, position) for position, way in enumerate(body["transitions"])]
        Transition.objects.bulk_create(ways)
        EscalationRule.objects.bulk_create(self.rules)

    def words(self, row: models.Model, name: str, texts: Any) -> None:
        """Make the segments of a row and put its translations live, marked as awaiting a native reader."""
        languages.refresh_segments(row, by=self.by, at=self.at, remember=False)
        if isinstance(texts, str):
            return
        others = {code: {name: text} for code, text in texts.items() if code != table.SOURCE}
        if others:
            languages.seed_languages(row, others, by=self.by, at=self.at)

    def _role(self, role: dict, position: int) -> None:
        row = PathwayRole.objects.create(
            pathway=self.pathway,
            key=role["key"],
            position=position,
            name_en=_source(role["name"]),
            is_proper_name=isinstance(role["name"], str),
            cited="\n".join(part.strip() for part in role.get("cited", "").split(";")),
        )
        self.words(row, "name", role["name"])

    def _fact(self, fact: dict, position: int) -> None:
        label = fact.get("label", fact["key"])
        row = Fact.objects.create(
            pathway=self.pathway,
            key=fact["key"],
            position=position,
            type=fact["type"],
            label_en=_source(label),
            cut_points=" ".join(str(cut) for cut in fact.get("cut_points", [])),
            source=fact.get("source", ""),
            sensitivity=fact.get("sensitivity", "plain"),
        )
        self.words(row, "label", label)
        for number, key in enumerate(fact.get("choices", [])):
            text = fact.get("choice_labels", {}).get(key, key)
            choice = FactChoice.objects.create(fact=row, key=key, position=number, label_en=_source(text))
            self.words(choice, "label", text)

    def _step(self, step: dict, position: int) -> None:
        row = Step(
            pathway=self.pathway,
            key=step["key"],
            kind=step["kind"],
            position=position,
            title_en=_source(step["title"]),
            guidance_en=_source(step.get("guidance", {})),
            script_en=_source(step.get("script", {})),
            sources="\n".join(step.get("sources", [])),
            outcomes=" ".join(step.get("outcomes", [])),
            quorum=step.get("quorum"),
            max_visits=step.get("max_visits"),
        )
        for name in ("role", "form", "service", "sharing_profile", "without_consent_basis", "join", "anchor_note"):
            setattr(row, name, step.get(name, ""))
        if "deadline" in step:
            _put_deadline(row, step["deadline"])
        row.save()
        self.steps[row.key] = row
        self.words(row, "title", step["title"])
        self._policy(row, step)

    def _policy(self, row: Step, step: dict) -> None:
        for rule in step.get("escalation", []):
            offset = deadlines.offset_of(rule["after"])
            self.rules.append(EscalationRule(step=row, offset=offset, to=rule["to"], action=rule["action"]))
        for position, rule in enumerate(step.get("windows", [])):
            window = StepWindow(step=row, position=position, when=rule.get("when"))
            _put_deadline(window, rule)
            window.save()

    def _way(self, way: dict, position: int) -> Transition:
        return Transition(
            pathway=self.pathway,
            from_step=self.steps[way["from"]],
            to_step=self.steps[way["to"]],
            position=position,
            outcome=way.get("outcome", ""),
            when=way.get("when"),
            on_unknown=way.get("on_unknown", False),
        )


def _put_deadline(row: Step | StepWindow, rule: dict) -> None:
    row.amount, row.unit, row.anchor = rule["amount"], rule["unit"], rule["anchor"]
    row.deadline_type, row.basis, row.reference = rule["type"], rule["basis"], rule.get("reference", "")
