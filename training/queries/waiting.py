"""What a page needs to name what waits on a phone."""

from dataclasses import dataclass

from training.models import Learner
from training.queries.holders import is_holder
from training.queries.learning import begun_courses


@dataclass(frozen=True)
class Waiting:
    """Whose phone it is, "" for somebody who never learned here, and what the things of her courses are called."""

    who: str
    headings: dict[str, str]


def waiting_of(user, language: str) -> Waiting:
    """Return the names of a person's lessons and tests by their ids."""
    learner = user.learner if is_holder(user) else Learner.objects.filter(user=user).first()
    headings: dict[str, str] = {}
    for one in begun_courses(user, language):
        headings |= {lesson.id: str(lesson.heading) for lesson in one.lessons}
        headings |= {test.id: str(one.heading) for test in one.tests}
    return Waiting(str(learner.public_id) if learner else "", headings)
