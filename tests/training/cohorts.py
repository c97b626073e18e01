"""A cohort in Haiti with its trainer, for the tests of its pages, of reminders and of its sheet."""

import datetime as dt

import pytest

from training import actions
from training.choices import Road


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
