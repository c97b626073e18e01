"""Prove, or mend, that every progress row is what its events fold to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actions import alone, paced, record
from training import progress
from training.actions.folding import events_of, fact_of, fill_progress
from training.models import Enrolment, Progress

AT_ONCE = 200


@dataclass(frozen=True)
class Difference:
    """An enrolment whose stored state is not what its events fold to; `stored` is empty where its row is gone."""

    enrolment: str
    stored: str
    folded: str


def differences() -> Iterator[Difference]:
    """Fold every enrolment anew and yield those that differ."""
    for enrolment in _enrolments():
        folded, _papers = _refold(enrolment)
        digest = progress.digest(progress.canonical(folded))
        stored = getattr(enrolment, "progress", None)
        if stored is None or digest != stored.sha256:
            yield Difference(str(enrolment.public_id), stored.sha256 if stored else "", digest)


@transaction.atomic
def rebuild(*, by, at: datetime) -> int:
    """Write the folded state of every enrolment that differs, and record it; return how many were written."""
    wrong = {difference.enrolment for difference in differences()}
    rows = Enrolment.objects.select_for_update(no_key=True).filter(public_id__in=wrong)
    list(rows.order_by("pk").values_list("pk"))  # no sending folds meanwhile; only then is read what stands
    for enrolment in _enrolments().filter(public_id__in=wrong):
        row = getattr(enrolment, "progress", None) or Progress(enrolment=enrolment)
        fill_progress(row, enrolment, *_refold(enrolment))
        row.save()
        record(by=by, verb="training.progress_rebuilt", thing=enrolment, at=at)
    return len(wrong)


def refold(*, at: datetime) -> int:
    """Fold anew the states that an earlier fold wrote, some at a time; return how many. No completion is lost by it."""
    older = Enrolment.objects.filter(progress__fold__lt=progress.FOLD).order_by("pk").values_list("pk", flat=True)
    folded = 0
    for key, _now in paced(older[:AT_ONCE], at):
        with alone("progress_not_folded", subject=str(key)), transaction.atomic():
            enrolment = _enrolments().select_for_update(of=("self",), no_key=True).get(pk=key)
            fill_progress(enrolment.progress, enrolment, *_refold(enrolment))
            enrolment.progress.save()
            folded += 1
    return folded


def _enrolments():
    rows = Enrolment.objects.filter(merged_into=None)
    return rows.select_related("progress", "version").prefetch_related("attempts").order_by("pk")


def _refold(enrolment: Enrolment) -> tuple[progress.State, dict[str, progress.Paper]]:
    papers = {
        str(attempt.public_id): progress.paper_of(str(attempt.public_id), attempt.paper)
        for attempt in enrolment.attempts.all()
    }
    return progress.fold([fact_of(event) for event in events_of(enrolment)], papers), papers
