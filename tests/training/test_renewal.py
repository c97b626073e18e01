"""A certificate that runs out: the test passed once more renews it, before its end or after; nothing else does."""

import datetime as dt

import pytest
import time_machine

from tests.training.finishing import ask_anew, finish, refresh
from training import actions, queries
from training.models import Attempt, Certificate, Course, Enrolment

KINDS = ["achievement", "completion"]
RUN_OUT = "It has run out."


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


@pytest.fixture
def finished(official, course, at):
    """The official's enrolment in a course whose certificates run twelve months, as it was finished."""
    Course.objects.filter(pk=course.pk).update(certificate_months=12)
    course.refresh_from_db()
    return finish(official, course, at)


def states(official, when):
    rows = queries.certificates_of(official).order_by("kind", "version__number", "copy")
    return [
        (one.certificate.kind, one.certificate.version.number, one.certificate.copy, str(one.state))
        for one in queries.held(rows, when)
    ]


@pytest.mark.parametrize(("days", "old"), [(400, "expired"), (300, "replaced")])
def test_a_test_passed_after_the_end_or_shortly_before_it_brings_both_anew(finished, official, course, day, days, old):
    finish(official, course, day(days), lessons=0)

    assert states(official, day(days)) == [
        row for kind in KINDS for row in ((kind, 1, 1, old), (kind, 1, 2, "current"))
    ]
    new = Certificate.objects.get(kind="achievement", copy=2)
    assert (new.attained_at, new.expires_at > day(days + 364)) == (day(days), True)
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(days + 1)) == []


def test_a_test_passed_long_before_the_end_or_lessons_alone_bring_nothing(finished, official, course, day):
    finish(official, course, day(200), lessons=0)
    finish(official, course, day(400), passed=False)

    assert states(official, day(401)) == [(kind, 1, 1, "expired") for kind in KINDS]


def test_one_that_never_runs_out_is_not_issued_again(official, course, at, day):
    finish(official, course, at)
    finish(official, course, day(400), lessons=0)

    assert Certificate.objects.count() == 2


def test_a_short_one_is_not_renewed_by_the_test_that_follows_the_lessons(official, course, at, day):
    Course.objects.filter(pk=course.pk).update(certificate_months=1)
    course.refresh_from_db()
    finish(official, course, at, passed=False)
    finish(official, course, day(1), lessons=0)

    assert Certificate.objects.count() == 2


@pytest.mark.parametrize("is_first", [True, False])
def test_where_a_refresher_waits_it_takes_the_refresher_and_the_test_in_any_order(
    finished, official, course, lessons, day, is_first
):
    ask_anew(lessons[0], day(380))
    acts = [lambda when: finish(official, course, when, lessons=0), lambda when: refresh(official, course, when)]
    one, other = acts if is_first else reversed(acts)

    one(day(400))
    between = states(official, day(401))
    other(day(410))

    assert between == [(kind, 1, 1, "expired") for kind in KINDS]
    assert [row for row in states(official, day(411)) if row[3] == "current"] == [
        (kind, 2, 1, "current") for kind in KINDS
    ]


def test_where_the_test_that_renewed_is_set_aside_the_new_ones_fall(finished, official, manager, course, day):
    finish(official, course, day(400), lessons=0)
    last = Attempt.objects.order_by("number").last()

    fell = actions.void_attempt(attempt=last, reason="other", by=manager, at=day(410))

    assert sorted((one.kind, one.copy) for one in fell) == [(kind, 2) for kind in KINDS]
    assert [row[3] for row in states(official, day(411))] == ["expired", "withdrawn"] * 2


def test_she_counts_as_trained_again(finished, official, course, day):
    finish(official, course, day(400), lessons=0)
    actions.fill_due_spans(at=day(401))

    found = [
        queries.certified([official.pk], day(days), day(days + 1)).state(
            course.pk, official.pk, day(days), day(days + 1)
        )
        for days in (390, 401)
    ]

    assert found == ["lapsed", "current"]


def test_holder_and_manager_read_it_until_it_is_renewed(finished, official, manager, course, day, sign_in):
    def pages(days):
        with time_machine.travel(day(days), tick=False):
            mine = sign_in(official).get("/en/learning/certificates/").content.decode()
            hers = sign_in(manager).get(f"/en/reports/people/{finished.learner.public_id}/").content.decode()
        return mine, hers

    early, soon, late = pages(100), pages(300), pages(400)
    finish(official, course, day(410), lessons=0)
    after = pages(411)

    found = [
        (mine.count("It runs out on"), mine.count(RUN_OUT), mine.count(">To the test</a>"), hers.count("ran out on"))
        for mine, hers in (early, soon, late, after)
    ]
    assert found == [(0, 0, 0, 0), (2, 0, 2, 0), (0, 2, 2, 2), (0, 0, 0, 0)]
