"""A file of a phone and somebody who finishes, at one instant: the file locks all its people before its first record.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import datetime as dt
import uuid

import pytest
from django.db import connection

from accounts.actions import record
from accounts.models import Country
from tests.locks import beside
from tests.test_holder_locks import root, school
from tests.training.cohorts import cohort, session, trainer
from training import actions, progress
from training.choices import END, Road, Verb
from training.models import Course, CourseVersion, Enrolment, Learner

__all__ = ["cohort", "root", "school", "session", "trainer"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def countries(school):
    """Haiti."""
    return {country.pk: country for country in Country.objects.all()}


@pytest.fixture
def course(school):
    """The judicial course."""
    return Course.objects.get(key="judicial")


def hold(enrolment):
    """Hold an enrolment, as a sending of its learner does."""
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk=enrolment))


def test_a_file_of_marks_waits_for_a_member_who_finishes(person, cohort, session, trainer, at):
    users = [person("learner", country=cohort.country, language="fr") for _n in range(2)]
    actions.add_members(cohort=cohort, users=users, road=Road.FILE, by=trainer, at=at)
    first, last = cohort.members.order_by("enrolment")
    arrivals = tuple(mark(session, member, place, at) for place, member in enumerate([first] * 50 + [last]))
    file = actions.KeptFile(actions.learner_of(trainer).public_id, 0, arrivals)

    with beside(lambda: actions.send_marks(file=file, by=trainer, at=at)) as (begin, told):
        hold(last.enrolment_id)
        begin()
        record(by=users[1], verb="training.certificate_issued", thing=last.enrolment, at=at)

    assert [told[0][place].status for place in (0, 50)] == ["accepted", "accepted"]


def mark(session, member, place, at):
    payload = {
        "cohort": str(session.cohort.public_id), "session": session.key, "member": str(member.public_id),
        "minutes": 40, "reason": "", "told": 0,
    }  # fmt: skip
    return actions.Arrival(
        id=uuid.uuid4(), verb=Verb.ATTENDED, language="fr", occurred_at=at, payload=payload, seq=place
    )


def test_a_file_of_answers_waits_for_its_learner_who_sends_herself(person, countries, trainer, at):
    user = person("learner", country=countries["HT"], language="fr")
    learner = actions.learner_of(user)
    begun = [
        actions.enrol(learner=learner, course=Course.objects.get(key=key), country="HT", at=at - dt.timedelta(days=1))
        for key in ("judicial", "safe-migration")
    ]
    arrivals = (*([*ends(begun[0], at)] * 13)[:50], ends(begun[1], at)[0])
    file = actions.KeptFile(Learner.objects.get(user=user).public_id, 0, arrivals)

    with beside(lambda: actions.send_kept(file=file, by=trainer, at=at)) as (begin, told):
        hold(begun[1].pk)
        begin()
        record(by=user, verb="training.certificate_issued", thing=begun[1], at=at)

    assert {one.status for one in told[0][1]} == {"accepted", "duplicate"}


def ends(enrolment, at):
    """Return the ends of all lessons of an enrolment's edition."""
    edition = CourseVersion.objects.get(pk=enrolment.version_id)
    version = progress.version_of(str(edition.public_id), edition.body)
    return [
        actions.Arrival(
            id=uuid.uuid4(), verb=Verb.REACHED, activity=lesson.id, version=version.id, language="fr", occurred_at=at,
            payload={"screen": END},
        )
        for lesson in version.lessons
    ]  # fmt: skip
