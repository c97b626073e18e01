"""A refresher that ends by reading the changed lesson, or by playing the changed story, says so on the next page."""

import datetime as dt
import json
import re
import uuid

import pytest
import time_machine
from django.utils import translation
from django.utils.translation import gettext

from tests.training.answers import address, token_of
from tests.training.finishing import ask_anew, finish
from tests.training.stories import changed, play, publish
from training import actions
from training.models import Course, CourseVersion, Enrolment, Event, Lesson
from training.queries import refreshed_by

DONE, CURRENT = "Your refresher is done.", "Your certificate is current to version 2."
LINK = 'href="/en/learning/certificates/"'


@pytest.fixture
def due(official, course, at):
    """The official, finished, of whom the first lesson is asked anew; she follows the edition that asks it."""
    enrolment = finish(official, course, at)
    asked = Lesson.objects.filter(path__startswith=course.path).order_by("path").first()
    asked.aim_en += " Read again."
    asked.save()
    material = dt.timedelta(days=20)
    key = str(asked.translation_key)
    actions.course_changed(Course.objects.get(pk=course.pk), by="test", at=at + material, material=key)
    actions.move_to_newest(enrolment=Enrolment.objects.get(pk=enrolment.pk), language="en", at=at + material)
    with time_machine.travel(at + dt.timedelta(days=30), tick=True):
        yield asked


def banner(html):
    """Return what the page says first, in its messages."""
    found = re.search(r'<div class="stack-s" role="status">.*?</div></div>', html, re.DOTALL)
    return found.group(0) if found else ""


def end(client, lesson):
    token = token_of(client.get(address(lesson)).content.decode(), "data-next")
    return client.post(address(lesson), {"token": token}, follow=True).content.decode()


def test_reading_the_changed_lesson_by_form_says_so_once_with_a_link(client, sign_in, official, due):
    sign_in(official)

    told, again = end(client, due), end(client, due)

    assert DONE in told
    assert CURRENT in told
    assert LINK in banner(told)
    assert DONE not in again


def test_her_page_says_up_to_which_version_she_is_trained_before_and_after(client, sign_in, official, due):
    sign_in(official)
    before = client.get("/en/learning/").content.decode()
    end(client, due)
    after = client.get("/en/learning/").content.decode()

    assert ["current to version 1" in before, "current to version 2" in before] == [True, False]
    assert ["current to version 1" in after, "current to version 2" in after] == [False, True]


def test_it_is_said_as_well_to_who_has_the_certificate_of_completion_alone(
    client, sign_in, official, course, lessons, at
):
    finish(official, course, at, passed=False)
    ask_anew(lessons[0], at + dt.timedelta(days=20))
    actions.move_to_newest(enrolment=Enrolment.objects.get(), language="en", at=at + dt.timedelta(days=21))
    with time_machine.travel(at + dt.timedelta(days=30), tick=True):
        sign_in(official)
        other, told, again = end(client, lessons[1]), end(client, lessons[0]), end(client, lessons[0])

    assert [DONE in page for page in (other, told, again)] == [False, True, False]
    assert CURRENT in banner(told)
    assert "You have the certificate" not in told


def test_a_lesson_that_ends_no_refresher_says_nothing(client, sign_in, official, course, due):
    sign_in(official)
    *_rest, before, after = Lesson.objects.filter(path__startswith=course.path).order_by("path")

    while_it_waits, done, when_it_is_done = end(client, before), end(client, due), end(client, after)

    assert Event.objects.filter(verb="reached", activity=after.translation_key).count() == 2
    assert [DONE in told for told in (while_it_waits, done, when_it_is_done)] == [False, True, False]


def test_finishing_the_course_itself_says_nothing_of_a_refresher(client, sign_in, official, course, at):
    finish(official, course, at, lessons=3)
    last = Lesson.objects.filter(path__startswith=course.path).order_by("path").last()
    sign_in(official)

    assert DONE not in end(client, last)


def send_end(client, lesson, language="en"):
    """Send the end of a lesson as the script of a phone does, to an address without a language."""
    hello = client.get("/api/progress/").json()
    version = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "activity": str(lesson.translation_key),
        "version": str(version.public_id), "language": language, "occurred_at": hello["now"], "payload": {"screen": "end"},
    }  # fmt: skip
    envelope = {
        "schema": "progress/1", "who": hello["who"], "device": str(uuid.uuid4()), "sent_at": hello["now"],
        "events": [event],
    }  # fmt: skip
    sent = client.post(
        "/api/progress/",
        json.dumps(envelope),
        content_type="application/json",
        headers={"Accept-Language": "en-US,en"},
    )
    return [one["status"] for one in sent.json()["results"]]


def test_what_the_phones_own_script_sent_is_told_on_the_next_page(client, sign_in, official, due, lessons):
    sign_in(official)
    sent = send_end(client, due)
    told, later = (client.get(address(lessons[1])).content.decode() for _time in range(2))

    assert sent == ["accepted"]
    assert CURRENT in told
    assert LINK in banner(told)
    assert DONE not in later


@pytest.mark.parametrize("language", ["ar", "fr", "pt"])
def test_it_is_told_in_the_language_of_the_page_that_shows_it_whatever_the_browser_asks(
    client, sign_in, official, due, lessons, language
):
    sign_in(official)
    sent = send_end(client, due, language)
    shown = client.get(address(lessons[1], language), headers={"Accept-Language": "en-US,en"}).content.decode()
    with translation.override(language):
        words = [gettext("Your refresher is done."), gettext("My certificates")]

    assert sent == ["accepted"]
    assert all(one in banner(shown) for one in words)
    assert f'href="/{language}/learning/certificates/"' in banner(shown)
    assert [english in banner(shown) for english in (DONE, CURRENT, "My certificates", "/en/")] == [False] * 4


def test_the_certificate_that_a_phone_earned_is_told_in_the_language_of_the_page(
    client, sign_in, official, course, lessons, at
):
    finish(official, course, at, lessons=3, passed=False)
    with time_machine.travel(at + dt.timedelta(days=1), tick=True):
        sign_in(official)
        sent = send_end(client, lessons[-1], "fr")
        shown = client.get("/fr/learning/", headers={"Accept-Language": "en-US,en"}).content.decode()
    with translation.override("fr"):
        words = gettext("You have the certificate of completion.")

    assert sent == ["accepted"]
    assert f"<strong>{words}</strong>" in banner(shown)
    assert 'href="/fr/learning/certificates/"' in banner(shown)


def test_playing_the_story_that_changed_materially_says_so_at_its_end(client, sign_in, official, course, at):
    with time_machine.travel(at, tick=True):
        story = publish(course)
    enrolment = finish(official, course, at)
    play(official, enrolment, story, at)
    with time_machine.travel(at + dt.timedelta(days=20), tick=True):
        publish(course, changed(lambda _story, nodes: nodes["a1"]["choices"][0].update(safety=1)), change="material")
    with time_machine.travel(at + dt.timedelta(days=30), tick=True):
        sign_in(official)
        where = "/en/scenario/small-file/?path=look"
        token = token_of(client.get(where).content.decode(), 'name="token"')
        told = client.post(where, {"token": token, "choice": "care"}, follow=True).content.decode()

    assert DONE in told
    assert LINK in banner(told)


COMPLETION, BOTH = (
    "You have the certificate of completion.",
    "You have the certificates of completion and of achievement.",
)


@pytest.mark.parametrize(("passed", "words"), [(False, COMPLETION), (True, BOTH)])
def test_the_last_lesson_says_which_certificates_it_brought_once_with_a_link(
    client, sign_in, official, course, lessons, at, passed, words
):
    finish(official, course, at, lessons=3, passed=passed)
    sign_in(official)

    with time_machine.travel(at + dt.timedelta(hours=1), tick=True):
        told, again = end(client, lessons[-1]), end(client, lessons[-1])

    assert words in banner(told)
    assert LINK in banner(told)
    assert "You have the certificate" not in again


def test_the_end_of_the_story_says_so_where_it_stands_and_not_before(client, sign_in, official, course, at):
    publish(course)
    finish(official, course, at, passed=False)
    with time_machine.travel(at + dt.timedelta(hours=1), tick=True):
        sign_in(official)
        where = "/en/scenario/small-file/?path=look"
        before = client.get(where).content.decode()
        token = token_of(before, 'name="token"')
        told = client.post(where, {"token": token, "choice": "care"}, follow=True).content.decode()

    assert told.count(COMPLETION) == 1
    assert COMPLETION in told.split('id="outcome"')[1]
    assert LINK in told.split('id="outcome"')[1].split("What each choice did")[0]
    assert COMPLETION not in before


@pytest.mark.parametrize(("before", "queries"), [(1, 4), (0, 2)], ids=["finished before", "finished by it"])
def test_who_finishes_the_course_by_it_ended_no_refresher_and_nothing_more_is_read(
    official, course, lessons, at, before, queries, django_assert_num_queries
):
    first = str(lessons[0].translation_key)
    enrolment = finish(official, course, at, without=[] if before else [first])
    arrival = actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=first, version=str(enrolment.version.public_id), language="fr",
        occurred_at=at + dt.timedelta(days=1), payload={"screen": "end"},
    )  # fmt: skip
    when = at + dt.timedelta(days=2)
    actions.record_events(learner=official.learner, arrivals=[arrival], source="form", at=when)
    refreshed_by(official.learner, [arrival.id], when)

    with django_assert_num_queries(queries):
        assert not refreshed_by(official.learner, [arrival.id], when)
