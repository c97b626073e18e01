"""Marking answers anew once a right answer was corrected: an event for each; whoever passed keeps it."""

import datetime as dt
from collections import Counter
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import queue_letter, record
from accounts.queries.clocks import zone_of
from training import grading, progress
from training.actions.recording import Arrival, record_or_raise
from training.choices import Verb
from training.models import Course, Enrolment, Learner
from training.queries.regrading import Marked, regraded_id, still_to_mark, tests_to_mark
from training.queries.versions import newest_by_country

REGRADED_AT_ONCE, IN_ONE = 300, 10


def regrade(*, course: Course, by, at: dt.datetime) -> int:
    """Mark the answers of a course anew where a manager answers for them; return how many tests were, some at a time.

    Asked again, or by two at once, the same answers are the same events. A few tests are one transaction: the first
    certificate in it locks the head of the audit chain, for which every act of the house waits.
    """
    tests = list(islice(tests_to_mark(by, course), REGRADED_AT_ONCE))
    return sum(_regrade(tests[first : first + IN_ONE], course, by, at) for first in range(0, len(tests), IN_ONE))


@transaction.atomic
def _regrade(tests: list[Marked], course: Course, by, at: dt.datetime) -> int:
    """Mark a few tests anew, judged once nobody else can change them: what was set aside or marked meanwhile is left out."""
    rows = Enrolment.objects.filter(pk__in={one.attempt.enrolment_id for one in tests}).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    tests = still_to_mark(by, tests, course)
    if not tests:
        return 0
    editions = newest_by_country(course.pk)
    by_learner: dict[Learner, list[Arrival]] = {}
    for one in tests:
        learner = one.attempt.enrolment.learner
        edition = editions.get(learner.home or "") or editions[""]
        by_learner.setdefault(learner, []).extend(_arrivals(one, edition, at))
    for learner, arrivals in by_learner.items():
        record_or_raise(learner=learner, arrivals=arrivals, at=at, by=str(by.public_id))
    for one in tests:
        _tell(one, at)
    facts = {"thing": f"training.course:{course.key}", "at": at, "by": by}
    for country, count in sorted(Counter(one.attempt.enrolment.learner.home or "" for one in tests).items()):
        record(verb="training.answers_regraded", country=country, count=count, **facts)
    return len(tests)


def _tell(marked: Marked, at: dt.datetime) -> None:
    """Write to whose test it is that answers of hers were marked anew, where that gives them more."""
    rising, person = sum(1 for one in marked.remarks if one.after > one.before), marked.user
    if not rising or person is None or not person.email:
        return
    with translation.override(person.language), timezone.override(zone_of(person.country_id)):
        told = ngettext(
            "The right answer to %(number)s question was corrected after you handed in. It was marked anew on %(day)s; a "
            "mark rises by that and never falls.",
            "The right answers to %(number)s questions were corrected after you handed in. They were marked anew on "
            "%(day)s; a mark rises by that and never falls.",
            rising,
        ) % {"number": rising, "day": formats.date_format(timezone.localtime(at), "DATE_FORMAT")}
        page = settings.PUBLIC_URL + reverse("training:result", args=[marked.attempt.public_id])
        passed = [_("You have passed")] if marked.gains_pass else []
        key = f"regraded:{marked.attempt.public_id}:{marked.remarks[0].key}"
        queue_letter(
            key=key, to=person.email, language=person.language, subject=_("Answer marked anew"),
            text="\n\n".join([told, *passed, page]) + "\n", at=at, receiver=person,
        )  # fmt: skip


def _arrivals(marked: Marked, edition: str, at: dt.datetime) -> list[Arrival]:
    paper = progress.read(marked.attempt.paper)
    versions = {entry["id"]: entry["version"] for entry in paper["items"]}
    return [
        Arrival(
            id=regraded_id(marked.event, one),
            verb=Verb.REGRADED,
            activity=paper["activity"],
            version=edition,
            language=marked.user.language if marked.user else marked.attempt.language,
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
