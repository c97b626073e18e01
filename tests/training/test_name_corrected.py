"""A certificate written anew for its name: it says what the old one said and no longer; the newest one stays the newest."""

import datetime as dt

import pytest

from tests.training.finishing import ask_anew, finish, refresh
from training import actions, queries
from training.models import Certificate, Course, Enrolment


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


def corrected(certificate, manager, when):
    row = Certificate.objects.get(pk=certificate.pk)
    return actions.withdraw_certificate(certificate=row, by=manager, reason="name_wrong", at=when)


def states(official, when, kind="achievement"):
    rows = queries.certificates_of(official).filter(kind=kind).order_by("version__number", "copy")
    return [(one.certificate.version.number, one.certificate.copy, str(one.state)) for one in queries.held(rows, when)]


@pytest.mark.parametrize(("days", "state"), [(100, "current"), (400, "expired")])
def test_it_says_what_the_old_one_said_until_the_same_day(official, manager, course, at, day, days, state):
    Course.objects.filter(pk=course.pk).update(certificate_months=12)
    course.refresh_from_db()
    finish(official, course, at)
    old = Certificate.objects.get(kind="achievement")
    Course.objects.filter(pk=course.pk).update(certificate_months=24, heading_en="Another heading")
    official.name, official.language = "Rose-Laure Spécimen", "en"
    official.save()

    new = corrected(old, manager, day(days))

    facts = ("expires_at", "attained_at", "version_id", "country_id", "language", "heading", "heading_source", "kind")
    assert [getattr(new, name) for name in facts] == [getattr(old, name) for name in facts]
    assert (new.issued_at, new.copy, new.code != old.code) == (day(days), 2, True)
    assert actions.is_named(new, "rose-laure spécimen")
    assert states(official, day(days)) == [(1, 1, "withdrawn"), (1, 2, state)]


@pytest.fixture
def two(official, course, lessons, at, day):
    """The first and the newest certificate of each kind of an official who did a refresher, by kind."""
    finish(official, course, at)
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))
    rows = Certificate.objects.order_by("version__number")
    return {kind: list(rows.filter(kind=kind)) for kind in ("achievement", "completion")}


@pytest.mark.parametrize("kind", ["achievement", "completion"])
def test_a_replaced_one_that_is_corrected_stays_replaced(two, official, manager, day, kind):
    old, new = two[kind]

    copy = corrected(old, manager, day(30))

    assert states(official, day(31), kind) == [(1, 1, "withdrawn"), (1, 2, "replaced"), (2, 1, "current")]
    assert queries.counting_again(copy, day(31)) is None
    assert queries.counting_again(new, day(31)).certificate.pk == copy.pk
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(31)) == []


def test_the_newest_one_that_is_corrected_stays_the_newest(two, official, manager, day):
    corrected(two["achievement"][1], manager, day(30))

    assert states(official, day(31)) == [(1, 1, "replaced"), (2, 1, "withdrawn"), (2, 2, "current")]


def test_her_refresher_of_lessons_alone_is_counted_from_the_newest(official, manager, course, lessons, at, day):
    finish(official, course, at, passed=False)
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))
    corrected(Certificate.objects.get(version__number=1), manager, day(30))

    (mine,) = queries.progress_of(official, "en", at=day(31))

    assert mine.due is None
    assert mine.enrolment.certified == Certificate.objects.get(version__number=2).version.public_id
