"""Whose learning a person may see by name: a manager her country's, a trainer those of the groups that she trains."""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.choices import Role
from accounts.models import User
from training.models import Learner, Member, Progress
from training.queries.cohorts import cohorts_visible_to
from training.queries.completion import countries_visible_to


def learners_of_countries(user) -> QuerySet[User]:
    """Return the learners of a person's countries: whom she may let into a group, or hand in a file for; not to be shown."""
    return User.objects.filter(is_active=True, roles__contains=",learner,", country__in=countries_visible_to(user))


def learners_visible_to(user) -> QuerySet[User]:
    """Return the learners whom a person may see by name: who is not a manager, those who are or were in her groups."""
    people = learners_of_countries(user)
    if is_told_all(user):
        return people
    members = Member.objects.filter(cohort__in=cohorts_visible_to(user).values("pk"))
    return people.filter(pk__in=members.values("enrolment__learner__user"))


def is_told_all(user) -> bool:
    """Tell whether a person may see the names of a whole country."""
    return user.has_role(Role.MANAGER)


def learners_listed(user, course: str = "") -> QuerySet[Learner]:
    """Return the learners whom a person may see, or those of a course, by name.

    A list of them is paged by people, never by what each of them does in each course: of a whole country that is ten
    times as many rows, which its count would join and its first page sort.
    """
    rows = Learner.objects.filter(user__in=learners_visible_to(user))
    if course:
        rows = rows.filter(enrolments__course__key=course)  # one a course, so nobody stands there twice
    return rows.select_related("user__office").order_by("user__name", "user__email", "pk")


def with_progress(learners: Iterable[Learner], course: str = "") -> list[tuple[Learner, list[Progress]]]:
    """Return learners with how far each is in her courses, or in this one; never what she answered; one query.

    Who only looked around has none.
    """
    learners = list(learners)
    found: dict[int, list[Progress]] = {one.pk: [] for one in learners}
    rows = Progress.objects.filter(enrolment__learner__in=found)
    rows = rows.annotate(learner=F("enrolment__learner"), course_key=F("enrolment__course__key"))
    if course:
        rows = rows.filter(course_key=course)
    for row in rows.order_by("course_key"):
        found[row.learner].append(row)
    return [(one, found[one.pk]) for one in learners]
