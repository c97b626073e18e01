"""One record of the demo whose time is in doubt: a phone that told a day before its owner began. Through actions only."""

import datetime as dt
import uuid

from training import actions, progress
from training.choices import Source, Verb
from training.exchange import stable_id
from training.models import Course, Enrolment, Event

EMAIL = "learner3.ht@example.org"
BEHIND = dt.timedelta(days=5)


def make(course: Course, *, at: dt.datetime) -> None:
    """Let a learner's phone send one screen more, read while its clock was days behind and sent once it was right again."""
    rows = Enrolment.objects.filter(course=course, learner__user__email=EMAIL).select_related(
        "learner__user", "version"
    )
    enrolment, key = rows.first(), uuid.UUID(int=stable_id("demo doubt", EMAIL).int, version=4)
    if enrolment is None or Event.objects.filter(pk=key).exists():
        return
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    lesson = next(one for one in version.asked("") if one.kind == "lesson")
    arrival = actions.Arrival(
        id=key, verb=Verb.REACHED, activity=lesson.id, version=version.id, language=enrolment.learner.user.language,
        occurred_at=enrolment.started_at - BEHIND, payload={"screen": lesson.screens[0]},
        device=stable_id("demo device", EMAIL), seq=100,
    )  # fmt: skip
    came = at - dt.timedelta(hours=20)
    actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.WEB, at=came)
