"""Without an account tries are not limited in number; at a claim the account's own rule of tries holds."""

import datetime as dt

import pytest
from django.test import Client

from tests.training.answers import address, paper, right
from tests.training.counted_tries import clock, course
from tests.training.without_account import CLAIM, OPEN, allowed, begin
from training import actions, progress
from training.models import Attempt, Certificate, Course, CourseFigures, Enrolment, Learner, Progress

__all__ = ["allowed", "clock", "course"]

HOURS = dt.timedelta(hours=1)
DAYS = dt.timedelta(days=1)
TEST = "/en/learning/judicial/test/"


@pytest.fixture
def code(allowed, clock):
    """The code of somebody who has begun on another phone."""
    return begin(Client())


@pytest.fixture
def held(code):
    """The place in the course of who holds the code."""
    return Enrolment.objects.get(learner=Learner.objects.get(user=None))


def taken(enrolment, at, passed=False):
    """Take a test and hand it in, right or blank."""
    attempt = actions.start_attempt(enrolment=enrolment, language="en", at=at)
    given = {key.removesuffix("-r"): value for key, value in right(attempt).items()} if passed else {}
    actions.submit_attempt(attempt=attempt, responses=given, language="en", at=at)
    return attempt


@pytest.fixture
def used_up(enrolment, at):
    """The account's enrolment with all three tries used, the last three days after the first."""
    for days in range(3):
        taken(enrolment, at + days * (DAYS + HOURS))
    return enrolment


def test_she_is_told_the_hours_only_and_no_number_before_and_after(code, allowed, held, at, clock):
    phone = Client()
    phone.post(OPEN, {"code": code})

    before = phone.get(address(allowed)).content.decode()
    attempt = taken(held, at)
    asked = phone.post(TEST)
    after = phone.get(paper(attempt, "en", "result/")).content.decode()

    assert "You may take this test as often as you like." in before
    assert "Between two tries lie 24 hours." in before
    told = progress.read(attempt.paper)
    assert (told["attempts"], told["wait_hours"], told["with_code"]) == (None, 24, True)
    assert asked.status_code == 409
    for page in (asked.content.decode(), after):
        assert "You can take the test again from <strong>26 November 2026" in page
        assert "trainer" not in page
        assert "You have used" not in page


def test_the_page_of_the_test_says_it_too(code, clock):
    phone = Client()
    phone.post(OPEN, {"code": code})

    page = phone.post(TEST, follow=True).content.decode()

    assert "You may take this test as often as you like." in page
    assert "This is try" not in page


def test_a_visitor_reads_both_rules(allowed, clock):
    page = Client().get(address(allowed)).content.decode()

    assert "You may take this test 3 times." in page
    assert "Without an account the number of tries is not limited." in page


def test_her_tries_are_never_used_up_and_the_hours_hold(held, at):
    for days in range(5):
        taken(held, at + days * (DAYS + HOURS))

    with pytest.raises(actions.TestWaits):
        actions.start_attempt(enrolment=held, language="en", at=at + 5 * DAYS)
    assert taken(held, at + 7 * DAYS, passed=True).number == 6


def test_a_pass_with_a_fresh_code_is_practice_once_all_tries_are_used(
    client, sign_in, official, used_up, code, held, at, clock
):
    attempt = taken(held, at + 9 * DAYS, passed=True)
    actions.count_figures(course=held.course, at=at + 9 * DAYS)
    sign_in(official)
    clock.move_to(at + 10 * DAYS)

    page = client.post(CLAIM, {"code": code}).content.decode()

    assert "counts as practice only" in page
    assert Progress.objects.get().passed_at is None
    assert not Certificate.objects.exists()
    assert "it counts as practice" in client.get("/en/learning/history/").content.decode()
    result = client.get(paper(attempt, "en", "result/")).content.decode()
    assert "It counts as practice: neither as passed nor as a try." in result
    assert "The manager of the courses" not in result
    assert client.post(TEST).status_code == 409
    assert list(actions.differences()) == []
    assert actions.rebuild(by="tests", at=at + 10 * DAYS) == 0
    assert CourseFigures.objects.get().is_due


@pytest.mark.parametrize(("hours", "counts"), [(-1, True), (23, False), (24, True)])
def test_a_pass_with_a_code_counts_where_the_account_could_have_taken_the_test(
    official, enrolment, code, held, at, hours, counts
):
    taken(enrolment, at + DAYS)
    taken(held, at + DAYS + hours * HOURS, passed=True)

    found = actions.claim(user=official, code=code, address="1", at=at + 9 * DAYS)

    assert (Progress.objects.get().passed_at is not None, found.practice) == (counts, not counts)


def test_where_one_more_was_allowed_it_counts(person, countries, official, used_up, code, held, at):
    trainer = person("trainer", country=countries["HT"])
    actions.allow_attempt(enrolment=used_up, form=2, by=trainer, reason="network", at=at + 5 * DAYS)
    taken(held, at + 6 * DAYS, passed=True)

    actions.claim(user=official, code=code, address="1", at=at + 9 * DAYS)

    assert Progress.objects.get().passed_at is not None


def test_tries_with_the_code_use_none_of_the_account_but_are_waited_after(official, enrolment, code, held, at):
    taken(enrolment, at)
    for days in (2, 4, 6):
        taken(held, at + days * DAYS)

    actions.claim(user=official, code=code, address="1", at=at + 6 * DAYS + HOURS)

    with pytest.raises(actions.TestWaits):
        actions.start_attempt(enrolment=enrolment, language="en", at=at + 6 * DAYS + HOURS)
    for days in (8, 10):
        taken(enrolment, at + days * DAYS)
    with pytest.raises(actions.TestUsedUp):
        actions.start_attempt(enrolment=enrolment, language="en", at=at + 12 * DAYS)


def test_an_open_test_of_the_code_goes_where_all_tries_are_used(official, used_up, code, held, at):
    actions.start_attempt(enrolment=held, language="en", at=at)

    actions.claim(user=official, code=code, address="1", at=at + 9 * DAYS)

    assert not Attempt.objects.filter(submitted_at=None).exists()
    with pytest.raises(actions.TestUsedUp):
        actions.start_attempt(enrolment=used_up, language="en", at=at + 9 * DAYS)


def test_a_course_that_the_account_had_not_begun_brings_its_pass(official, course, code, held, at):
    taken(held, at, passed=True)

    actions.claim(user=official, code=code, address="1", at=at + HOURS)

    assert (Course.objects.get(pk=course.pk).enrolments.count(), Progress.objects.get().passed_at) == (1, at)
