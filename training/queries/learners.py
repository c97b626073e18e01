"""Whose learning a person may see by name: a manager her country's, a trainer those of the groups that she trains."""

from django.db.models import F, QuerySet

from accounts.choices import Role
from accounts.models import User
from training.models import Member, Progress
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


def people_progress(user, course: str = ""):
    """Return the learners whom a person may see with what they finished; never what they answered."""
    rows = (
        Progress.objects.filter(enrolment__learner__user__in=learners_visible_to(user))
        .select_related("enrolment__learner__user__office")
        .annotate(course_key=F("enrolment__course__key"))
    )
    if course:
        rows = rows.filter(course_key=course)
    return rows.order_by("enrolment__learner__user__name", "enrolment__learner__user__email", "course_key")
