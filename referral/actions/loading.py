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
    loader.speak()
    note_edit(pathway=pathway, thing=pathway, fields=["imported"], by=by, at=at, seen=None)
    return pathway


@transaction.atomic
def copy_model(*, pathway: Pathway, country: Country, by: User | str, at: dt.datetime) -> Pathway:
    """Make a country's own working copy of a model pathway; a second time returns the one that is there.

    It takes the words of the model in the languages of the country; what is missing in them waits for translators.
    """
    model = compiling.with_parts([pathway])[0]
    model.country = country
    body = compiling.compiled_drafts([model])[0] | {"key": f"{country.slug}-{pathway.key}"}
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
        self.said: list[tuple[models.Model, str, Any]] = []

    def load(self, body: dict) -> None:
        """Write roles, facts, profiles, steps, then the ways between them."""
        PathwayRole.objects.bulk_create(self._role(role, place) for place, role in enumerate(body["roles"]))
        facts = [self._fact(fact, place) for place, fact in enumerate(body["facts"])]
        Fact.objects.bulk_create(facts)
        FactChoice.objects.bulk_create(
            choice for row, fact in zip(facts, body["facts"], strict=True) for choice in self._choices(row, fact)
        )
        SharingProfile.objects.bulk_create(
            SharingProfile(pathway=self.pathway, key=key, position=place, field_keys=" ".join(fields))
            for place, (key, fields) in enumerate(body.get("sharing_profiles", {}).items())
        )
        self._steps(body["steps"])
        Transition.objects.bulk_create(self._way(way, place) for place, way in enumerate(body["transitions"]))

    def words(self, row: models.Model, name: str, texts: Any) -> None:
        """Note the words of a row, for `speak`."""
        self.said.append((row, name, texts))

    def speak(self) -> None:
        """Make the segments of every row and put the translations live, marked as awaiting a native reader."""
        languages.refresh_many([row for row, _name, _texts in self.said], by=self.by, at=self.at, remember=False)
        others = [
            (row, {code: {name: text} for code, text in texts.items() if code != table.SOURCE})
            for row, name, texts in self.said
            if not isinstance(texts, str)
        ]
        languages.seed_many(others, by=self.by, at=self.at)

    def _role(self, role: dict, position: int) -> PathwayRole:
        row = PathwayRole(
            pathway=self.pathway,
            key=role["key"],
            position=position,
            name_en=_source(role["name"]),
            is_proper_name=isinstance(role["name"], str),
            cited="\n".join(part.strip() for part in role.get("cited", "").split(";")),
        )
        self.words(row, "name", role["name"])
        return row

    def _fact(self, fact: dict, position: int) -> Fact:
        label = fact.get("label", fact["key"])
        row = Fact(
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
        return row

    def _choices(self, row: Fact, fact: dict) -> list[FactChoice]:
        choices = []
        for number, key in enumerate(fact.get("choices", [])):
            text = fact.get("choice_labels", {}).get(key, key)
            choices.append(FactChoice(fact=row, key=key, position=number, label_en=_source(text)))
            self.words(choices[-1], "label", text)
        return choices

    def _steps(self, steps: list[dict]) -> None:
        rows = [self._step(step, place) for place, step in enumerate(steps)]
        Step.objects.bulk_create(rows)
        self.steps = {row.key: row for row in rows}
        of_step = list(zip(rows, steps, strict=True))
        EscalationRule.objects.bulk_create(rule for row, step in of_step for rule in _rules(row, step))
        StepWindow.objects.bulk_create(window for row, step in of_step for window in _windows(row, step))

    def _step(self, step: dict, position: int) -> Step:
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
        self.words(row, "title", step["title"])
        return row

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


def _rules(row: Step, step: dict) -> list[EscalationRule]:
    return [
        EscalationRule(step=row, offset=deadlines.offset_of(rule["after"]), to=rule["to"], action=rule["action"])
        for rule in step.get("escalation", [])
    ]


def _windows(row: Step, step: dict) -> list[StepWindow]:
    windows = []
    for position, rule in enumerate(step.get("windows", [])):
        windows.append(StepWindow(step=row, position=position, when=rule.get("when")))
        _put_deadline(windows[-1], rule)
    return windows


def _put_deadline(row: Step | StepWindow, rule: dict) -> None:
    row.amount, row.unit, row.anchor = rule["amount"], rule["unit"], rule["anchor"]
    row.deadline_type, row.basis, row.reference = rule["type"], rule["basis"], rule.get("reference", "")
