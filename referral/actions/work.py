"""The work list: rows that tell a role about something; the worker turns them into letters."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from referral.choices import EscalationAction, RunState
from referral.models import Case, Escalation, StepRun
from referral.pathways import State

DANGER = "immediate_danger"


@transaction.atomic
def tell(*, case: Case, run: int, rule: str, role: str, at: dt.datetime) -> Escalation:
    """Put one row into a role's work list. The same rule for the same visit is told once."""
    row = StepRun.objects.get(case=case, number=run)
    first = {"to_role": role, "action": EscalationAction.NOTIFY, "at": at}
    return Escalation.objects.get_or_create(run=row, rule=rule[:40], defaults=first)[0]


@transaction.atomic
def tell_about(*, case: Case, before: State, state: State, at: dt.datetime) -> None:
    """Tell about what nobody chose: a way taken without knowing the danger, a blocked step, facts that changed later."""
    done_before = {run.number for run in before.runs if run.state == RunState.DONE}
    for run in state.runs:
        blind = {name for reason in run.reasons if reason.code == "unknown_taken" for name in reason.facts}
        if run.kind == "gate" and run.number not in done_before and DANGER in blind:
            tell(case=case, run=run.number, rule="danger_unknown", role="coordinator", at=at)
    for run in state.blocked:
        tell(case=case, run=run.number, rule="blocked", role="coordinator", at=at)
    changed = {name for name, said in state.facts.items() if name in before.facts and before.facts[name] != said}
    touched = [
        run
        for run in before.runs
        if run.state == RunState.DONE and changed & {name for reason in run.reasons for name in reason.facts}
    ]
    if touched:
        tell(case=case, run=touched[0].number, rule=f"facts_changed:{case.event_count}", role="hotline", at=at)


@transaction.atomic
def mark_seen(*, told: Iterable[Escalation], by, at: dt.datetime) -> None:
    """Take what was told off the work list of those who were told; what came since stays on it."""
    seen = Escalation.objects.filter(pk__in=[one.pk for one in told], seen_at=None)
    seen.update(seen_at=at, seen_by=str(by.public_id))
