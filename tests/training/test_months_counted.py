"""The months of a certificate count from when it was earned, however long it waited for a key or for a name."""

import base64
import datetime as dt
import json

import pytest

from accounts.models import User
from tests.training.finishing import finish, spell_anew
from training import actions, queries
from training.models import Certificate, Course, Enrolment
from training.queries.earned import _after_end, unearned
from training.queries.renewal import run_out

NAME = "Rose Laure"


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


@pytest.fixture
def course_of_a_year(course):
    """The course, whose certificates run twelve months."""
    Course.objects.filter(pk=course.pk).update(certificate_months=12)
    course.refresh_from_db()
    return course


@pytest.fixture
def nameless(person, countries):
    """A learner in Haiti whose account has no name yet."""
    return person("learner", country=countries["HT"], name="")


def named(user):
    User.objects.filter(pk=user.pk).update(name=NAME)


def stood(user, when):
    rows = queries.certificates_of(user).filter(kind="achievement").order_by("copy")
    return [
        (str(one.state), one.certificate.attained_at, one.certificate.expires_at) for one in queries.held(rows, when)
    ]


def test_one_that_waited_for_the_key_runs_from_when_it_was_earned(course_of_a_year, official, at, day, settings):
    keys, settings.SEAL_KEYS = settings.SEAL_KEYS, "LR:x:" + "A" * 43 + "="
    finish(official, course_of_a_year, at)
    settings.SEAL_KEYS = keys

    assert actions.issue_left(at=day(40)) == 1

    row = Certificate.objects.get(kind="achievement")
    assert (row.attained_at, row.issued_at, row.expires_at) == (at, day(40), at.replace(year=2027))
    assert stood(official, day(370))[0][0] == "expired"


def test_one_that_waited_longer_than_it_runs_has_run_out_and_the_test_brings_a_new_one(
    course_of_a_year, nameless, at, day
):
    finish(nameless, course_of_a_year, at)
    named(nameless)
    actions.issue_left(at=day(400))
    late = stood(nameless, day(400))
    finish(User.objects.get(pk=nameless.pk), course_of_a_year, day(410), lessons=0)

    assert late == [("expired", at, at.replace(year=2027))]
    assert [row[:2] for row in stood(nameless, day(411))] == [("expired", at), ("current", day(410))]


@pytest.mark.parametrize(("days", "first"), [(310, "replaced"), (400, "expired")])
def test_what_renewed_it_while_it_waited_follows_at_once(course_of_a_year, nameless, at, day, days, first):
    enrolment = finish(nameless, course_of_a_year, at)
    finish(nameless, course_of_a_year, day(300), lessons=0)
    named(nameless)

    actions.issue_left(at=day(days))

    assert [row[:2] for row in stood(nameless, day(days))] == [(first, at), ("current", day(300))]
    assert stood(nameless, day(days))[1][2].date() == dt.date(2028, 9, 21)
    assert actions.issue_certificates(enrolment=enrolment, at=day(days + 1)) == []


def test_reports_and_certificate_tell_the_same_end(course_of_a_year, nameless, at, day):
    finish(nameless, course_of_a_year, at)
    named(nameless)
    actions.issue_left(at=day(100))
    actions.fill_due_spans(at=day(100))

    found = [
        queries.certified([nameless.pk], day(days), day(days + 1)).state(
            course_of_a_year.pk, nameless.pk, day(days), day(days + 1)
        )
        for days in (50, 363, 366)
    ]

    assert found == ["current", "current", "lapsed"]


def test_its_badge_never_begins_after_its_end(course_of_a_year, nameless, at, day):
    finish(nameless, course_of_a_year, at)
    named(nameless)
    actions.issue_left(at=day(400))
    row = Certificate.objects.get(kind="achievement")

    payload = actions.badge_of(certificate=row, by=row.learner.user, at=day(400)).split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    assert (claims["validFrom"], claims["validUntil"]) == ("2027-11-25T10:00:00Z", "2027-11-25T10:00:00Z")
    assert claims["exp"] == at.replace(year=2027).timestamp()
    assert claims["nbf"] == claims["exp"]


@pytest.mark.parametrize(
    ("earned", "months", "until"),
    [
        (dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC), 1, dt.datetime(2026, 2, 28, 9, tzinfo=dt.UTC)),
        (dt.datetime(2027, 1, 31, 9, tzinfo=dt.UTC), 13, dt.datetime(2028, 2, 29, 9, tzinfo=dt.UTC)),
        (dt.datetime(2028, 2, 29, 9, tzinfo=dt.UTC), 12, dt.datetime(2029, 2, 28, 9, tzinfo=dt.UTC)),
        (dt.datetime(2026, 12, 31, 9, tzinfo=dt.UTC), 12, dt.datetime(2027, 12, 31, 9, tzinfo=dt.UTC)),
        (dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), 1, dt.datetime(2026, 12, 30, 9, tzinfo=dt.UTC)),
    ],
)
def test_one_earned_on_a_day_that_the_month_lacks_runs_to_the_last_of_it(course, official, earned, months, until):
    Course.objects.filter(pk=course.pk).update(certificate_months=months)
    course.refresh_from_db()

    finish(official, course, earned)

    assert {row.expires_at for row in Certificate.objects.all()} == {until}


def test_one_has_run_out_at_the_very_instant_at_which_it_ends_and_not_before(course_of_a_year, official, at):
    enrolment, end = finish(official, course_of_a_year, at), at.replace(year=2027)
    row = Certificate.objects.get(kind="achievement")
    moments = (end - dt.timedelta(microseconds=1), end)

    assert [bool(run_out([enrolment.pk], when)) for when in moments] == [False, True]
    assert [_after_end([row], when) is not None for when in moments] == [False, True]


def test_a_name_that_was_corrected_takes_back_nothing_that_runs_out(course_of_a_year, official, manager, at, day):
    enrolment = finish(official, course_of_a_year, at)
    spell_anew(official)
    for one in list(Certificate.objects.all()):
        actions.withdraw_certificate(certificate=one, by=manager, reason="name_wrong", words="So.", at=day(5))

    assert Certificate.objects.filter(withdrawal=None).count() == 2
    assert unearned(Enrolment.objects.get(pk=enrolment.pk)) == []
