"""A learner and her place in a course."""

from datetime import datetime

from django.db import transaction

from training import progress
from training.models import Course, Enrolment, Learner, Progress
from training.queries import offers, versions


class NoVersionYet(LookupError):
    """Raised when a course has never been published; publish one of its lessons first."""


class NotOffered(LookupError):
    """Raised when somebody would begin a course that is not on offer to her; what she has begun goes on."""


def learner_of(user) -> Learner:
    """Return the learner behind an account, making it on first use."""
    return Learner.objects.get_or_create(user=user)[0]


@transaction.atomic
def enrol(*, learner: Learner, course: Course, country: str | None, at: datetime) -> Enrolment:
    """Return the learner's enrolment in a course; the first call pins the newest edition of her country."""
    begun = Enrolment.objects.filter(learner=learner, course=course).first()
    return begun or _begin(learner, course, country, at)


def _begin(learner: Learner, course: Course, country: str | None, at: datetime) -> Enrolment:
    version = versions.newest(course.pk, country)
    if version is None:
        raise NoVersionYet(f"The course {course.key} has no version yet. Publish one of its lessons.")
    if not offers.may_begin(course.pk, country, at):
        raise NotOffered(f"The course {course.key} is not on offer in {country or 'any country'}.")
    enrolment, made = Enrolment.objects.get_or_create(
        learner=learner, course=course, defaults={"version": version, "started_at": at}
    )
    if made:
        state = progress.canonical(progress.empty())
        asked = versions.value_of(version).asked("")
        Progress.objects.create(
            enrolment=enrolment,
            fold=progress.FOLD,
            state=state,
            sha256=progress.digest(state),
            of=sum(1 for activity in asked if activity.kind == "lesson"),
        )
    return enrolment
