"""One event of a case at a time: lock, apply, write what the engine says, record. The only writer of StepRun."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts import actions as accounts
from accounts import queries as people
from referral import pathways
from referral.actions import work
from referral.choices import CaseState, FormField, RunState, Sensitivity
from referral.models import Case, CaseEvent, Escalation, FactValue, StepRun
from referral.queries import runs as queries
from referral.queries.questions import FactDoesNotFit, checked, question_of
from referral.queries.sendings import SentOtherwise, sending_of


class CaseAlreadyClosed(Exception):
    """Raised for an event of a closed case; reopen it first."""


class CaseMovedOn(Exception):
    """Raised when somebody else moved the case meanwhile; look at the present state and decide again."""


class TooEarly(Exception):
    """Raised when a step that has a not-before time is closed before it without the person's own wish."""


@dataclass(frozen=True)
class Advanced:
    """What an event led to: the state, the event row, and whether it was a repeat without effect."""

    state: pathways.State
    event: CaseEvent
    is_repeat: bool = False


def locked_case(pk: int) -> Case:
    """Return a case that is locked to be changed; rows that only point to it, a contact's say, are not held up."""
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("version", "country", "owner").get(pk=pk)


def answer(*, case, facts: Mapping[str, Any], source: str, key: str, by, at, seen: int | None = None) -> Advanced:
    """Write down what was told; None means asked, and not known. Waiting gates go on by themselves."""
    return advance(case=case, kind="facts", facts=facts, source=source, key=key, by=by, at=at, seen=seen)


def finish(*, case, run: int, key: str, by, at, seen: int | None = None) -> Advanced:
    """Mark a task or a handover as done."""
    return advance(case=case, kind="done", run=run, key=key, by=by, at=at, seen=seen)


def decide(*, case, run: int, outcome: str, key: str, by, at, seen: int | None = None) -> Advanced:
    """Write down the outcome of a decision, a consent or a referral step."""
    return advance(case=case, kind="outcome", run=run, value=outcome, key=key, by=by, at=at, seen=seen)


def wish(*, case, run: int, key: str, by, at) -> Advanced:
    """End a waiting time early, by the person's own wish."""
    return advance(case=case, kind="wish", run=run, key=key, by=by, at=at)


def withdraw_all(*, case, key: str, by, at) -> Advanced:
    """Take the pathway's way for withdrawn consent, and end what rests on it."""
    return advance(case=case, kind="withdrawn", key=key, by=by, at=at)


def recall_run(*, case, run: int, key: str, by, at) -> Advanced:
    """End one referral step whose consent was taken back."""
    return advance(case=case, kind="recalled", run=run, key=key, by=by, at=at)


def open_anew(*, case, run: int, key: str, by, at) -> Advanced:
    """Open one referral step again whose agency lost consent, so that another can be asked."""
    return advance(case=case, kind="opened_anew", run=run, key=key, by=by, at=at)


@transaction.atomic
def elapse(*, case: Case, at: dt.datetime, by="clock") -> int:
    """End the waiting times of a case that are over; return how many."""
    engine = queries.engine_state(locked_case(case.pk))
    over = pathways.elapsed(engine.pathway, engine.state, at, engine.calendar)
    for event in over:
        advance(case=case, kind="elapsed", run=event.run, key=f"elapsed:{event.run}", by=by, at=at)
    return len(over)


@transaction.atomic
def advance(
    *,
    case: Case,
    kind: str,
    key: str,
    by,
    at: dt.datetime,
    run: int = 0,
    value: str = "",
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    source: str = "",
    sources: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Advanced:
    """Apply one event to a case: lock, check, apply, write visits, facts, due times and escalations, record.

    `key` is the client's: a repeat has no second effect, and another event under it is refused. `seen` is the number
    of events the page showed. `sources`: of facts that came in another way than `source` says.
    """
    case = locked_case(case.pk)
    repeated = sending_of(case, key, kind, value=value, reason=reason)
    if repeated is not None:
        _refuse_others(repeated, run, facts or {}, at)
        return Advanced(queries.engine_state(case).state, repeated, is_repeat=True)
    _refuse_late_comers(case, seen)
    pathway = queries.version_of(case)
    before = pathways.replay(pathway, queries.engine_events(case))
    calendar = people.calendar_of(case.country)
    _refuse_too_early(pathway, before, kind, run, at, calendar)
    asked = {fact: question_of(fact, pathway) for fact in facts or {}}
    said = {fact: checked(question, facts[fact], at) for fact, question in asked.items()}
    told = {fact: _engine_value(asked[fact], answered) for fact, answered in said.items()}
    _refuse_misfits(pathway, told)
    state = pathways.advance(pathway, before, pathways.Event(kind, at, run, value, told))
    event = note_event(
        case=case, kind=kind, run=run or None, key=key, by=by, at=at, value=value, reason=reason, facts=sorted(told)
    )
    _write_facts(case, event, said, asked, dict.fromkeys(said, source) | dict(sources or {}))
    _write_runs(case, pathway, before, state, calendar)
    work.tell_about(case=case, before=before, state=state, at=at)
    accounts.record(
        by=by, verb="referral.case_moved", thing=case, at=at, country=case.country_id, kind=kind, event=event.number,
        digest=pathways.digest(event.body),
    )  # fmt: skip
    return Advanced(state, event)


def _refuse_others(event: CaseEvent, run: int, facts: Mapping[str, Any], at: dt.datetime) -> None:
    """Refuse what calls itself a repeat of an event and is about another visit, or tells something else.

    What is sealed is not opened for it: of that the mark of the form says whether it is the same.
    """
    asked = {fact: question_of(fact, queries.version_of(event.case)) for fact in facts}
    told = {fact: _engine_value(asked[fact], checked(asked[fact], facts[fact], at)) for fact in facts}
    keys = json.loads(event.body).get("facts", [])
    rows = FactValue.objects.filter(case=event.case, event_number=event.number, key__in=keys)
    stands = {row.key: queries.plain_value(row) for row in rows}
    if (event.run_number or 0) != run or json.dumps(told, sort_keys=True) != json.dumps(stands, sort_keys=True):
        raise SentOtherwise


def _refuse_late_comers(case: Case, seen: int | None) -> None:
    if case.state == CaseState.CLOSED:
        raise CaseAlreadyClosed("This case is closed. Reopen it before you change it.")
    if seen is not None and seen != case.event_count:
        raise CaseMovedOn("Somebody moved this case meanwhile. Look at the present state and decide again.")


def _refuse_too_early(pathway, state, kind: str, run: int, at, calendar) -> None:
    if kind not in {"done", "outcome", "elapsed"} or not run or run > len(state.runs):
        return
    earliest = pathways.closes_from(pathways.deadlines_of(pathway, state, state.run(run), calendar))
    if earliest is not None and at < earliest:
        raise TooEarly("This step is not closed before its time, except by the person's own wish.")


def _refuse_misfits(pathway, told: Mapping[str, Any]) -> None:
    """Refuse answers that a fact of the version cannot have; facts the version lacks are kept, unused."""
    for key, value in told.items():
        if key in pathway.facts and not pathways.fits(pathway.facts[key], value):
            raise FactDoesNotFit(f"The answer to {key} is not of the kind the pathway asks for.")


def _engine_value(question: FormField, told: Any) -> Any:
    """Return what the engine may know: plain values; of a personal one only that it is known."""
    return True if told is not None and question.sensitivity != Sensitivity.PLAIN else told


@transaction.atomic
def note_event(*, case: Case, kind: str, key: str, by, at: dt.datetime, run: int | None = None, **codes) -> CaseEvent:
    """Append one event to a case, numbered. Codes and keys only: never a name, number or word that somebody said."""
    Case.objects.filter(pk=case.pk).update(event_count=models.F("event_count") + 1, changed_at=at)
    case.refresh_from_db(fields=["event_count", "changed_at"])
    return CaseEvent.objects.create(
        case=case,
        number=case.event_count,
        at=at,
        by=accounts.actor_id(by),
        kind=kind,
        run_number=run,
        body=pathways.canonical({name: code for name, code in codes.items() if code not in ("", None, [])}),
        key=key,
    )


def _write_facts(
    case: Case, event: CaseEvent, facts: Mapping[str, Any], asked: Mapping, sources: Mapping[str, str]
) -> None:
    """Write what was told, one row a fact; history stays. Personal values are sealed."""
    rows = []
    for key, told in facts.items():
        sensitivity = asked[key].sensitivity
        row = FactValue(
            case=case, key=key, event_number=event.number, is_known=told is not None, sensitivity=sensitivity,
            source=sources[key] or "staff", at=event.at, by=event.by,
        )  # fmt: skip
        if told is not None and sensitivity == Sensitivity.PLAIN:
            row.value = json.dumps(told, ensure_ascii=False, sort_keys=True)
        elif told is not None:
            accounts.seal(row, "sealed", told if isinstance(told, str) else json.dumps(told, ensure_ascii=False))
        rows.append(row)
    FactValue.objects.bulk_create(rows)


def _write_runs(case: Case, pathway, before: pathways.State, state: pathways.State, calendar) -> None:
    """Write the visits that the event began or changed; due times follow facts and ends of other steps."""
    touched = [
        run for run in state.runs if run.number > len(before.runs) or run.is_live or run != before.runs[run.number - 1]
    ]
    numbers = [run.number for run in touched]
    rows = StepRun.objects.select_for_update(no_key=True).filter(case=case, number__in=numbers)
    known, over = {row.number: row for row in rows}, []
    for run in touched:
        due = _deadlines(pathway, state, run, calendar)
        row = _written(known.get(run.number) or StepRun(case=case, number=run.number), _columns(pathway, run, due))
        if row.state in (RunState.OPEN, RunState.ASKING):
            _write_escalations(row, pathways.escalations_of(pathway, run, due))
        elif row.ended_at is not None:
            over.append(row)
    if over:
        Escalation.objects.filter(run__in=over, fired_at=None, at__gt=models.F("run__ended_at")).delete()


def _written(row: StepRun, columns: Mapping[str, Any]) -> StepRun:
    """Return a visit that holds these columns; one that held them already is not written again."""
    changed = [name for name, value in columns.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, columns[name])
    if row.pk is None:
        row.save()
    elif changed:
        row.save(update_fields=changed)
    return row


def _deadlines(pathway, state: pathways.State, run: pathways.Run, calendar) -> tuple:
    is_timed = run.kind in pathways.HUMAN or run.kind == "wait" or run.asked_at is not None
    return pathways.deadlines_of(pathway, state, run, calendar) if is_timed else ()


def _columns(pathway, run: pathways.Run, deadlines: tuple) -> dict[str, Any]:
    """Return what the row of a visit holds."""
    step = pathway.steps[run.step]
    counts = min((line for line in deadlines if line.type != "not_before"), key=lambda line: line.at, default=None)
    windows = [line.at for line in deadlines if line.type == "window_closes"]
    return {
        "step_key": run.step,
        "kind": run.kind,
        "token": run.token,
        "fork": run.forks[-1] if run.forks else None,
        "state": run.state,
        "role": step.get("role", ""),
        "outcome": run.outcome,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "due_at": counts.at if counts else None,
        "due_from": counts.starts_at if counts else None,
        "basis": (counts or deadlines[0]).basis if deadlines else "",
        "not_before": pathways.closes_from(deadlines),
        "closes_at": min(windows, default=None),
    }


def _write_escalations(row: StepRun, dues) -> None:
    """Put down who is told when; one row for each rule, moved while it has not fired."""
    known = {made.rule: made for made in Escalation.objects.filter(run=row)} if dues else {}
    born = [
        Escalation(run=row, rule=due.rule, to_role=due.to, action=due.action, at=due.at)
        for due in dues
        if due.rule not in known
    ]
    Escalation.objects.bulk_create(born)
    for due in dues:
        made = known.get(due.rule)
        if made is not None and made.fired_at is None and made.at != due.at:
            Escalation.objects.filter(pk=made.pk, fired_at=None).update(at=due.at)
