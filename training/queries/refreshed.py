"""Whether what a learner just did ended a refresher or brought a certificate, and up to which edition she is trained since."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from training import progress
from training.choices import CertificateKind, Verb
from training.models import Attempt, Certificate, Enrolment, Event, Learner
from training.queries.certificates import completion_of
from training.queries.moments import instant, milliseconds, moment
from training.queries.standing import Files
from training.queries.versions import edition_of

ASKED = (progress.REFRESHER_DUE, progress.LAPSED)


@dataclass(frozen=True, order=True)
class Reached:
    """Up to which edition of her country somebody is trained since a refresher ended; 0 where none did.

    `has_moved`: her certificate may be of another country, whose editions have other numbers.
    """

    number: int = 0
    has_moved: bool = False

    def __bool__(self) -> bool:
        return bool(self.number)


NOTHING = Reached()


def refreshed_to(attempt: Attempt, state: progress.State) -> Reached:
    """Return the edition up to which a test brought its learner that ended her refresher; none where it ended none.

    Two queries, of who had finished the course before she handed it in.
    """
    when = state["submitted"].get(str(attempt.public_id))
    return _reached(attempt.enrolment, when, instant(when)) if attempt.passed and when is not None else NOTHING


def refreshed_by(learner: Learner, events: Iterable[uuid.UUID], at: dt.datetime) -> Reached:
    """Return the edition up to which lessons read or stories played brought a learner, of events that just came.

    None where they ended no refresher. One query; three more of who had finished the course before, four of who had done
    all but its test.
    """
    done = Certificate.objects.filter(
        enrolment=OuterRef("enrolment"), kind=CertificateKind.COMPLETION, issued_at__lt=at, withdrawal=None
    )
    found = Event.objects.filter(
        Q(enrolment__progress__completed_at__isnull=False) | Exists(done),
        pk__in=list(events), learner=learner, verb__in=(Verb.REACHED, Verb.CHOSE),
    ).only("enrolment", "occurred_at", "clock_offset_ms", "received_at")  # fmt: skip
    since: dict[int, dt.datetime] = {}
    for event in found:
        since[event.enrolment_id] = min(moment(event), since.get(event.enrolment_id, at))
    rows = (
        Enrolment.objects.filter(pk__in=since).select_related("progress", "version", "learner__user") if since else ()
    )
    return max((_reached(row, milliseconds(since[row.pk]), at) for row in rows), default=NOTHING)


def kinds_issued(learner: Learner, at: dt.datetime) -> set[str]:
    """Return the kinds of the certificates that were issued to a learner at an instant, by what she did then; one query."""
    return set(Certificate.objects.filter(learner=learner, issued_at=at).values_list("kind", flat=True))


def kinds_held(user, course: int) -> set[str]:
    """Return the kinds of the certificates of a course that stand for a person; one query."""
    rows = Certificate.objects.filter(learner__user=user, enrolment__course=course, withdrawal=None)
    return set(rows.values_list("kind", flat=True))


def _reached(enrolment: Enrolment, since: int, until: dt.datetime) -> Reached:
    """Return the edition with which somebody is up to date at an instant, who just before another one was asked something."""
    completed = enrolment.progress.completed_at
    if completed is None:
        return _reached_by_work(enrolment, since, until)
    if completed >= instant(since):
        return NOTHING
    files = Files.of([enrolment])
    return _risen(files, enrolment, files.standing(enrolment, instant(since - 1)), files.standing(enrolment, until))


def _reached_by_work(enrolment: Enrolment, since: int, until: dt.datetime) -> Reached:
    """Return the same of who holds a certificate of completion and has not passed the test, which is not asked then."""
    one = completion_of(enrolment, instant(since - 1))
    if one is None:
        return NOTHING
    files, edition = Files.of([enrolment]), edition_of(one.version)
    before, after = (
        files.standing_of_work(enrolment, edition, one.attained_at, at) for at in (instant(since - 1), until)
    )
    return _risen(files, enrolment, before, after)


def _risen(files: Files, enrolment: Enrolment, before: progress.Standing, after: progress.Standing) -> Reached:
    if before.state not in ASKED or after.state != progress.CURRENT:
        return NOTHING
    return Reached(after.current_to, files.has_moved(enrolment))
