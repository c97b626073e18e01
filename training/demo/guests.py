"""Who learns safe migration without an account in the demo: a handful, so that their line in the reports has a number."""

import datetime as dt
import uuid

from accounts.models import Country
from training import actions
from training.choices import END, Source, Verb
from training.models import Course
from training.progress import version_of
from training.queries.holders import holders

COUNTRY, MANY = "BD", 11
LESSONS = (1, 3, 0, 6, 2, 1, 4, 0, 2, 9, 1)  # read to the end, by learner


def make(course: Course, *, at: dt.datetime) -> None:
    """Let some begin a course without an account, once; the codes are shown to nobody, so nobody opens what they did."""
    is_there = Country.objects.filter(pk=COUNTRY).exists()
    if not (is_there and course.without_account) or holders().exists():
        return
    for number in range(MANY):
        began = at - dt.timedelta(days=3 * number + 2)
        told = {"course": course, "country": COUNTRY, "address": f"demo {number}", "at": began}
        learner, enrolment, _code = actions.begin_without_account(**told)
        edition = version_of(str(enrolment.version.public_id), enrolment.version.body)
        read = [
            actions.Arrival(
                id=uuid.uuid5(learner.public_id, f"{one.id} {verb}"), verb=verb, activity=one.id, version=edition.id,
                language="bn" if number % 3 else "en", occurred_at=began + dt.timedelta(minutes=12 * place),
                payload=payload,
            )
            for place, one in enumerate(edition.lessons[: LESSONS[number] or 1], 1)
            for verb, payload in _read(LESSONS[number])
        ]  # fmt: skip
        actions.record_events(learner=learner, arrivals=read, source=Source.FORM, at=began + dt.timedelta(hours=2))


def _read(lessons: int) -> list[tuple[str, dict]]:
    """Return what is noted of a lesson: opened, and its end where she came so far."""
    return [(Verb.OPENED, {}), (Verb.REACHED, {"screen": END})] if lessons else [(Verb.OPENED, {})]
