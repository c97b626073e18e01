"""What the demo shows of tests that were not passed: one learner who waits for her next try, one who used all of hers."""

import datetime as dt

from training import actions, grading, queries
from training.models import Attempt, Course, Enrolment

WAITS = "learner.lr@example.org"


def make(course: Course, *, right, at: dt.datetime) -> None:
    """Let two officials of Liberia fail the test of a course, once; `right` gives the right response to a question."""
    rows = Enrolment.objects.filter(course=course, learner__user__country="LR", progress__passed_at=None)
    if Attempt.objects.filter(enrolment__in=rows, passed=False).exists():
        return
    if waiting := rows.filter(learner__user__email=WAITS).first():
        _fail(waiting, right, at - dt.timedelta(hours=1))
    official = rows.filter(learner__user__email__startswith="official", progress__done__gt=0).order_by("pk").first()
    for days in (12, 9, 5) if official else ():
        _fail(official, right, at - dt.timedelta(days=days))


def _fail(enrolment: Enrolment, right, at: dt.datetime) -> None:
    """Take a test with every other answer right."""
    enrolment = Enrolment.objects.select_related("progress", "version", "learner__user").get(pk=enrolment.pk)
    language = enrolment.learner.user.language
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=at - dt.timedelta(minutes=14))
    items: list[grading.Item] = queries.items_of(attempt)
    responses = {item.id: right(item) for item in items[::2]}
    actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at)
