"""An account takes a code over at the instant at which its course begins there, by whatever road: one waits for the other.

Whoever begins a course for somebody holds her first, and a claim holds both sides, so neither meets what the other wrote
unseen. It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from tests.locks import beside, meanwhile
from tests.test_holder_locks import begun, root, school, send
from training import actions
from training.actions.codes import TRIES_A_CODE
from training.actions.places import enrol_many
from training.models import Course, Enrolment, Learner

__all__ = ["begun", "root", "school"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
JUDICIAL, MIGRATION = "judicial", "safe-migration"


@pytest.fixture
def user(school, person):
    """Somebody with an account who has begun nothing."""
    user = person("learner", country=school, language="fr")
    actions.learner_of(user)
    return user


def by_page(user, at, key=JUDICIAL):
    """Begin a course as a page does."""
    return actions.enrol(learner=user.learner, course=Course.objects.get(key=key), country="HT", at=at)


def by_phone(user, at, key=JUDICIAL):
    """Begin a course by the first sending of a phone."""
    assert send(user.learner, at, key) == ["accepted"]


def by_phone_with_another(user, at):
    """Begin a course by a sending that bears another one too."""
    assert send(user.learner, at, MIGRATION, JUDICIAL) == ["accepted"] * 2


def by_trainer(user, at, key=JUDICIAL):
    """Begin a course with whom a trainer lets in by a file or with an office."""
    return enrol_many(users=[user], course=Course.objects.get(key=key), country="HT", at=at)


ROADS = [by_page, by_phone, by_phone_with_another, by_trainer]


@pytest.mark.parametrize("begins", ROADS)
def test_a_claim_waits_for_what_begins_its_course_and_joins_both(begun, user, at, begins):
    learner, _enrolment, code = begun
    send(learner, at, JUDICIAL)

    with meanwhile(lambda: actions.claim(user=user, code=code, address="1", at=at)) as told:
        begins(user, at)

    assert [(len(one.taken), len(one.joined)) for one in told] == [(0, 1)]
    assert Enrolment.objects.get(course__key=JUDICIAL, merged_into=None).progress.done == 1
    assert list(actions.differences()) == []


@pytest.mark.parametrize("begins", ROADS)
def test_what_would_begin_a_course_waits_for_a_claim_that_brings_it(begun, user, at, begins):
    learner, enrolment, code = begun
    send(learner, at, JUDICIAL)

    with meanwhile(lambda: begins(user, at)) as told:
        actions.claim(user=user, code=code, address="1", at=at)

    assert not isinstance(told[0], Exception)
    assert Enrolment.objects.get(course__key=JUDICIAL) == enrolment
    assert Enrolment.objects.get(course__key=JUDICIAL).learner.user == user
    assert list(actions.differences()) == []


def test_a_course_that_a_claim_brings_goes_on_though_it_may_not_be_begun_any_more(begun, user, at):
    _learner, enrolment, code = begun
    Course.objects.update(is_open=False)

    with meanwhile(lambda: by_page(user, at)) as told:
        actions.claim(user=user, code=code, address="1", at=at)

    assert told == [enrolment]


def run(acts):
    """Begin acts at one instant, each on a connection of its own; return what they raised."""
    raised, ready = [], threading.Barrier(len(acts))

    def one(act):
        try:
            ready.wait()
            act()
        except Exception as error:  # noqa: BLE001 -- the test asserts what was raised
            raised.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.parametrize("_round", range(6))
def test_a_class_that_types_its_codes_while_it_is_let_in_and_sends_waits_in_no_ring(school, person, at, _round):
    users = [person("learner", country=school, language="fr") for _one in range(4)]
    courses = list(Course.objects.order_by("key"))
    codes = []
    for number, _user in enumerate(users):
        learner, _enrolment, code = actions.begin_without_account(
            course=courses[number % 2], country="HT", address="1", at=at
        )
        send(learner, at, JUDICIAL, MIGRATION)
        codes.append(code)

    def claim(user, code):
        return lambda: actions.claim(user=user, code=code, address="1", at=at)

    def let_in(some, course):
        return lambda: enrol_many(users=some, course=course, country="HT", at=at)

    def sending(user, *keys):
        return lambda: send(actions.learner_of(user), at, *keys)

    raised = run(
        [
            *(claim(user, code) for user, code in zip(users, codes, strict=True)),
            *(let_in(some, course) for some in (users, users[::-1]) for course in courses),
            *(sending(user, MIGRATION, JUDICIAL) for user in users[:2]),
            *(sending(user, JUDICIAL) for user in users[2:]),
        ]
    )

    assert raised == []
    hers = Enrolment.objects.filter(merged_into=None)
    assert sorted(hers.values_list("learner__user", "course")) == sorted(
        (user.pk, course.pk) for user in users for course in courses
    )
    assert list(actions.differences()) == []


def test_two_lists_of_newcomers_in_another_order_wait_in_no_ring(school, person, at):
    users = [person("learner", country=school, language="fr") for _one in range(2)]
    course = Course.objects.get(key=JUDICIAL)

    with beside(lambda: enrol_many(users=users[::-1], course=course, country="HT", at=at)) as (begin, told):
        actions.learner_of(users[0])
        begin()
        actions.learner_of(users[1])

    assert set(told[0]) == {user.pk for user in users}


def test_a_try_that_failed_for_a_reason_of_ours_is_not_counted(begun, user, at):
    learner, _enrolment, code = begun
    failed = []

    def claims():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        for _try in range(TRIES_A_CODE):
            try:
                actions.claim(user=user, code=code, address="1", at=at)
            except OperationalError as error:
                failed.append(error)
        return len(failed)

    with beside(claims) as (begin, told):
        list(Learner.objects.select_for_update(no_key=True).filter(pk=learner.pk))
        begin()
        while not told:
            time.sleep(0.05)

    assert told == [TRIES_A_CODE]
    assert len(actions.claim(user=user, code=code, address="1", at=at).taken) == 1
