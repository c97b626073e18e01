"""Who begins without an account is asked for which group of readers she takes the course, before its first lesson."""

import re

import pytest
from django.utils import timezone

from tests.training.answers import address
from tests.training.without_account import BEGIN, allowed, begin
from training import actions
from training.models import Course, Learner, Lesson, Progress

__all__ = ["allowed"]


@pytest.fixture
def grouped(allowed):
    """The same course, in which the first lesson is for officials only and the second for migrants only."""
    lessons = list(Lesson.objects.filter(path__startswith=allowed.path).order_by("path")[:2])
    Course.objects.filter(pk=allowed.pk).update(tracks=["migrant", "official"])
    for lesson, track in zip(lessons, ("official", "migrant"), strict=True):
        Lesson.objects.filter(pk=lesson.pk).update(tracks=[track])
    actions.course_changed(Course.objects.get(pk=allowed.pk), by="test", at=timezone.now())
    return lessons


def test_she_is_asked_for_whom_before_the_first_lesson_and_only_those_of_her_group_are_asked(client, grouped):
    page = client.get(BEGIN).content.decode()
    shown = client.post(BEGIN, {"country": "HT", "track": "migrant"}).content.decode()
    onward = re.search(r'<a class="button wide" href="([^"]+)"', shown).group(1)

    assert "For whom are you taking this course?" in page
    assert [value for value in ("migrant", "official", "") if f'name="track" value="{value}"' in page] == [
        "migrant", "official", ""
    ]  # fmt: skip
    assert onward == address(grouped[1])
    assert "of 3 lessons done" in client.get(onward).content.decode()
    row = Progress.objects.get()
    assert (row.track, row.of) == ("migrant", 3)
    assert not list(actions.differences())


def test_it_can_be_passed_over_and_is_answered_on_my_learning(client, grouped):
    begin(client)
    passed_over, asked = Progress.objects.get().track, client.get("/en/learning/").content.decode()
    there = client.post("/en/learning/judicial/track/", {"track": "official", "then": "learning"})
    after = client.get(there["Location"]).content.decode()

    assert passed_over == ""
    assert asked.count('name="then" value="learning"') == 1
    assert there["Location"] == "/en/learning/"
    assert Progress.objects.get().track == "official"
    assert "Your choice is kept." in after
    assert 'name="then"' not in after


def test_a_group_that_the_course_has_not_begins_nothing(client, grouped):
    said = client.post(BEGIN, {"country": "HT", "track": "youth"})

    assert said.status_code == 422
    assert Learner.objects.count() == 0


def test_my_learning_asks_nobody_in_a_course_for_everybody(client, allowed):
    begin(client)

    assert "For whom are you taking this course?" not in client.get("/en/learning/").content.decode()
