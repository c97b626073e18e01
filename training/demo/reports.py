"""What the demo's reports show: some who took the refresher and some who did not, counted from the start."""

import datetime as dt
from collections.abc import Iterable

from accounts.choices import Role
from training import actions, queries
from training.choices import END, Source, Verb
from training.exchange import stable_id
from training.models import Course, CourseFigures, Enrolment
from training.queries.versions import newest


def refresh_some(course: Course, *, at: dt.datetime) -> None:
    """Let every second official who has finished read the changed lesson again, so that some are current and some due."""
    rows = Enrolment.objects.filter(course=course, progress__completed_at__lt=at).select_related("learner__user")
    rows = rows.filter(learner__user__roles__contains=f",{Role.LEARNER},")  # operators stay as they are
    for enrolment in rows.order_by("learner__user__email")[::2]:
        version = newest(course.pk, enrolment.learner.user.country_id)
        asked = [one.id for one in queries.standing(enrolment, at).asked if one.kind == "lesson"]
        facts = {"version": str(version.public_id), "language": enrolment.learner.user.language, "occurred_at": at}
        arrivals = [
            actions.Arrival(
                id=stable_id("again", str(enrolment.public_id), one), verb=Verb.REACHED, activity=one,
                payload={"screen": END}, **facts,
            )
            for one in asked
        ]  # fmt: skip
        actions.record_events(learner=enrolment.learner, arrivals=arrivals, source=Source.FORM, at=at)


def count(courses: Iterable[Course], *, at: dt.datetime) -> None:
    """Count what the reports are read from, as the worker does hour by hour."""
    while actions.fill_due_spans(at=at):
        pass
    actions.count_readiness(at=at)
    for course in courses:
        actions.count_lessons(course=course.pk, at=at)
        if not CourseFigures.objects.filter(course=course).exists():
            actions.count_figures(course=course, at=at)
