"""A story that belongs to a course: told where the course is told, waited for by both certificates, led to until it is played."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.db.models import F

from accounts import signing
from tests.training.answers import address, paper
from tests.training.finishing import finish
from tests.training.stories import play, publish
from training import actions, printing
from training.actions import certifying
from training.choices import CertificateKind, VoidTestReason, WaiveReason
from training.models import Attempt, Certificate, Course, Enrolment, Lesson, Progress
from training.queries import certificates, earned, held

ASKED = "the story “A small file”, played to one of its ends"
NEEDED = "The certificate of completion asks for the lessons and the story."
AWAY = "LR:x:" + "A" * 43 + "="  # a seal key that is not the one in use


@pytest.fixture
def story(course):
    """The story, published in the judicial course; its course as it stands since."""
    return publish(course)


def kinds():
    return {row.kind for row in Certificate.objects.all()}


def part(html, selector):
    return BeautifulSoup(html, "html.parser").select_one(selector)


def test_a_course_says_that_its_story_belongs_to_it_and_which_certificate_asks_for_it(client, course, story):
    html = client.get(address(course)).content.decode()

    assert ASKED in html
    assert NEEDED in html
    assert "The certificate of achievement asks for all of this, the test as well." in html
    assert "To finish the course, play it to one of its ends, whichever it is." in html


def test_a_course_without_a_story_that_is_asked_for_says_nothing_of_it(client, course):
    publish(course, required=False)

    html = client.get(address(course)).content.decode()

    assert ASKED not in html
    assert "To finish the course, play it" not in html
    assert "The certificate of completion asks for the lessons." in html


def test_lessons_and_test_without_the_story_give_no_certificate_and_the_story_gives_both(official, course, story, at):
    enrolment = finish(official, course, at)
    before = kinds()

    play(official, enrolment, story, at)

    assert before == set()
    assert kinds() == set(CertificateKind)


def test_lessons_and_story_without_the_test_give_the_one_of_completion(official, course, story, at):
    enrolment = finish(official, course, at, passed=False)
    play(official, enrolment, story, at)

    assert kinds() == {CertificateKind.COMPLETION}


def test_a_story_that_was_waived_counts_for_the_certificate(official, manager, course, story, at):
    enrolment = finish(official, course, at, passed=False)
    actions.waive_activity(
        enrolment=enrolment, activity=str(story.activity), reason=WaiveReason.values[0], by=manager, at=at
    )

    assert kinds() == {CertificateKind.COMPLETION}


def test_who_lacks_the_story_alone_fills_no_batch_of_the_worker(official, course, story, at):
    for passed in (False, True):
        enrolment = finish(official, course, at, passed=passed)

        assert list(earned.unissued()) == []

    play(official, enrolment, story, at)
    assert list(earned.unissued()) == []


def test_who_lacks_the_story_besides_a_waived_lesson_fills_no_batch_either(
    official, manager, course, story, lessons, at, settings
):
    enrolment = finish(official, course, at, lessons=-1, passed=False)
    key = str(lessons[-1].translation_key)
    actions.waive_activity(enrolment=enrolment, activity=key, reason=WaiveReason.TAUGHT, by=manager, at=at)
    before = list(earned.unissued())
    Progress.objects.update(fold=0)
    of_an_earlier_fold = list(earned.unissued())

    settings.SEAL_KEYS = AWAY
    play(official, enrolment, story, at)
    played = list(earned.unissued())

    assert (before, of_an_earlier_fold, played) == ([], [enrolment], [enrolment])


def test_the_story_that_was_waived_is_issued_for_where_it_could_not_be_at_once(
    official, manager, course, story, at, settings
):
    enrolment = finish(official, course, at, passed=False)
    keys, settings.SEAL_KEYS = settings.SEAL_KEYS, AWAY
    actions.waive_activity(
        enrolment=enrolment, activity=str(story.activity), reason=WaiveReason.TAUGHT, by=manager, at=at
    )
    settings.SEAL_KEYS = keys

    assert (kinds(), actions.issue_left(at=at), kinds()) == (set(), 1, {CertificateKind.COMPLETION})


def test_rows_of_which_nothing_is_due_are_passed_by_and_worked_out_no_more(
    person, countries, course, at, settings, monkeypatch
):
    """Of two who seem to have done everything nothing is due; they were there after one whose key was away."""
    monkeypatch.setattr(certifying, "AT_ONCE", 1)
    keys, settings.SEAL_KEYS = settings.SEAL_KEYS, AWAY
    waits, *rest = (
        finish(person("learner", country=countries["HT"]), course, at, lessons=lessons, passed=False)
        for lessons in (None, 1, 1)
    )
    settings.SEAL_KEYS = keys
    Progress.objects.update(done=F("of"), spans_due=False)
    Progress.objects.filter(enrolment=waits).update(last_at=at - dt.timedelta(hours=1))

    assert actions.issue_left(at=at) == 1

    assert [one.enrolment for one in Certificate.objects.all()] == [waits]
    assert [row.enrolment for row in Progress.objects.filter(spans_due=True)] == [waits]
    assert set(earned.unissued()) == set(rest)


def test_a_certificate_from_before_the_story_was_asked_for_stands_when_a_test_is_set_aside(
    official, manager, course, at
):
    enrolment = finish(official, course, at)
    story = publish(course)
    actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="en", at=at)
    attempt = Attempt.objects.get(enrolment=enrolment)

    gone = actions.void_attempt(attempt=attempt, reason=VoidTestReason.values[0], by=manager, at=at)

    assert story.required
    assert [one.kind for one in gone] == [CertificateKind.ACHIEVEMENT]


@pytest.mark.parametrize("lessons", [2, None])
def test_the_result_of_a_passed_test_leads_to_what_is_left(client, sign_in, official, course, story, at, lessons):
    enrolment = finish(official, course, at, lessons=lessons)
    attempt = Attempt.objects.get(enrolment=enrolment)
    sign_in(official)

    left = part(client.get(paper(attempt, "en", "result/")).content, "#left")
    play(official, enrolment, story, at)
    later = client.get(paper(attempt, "en", "result/")).content.decode()

    links = [link["href"] for link in left.select("a")]
    assert links[-1] == "/en/scenario/small-file/"
    assert len(links) == (1 if lessons is None else 2)
    assert "The test is passed." in left.text
    assert ('id="left"' in later) is (lessons == 2)
    assert ("/en/learning/certificates/" in part(later, "main").decode()) is (lessons is None)


def test_a_test_that_is_not_passed_says_nothing_of_a_certificate(client, sign_in, official, course, story, at):
    enrolment = finish(official, course, at, passed=False)
    sign_in(official)
    client.post("/en/learning/judicial/test/")
    attempt = Attempt.objects.get(enrolment=enrolment)
    client.post(paper(attempt, "en"), {"anyway": "1"})

    html = client.get(paper(attempt, "en", "result/")).content.decode()

    assert "Not passed yet" in html
    assert 'id="left"' not in html


def test_my_learning_says_what_is_left_and_leads_there_until_nothing_is(client, sign_in, official, course, story, at):
    enrolment = finish(official, course, at, lessons=3, passed=False)
    sign_in(official)

    left = part(client.get("/en/learning/").content, "[data-part=left]")
    lesson = Lesson.objects.get(pk=course.get_descendants().type(Lesson).last().pk)
    finish(official, course, at)
    play(official, enrolment, story, at)
    later = client.get("/en/learning/").content.decode()

    assert " ".join(left.text.split()) == "Left to finish the course: 1 lesson · the story “A small file” · the test"
    assert [link["href"] for link in left.select("a")] == [
        address(lesson),
        "/en/scenario/small-file/",
        f"{address(Course.objects.get(pk=course.pk))}#test",
    ]
    assert 'data-part="left"' not in later


def test_a_manager_reads_of_an_official_what_is_left(client, sign_in, manager, official, course, story, at):
    enrolment = finish(official, course, at)
    sign_in(manager)

    html = client.get(f"/en/reports/people/{enrolment.learner.public_id}/").content.decode()

    assert (
        " ".join(part(html, "[data-part=left]").text.split()) == "Left to finish the course: the story “A small file”"
    )


def said(at):
    """What the sheet says that the holder did, and what the badge says and asks for, by kind."""
    found = {}
    for row in Certificate.objects.order_by("kind"):
        (one,) = held(Certificate.objects.filter(pk=row.pk), at)
        did = printing.certificate._words(one, "en", row.heading, row.heading_language, at.date())["did"]
        token = actions.badge_of(certificate=row, by=row.learner.user, at=at)
        asks = json.loads(signing.decoded(token.split(".")[1]))["credentialSubject"]["achievement"]
        found[row.kind] = did, asks["description"], asks["criteria"]["narrative"]
    return found


def test_sheet_and_badge_name_the_story_that_was_asked_for(official, course, story, at):
    play(official, finish(official, course, at), story, at)

    assert said(at) == {
        "completion": (
            "has read every lesson of this course and played its story to one of its ends",
            "All lessons of the course, read to their end, and its branching story played.",
            "Read every lesson of the course to its end, and play every branching story of it to one of its ends.",
        ),
        "achievement": (
            "has finished this course and passed its test",
            "All lessons of the course, its branching story played, and its test passed.",
            "Read every lesson of the course to its end, play every branching story of it to one of its ends, and pass"
            " its test, every critical question right.",
        ),
    }


@pytest.mark.parametrize("is_later", [True, False])
def test_sheet_and_badge_of_a_course_without_a_story_name_none(official, course, at, is_later):
    finish(official, course, at)
    if is_later:
        publish(course)

    assert said(at) == {
        "completion": (
            "has read every lesson of this course",
            "All lessons of the course, read to their end.",
            "Read every lesson of the course to its end.",
        ),
        "achievement": (
            "has finished this course and passed its test",
            "All lessons of the course, and its test passed.",
            "Read every lesson of the course to its end and pass its test, every critical question right.",
        ),
    }


@pytest.mark.parametrize("is_read", [True, False])
def test_a_sheet_says_read_only_of_lessons_that_she_has_read(official, manager, course, lessons, at, is_read):
    enrolment = finish(official, course, at, lessons=None if is_read else 0, passed=False)
    if not is_read:
        for lesson in lessons:
            key = str(lesson.translation_key)
            actions.waive_activity(enrolment=enrolment, activity=key, reason="known", by=manager, at=at)
    finish(official, course, at + dt.timedelta(days=3), passed=False)

    did, *_badge = said(at + dt.timedelta(days=4))["completion"]
    assert did == (
        "has read every lesson of this course"
        if is_read
        else "has done what this course asks but its test; the programme let a part of it count as done"
    )


def test_one_that_was_issued_when_lessons_alone_were_asked_names_no_story(official, course, story, at):
    enrolment = finish(official, course, at)
    old = certifying.write_certificate(enrolment, enrolment.version, "completion", at, copy=1, at=at)

    play(official, enrolment, story, at + dt.timedelta(days=3))

    (one,) = held(Certificate.objects.filter(pk=old.pk), at)
    assert certificates.stories_asked(one.certificate) == 0
