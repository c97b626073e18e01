"""What-if: a pathway tried with invented facts and answers on a clock. Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts import queries as people
from accounts.calendars import Calendar
from referral import pathways, proofs
from referral.models import Pathway, PathwayVersion
from referral.queries import comparing, compiling, graphs, publishing, runs

NO_COUNTRY = Calendar("UTC")


@dataclass(frozen=True)
class DueWords:
    """One due time in a trial, with its basis in words."""

    words: str
    at: dt.datetime
    basis: str


@dataclass(frozen=True)
class TrialLine:
    """One visit of a step in a trial."""

    step: str
    title: runs.Words
    kind: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str
    role: runs.Words
    dues: tuple[DueWords, ...]
    told: tuple[tuple[dt.datetime, str], ...]


@dataclass(frozen=True)
class TrialView:
    """The path, the questions that were not answered, where it stops and why, and the drawing of it."""

    lines: tuple[TrialLine, ...]
    unknown: tuple[runs.Words, ...]
    stop: str
    stops_at: tuple[runs.Words, ...]
    ends_at: dt.datetime | None
    graph: graphs.GraphView
    faults: tuple[publishing.FindingLine, ...] = ()


def what_if(
    version: PathwayVersion | Pathway,
    facts: Mapping[str, Any],
    answers: Mapping[str, pathways.Answer | None],
    start: dt.datetime,
    language: str = "en",
    until: dt.datetime | None = None,
) -> TrialView:
    """Return the path a case would take: steps, questions, due times with their basis, where it stops.

    Takes a published version or a working copy. A working copy whose graph is broken is not walked; its faults come back.
    """
    pathway, faults = _pathway_and_faults(version)
    calendar = people.calendar_of(version.country) if version.country_id else NO_COUNTRY
    trial = pathways.tried(pathway, facts, answers, start, calendar, until)
    states, taken = graphs.standing(pathway, trial.state)
    return TrialView(
        lines=tuple(_line(pathway, line, language) for line in trial.lines),
        unknown=tuple(runs.words(pathway.facts[key].get("label", key), language) for key in trial.unknown),
        stop=trial.stop,
        stops_at=tuple(runs.words(pathway.steps[key]["title"], language) for key in trial.stops_at),
        ends_at=trial.state.ended_at,
        graph=graphs.graph_of(pathway, language, states, taken, widest=graphs.IN_EDITOR),
        faults=faults,
    )


class CannotBeTried(Exception):
    """Raised when a working copy has no start, or ways to nowhere; `faults` say what to mend."""

    def __init__(self, faults: tuple[publishing.FindingLine, ...]):
        self.faults = faults
        super().__init__("This pathway cannot be tried before its faults are mended.")


def _pathway_and_faults(version: PathwayVersion | Pathway):
    if isinstance(version, PathwayVersion):
        return runs.readable(version), ()
    compiled = pathways.Pathway(compiling.compiled_draft(version))
    found = proofs.checked(compiled, proofs.Given())
    broken = [finding for finding in found if finding.rule in {"V01", "V02", "V03", "V13", "V15"}]
    if broken:
        raise CannotBeTried(tuple(publishing.finding_lines(version, broken)))
    return compiled, ()


def _line(pathway: pathways.Pathway, line: pathways.Line, language: str) -> TrialLine:
    run, step = line.run, pathway.steps[line.run.step]
    rules = graphs.rules_of(step)
    dues = tuple(
        DueWords(
            _rule(pathway, rules, due, language),
            due.at,
            graphs.basis_words({"basis": due.basis, "reference": due.reference}),
        )
        for due in line.deadlines
    )
    told = tuple((due.at, comparing.escalation_words(pathway, _as_rule(due), language)) for due in line.escalations
                 if not due.rule.startswith("window"))  # fmt: skip
    return TrialLine(
        step=run.step,
        title=runs.words(step["title"], language),
        kind=run.kind,
        started_at=run.started_at,
        ended_at=run.ended_at,
        outcome=publishing.outcome_words(run.outcome) if run.outcome else "",
        role=runs.words(pathway.roles.get(step.get("role", ""), {}).get("name", ""), language),
        dues=dues,
        told=told,
    )


def _rule(pathway, rules: list[dict], due, language: str) -> str:
    rule = next(
        rule for rule in rules if (rule["amount"], rule["unit"], rule["type"]) == (due.amount, due.unit, due.type)
    )
    return graphs.rule_words(rule, pathway, language)


def _as_rule(due) -> dict:
    after, _colon, action = due.rule.partition(":")
    return {"after": after, "to": due.to, "action": action}
