"""What chance draws elsewhere and the demo draws the same everywhere: the papers of its tests."""

from training.exchange import stable_id
from training.models import Enrolment


def paper_seed(enrolment: Enrolment, who: str = "") -> str:
    """Return by what the next paper of an enrolment is drawn; `who` names one without an account."""
    return stable_id("demo paper", who or enrolment.learner.user.email, str(enrolment.attempts.count())).hex
