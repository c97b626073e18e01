"""A learner's own page: where to go on, what changed, what is finished."""

import re
import uuid

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from tests.training.answers import address, paper, right, token_of
from training import actions, progress
from training.exchange import stable_id
from training.models import Lesson, Progress

pytestmark = pytest.mark.either


@pytest.mark.parametrize("path", ["learning/", "test/00000000-0000-4000-8000-000000000000/"])
def test_a_visitor_is_asked_to_sign_in(client, course, path):
    response = client.get(f"/en/{path}")

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_my_learning_shows_where_to_go_on(client, sign_in, official, enrolment, later):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    actions.open_lesson(
        user=official, course=enrolment.course, lesson=version.lessons[0].id, language="fr", at=later(1)
    )
    sign_in(official)

    html = client.get("/en/learning/").content.decode()

    assert "0 of 4 lessons done." in html
    assert "Go on with lesson 1" in html


def test_my_learning_without_a_course_offers_some(client, sign_in, official, course):
    sign_in(official)

    html = client.get("/en/learning/").content.decode()

    assert "You have not begun a course yet." in html
    assert "Trafficking before the court" in html


@pytest.mark.both
def test_a_material_change_names_the_lessons_to_read_again_and_moving_reads_none_of_them(
    client, sign_in, official, enrolment, lessons, later
):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    read_to_the_end(enrolment, version, [lesson.id for lesson in version.lessons[:2]], later)
    for place, change in ((0, "material"), (1, "wording"), (3, "material")):
        lessons[place].aim_en, lessons[place].change = f"Aim {place} anew.", change
        lessons[place].save_revision().publish()
    sign_in(official)

    before = client.get("/en/learning/").content.decode()
    client.post(f"/en/learning/{enrolment.public_id}/newest/")
    after = client.get("/en/learning/").content.decode()

    changed = before.split('class="changed')[1].split("</ul>")[0]
    assert re.findall(r">([^<>]+)</a>", changed) == [str(lessons[0].heading_en)]
    assert re.findall(r">([^<>]+)</a>", after.split('class="changed')[1].split("</ul>")[0]) == [
        str(lessons[0].heading_en)
    ]
    assert "Follow the newest version" in before
    assert "Follow the newest version" not in after
    assert "2 of 4 lessons done." in after


def test_nothing_is_counted_where_every_lesson_that_was_done_differs(
    client, sign_in, official, enrolment, lessons, later
):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    read_to_the_end(enrolment, version, [version.lessons[0].id], later)
    lessons[0].aim_en, lessons[0].change = "Aim anew.", "material"
    lessons[0].save_revision().publish()
    sign_in(official)

    changed = client.get("/en/learning/").content.decode().split('class="changed')[1].split("</ul>")[0]

    assert "1 lesson that you have done differs in law or procedure." in changed
    assert "Nothing you did is lost." in changed
    assert "other lesson" not in changed


@pytest.mark.parametrize(("done", "of", "said"), [(0, 1, "0 of 1 lesson done."), (1, 18, "1 of 18 lessons done.")])
def test_the_word_lesson_goes_by_the_number_beside_it(done, of, said):
    assert said in render_to_string("training/_done.html", {"one": {"done": done, "of": of, "passed_at": None}})


def lesson_id(activity):
    return stable_id("test", activity)


@pytest.fixture
def finished(client, attempt, enrolment, later):
    """The enrolment of the official after she passed the test and read every lesson of her edition."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    client.post(paper(attempt), right(attempt))
    assert Progress.objects.get().completed_at is None
    read_to_the_end(enrolment, version, [lesson.id for lesson in version.lessons], later)
    return enrolment


def read_to_the_end(enrolment, version, lessons, later):
    """Note that the learner read some lessons to their end."""
    ends = [
        actions.Arrival(id=lesson_id(lesson), verb="reached", activity=lesson, version=version.id, language="fr",
                        occurred_at=later(1), payload={"screen": "end"})
        for lesson in lessons
    ]  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=ends, source="form", at=later(2))


def add_lesson(course, lessons):
    """Publish one more lesson at the end of the course."""
    body = [{"type": "text", "value": {"heading": "New", "html": "<p>New.</p>"}, "id": str(uuid.uuid4())}]
    lesson = Lesson(title="The fifth", slug="the-fifth", heading_en="The fifth", aim_en="One more.", body_en=body)
    lesson.go_live(below=lessons[-1].get_parent().specific)
    return lesson


@pytest.mark.both
def test_a_course_is_finished_once_all_is_read_and_the_test_passed(finished):
    assert Progress.objects.get().completed_at is not None


@pytest.mark.parametrize("page", ["learning", "course"])
def test_a_finished_course_says_what_was_added_and_stays_finished(client, finished, course, lessons, page):
    where = {"learning": "/en/learning/", "course": address(course)}[page]
    before = client.get(where).content.decode()

    add_lesson(course, lessons)

    html = client.get(where).content.decode()
    assert "new lesson" not in before
    assert "1 new lesson has been added to this course." in html
    assert "that stays true" in html
    assert "4 of 4 lessons done." in html
    assert html.count("Finished") == {"learning": 2, "course": 1}[page]
    assert Progress.objects.get().completed_at is not None


def test_an_added_lesson_is_no_news_once_it_is_read(client, finished, course, lessons, later):
    added = add_lesson(course, lessons)
    token = token_of(client.get(address(added)).content.decode(), 'class="pager"')

    client.post(address(added), {"token": token})

    for where in ("/en/learning/", address(course)):
        html = client.get(where).content.decode()
        assert "4 of 4 lessons done." in html
        assert "new lesson" not in html


def test_following_the_newest_edition_does_not_hide_what_was_added(client, finished, course, lessons, later):
    add_lesson(course, lessons)

    client.post(f"/en/learning/{finished.public_id}/newest/")

    html = client.get("/en/learning/").content.decode()
    assert Progress.objects.get().completed_at is not None
    assert "1 new lesson has been added to this course." in html


@pytest.mark.both
def test_counts_do_not_move_when_a_lesson_that_was_done_is_taken_off(client, finished, course, lessons):
    Lesson.objects.get(pk=lessons[3].pk).unpublish()

    for where in ("/en/learning/", address(course), address(lessons[0])):
        html = client.get(where).content.decode()
        assert "4 of 4 lessons done" in html
        assert "(1 of those done was taken off since, and counts.)" in html


def test_a_lesson_taken_off_is_asked_of_nobody_who_has_not_done_it(
    client, sign_in, official, enrolment, lessons, later
):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    read_to_the_end(enrolment, version, [version.lessons[0].id], later)
    Lesson.objects.get(pk=lessons[3].pk).unpublish()
    sign_in(official)

    for where in ("/en/learning/", address(lessons[0]), address(lessons[0].get_parent().get_parent())):
        html = client.get(where).content.decode()
        assert "1 of 3 lessons done" in html
        assert "was taken off since" not in html


def test_one_who_is_under_way_hears_of_a_new_lesson_without_a_word_of_finishing(
    client, sign_in, official, enrolment, course, lessons
):
    add_lesson(course, lessons)
    sign_in(official)

    html = client.get("/en/learning/").content.decode()

    assert "1 new lesson has been added to this course." in html
    assert "0 of 4 lessons done." in html
    assert "stays true" not in html


@pytest.mark.both
def test_my_learning_costs_the_same_with_more_done(client, sign_in, official, enrolment, attempt):
    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get("/en/learning/")
        return len(caught)

    count()
    before = count()
    client.post(paper(attempt), right(attempt))

    assert count() == before


def test_the_profile_says_that_its_name_is_printed_on_certificates(client, sign_in, official):
    sign_in(official)

    html = client.get("/en/profile/").content.decode()

    assert "As colleagues see it, and as it is printed on your certificates." in html
