"""How the tests of this room let somebody finish a course: through what her page would have sent."""

import uuid

from training import actions, demo, progress
from training.choices import END, Source


def finish(user, course, at, *, lessons=None, passed=True):
    """Let a person read a course, or some of its lessons, to the end and pass its test; return her enrolment."""
    learner = actions.learner_of(user)
    enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=at)
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    arrivals = [
        actions.Arrival(
            id=uuid.uuid4(),
            verb="reached",
            activity=lesson.id,
            version=version.id,
            language=user.language,
            occurred_at=at,
            payload={"screen": END},
        )  # fmt: skip
        for lesson in version.lessons[:lessons]
    ]
    if passed:
        arrivals.append(demo._test(enrolment, user.language, at))
    actions.record_events(learner=learner, arrivals=arrivals, source=Source.FORM, at=at)
    return enrolment
