"""Offices in which people are trained, and the report of readiness counted now."""

import datetime as dt

import pytest

from training import actions
from training.models import Progress, TrainedSpan
from training.queries.readiness import readiness

CURRENT = ("current", "fr", None)
DUE = ("refresher_due", "fr", 30)
LAPSED = ("lapsed", "fr", None)


@pytest.fixture
def trained(person, course, at):
    """Put people into an office whose certificates stand as told: (state, language, days until it ends or None)."""

    def fill(office, *states, untrained=0, since=40, minutes=9):
        people = [person("learner", country=office.country, office=office) for _ in range(len(states) + untrained)]
        begins = at - dt.timedelta(days=since)
        for user, (state, language, days) in zip(people, states, strict=False):
            learner = actions.learner_of(user)
            enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=begins)
            Progress.objects.filter(enrolment=enrolment).update(completed_at=begins, last_at=begins, language=language)
            ends = at + dt.timedelta(days=days) if days else None
            facts = {"enrolment": enrolment, "course": course, "user": user, "language": language}
            told = 0 if state == "current" else minutes
            TrainedSpan.objects.create(**facts, state=state, begins=begins, ends=ends, minutes=told)
            if ends:
                TrainedSpan.objects.create(**facts, state="lapsed", begins=ends, minutes=minutes)
        return people

    return fill


def rows(user, at, **filters):
    """The report of a person, counted now."""
    actions.count_readiness(at=at)
    return readiness(user, filters, "en", at=at).rows
