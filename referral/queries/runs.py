"""Reads of running cases: the version a case runs on, where the engine stands, what is asked, what is due."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from accounts import queries as people
from accounts.calendars import Calendar
from languages import table
from referral import pathways
from referral.choices import FORMS, Basis, CaseState, FormField, RunState
from referral.models import Case, CaseEvent, FactValue, PathwayVersion, StepRun
from referral.queries.cases import LATE_STATES

ENGINE_KINDS = frozenset(
    {"opened", "facts", "done", "outcome", "elapsed", "wish", "withdrawn", "recalled", "opened_anew", "opened_by_hand"}
)


class VersionIsDamaged(Exception):
    """Raised when a stored version no longer fits its hash, or stands under another number or country than it says."""


@dataclass(frozen=True)
class Words:
    """A text in the language asked for, or the one it fell back to."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class EngineState:
    """A case as the engine sees it: its pathway, its state, its country's calendar."""

    pathway: pathways.Pathway
    state: pathways.State
    calendar: Calendar


@dataclass(frozen=True)
class Question:
    """One fact to ask for next: its question, the form field that fits it, the visit that waits for it."""

    fact: str
    label: Words
    kind: str
    choices: tuple[tuple[str, Words], ...]
    field: FormField | None
    run: int
    step_title: Words


@dataclass(frozen=True)
class DueLine:
    """One deadline of one open step, always with its basis."""

    run: int
    step: str
    title: Words
    type: str
    at: dt.datetime
    amount: int
    unit: str
    basis: str
    reference: str
    is_late: bool

    @property
    def basis_words(self) -> str:
        """Return the basis in words: "default, not law"."""
        return Basis(self.basis).label


def words(texts: Any, language: str) -> Words:
    """Return a compiled text in a language, or the first of its chain that has it."""
    text, code = pathways.word(texts, (language, *table.CHAINS.get(language, ()), table.SOURCE))
    return Words(text, code)


@lru_cache(maxsize=64)
def _loaded(text: str) -> pathways.Pathway:
    return pathways.load(text)


def is_damaged(version: PathwayVersion) -> bool:
    """Tell whether a version's text no longer fits its hash, or is not that of the number and country it stands under."""
    if pathways.digest(version.text) != version.digest:
        return True
    body = _loaded(version.text).body
    return (body["version"], body["country"]) != (version.number, version.country_id)


def compiled(version: PathwayVersion) -> pathways.Pathway:
    """Return a version's pathway; refuse one that is damaged: no new case may start on it."""
    if is_damaged(version):
        raise VersionIsDamaged("The stored pathway no longer fits its signature. Tell the administrator.")
    return _loaded(version.text)


def readable(version: PathwayVersion) -> pathways.Pathway:
    """Return a version's pathway for reading, damaged or not: running cases stay readable."""
    return _loaded(version.text)


def version_of(case: Case) -> pathways.Pathway:
    """Return the pathway a case runs on."""
    return readable(case.version)


def versions_for_new_cases(country) -> QuerySet[PathwayVersion]:
    """Return the versions on which new cases of a country may start, newest first."""
    return PathwayVersion.objects.filter(country=country, retirement=None, pathway__is_main=True).order_by(
        "-published_at", "-number"
    )


def takes_new_cases(country) -> bool:
    """Tell whether a pathway of a country is published on which new cases may start."""
    return versions_for_new_cases(country).exists()


def plain_value(fact: FactValue) -> Any:
    """Return what the engine may know of a fact: a plain value, True for a sealed one, None for not known."""
    if not fact.is_known:
        return None
    return json.loads(fact.value) if fact.value else True


def facts_of(case: Case) -> dict[str, FactValue]:
    """Return the last value of each fact that was asked."""
    return {fact.key: fact for fact in case.facts.order_by("id")}


def engine_events(case: Case) -> list[pathways.Event]:
    """Return the case's events as the engine reads them."""
    told: dict[int, dict[str, Any]] = {}
    for fact in case.facts.order_by("id"):
        told.setdefault(fact.event_number, {})[fact.key] = plain_value(fact)
    return [
        pathways.Event(
            row.kind, row.at, row.run_number or 0, json.loads(row.body).get("value", ""), told.get(row.number, {})
        )
        for row in CaseEvent.objects.filter(case=case, kind__in=ENGINE_KINDS).order_by("number")
    ]


def engine_state(case: Case) -> EngineState:
    """Return where a case stands, rebuilt from its events."""
    pathway = version_of(case)
    return EngineState(pathway, pathways.replay(pathway, engine_events(case)), people.calendar_of(case.country))


def questions_of(case: Case, language: str, engine: EngineState | None = None) -> list[Question]:
    """Return what to ask next, in order; empty when nothing waits for a fact."""
    engine = engine or engine_state(case)
    fields = {field.key: field for form in FORMS.values() for field in form.fields}
    return [_question(engine.pathway, key, run, fields.get(key), language) for key, run in engine.state.questions]


def _question(pathway: pathways.Pathway, key: str, run: pathways.Run, field, language: str) -> Question:
    fact: Mapping[str, Any] = pathway.facts[key]
    labels = fact.get("choice_labels", {})
    choices = tuple((code, words(labels.get(code, code), language)) for code in fact.get("choices", ()))
    title = words(pathway.steps[run.step]["title"], language)
    return Question(key, words(fact.get("label", key), language), fact["type"], choices, field, run.number, title)


def is_walked(case: Case) -> bool:
    """Tell whether the pathway of a case is completed: no step waits for anybody."""
    return not StepRun.objects.filter(case=case).exclude(state__in=[RunState.DONE, RunState.SKIPPED]).exists()


def deadlines_view(case: Case, language: str, at: dt.datetime, engine: EngineState | None = None) -> list[DueLine]:
    """Return the deadlines of the open steps, the earliest first, each with its basis; none once the case is closed."""
    if case.state != CaseState.OPEN:
        return []
    engine = engine or engine_state(case)
    found = []
    for run in engine.state.live:
        title = words(engine.pathway.steps[run.step]["title"], language)
        for line in pathways.deadlines_of(engine.pathway, engine.state, run, engine.calendar):
            is_late = line.type == "within" and line.at < at
            found.append(
                DueLine(run.number, run.step, title, line.type, line.at, line.amount, line.unit, line.basis,
                        line.reference, is_late)
            )  # fmt: skip
    return sorted(found, key=lambda line: (line.at, line.run))


def late_runs(at: dt.datetime) -> QuerySet[StepRun]:
    """Return the steps of open cases whose deadline has passed, open or waiting for an answer."""
    return StepRun.objects.filter(state__in=LATE_STATES, due_at__lt=at, case__state=CaseState.OPEN).order_by("due_at")


def waits_over(at: dt.datetime) -> QuerySet[StepRun]:
    """Return the waiting times of open cases that are over."""
    return StepRun.objects.filter(
        state=RunState.WAITING, kind="wait", not_before__lte=at, case__state=CaseState.OPEN
    ).order_by("not_before", "id")
