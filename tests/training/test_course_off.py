"""A course that was taken off: what its learners see, what its addresses answer, and that what is sent still counts."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.actions.unpublish_page import UnpublishPageAction

from tests.training.answers import address, paper, right
from tests.training.finishing import finish
from tests.training.off_and_on import off, on
from training import actions, queries
from training.choices import END, Step
from training.models import Certificate, Cohort, Curriculum, Event, Lesson, Module, Progress, Reminder

LEARNING = "/en/learning/"
GONE = "This course was taken off on"


@pytest.fixture
def begun(sign_in, official, course, later):
    """The official signed in, with two lessons of the course done."""
    found = finish(official, course, later(1), lessons=2, passed=False)
    sign_in(official)
    return found


def html_of(client, where, status=200):
    """Return a page, which answers with this status."""
    answer = client.get(where, follow=True)
    assert answer.status_code == status, where
    return answer.content.decode()


def test_my_learning_keeps_a_course_that_was_taken_off(client, begun, course):
    off(course)

    html = html_of(client, LEARNING)

    assert "You have not begun a course yet" not in html
    assert "Trafficking before the court" in html.split('id="taken-off"')[1]
    assert "2 of 4 lessons done." in html
    assert f"{GONE} {timezone.localtime():%B} {timezone.localtime().day}" in html or GONE in html
    assert "What you have done stays done, and is kept." in html
    assert "Go on with lesson" not in html


def test_the_heading_of_a_course_that_was_taken_off_is_in_her_language(client, begun, course):
    assert str(queries.courses("ar", page=course.pk)[0].heading) in _learning_off(client, course, "ar")


def _learning_off(client, course, language):
    off(course)
    return html_of(client, f"/{language}/learning/").split('id="taken-off"')[1]


def test_no_deadline_and_no_refresher_is_asked_while_a_course_is_off(
    client, sign_in, official, course, lessons, countries, later
):
    found = finish(official, course, later(1))
    lessons[0].aim_en, lessons[0].change = "Aim anew.", "material"
    lessons[0].save_revision().publish()
    cohort_of(found, countries["HT"], timezone.localdate())
    sign_in(official)
    before = html_of(client, LEARNING)
    off(course)

    html = html_of(client, LEARNING)

    assert "The course has changed since you finished it." in before
    assert "The course has changed since you finished it." not in html
    assert "To be finished by" not in html
    assert "Finished on" in html
    assert "See the result" in html


def cohort_of(enrolment, country, day):
    """Return a group with a deadline in which an enrolment is."""
    cohort = Cohort.objects.create(
        name="Group", course=enrolment.course, country=country, begins_on=day, due_on=day, made_at=timezone.now()
    )
    cohort.members.create(enrolment=enrolment, number=1, joined_at=timezone.now())
    return cohort


def test_result_history_and_certificate_stay_within_reach(client, sign_in, official, course, later):
    found = finish(official, course, later(1))
    sign_in(official)
    result = f"/en/test/{found.attempts.get().public_id}/result/"
    before = html_of(client, result)
    off(course)

    assert html_of(client, result).count("<fieldset") == before.count("<fieldset")
    assert "Trafficking before the court" in html_of(client, "/en/learning/history/")
    certificates = html_of(client, "/en/learning/certificates/")
    assert "Trafficking before the court" in certificates
    assert "#test" not in certificates


def test_the_addresses_of_a_course_that_is_off_say_so(client, begun, course, lessons):
    off(course)
    module = Module.objects.filter(path__startswith=course.path).first()

    for where in (
        address(course), address(lessons[0]), address(module), "/en/courses/judicial/aide.pdf",
        "/en/learning/judicial/keep/", "/en/learning/judicial/test/", "/en/learning/judicial/track/",
    ):  # fmt: skip
        html = html_of(client, where, 410)
        assert GONE in html, where
        assert "Trafficking before the court" in html
        assert "What you have done stays done, and is kept." in html
        assert f'href="{LEARNING}"' in html


def test_a_visitor_is_told_that_a_course_was_taken_off(client, course, lessons):
    off(course)

    html = html_of(client, address(lessons[0]), 410)

    assert GONE in html
    assert "sign in, or type your code, to see it" in html


def test_no_browser_keeps_that_something_was_taken_off(client, course, lessons):
    curriculum = Curriculum.objects.get(pk=course.get_parent().pk)
    addresses = [address(lessons[0]), address(course), address(curriculum)]
    for one in (lessons[0], course, curriculum):
        off(one)

    for where in addresses:
        assert client.get(where)["Cache-Control"] == "no-store", where


def test_an_address_that_never_stood_is_not_found(client, begun, course, lessons):
    draft = Lesson(title="Draft", slug="draft", heading_en="Not yet", live=False)
    lessons[0].get_parent().add_child(instance=draft)

    for where in (address(draft), f"{address(course)}nothing/", "/en/judicial/nothing/at-all/", "/en/scenario/no/"):
        assert client.get(where).status_code == 404, where


def test_a_lesson_that_alone_was_taken_off_leads_to_its_course(client, begun, course, lessons):
    off(lessons[3])

    html = html_of(client, address(lessons[3]), 410)

    assert "This lesson was taken off on" in html
    assert str(lessons[3].heading_en) in html
    assert f'href="{address(course)}"' in html


def test_a_module_that_was_taken_off_and_its_lessons_lead_to_the_course(client, begun, course, lessons):
    module = Module.objects.get(path=lessons[3].path[:-4])
    off(module)

    for where in (address(module), address(lessons[3])):
        html = html_of(client, where, 410)
        assert "This part of the course was taken off on" in html
        assert f'href="{address(course)}"' in html


def test_a_lesson_sent_from_a_page_that_was_open_still_counts(client, begun, course, lessons):
    where = address(lessons[2])
    token = end_token(html_of(client, where))
    off(course)

    answer = client.post(where, {"token": token})

    assert answer.status_code == 410
    assert "What you sent just now is kept." in answer.content.decode()
    assert Progress.objects.get().done == 3


def test_what_is_sent_after_the_session_was_over_waits_for_her(client, sign_in, official, begun, course, lessons):
    where = address(lessons[2])
    token = end_token(html_of(client, where))
    off(course)
    client.logout()

    lost = client.post(where, {"token": token}).content.decode()
    sign_in(official)
    html = client.get(LEARNING, follow=True).content.decode()

    assert "What you sent is kept for one hour: sign in, and it is sent." in lost
    assert "What you sent just now is kept." in html
    assert Progress.objects.get().done == 3


def test_who_has_not_begun_is_not_told_that_something_was_kept(
    client, sign_in, person, begun, course, lessons, official
):
    where = address(lessons[2])
    token = end_token(html_of(client, where))
    off(course)
    sign_in(person("learner", country=official.country))

    html = client.post(where, {"token": token}).content.decode()

    assert "What you sent just now is kept." not in html
    assert Progress.objects.get().done == 2


def end_token(html):
    """Return the token with which a lesson is ended."""
    return html.split('class="pager"')[1].split('name="token" value="')[1].split('"')[0]


def test_a_phone_that_kept_the_course_is_heard_while_it_is_off(client, begun, course, later):
    version = begun.version
    lesson = queries.courses("en", page=course.pk)[0].lessons[2].id
    off(course)
    greeting = client.get("/api/progress/").json()
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "reached", "activity": lesson, "version": str(version.public_id),
        "language": "fr", "occurred_at": timezone.now().isoformat(), "payload": {"screen": END},
    }  # fmt: skip
    body = {
        "schema": "progress/1", "who": greeting["who"], "device": str(uuid.uuid4()),
        "sent_at": greeting["now"], "events": [event],
    }  # fmt: skip

    answer = client.post(
        "/api/progress/",
        json.dumps(body),
        content_type="application/json",
        headers={"X-CSRFToken": greeting["csrf"]},
    )

    assert [one["status"] for one in answer.json()["results"]] == ["accepted"], answer.content
    assert Event.objects.filter(pk=event["id"]).exists()
    assert "3 of 4 lessons done." in html_of(client, LEARNING)


def test_an_open_test_is_handed_in_though_the_course_is_off(client, attempt, course):
    off(course)

    shown = client.get(paper(attempt))
    answer = client.post(paper(attempt), right(attempt))

    assert shown.status_code == 410
    assert answer["Location"].endswith("/result/")
    attempt.refresh_from_db()
    assert attempt.passed


def test_nobody_is_reminded_of_a_course_that_is_off(begun, course, countries, at):
    cohort_of(begun, countries["HT"], at.date())
    off(course)

    actions.write_reminders(at=at.replace(hour=17))
    assert not Reminder.objects.exists()
    on(course)
    actions.write_reminders(at=at.replace(hour=17))
    assert Reminder.objects.get().step == Step.DAY


def statements(client, where):
    """Return the statements of a page that was opened just before."""
    for _warm in range(2):
        client.get(where)
    with CaptureQueriesContext(connection) as caught:
        client.get(where)
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]


def test_what_my_learning_and_the_page_of_a_course_that_is_off_cost(client, begun, course, lessons):
    standing = len(statements(client, LEARNING))
    off(course)

    assert len(statements(client, LEARNING)) == standing
    assert len(of_school(client, address(course))) <= 4
    assert len(of_school(client, address(lessons[0]))) <= 6


def of_school(client, where):
    """Return those statements that ask for pages or for what learners did: the frame of a page keeps its own for seconds."""
    return [sql for sql in statements(client, where) if 'FROM "training_' in sql or 'FROM "wagtailcore_page"' in sql]


def test_nothing_new_is_kept_of_a_course_that_is_off(client, begun, course):
    edition = f"/en/keep/judicial/{begun.version.public_id}/"
    off(course)

    for where in (edition, f"{edition}keep.json", f"{edition}test/"):
        assert client.get(where).status_code == 410, where
    answer = client.post("/en/learning/judicial/paper/")
    assert (answer.status_code, answer.json()) == (410, {"detail": "taken_off"})


def test_a_course_on_again_is_as_it_was(client, begun, course, lessons):
    before = html_of(client, LEARNING)
    off(course)
    html_of(client, LEARNING)
    on(course)

    after = html_of(client, LEARNING)

    assert "Go on with lesson 3" in before
    assert "Go on with lesson 3" in after
    assert 'id="taken-off"' not in after
    assert html_of(client, address(lessons[0]))


def test_a_certificate_that_is_earned_while_the_course_is_off_bears_its_name_in_her_language(official, course, later):
    finish(official, course, later(1), passed=False)
    heading = str(queries.courses("fr", page=course.pk)[0].heading)
    off(course)

    finish(official, course, later(2), lessons=0)

    found = Certificate.objects.filter(kind="achievement").get()
    assert heading != course.heading_en
    assert found.heading == heading


def test_the_page_of_an_official_tells_what_she_did_in_a_course_that_is_off(client, sign_in, manager, begun, course):
    off(course)
    sign_in(manager)

    html = html_of(client, f"/en/reports/people/{begun.learner.public_id}/")

    assert GONE in html
    assert "2 of 4 lessons done." in html


def take_off_curriculum(course):
    """Take a curriculum off without its courses, as the editor does by its first press; return its address."""
    whole = course.get_parent().specific
    UnpublishPageAction(whole, user=None, include_descendants=False).execute(skip_permission_checks=True)
    return address(whole)


def test_the_address_of_a_curriculum_that_is_off_says_so_and_leads_to_its_courses_which_stand(client, course):
    before = html_of(client, address(course.get_parent()))
    where = take_off_curriculum(course)

    html = html_of(client, where, 410)

    assert "This page was taken off" not in before
    day = date_format(timezone.localtime(), "DATE_FORMAT")
    assert f"This page was taken off on {day}." in html
    assert "Its courses go on; you find them here and among all courses." in html
    assert f'href="{address(course)}"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert html_of(client, address(course))
    assert "Trafficking before the court" in html_of(client, "/en/courses/")


def test_a_curriculum_that_is_off_with_its_courses_promises_none(client, course):
    where = take_off_curriculum(course)
    off(course)

    html = html_of(client, where, 410)

    assert "This page was taken off on" in html
    assert "Its courses go on" not in html
    assert "No course is on offer here yet." not in html
    assert f'href="{address(course)}"' not in html


def test_a_curriculum_that_readers_never_had_is_not_found(client, course):
    whole = course.get_parent().specific
    take_off_curriculum(course)
    type(whole).objects.filter(pk=whole.pk).update(first_published_at=None)

    assert html_of(client, address(whole), 404)
    assert html_of(client, "/en/no-such-curriculum/", 404)
