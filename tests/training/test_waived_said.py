"""What a certificate says of somebody for whom a changed lesson counts as done: neither that she read it, nor a refresher."""

import datetime as dt
import json

import pytest
import time_machine

from accounts import signing
from tests.training.finishing import ask_anew, finish, refresh
from training import actions, printing, queries
from training.models import Certificate, Enrolment

READ = "has read every lesson of this course"
WAIVED = "has done what this course asks but its test; the programme let a part of it count as done"


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the course was finished."""
    return lambda days: at + dt.timedelta(days=days)


def waive(lesson, manager, at):
    told = {"activity": str(lesson.translation_key), "reason": "taught", "by": manager}
    actions.waive_activity(enrolment=Enrolment.objects.get(), at=at, **told)


def said(kind, at):
    """What sheet and badge say that the holder did, by the edition of each certificate of a kind."""
    found = {}
    for row in Certificate.objects.filter(kind=kind):
        (one,) = queries.held(queries.certificates_of(row.learner.user).filter(pk=row.pk), at)
        did = printing.certificate._words(one, "en", row.heading, row.heading_language, at.date())["did"]
        token = actions.badge_of(certificate=one.certificate, by=row.learner.user, at=at)
        asks = json.loads(signing.decoded(token.split(".")[1]))["credentialSubject"]["achievement"]
        found[row.version.number] = did, asks["description"], asks["criteria"]["narrative"]
    return found


def test_what_she_read_as_it_was_is_not_said_to_be_read_as_it_is(official, manager, course, lessons, day):
    finish(official, course, day(0), passed=False)
    ask_anew(lessons[0], day(10))
    waive(lessons[0], manager, day(20))

    before = said("completion", day(21))
    refresh(official, course, day(30))

    asks = "Read every lesson of the course to its end."
    assert before == {
        1: (READ, "All lessons of the course, read to their end.", asks),
        2: (
            WAIVED,
            "What the course asks but its test; the programme let a part of it count as done.",
            f"{asks} The programme may let a lesson or a story count as done, and did so here.",
        ),
    }
    assert said("completion", day(31)) == before


def test_who_read_the_changed_lesson_before_it_was_waived_once_more_has_read_it(
    official, manager, course, lessons, day
):
    finish(official, course, day(0), passed=False)
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(15))
    ask_anew(lessons[0], day(18))
    waive(lessons[0], manager, day(20))

    assert {number: did for number, (did, *_badge) in said("completion", day(21)).items()} == {
        1: READ, 2: READ, 3: WAIVED,
    }  # fmt: skip


def test_the_badge_of_an_achievement_that_rests_on_a_waiver_says_so(official, manager, course, lessons, day):
    finish(official, course, day(0))
    ask_anew(lessons[0], day(10))
    waive(lessons[0], manager, day(20))

    assert {number: badge for number, (_did, badge, _asks) in said("achievement", day(21)).items()} == {
        1: "All lessons of the course, and its test passed.",
        2: "What the course asks, and its test passed; the programme let a part of it count as done.",
    }


def test_no_page_says_of_a_replaced_certificate_that_its_holder_did_a_refresher(
    client, sign_in, official, manager, course, lessons, day
):
    finish(official, course, day(0), passed=False)
    ask_anew(lessons[0], day(10))
    waive(lessons[0], manager, day(20))
    old = Certificate.objects.get(version__number=1)

    with time_machine.travel(day(21), tick=False):
        public = client.get(f"/en/verify/{old.code}/").content.decode()
        mine = sign_in(official).get("/en/learning/certificates/").content.decode()

    assert "A newer certificate has replaced this one" in public
    assert "Replaced by" in mine
    assert ["did a refresher" in page for page in (public, mine)] == [False, False]
