"""Prove, or mend, that every progress row, and the result of every test, is what its events fold to."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.actions import alone, paced, record
from training import progress
from training.actions.folding import COLUMNS, fill_progress, fill_result
from training.choices import Verb
from training.models import Attempt, CourseVersion, Enrolment, Event, Progress
from training.queries import versions
from training.queries.folded import fact_of
from training.queries.moments import moment

AT_ONCE = 200  # enrolments that are in memory together
EVENTS_AT_ONCE = 2000
# Whether spans are to be worked out again is work that waits, and nothing that happened.
COMPARED = tuple(name for name in COLUMNS if name != "spans_due")
RESULT = ("right", "passed", "submitted_at")


@dataclass(frozen=True)
class Difference:
    """An enrolment whose rows are not what its events fold to; `columns` are those that differ, `progress` a row gone."""

    enrolment: str
    columns: tuple[str, ...]


@dataclass
class _Folded:
    """What the events of an enrolment fold to: its state, its tests with their papers, when each was handed in."""

    state: progress.State = field(default_factory=progress.empty)
    attempts: list[Attempt] = field(default_factory=list)
    papers: dict[str, progress.Paper] = field(default_factory=dict)
    handed_in: dict[uuid.UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wrong:
    """An enrolment that differs, with its rows as they should stand, written by whoever asks."""

    enrolment: Enrolment
    row: Progress
    attempts: list[Attempt]
    columns: tuple[str, ...]


def differences() -> Iterator[Difference]:
    """Fold every enrolment anew, some at a time, and yield those that differ."""
    for rows in _chunks():
        suspects = _wrong(rows)
        with transaction.atomic():
            found = _still_wrong(suspects)
        yield from (Difference(str(one.enrolment.public_id), one.columns) for one in found)


def rebuild(*, by, at: datetime) -> int:
    """Write what the events of every enrolment that differs fold to, and record it; return how many were written.

    Each few hundred are a transaction of their own: asked again, it goes on where it was ended.
    """
    written = 0
    for rows in _chunks():
        suspects = _wrong(rows)
        with transaction.atomic():
            found = _still_wrong(suspects)
            for one in found:
                _write(one)
            for one in found:
                record(by=by, verb="training.progress_rebuilt", thing=one.enrolment, at=at)
        written += len(found)
    return written


def refold(*, at: datetime) -> int:
    """Fold anew the states that an earlier fold wrote, some at a time; return how many. No completion is lost by it."""
    older = Enrolment.objects.filter(progress__fold__lt=progress.FOLD).order_by("pk").values_list("pk", flat=True)
    folded = 0
    for key, _now in paced(older[:AT_ONCE], at):
        with alone("progress_not_folded", subject=str(key)), transaction.atomic():
            rows = _locked([key])
            found = _folded(rows)[key]
            fill_progress(rows[0].progress, rows[0], found.state, found.papers)
            rows[0].progress.save()
            folded += 1
    return folded


def _standing():
    return Enrolment.objects.filter(merged_into=None).select_related("progress").order_by("pk")


def _chunks() -> Iterator[list[Enrolment]]:
    """Yield the enrolments some at a time, in the order of their keys."""
    last, rows = 0, [None] * AT_ONCE
    while len(rows) == AT_ONCE:
        rows = list(_standing().filter(pk__gt=last)[:AT_ONCE])
        if rows:
            last = rows[-1].pk
            yield rows


def _locked(keys: list[int]) -> list[Enrolment]:
    """Lock enrolments, in the order in which all do, then read what stands: no sending folds meanwhile."""
    rows = _standing().filter(pk__in=keys)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return list(rows)


def _still_wrong(suspects: list[_Wrong]) -> list[_Wrong]:
    """Return those of some that differ once they are held: what arrived while they were read is no difference."""
    return _wrong(_locked([one.enrolment.pk for one in suspects])) if suspects else []


def _wrong(rows: list[Enrolment]) -> list[_Wrong]:
    """Return the enrolments that differ among some."""
    folded = _folded(rows)
    return [wrong for row in rows if (wrong := _compared(row, folded[row.pk])).columns]


def _compared(enrolment: Enrolment, found: _Folded) -> _Wrong:
    row = getattr(enrolment, "progress", None)
    stood = {name: getattr(row, name) for name in COMPARED} if row else {}
    row = row or Progress(enrolment=enrolment)
    fill_progress(row, enrolment, found.state, found.papers)
    columns = [name for name in COMPARED if getattr(row, name) != stood[name]] if stood else ["progress"]
    attempts = []
    for attempt in found.attempts:
        before = {name: getattr(attempt, name) for name in RESULT}
        _fill_attempt(attempt, found)
        if others := [f"test {attempt.number}: {name}" for name in RESULT if getattr(attempt, name) != before[name]]:
            columns += others
            attempts.append(attempt)
    return _Wrong(enrolment, row, attempts, tuple(columns))


def _fill_attempt(attempt: Attempt, found: _Folded) -> None:
    key = str(attempt.public_id)
    attempt.submitted_at = found.handed_in.get(attempt.public_id)
    if attempt.submitted_at is None:
        attempt.right = attempt.passed = None
    else:
        fill_result(attempt, found.state["points"][key], found.papers[key])


def _write(one: _Wrong) -> None:
    one.row.spans_due = True  # they may have been worked out from what was wrong
    one.row.save()
    for attempt in one.attempts:
        attempt.save(update_fields=RESULT)


def _folded(rows: list[Enrolment]) -> dict[int, _Folded]:
    """Fold the events of some enrolments, and of those merged into them; their events go by and are not kept."""
    keys = [row.pk for row in rows]
    homes = dict(Enrolment.objects.filter(merged_into__in=keys).values_list("pk", "merged_into"))
    homes |= {key: key for key in keys}
    found = {key: _Folded() for key in keys}
    for attempt in Attempt.objects.filter(enrolment__in=keys):
        key, hers = str(attempt.public_id), found[attempt.enrolment_id]
        hers.attempts.append(attempt)
        hers.papers[key] = progress.paper_of(key, attempt.paper)
    for event in _events(homes):
        hers = found[homes[event.enrolment_id]]
        hers.state = progress.fold([fact_of(event)], hers.papers, hers.state)
        if event.verb == Verb.SUBMITTED:
            hers.handed_in[event.attempt] = moment(event)
    _read_editions(rows, found)
    return found


def _events(keys: Iterable[int]) -> Iterator[Event]:
    rows = Event.objects.filter(enrolment__in=keys).order_by().select_related("course_version")
    return rows.defer("course_version__body").iterator(chunk_size=EVENTS_AT_ONCE)


def _read_editions(rows: list[Enrolment], found: dict[int, _Folded]) -> None:
    """Read the editions that enrolments are, and were, pinned to: each once, the present one with its row."""
    editions = CourseVersion.objects.in_bulk({row.version_id for row in rows})
    for row in rows:
        row.version = editions[row.version_id]
    versions.values_of({key for one in found.values() for key in one.state["pinned"]})  # from here on in memory
