"""What a phone sends under a code while an account takes it over, or it is erased: never refused, and the account's in the end.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.utils.html import escape

from tests.locks import meanwhile
from tests.test_holder_locks import root, school
from tests.training.answers import address, paper, right, token_of
from tests.training.without_account import OPEN
from training import actions, progress
from training.models import Attempt, Course, CourseVersion, Enrolment, Event, Learner, Lesson, RefusedEvent
from training.views import held

__all__ = ["root", "school"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]
API, LOGIN, PASSWORD = "/api/progress/", "/en/account/login/", "lanterns over the harbour"


@pytest.fixture
def begun(school, at):
    """Somebody who has begun the judicial course with a code, and the code."""
    course = Course.objects.get(key="judicial")
    learner, _enrolment, code = actions.begin_without_account(course=course, country="HT", address="1", at=at)
    return learner, code


@pytest.fixture
def holder(begun):
    """Her learner."""
    return begun[0]


@pytest.fixture
def phone(begun):
    """Her phone, on which her code was typed."""
    phone = Client()
    phone.post(OPEN, {"code": begun[1]})
    return phone


@pytest.fixture
def official(school, person):
    """Somebody with an account, who has begun nothing."""
    user = person("learner", country=school, language="en")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture(params=["taken", "joined"])
def claim(request, official, begun, at):
    """A claim of her code by the account: of a course that it has not begun, or has."""
    if request.param == "joined":
        mine, course = actions.learner_of(official), Course.objects.get(key="judicial")
        actions.enrol(learner=mine, course=course, country="HT", at=at)
    return lambda: actions.claim(user=official, code=begun[1], address="2", at=at)


def ends(*courses):
    """Return the ends of the first lessons of courses, as a phone sends them."""
    told = []
    for seq, key in enumerate(courses):
        edition = CourseVersion.objects.filter(course__key=key).latest("number")
        version = progress.version_of(str(edition.public_id), edition.body)
        told.append(
            {
                "id": str(uuid.uuid4()), "seq": seq, "verb": "reached", "activity": version.lessons[0].id,
                "version": version.id, "language": "en", "occurred_at": "2026-11-25T10:00:00Z",
                "payload": {"screen": "end"},
            }
        )  # fmt: skip
    return told


def send(browser, who, events):
    """Send events as a phone does."""
    envelope = {
        "schema": "progress/1", "who": str(who), "device": str(uuid.uuid4()), "sent_at": "2026-11-25T10:00:00Z",
        "events": events,
    }  # fmt: skip
    return browser.post(API, envelope, content_type="application/json")


JUDICIAL, MIGRATION, ASIS = "judicial", "safe-migration", {}


@pytest.mark.parametrize(
    ("courses", "since"),
    [
        ([JUDICIAL], ASIS), ([JUDICIAL, MIGRATION], ASIS), ([MIGRATION], ASIS), ([JUDICIAL], {"is_open": False}),
        ([JUDICIAL], {"without_account": False}),
    ],
)  # fmt: skip
def test_what_waited_for_a_claim_stays_on_the_phone_and_then_goes_into_the_account(
    client, sign_in, official, holder, phone, claim, courses, since
):
    events = ends(*courses)
    Course.objects.update(**since or {"is_open": True})

    with meanwhile(lambda: send(phone, holder.public_id, events)) as told:
        claim()

    assert [(one.status_code, one.json()) for one in told] == [(401, {"detail": "sign_in"})]
    assert (Event.objects.count(), RefusedEvent.objects.count()) == (0, 0)
    sign_in(official)
    sent = send(client, holder.public_id, events).json()
    assert [one["status"] for one in sent["results"]] == ["accepted"] * len(courses)
    assert list(actions.differences()) == []


@pytest.mark.parametrize("course", ["judicial", "safe-migration"])
def test_what_waited_for_an_erasing_is_not_refused(holder, phone, at, course):
    with meanwhile(lambda: send(phone, holder.public_id, ends(course))) as told:
        actions.erase_progress(learner=holder, by="anonymous", at=at)

    assert [one.status_code for one in told] == [401]
    assert (Learner.objects.count(), RefusedEvent.objects.count()) == (0, 0)


def come_back(browser, user, path):
    """Sign in as a person does, and open the page again."""
    browser.post(LOGIN, {"login": user.email, "password": PASSWORD, "next": path})
    return browser.get(path, follow=True)


def test_the_end_of_a_lesson_by_form_waits_for_the_account(official, phone, claim):
    page = address(Lesson.objects.child_of(Course.objects.get(key="judicial").get_children().first()).first())
    token = token_of(phone.get(page).content.decode(), "data-next")

    with meanwhile(lambda: phone.post(page, {"token": token})) as told:
        claim()
    assert [one.status_code for one in told] == [409]
    assert not Event.objects.filter(verb="reached").exists()

    back = come_back(phone, official, page)

    assert escape(str(held.SENT_NOW)) in back.content.decode()
    assert [one.learner.user for one in Event.objects.filter(verb="reached")] == [official]
    assert Enrolment.objects.get(merged_into=None).progress.done == 1


def test_a_test_handed_in_by_form_waits_for_the_account(official, phone, claim):
    phone.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get()
    filled = {"token": token_of(phone.get(paper(attempt, "en")).content.decode(), 'name="token"')} | right(attempt)

    with meanwhile(lambda: phone.post(paper(attempt, "en"), filled)) as told:
        claim()
    assert [one["Location"].split("?")[0] for one in told] == [LOGIN]
    assert not Event.objects.filter(verb="submitted").exists()

    come_back(phone, official, paper(attempt, "en"))

    attempt.refresh_from_db()
    assert (attempt.enrolment.learner.user, attempt.passed) == (official, True)


def test_a_test_that_would_begin_meanwhile_is_drawn_for_nobody(phone, claim):
    with meanwhile(lambda: phone.post("/en/learning/judicial/test/")) as told:
        claim()

    assert [one["Location"].split("?")[0] for one in told] == [LOGIN]
    assert Attempt.objects.count() == 0
