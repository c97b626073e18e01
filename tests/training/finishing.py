"""How the tests of this room let somebody finish a course: through what her page would have sent."""

import uuid

from training import actions, progress
from training.choices import END, Source
from training.demo.learners import take_test
from training.models import Course


def finish(user, course, at, *, lessons=None, passed=True, without=()):
    """Let a person read a course, or some of its lessons, to the end and pass its test; return her enrolment.

    `without` are the ids of lessons that she leaves out.
    """
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
        if lesson.id not in without
    ]
    if passed:
        arrivals.append(take_test(enrolment, user.language, at))
    actions.record_events(learner=learner, arrivals=arrivals, source=Source.FORM, at=at)
    return enrolment


def ask_anew(lesson, at):
    """Publish an edition that asks a lesson anew of those who have done it."""
    lesson.aim_en += "!"
    lesson.save()
    actions.course_changed(Course.objects.get(), by="test", at=at, material=str(lesson.translation_key))


def spell_anew(user):
    """Let somebody's account bear another name than before."""
    user.name = f"{user.name} S."
    user.save()


def refresh(user, course, at, *, lessons=1):
    """Let a person who has finished move to the newest edition and read its first lessons; return her enrolment."""
    enrolment = actions.enrol(learner=actions.learner_of(user), course=course, country=user.country_id, at=at)
    actions.move_to_newest(enrolment=enrolment, language=user.language, at=at)
    return finish(user, course, at, lessons=lessons, passed=False)
