"""A learner and her place in a course."""

from datetime import datetime

from django.db import transaction

from training import progress
from training.models import Course, Enrolment, Learner, Progress
from training.queries import versions


class NoVersionYet(LookupError):
    """Raised when a course has never been published; publish one of its lessons first."""


def learner_of(user) -> Learner:
    """Return the learner behind an account, making it on first use."""
    return Learner.objects.get_or_create(user=user)[0]


@transaction.atomic
def enrol(*, learner: Learner, course: Course, country: str | None, at: datetime) -> Enrolment:
    """Return the learner's enrolment in a course; the first call pins the newest edition of her country."""
    version = versions.newest(course.pk, country)
    if version is None:
        raise NoVersionYet(f"The course {course.key} has no version yet. Publish one of its lessons.")
    enrolment, made = Enrolment.objects.get_or_create(
        learner=learner, course=course, defaults={"version": version, "started_at": at}
    )
    if made:
        state = progress.canonical(progress.empty())
        lessons = progress.version_of(str(version.public_id), version.body).lessons
        Progress.objects.create(
            enrolment=enrolment,
            fold=progress.FOLD,
            state=state,
            sha256=progress.digest(state),
            of=sum(1 for lesson in lessons if lesson.required),
        )
    return enrolment
