"""A learner and her place in a course."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from training import progress
from training.models import Course, CourseVersion, Enrolment, Learner, Progress
from training.queries import offers, versions
from training.queries.holders import hold_learners, is_holder, is_standing


class NoVersionYet(LookupError):
    """Raised when a course has never been published; publish one of its lessons first."""


class NotOffered(LookupError):
    """Raised when somebody would begin a course that is not on offer to her; what she has begun goes on."""


class CodeGone(LookupError):
    """Raised for what is done with a progress code that opens nothing any more, as since a moment ago.

    Nothing is stored or refused: it is for the account that took the code over, which is asked for.
    """


def learner_of(user) -> Learner:
    """Return the learner behind an account, making it on first use; who holds a progress code is one."""
    return user.learner if is_holder(user) else Learner.objects.get_or_create(user=user)[0]


@transaction.atomic
def enrol(*, learner: Learner, course: Course, country: str | None, at: datetime) -> Enrolment:
    """Return the learner's enrolment in a course; the first call pins the newest edition of her country."""
    begun = Enrolment.objects.filter(learner=learner, course=course, merged_into=None)
    if found := begun.first():
        return found
    demand_standing(learner)
    if found := begun.all().first():  # another act began it, or brought it by a claim, while this waited
        return found
    return begin(place_in(learner=learner, course=course, country=country, at=at))


@transaction.atomic
def enrol_many(*, users: Sequence, course: Course, country: str, at: datetime) -> dict[int, Enrolment]:
    """Return the enrolments of many people of a country in a course, by their users' keys; few statements for all.

    Raises NoVersionYet or NotOffered as `enrol` does, unless all of them have begun.
    """
    ordered = sorted(users, key=lambda user: user.pk)  # whoever makes one of them too waits for this, in one order
    Learner.objects.bulk_create([Learner(user=user) for user in ordered], ignore_conflicts=True)
    learners = Learner.objects.filter(user__in=users)
    begun = Enrolment.objects.filter(course=course, learner__in=learners, merged_into=None).select_related("learner")
    if missing := list(learners.exclude(pk__in=begun.values("learner"))):
        hold_learners(missing)
        known = set(begun.values_list("learner", flat=True))  # after the wait
        if fresh := [one for one in missing if one.pk not in known]:
            version = _version_to_begin(course, country, at)
            places = [Enrolment(learner=one, course=course, version=version, started_at=at) for one in fresh]
            made = Enrolment.objects.bulk_create(places)
            Progress.objects.bulk_create([_empty_progress(one, version) for one in made])
    return {one.learner.user_id: one for one in begun.all()}


def _version_to_begin(course: Course, country: str | None, at: datetime) -> CourseVersion:
    """Return the newest edition of a country, where the course is on offer there."""
    version = versions.newest(course.pk, country)
    if version is None:
        raise NoVersionYet(f"The course {course.key} has no version yet. Publish one of its lessons.")
    if not offers.may_begin(course.pk, country, at):
        raise NotOffered(f"The course {course.key} is not on offer in {country or 'any country'}.")
    return version


def _empty_progress(enrolment: Enrolment, version: CourseVersion) -> Progress:
    state = progress.canonical(progress.empty())
    asked = versions.value_of(version).asked("")
    return Progress(
        enrolment=enrolment,
        fold=progress.FOLD,
        state=state,
        sha256=progress.digest(state),
        of=sum(1 for activity in asked if activity.kind == "lesson"),
    )


def lock_enrolments(keys) -> None:
    """Lock enrolments in the order in which all do.

    What comes in parts locks those of all its parts before the first one writes into the audit log, which is locked last.
    """
    list(Enrolment.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def demand_standing(learner: Learner) -> None:
    """Hold somebody to the end of the transaction; raise CodeGone where she has no account and holds no code any more.

    Whoever begins a course for her holds her first, and so does a claim of both: none meets what another begins unseen.
    """
    if learner.user_id is not None:
        hold_learners([learner])
    elif not is_standing(learner):
        raise CodeGone("The code was taken over or erased.")


def place_in(*, learner: Learner, course: Course, country: str | None, at: datetime) -> Enrolment:
    """Return the place in a course that somebody may begin who stands (`demand_standing`), not stored yet.

    Raises NoVersionYet, or NotOffered where she may not.
    """
    if learner.user_id is None and not course.without_account:
        raise NotOffered(f"The course {course.key} is begun with an account only.")
    version = _version_to_begin(course, country, at)
    return Enrolment(learner=learner, course=course, version=version, started_at=at)


def begin(place: Enrolment) -> Enrolment:
    """Store a place in a course, of a learner who is held and has not begun it, with its empty progress; return it."""
    place.save()
    _empty_progress(place, place.version).save()
    return place
