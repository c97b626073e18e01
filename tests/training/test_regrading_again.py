"""Tests marked anew: those of who has no account, and what somebody else does to them at the same moment."""

import time_machine
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, Letter
from tests.training.test_regrading import correct, corrected, first_two, take
from tests.training.without_account import allowed, begin
from training import actions
from training.models import Enrolment, Event, Learner
from training.queries.regrading import courses_with_corrections, regrading

__all__ = ["allowed", "corrected"]
ANEW = "/en/school/judicial/questions/anew/"


def meanwhile(do):
    """Let something be done between the choice of tests and the lock of their enrolments; once."""
    done = []

    def wrapper(execute, sql, params, many, context):
        is_lock = sql.startswith('SELECT "training_enrolment"."id"') and '"training_enrolment"."id" IN' in sql
        if is_lock and not done:
            done.append(sql)
            do()
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper), done


def test_a_test_taken_with_a_code_is_marked_anew_by_those_who_answer_for_its_country_without_a_name(
    allowed, manager, person, countries, sign_in, at, later
):
    with time_machine.travel(at, tick=False):
        begin(Client())
    held = Enrolment.objects.get(learner=Learner.objects.get(user=None))
    attempt = take(held, at, 2)
    correct(allowed, later(60), *first_two(allowed))

    abroad = person("manager", country=countries["TN"])
    found = regrading(manager, allowed)
    page = sign_in(manager).get(ANEW)
    marked = actions.regrade(course=allowed, by=manager, at=later(70))

    assert (regrading(abroad, allowed).tests, courses_with_corrections(abroad, [allowed])) == (0, set())
    assert (found.tests, found.gain, found.gaining) == (1, 1, ())
    assert "Mark 1 test anew" in page.content.decode()
    attempt.refresh_from_db()
    assert (marked, attempt.passed, attempt.right) == (1, True, 6)
    assert not Letter.objects.filter(key__startswith="regraded:").exists()
    assert list(actions.differences()) == []


def test_an_administrator_marks_tests_with_a_code_anew_too(allowed, person, at, later):
    with time_machine.travel(at, tick=False):
        begin(Client())
    take(Enrolment.objects.get(learner=Learner.objects.get(user=None)), at, 2)
    correct(allowed, later(60), *first_two(allowed))

    assert actions.regrade(course=allowed, by=person("administrator"), at=later(70)) == 1


def test_a_test_that_is_set_aside_at_that_moment_is_not_marked_anew_and_nobody_is_told_of_a_pass(
    course, enrolment, manager, corrected, later
):
    void = actions.Arrival(
        id=actions.uuid_of("00000000-0000-4000-8000-0000000000ac"), verb="voided",
        version=str(enrolment.version.public_id), language="fr", occurred_at=later(69),
        payload={"attempts": [str(corrected.public_id)], "events": [], "reason": "other"},
    )  # fmt: skip
    aside = {"learner": enrolment.learner, "arrivals": [void], "source": "system", "at": later(69)}
    wrapper, done = meanwhile(lambda: actions.record_events(**aside))

    with wrapper:
        marked = actions.regrade(course=course, by=manager, at=later(70))

    assert (len(done), marked) == (1, 0)
    assert not Event.objects.filter(verb="regraded").exists()
    assert not Letter.objects.filter(key__startswith="regraded:").exists()


def test_of_two_who_mark_anew_at_once_one_did_it_and_the_other_reads_that_nothing_is_left(
    sign_in, person, countries, manager, course, corrected, at, later
):
    other = person("manager", country=countries["HT"])
    wrapper, done = meanwhile(lambda: actions.regrade(course=course, by=other, at=later(70)))
    client = sign_in(manager)

    with wrapper, time_machine.travel(at, tick=False):
        page = client.post(ANEW, follow=True).content.decode()

    assert len(done) == 1
    assert {event.by for event in Event.objects.filter(verb="regraded")} == {str(other.public_id)}
    assert AuditEntry.objects.filter(verb="training.answers_regraded").count() == 1
    assert "tests were marked anew" not in page
    assert "No test waits to be marked anew" in page
