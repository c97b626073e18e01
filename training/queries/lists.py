"""Who began what and how each test ended, row by row, for the files that managers take out."""

from django.db.models import QuerySet

from training.models import Attempt, Enrolment
from training.queries.learners import learners_visible_to

PEOPLE = ("learner__user__office", "learner__user__country", "course", "version")


def enrolments_listed(user, course: str = "") -> QuerySet[Enrolment]:
    """Return the enrolments of the learners whom a person may see, with their progress; one query."""
    rows = Enrolment.objects.filter(learner__user__in=learners_visible_to(user)).select_related(*PEOPLE, "progress")
    if course:
        rows = rows.filter(course__key=course)
    return rows.order_by("learner__user__country", "learner__user__name", "learner__user__email", "course", "pk")


def results_listed(user, course: str = "") -> QuerySet[Attempt]:
    """Return the tests handed in by the learners whom a person may see; one query."""
    people = tuple(f"enrolment__{name}" for name in PEOPLE[:3])
    rows = Attempt.objects.filter(enrolment__learner__user__in=learners_visible_to(user), submitted_at__isnull=False)
    if course:
        rows = rows.filter(enrolment__course__key=course)
    person = "enrolment__learner__user"
    order = (f"{person}__country", f"{person}__name", f"{person}__email", "enrolment", "number")
    return rows.select_related(*people, "version").order_by(*order)
