"""A cohort in Haiti with its trainer, for the tests of its pages, of attendance, of reminders and of its sheet."""

import datetime as dt
import uuid

import pytest

from training import actions, progress
from training.choices import Road, Source, Verb
from training.models import Enrolment, Progress


@pytest.fixture
def trainer(person, countries):
    """A trainer in Haiti."""
    return person("trainer", country=countries["HT"], name="Trainer, Haiti")


@pytest.fixture
def cohort(trainer, course, countries, at):
    """A cohort of the judicial course in Haiti that began a week ago."""
    facts = {"name": "Court clerks", "begins_on": at.date() - dt.timedelta(days=7), "place": "Room 2"}
    return actions.make_cohort(
        course=course, country=countries["HT"], trainers=[trainer], by=trainer, at=at, language_codes="fr ht", **facts
    )


@pytest.fixture
def session(cohort, trainer, at):
    """A meeting that began an hour ago and lasts two."""
    begun = at - dt.timedelta(hours=1)
    return actions.plan_session(cohort=cohort, starts_at=begun, minutes=120, place="Room 2", by=trainer, at=at)


@pytest.fixture
def member(cohort, official, trainer, at):
    """The official, who is in the cohort."""
    actions.add_members(cohort=cohort, users=[official], road=Road.FILE, by=trainer, at=at)
    return cohort.members.get()


def minutes_of(member):
    """Return the minutes of each session a member was at."""
    state = Progress.objects.get(enrolment=member.enrolment_id).state
    return progress.attended(progress.read_state(state))


def typed(session, user, code, at, **fields):
    """Return an event of attendance as a phone sends it."""
    enrolment = Enrolment.objects.get(learner__user=user)
    payload = {"session": str(session.public_id), "minutes": session.minutes, "how": "phone", "code": code}
    given = {"occurred_at": at, "id": uuid.uuid4()} | fields
    return actions.Arrival(
        verb=Verb.ATTENDED, version=str(enrolment.version.public_id), language="fr", payload=payload, **given
    )


def sent(user, *arrivals, at):
    """Send events as her phone does; return what became of each."""
    outcomes = actions.record_events(
        learner=actions.learner_of(user), arrivals=list(arrivals), source=Source.WEB, at=at
    )
    return [(one.status, str(one.reason)) for one in outcomes]
