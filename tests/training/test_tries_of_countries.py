"""Tries at a test, and the hours between them, go along with who moves: her country's numbers are no other's."""

import pytest

from tests.training.counted_tries import course
from tests.training.moving import DAY, join_later, move, say_better
from tests.training.test_tries import fail
from training import actions, queries
from training.choices import Form
from training.models import Course, Enrolment
from training.queries import pacing
from training.queries.standing import Files

__all__ = ["course"]


def ask_test_anew(at):
    """Publish another pass rule, which makes the test another one in every country that has the course."""
    course = Course.objects.get()
    course.pass_minimum -= 1
    course.save()
    actions.course_changed(Course.objects.get(), by="test", at=at, material=queries.id_of_test(course, Form.POST))


@pytest.fixture
def joined(course, lessons, at):
    """Liberia, which came to the course when the test had risen elsewhere."""
    ask_test_anew(at + DAY)
    return join_later(lessons[0], at + 2 * DAY)


def enrolled(user, course, at):
    return actions.enrol(learner=actions.learner_of(user), course=course, country=user.country_id, at=at)


def turns(enrolment, at):
    """Return how she stands with the test, as her test's pages and as her learning read it."""
    row = Enrolment.objects.select_related("learner__user", "progress", "version").get(pk=enrolment.pk)
    return [pacing.turn(row, Form.POST, at), Files.with_turns([row]).turn(row, Form.POST, at)]


@pytest.mark.parametrize("is_back", [False, True], ids=["to the one that joined", "from the one that joined"])
def test_used_tries_stay_used(person, course, countries, joined, at, is_back):
    before, after = (joined, countries["HT"]) if is_back else (countries["HT"], joined)
    user = person("learner", country=before, language="en")
    enrolment = enrolled(user, course, at + 6 * DAY)
    for tries in range(3):
        fail(enrolment, at + (7 + 2 * tries) * DAY)

    user = move(user, after)

    assert [(one.used, one.is_used_up) for one in turns(enrolment, at + 20 * DAY)] == [(3, True)] * 2
    with pytest.raises(actions.TestUsedUp):
        actions.start_attempt(enrolment=enrolled(user, course, at + 20 * DAY), language="en", at=at + 20 * DAY)


def test_the_hours_between_two_tries_go_along(person, course, countries, joined, at):
    user = person("learner", country=countries["HT"], language="en")
    enrolment = enrolled(user, course, at + 6 * DAY)
    fail(enrolment, at + 7 * DAY)

    move(user, joined)

    assert [one.opens_at for one in turns(enrolment, at + 7.5 * DAY)] == [at + 8 * DAY] * 2


def test_another_test_of_the_same_number_elsewhere_uses_none(person, course, countries, joined, at):
    user = person("learner", country=countries["HT"], language="en")
    enrolment = enrolled(user, course, at + 6 * DAY)
    for tries in range(3):
        fail(enrolment, at + (7 + 2 * tries) * DAY)
    ask_test_anew(at + 20 * DAY)

    move(user, joined)

    assert [one.used for one in turns(enrolment, at + 21 * DAY)] == [0, 0]


def test_editions_are_read_for_tests_of_another_country_alone(
    person, course, lessons, countries, joined, at, django_assert_num_queries
):
    user = person("learner", country=countries["HT"], language="en")
    enrolment = enrolled(user, course, at + 6 * DAY)
    fail(enrolment, at + 7 * DAY)
    say_better(lessons[0], at + 7.5 * DAY)  # of an earlier edition of her own country
    row = Enrolment.objects.select_related("learner__user", "progress", "version").get(pk=enrolment.pk)
    pacing.turn(row, Form.POST, at + 8 * DAY)

    with django_assert_num_queries(3):  # her tests, the newest edition, what was allowed
        pacing.turn(row, Form.POST, at + 8 * DAY)
    row.learner.user.country = joined
    pacing.turn(row, Form.POST, at + 8 * DAY)
    with django_assert_num_queries(4):
        pacing.turn(row, Form.POST, at + 8 * DAY)
