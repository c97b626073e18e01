"""Reads for needs that stand open again: whether another agency helps, and which steps a withdrawal opened."""

import datetime as dt

from django.db.models import Q, QuerySet

from referral.choices import ReferralState
from referral.models import Case, CaseEvent, Referral, StepRun
from referral.queries.runs import Words, version_of, words


def is_met(referral: Referral) -> bool:
    """Tell whether another agency helps with the need of a request, or has helped since it was made."""
    helps = Q(state__in=[ReferralState.ACCEPTED, ReferralState.IN_PROGRESS])
    has_helped = Q(state=ReferralState.COMPLETED, pk__gt=referral.pk)
    others = Referral.objects.filter(case=referral.case_id, need=referral.need).exclude(pk=referral.pk)
    return others.filter(helps | has_helped).exists()


def recalled_since(case: Case, moment: dt.datetime) -> QuerySet[Referral]:
    """Return the requests of a case that were recalled since a moment."""
    rows = Referral.objects.filter(case=case, state=ReferralState.RECALLED, ended_at__gte=moment)
    return rows.select_related("run").order_by("pk")


def steps_opened_by(case: Case, key: str, language: str) -> list[Words]:
    """Return the titles of the steps that one taking back of consent opened again."""
    events = CaseEvent.objects.filter(case=case, kind="opened_anew", key__startswith=f"{key}:").order_by("number")
    touched = StepRun.objects.filter(case=case, number__in=list(events.values_list("run_number", flat=True)))
    steps = version_of(case).steps
    return [words(steps[run.step_key]["title"], language) for run in touched.order_by("number")]
