"""Whether a test that was handed in ended a refresher, and up to which edition its learner is trained since."""

from training import progress
from training.models import Attempt
from training.queries.moments import instant
from training.queries.standing import Files

ASKED = (progress.REFRESHER_DUE, progress.LAPSED)


def refreshed_to(attempt: Attempt, state: progress.State) -> int:
    """Return the edition up to which a test brought its learner that ended her refresher; 0 where it ended none.

    Two queries, of who had finished the course before she handed it in.
    """
    enrolment, when = attempt.enrolment, state["submitted"].get(str(attempt.public_id))
    completed = enrolment.progress.completed_at
    if not attempt.passed or when is None or completed is None or completed >= instant(when):
        return 0
    files = Files.of([enrolment])
    before, after = (files.standing(enrolment, instant(moment)) for moment in (when - 1, when))
    return after.current_to if before.state in ASKED and after.state == progress.CURRENT else 0
