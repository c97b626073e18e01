"""Who learns without an account, at one instant: sendings, a claim and an erasing lock in one order and wait for each other.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import standing
from tests.cms.conftest import root  # noqa: F401 -- a fixture
from tests.locks import beside, meanwhile
from training import actions, progress
from training.choices import Source
from training.models import Course, CourseVersion, Enrolment, Event, Learner

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def school(root, tmp_path, at):  # noqa: F811 -- the fixture
    """Two courses that may be begun without an account, in Haiti; the country."""
    haiti = standing.school(root, tmp_path, at, "judicial", "safe-migration")
    Course.objects.update(without_account=True, is_open=True)
    return haiti


@pytest.fixture
def begun(school, at):
    """Somebody who has begun one of them: her learner, her place in it, her code."""
    course = Course.objects.get(key="judicial")
    return actions.begin_without_account(course=course, country="HT", address="1", at=at)


def send(learner, at, *courses):
    """Send the first lesson of courses as a phone does; return how it was taken."""
    arrivals = []
    for number, course in enumerate(courses):
        edition = CourseVersion.objects.filter(course__key=course).latest("number")
        version = progress.version_of(str(edition.public_id), edition.body)
        arrivals.append(
            actions.Arrival(
                id=uuid.uuid4(),
                verb="reached",
                activity=version.lessons[0].id,
                version=version.id,
                language="fr",
                occurred_at=at,
                payload={"screen": "end"},
                device=uuid.uuid4(),
                seq=number,
            )  # fmt: skip
        )
    outcomes = actions.record_events(learner=learner, arrivals=arrivals, source=Source.WEB, at=at)
    return [one.status for one in outcomes]


def test_an_erasing_waits_for_a_sending_that_is_under_way(begun, at):
    learner, enrolment, _code = begun

    with beside(lambda: actions.erase_progress(learner=learner, by="anonymous", at=at)) as (begin, told):
        list(Enrolment.objects.select_for_update(no_key=True).filter(pk=enrolment.pk))
        begin()
        sent = send(learner, at, "judicial")

    assert (sent, told) == (["accepted"], [True])
    assert (Learner.objects.count(), Event.objects.count()) == (0, 0)


def test_a_sending_that_waited_for_an_erasing_leaves_nothing(begun, at):
    learner, _enrolment, _code = begun

    with meanwhile(lambda: send(learner, at, "judicial")) as told:
        actions.erase_progress(learner=learner, by="anonymous", at=at)

    assert [type(one) for one in told] == [actions.CodeGone]
    assert (Learner.objects.count(), Enrolment.objects.count()) == (0, 0)


def locked_by(act):
    """Return the tables whose rows an act locked, in order, each once."""
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    locks = [
        re.search(r'FROM "(training_\w+)"', one["sql"])
        for one in found
        if " FOR " in one["sql"] and "UPDATE" in one["sql"]
    ]
    return list(dict.fromkeys(one.group(1) for one in locks if one))


def test_the_learner_is_locked_before_her_enrolments_by_whoever_may_begin_claim_or_erase(begun, school, person, at):
    learner, _enrolment, code = begun
    user = person("learner", country=school, language="fr")
    order = ["training_learner", "training_enrolment"]

    assert locked_by(lambda: send(learner, at, "judicial", "safe-migration"))[:2] == order
    assert Enrolment.objects.count() == 2
    assert locked_by(lambda: actions.claim(user=user, code=code, address="1", at=at))[:2] == order
    other = actions.begin_without_account(course=Course.objects.first(), country="HT", address="1", at=at)[0]
    assert locked_by(lambda: actions.erase_progress(learner=other, by="anonymous", at=at))[:2] == order


@pytest.mark.parametrize(("act", "refusal"), [("claim", actions.CodeTaken), ("erase", actions.CodeUnknown)])
def test_a_claim_that_waited_for_another_one_or_for_an_erasing_takes_nothing(begun, school, person, at, act, refusal):
    learner, _enrolment, code = begun
    first, second = (person("learner", country=school, language="fr") for _one in range(2))

    with meanwhile(lambda: actions.claim(user=second, code=code, address="2", at=at)) as told:
        if act == "claim":
            actions.claim(user=first, code=code, address="1", at=at)
        else:
            actions.erase_progress(learner=learner, by="anonymous", at=at)

    assert [type(one) for one in told] == [refusal]
    assert [one.learner.user for one in Enrolment.objects.all()] == ([first] if act == "claim" else [])
    assert [one.merged_into.user for one in Learner.objects.filter(user=None)] == ([first] if act == "claim" else [])


@pytest.fixture
def joining(begun, school, person, at):
    """Somebody with an account who has begun the same course, and a claim of the code that joins both."""
    _learner, _enrolment, code = begun
    user = person("learner", country=school, language="fr")
    actions.enrol(learner=actions.learner_of(user), course=Course.objects.get(key="judicial"), country="HT", at=at)
    return user, lambda: actions.claim(user=user, code=code, address="1", at=at)


@pytest.mark.parametrize("side", ["account", "code"])
def test_a_claim_that_joins_waits_for_a_sending_of_either_side(begun, joining, at, side):
    user, claim = joining
    learner = user.learner if side == "account" else begun[0]

    with beside(claim) as (begin, told):
        list(Enrolment.objects.select_for_update(no_key=True).filter(learner=learner))
        begin()
        sent = send(learner, at, "judicial")

    assert (sent, len(told[0].joined)) == (["accepted"], 1)
    assert Enrolment.objects.get(learner__user=user, merged_into=None).progress.done == 1
    assert list(actions.differences()) == []


def test_a_sending_of_the_account_that_waited_for_a_claim_that_joined_is_counted(begun, joining, at):
    user, claim = joining

    with meanwhile(lambda: send(user.learner, at, "judicial")) as told:
        claim()

    assert told == [["accepted"]]
    assert Enrolment.objects.get(learner__user=user, merged_into=None).progress.done == 1
    assert list(actions.differences()) == []


def test_two_claims_of_two_codes_that_join_the_same_course_lose_nothing(begun, joining, at):
    user, claim = joining
    course = Course.objects.get(key="judicial")
    other, _enrolment, code = actions.begin_without_account(course=course, country="HT", address="2", at=at)
    send(other, at, "judicial")

    with meanwhile(lambda: actions.claim(user=user, code=code, address="2", at=at)) as told:
        claim()

    assert len(told[0].joined) == 1
    assert Enrolment.objects.filter(merged_into__learner__user=user).count() == 2
    assert Enrolment.objects.get(learner__user=user, merged_into=None).progress.done == 1
    assert list(actions.differences()) == []
