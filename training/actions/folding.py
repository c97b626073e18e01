"""From the state of the fold to the progress row."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from training import grading, progress
from training.models import Attempt, Enrolment, Progress
from training.queries import versions
from training.queries.folded import events_of, fact_of


def instant_of(milliseconds: int | None) -> datetime | None:
    """Return an instant from epoch milliseconds."""
    return None if milliseconds is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


# What a fold writes.
COLUMNS = (
    "fold", "state", "sha256", "done", "of", "best", "seconds", "language", "track", "passed_at", "completed_at", "last_at",
    "spans_due",
)  # fmt: skip


def save_progress(enrolment: Enrolment, facts: list[progress.Fact], papers: dict[str, progress.Paper]) -> Progress:
    """Join facts onto an enrolment's state and write it with the columns for lists."""
    row = join_facts(enrolment, facts, papers)
    row.save()
    return row


def join_facts(
    enrolment: Enrolment,
    facts: list[progress.Fact],
    papers: dict[str, progress.Paper],
    before: progress.State | None = None,
) -> Progress:
    """Join facts onto an enrolment's state, in the row of its progress, which is written by whoever asks.

    `before` is the state of that row, where it was read already.
    """
    row = enrolment.progress
    if row.fold == progress.FOLD:
        state = progress.fold(facts, papers, before or progress.read_state(row.state))
    else:  # written by an earlier fold, which kept less: from the beginning, these facts among them
        state = progress.fold([fact_of(event) for event in events_of(enrolment)], papers)
    fill_progress(row, enrolment, state, papers)
    return row


def fill_progress(row: Progress, enrolment: Enrolment, state: progress.State, papers: dict) -> None:
    """Set every column of a progress row from a state."""
    found = progress.summary(state, versions.pinned(enrolment, state), papers)
    row.fold, row.state = progress.FOLD, progress.canonical(state)
    row.sha256 = progress.digest(row.state)
    row.done, row.of, row.best, row.seconds = found.done, found.of, found.best, found.seconds
    row.language, row.track = found.language, found.track
    row.passed_at, row.completed_at = instant_of(found.passed_at), instant_of(found.completed_at)
    row.last_at = instant_of(found.last_at)
    row.spans_due = row.spans_due or found.completed_at is not None


def fill_result(attempt: Attempt, points: Mapping[str, int], paper: progress.Paper) -> None:
    """Set what a test that was handed in came to, by the points of its answers; before a course nobody passes or fails."""
    attempt.right = sum(1 for value in points.values() if value == grading.FULL)
    attempt.passed = None if paper.form == progress.PRE else grading.passes(points, paper.rule)
