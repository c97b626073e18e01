"""Words that stand beside a number or a day are one sentence each, with every plural form of the language."""

import re

import pytest

from tests.training.answers import address
from tests.training.finishing import finish
from tests.training.stories import publish, translate
from training.models import CourseVersion, Lesson, Scenario

pytestmark = pytest.mark.either


def minutes_of(course, minutes):
    """Let the story and each lesson of the course take so many minutes."""
    story = publish(course, minutes=minutes)
    Lesson.objects.filter(path__startswith=course.path).update(minutes=minutes)
    Scenario.objects.filter(pk=story.pk).first().save_revision().publish()
    return story


@pytest.mark.parametrize(("minutes", "words"), [(2, "دقيقتان"), (7, "7 دقائق"), (12, "12 دقيقة")])
def test_arabic_says_minutes_in_the_form_of_their_number(client, course, at, minutes, words):
    translate(minutes_of(course, minutes), at, "ar")

    newest = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    online = client.get(address(course, "ar")).content.decode()
    kept = client.get(f"/ar/keep/judicial/{newest.public_id}/").content.decode()

    for html in (online, kept):
        story = html.split('id="stories"')[1].split("</section>")[0]
        assert words in re.sub(r"<[^>]+>", " ", story)


def test_a_story_of_one_minute_is_said_so(client, course):
    minutes_of(course, 1)

    html = client.get("/en/scenario/small-file/").content.decode()

    assert "About 1 minute. You choose" in html


@pytest.mark.parametrize("page", ["learning", "course"])
def test_the_day_on_which_a_course_was_finished_stands_in_a_sentence(client, sign_in, official, course, at, page):
    finish(official, course, at)
    where = {"learning": "/en/learning/", "course": address(course)}[page]

    html = sign_in(official).get(where).content.decode()

    assert "Finished on 25 November 2026" in html
    assert "current to version 1" in html


def test_a_certificate_says_current_once_its_version_beside_other_words(client, sign_in, official, course, at):
    finish(official, course, at)

    html = sign_in(official).get("/en/learning/certificates/").content.decode()
    card = html.split("</article>")[0]

    assert (card.count("Current"), card.count("Trained up to")) == (1, 1)
