"""A course goes onto a phone: its learner is enrolled, and one test is drawn with it."""

from datetime import datetime

from django.db import transaction

from training.actions.places import enrol, learner_of
from training.actions.testing import TestUsedUp, start_attempt
from training.choices import Form
from training.models import Attempt, Course, Enrolment
from training.progress import NoQuestions
from training.queries import standing


@transaction.atomic
def keep_course(*, user, course: Course, language: str, at: datetime) -> tuple[Enrolment, Attempt | None]:
    """Enrol a person where she is not yet, and return her open test or a new one; None where nothing is asked.

    One test goes with a kept course: kept again, it is the same until it is handed in. While she waits for her next try
    it goes along, to be opened when the time has come; with all tries used there is none. Where a refresher asks for the
    questions again, it is that test.
    """
    enrolment = enrol(learner=learner_of(user), course=course, country=user.country_id, at=at)
    again = any(activity.kind == "test" for activity in standing(enrolment, at).asked)
    for form in (Form.CHECKUP, Form.POST) if again else (Form.POST,):
        try:
            return enrolment, start_attempt(enrolment=enrolment, language=language, at=at, form=form, ahead=True)
        except NoQuestions:
            continue
        except TestUsedUp:
            break
    return enrolment, None
