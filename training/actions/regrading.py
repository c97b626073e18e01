"""Marking answers anew once a right answer was corrected: an event for each; whoever passed keeps it."""

import datetime as dt
from itertools import islice

from django.db import transaction

from accounts.actions import record
from training import grading, progress
from training.actions.recording import Arrival, record_or_raise
from training.choices import Verb
from training.models import Course, Enrolment, Learner
from training.queries.regrading import Marked, regraded_id, tests_to_mark
from training.queries.versions import newest_by_country

REGRADED_AT_ONCE = 300


@transaction.atomic
def regrade(*, course: Course, by, at: dt.datetime) -> int:
    """Mark the answers of a course anew where a manager answers for them; return how many tests were, some at a time.

    Asked again, or by two at once, the same answers are the same events.
    """
    tests = list(islice(tests_to_mark(by, course), REGRADED_AT_ONCE))
    if not tests:
        return 0
    rows = Enrolment.objects.filter(pk__in={one.attempt.enrolment_id for one in tests}).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    editions = newest_by_country(course.pk)
    by_learner: dict[Learner, list[Arrival]] = {}
    for one in tests:
        learner = one.attempt.enrolment.learner
        edition = editions.get(learner.user.country_id or "") or editions[""]
        by_learner.setdefault(learner, []).extend(_arrivals(one, edition, at))
    for learner, arrivals in by_learner.items():
        record_or_raise(learner=learner, arrivals=arrivals, at=at, by=str(by.public_id))
    thing = f"training.course:{course.key}"
    record(by=by, verb="training.answers_regraded", thing=thing, at=at, country=by.country_id or "", count=len(tests))
    return len(tests)


def _arrivals(marked: Marked, edition: str, at: dt.datetime) -> list[Arrival]:
    paper = progress.read(marked.attempt.paper)
    versions = {entry["id"]: entry["version"] for entry in paper["items"]}
    return [
        Arrival(
            id=regraded_id(marked.event, one),
            verb=Verb.REGRADED,
            activity=paper["activity"],
            version=edition,
            language=marked.user.language,
            occurred_at=at,
            payload={
                "attempt": str(marked.attempt.public_id),
                "item": one.item,
                "item_version": versions[one.item],
                "key": one.key,
                "points": one.after,
                "max": grading.FULL,
            },
        )
        for one in marked.remarks
    ]
