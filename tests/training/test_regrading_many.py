"""Many tests that wait to be marked anew: few are in memory at a time, and the list of courses reads none."""

import json

from accounts.models import AuditEntry
from tests.training.test_regrading import correct, corrected, first_two, take
from training import actions
from training.queries import regrading as queries_of_it
from training.queries.regrading import courses_with_corrections, regrading

__all__ = ["corrected"]


def fail_many(count, person, countries, course, at):
    """Let some officials in Haiti fail by the first two questions."""
    for number in range(count):
        user = person("learner", country=countries["HT"], language="fr", name=f"Official {number}")
        take(actions.enrol(learner=actions.learner_of(user), course=course, country="HT", at=at), at, 2)


def test_the_cost_does_not_hang_on_how_many_tests_there_are(
    manager, person, countries, course, corrected, at, later, django_assert_max_num_queries
):
    fail_many(3, person, countries, course, later(-5))
    correct(course, later(80))

    with django_assert_max_num_queries(9):
        regrading(manager, course)


def test_more_tests_than_are_in_memory_at_a_time_are_counted_and_marked(
    course, manager, person, countries, at, later, monkeypatch
):
    fail_many(4, person, countries, course, at)
    correct(course, later(60), *first_two(course))
    monkeypatch.setattr(queries_of_it, "AT_ONCE", 2)
    monkeypatch.setattr(queries_of_it, "NAMED", 3)

    found = regrading(manager, course)

    assert (found.tests, found.gain, len(found.gaining)) == (4, 4, 3)
    assert [(one.more, one.less) for one in found.questions] == [(4, 0), (4, 0)]
    assert actions.regrade(course=course, by=manager, at=later(70)) == 4
    assert regrading(manager, course).tests == 0


def test_no_transaction_marks_more_than_ten_tests_and_holds_the_head_of_the_audit_chain_for_them(
    course, manager, person, countries, at, later
):
    fail_many(12, person, countries, course, at)
    correct(course, later(60), *first_two(course))

    actions.regrade(course=course, by=manager, at=later(70))

    entries = AuditEntry.objects.filter(verb="training.answers_regraded").order_by("pk")
    assert [json.loads(one.body)["count"] for one in entries] == [10, 2]


def test_the_list_of_courses_asks_as_much_for_many_tests_as_for_one_and_reads_none(
    sign_in, manager, person, countries, course, corrected, at, later, django_assert_num_queries
):
    courses = [course]
    assert courses_with_corrections(manager, courses) == {course.pk}
    fail_many(3, person, countries, course, later(-5))

    with django_assert_num_queries(2) as captured:
        courses_with_corrections(manager, courses)

    assert not [one["sql"] for one in captured if '"paper"' in one["sql"] or "payload" in one["sql"]]


def test_no_course_is_listed_whose_keys_stand_or_whose_tests_are_of_another_country(
    person, countries, manager, course, enrolment, at, later
):
    take(enrolment, at, 2)
    assert courses_with_corrections(manager, [course]) == set()

    correct(course, later(60), *first_two(course))

    assert courses_with_corrections(person("manager", country=countries["TN"]), [course]) == set()
    assert courses_with_corrections(manager, [course]) == {course.pk}
