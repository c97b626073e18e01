"""A learner's own screens: her courses and her tests."""

import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms import worker
from training import actions, progress, queries, tasks
from training.exchange import stable_id
from training.models import Attempt, Course, Curriculum, Enrolment, Progress, Question, RefusedEvent


@pytest.fixture
def enrolment(official, course, at):
    """The official's enrolment."""
    return actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)


@pytest.fixture
def attempt(client, sign_in, official, enrolment):
    """A test begun by the button on the course's page."""
    sign_in(official)
    response = client.post("/fr/learning/judicial/test/")
    return Attempt.objects.get(public_id=re.search(r"/test/([0-9a-f-]{36})/", response["Location"]).group(1))


def address(attempt, language="fr", end=""):
    return f"/{language}/test/{attempt.public_id}/{end}"


def right(attempt):
    items = queries.items_of(attempt)
    return {f"{item.id}-r": item.right[0] for item in items}


def wrong(attempt, *places):
    answers = right(attempt)
    for place in places:
        item = queries.items_of(attempt)[place]
        answers[f"{item.id}-r"] = next(option for option in item.options if option not in item.right)
    return answers


def test_passing_the_test_by_form_shows_a_reason_for_every_answer(client, attempt):
    asked = client.get(address(attempt)).content.decode()
    response = client.post(address(attempt), right(attempt))
    html = client.get(response["Location"]).content.decode()

    assert asked.count("<fieldset>") == 6
    assert "feedback" not in asked
    assert Progress.objects.get().passed_at is not None
    assert html.count('class="reason small"') == 6
    assert "6" in html


def test_keys_and_feedback_never_stand_in_an_open_test(client, attempt):
    html = client.get(address(attempt, "en")).content.decode()

    for item in queries.paper_view(attempt, "en").items:
        for choice in item.question.choices:
            assert choice.feedback not in html


def test_a_test_that_comes_back_with_open_questions_shows_no_reason(client, attempt):
    answers = wrong(attempt, 0)
    answers.pop(next(reversed(answers)))

    html = client.post(address(attempt, "en"), answers).content.decode()

    assert html.count(" checked>") == 5
    assert "reason" not in html
    assert "verdict" not in html


def test_kept_answers_wait_in_every_language_and_are_no_mark(client, attempt):
    answers = wrong(attempt, 0)
    answers.pop(next(reversed(answers)))

    kept = client.post(address(attempt, "fr"), answers | {"keep": "1"})
    html = client.get(address(attempt, "ar")).content.decode()

    attempt.refresh_from_db()
    assert kept["Location"] == address(attempt, "fr")
    assert html.count(" checked>") == 5
    assert "reason" not in html
    assert (attempt.submitted_at, Progress.objects.get().best) == (None, 0)


def test_five_right_pass_unless_a_critical_one_is_wrong(client, attempt):
    critical = progress.read(attempt.paper)["critical"]
    places = [item.id for item in queries.items_of(attempt)]
    plain = next(place for place, key in enumerate(places) if key not in critical)

    client.post(address(attempt), wrong(attempt, places.index(critical[0])))
    client.post("/en/learning/judicial/test/")
    second = Attempt.objects.get(number=2)
    client.post(address(second), wrong(second, plain))

    attempt.refresh_from_db()
    second.refresh_from_db()
    assert (attempt.right, attempt.passed) == (5, False)
    assert (second.right, second.passed) == (5, True)
    html = client.get(address(attempt, "en", "result/")).content.decode()
    assert "1 question marked ★ was not right" in html


def test_an_open_question_is_asked_for_once_and_may_stay_open(client, attempt):
    answers = right(attempt)
    answers.pop(next(iter(answers)))

    asked = client.post(address(attempt), answers)
    taken = client.post(address(attempt), answers | {"anyway": "1"})

    attempt.refresh_from_db()
    assert asked.status_code == 422
    assert taken.status_code == 302
    assert attempt.right == 5


def test_handing_in_twice_keeps_the_first_result(client, attempt):
    client.post(address(attempt), wrong(attempt, 0, 1, 2))
    again = client.post(address(attempt), right(attempt))

    attempt.refresh_from_db()
    assert again["Location"] == address(attempt, "fr", "result/")
    assert (attempt.right, attempt.passed) == (3, False)


def test_a_test_begun_in_one_language_ends_in_another(client, attempt):
    client.get(address(attempt, "fr"))
    client.post(address(attempt, "ar"), right(attempt))

    attempt.refresh_from_db()
    assert (attempt.language, attempt.passed) == ("fr", True)
    for language in ("fr", "ar", "en", "ht"):
        assert client.get(address(attempt, language, "result/")).status_code == 200


def test_somebody_elses_test_and_enrolment_do_not_exist(client, sign_in, person, attempt, enrolment):
    sign_in(person("learner"))

    assert client.get(address(attempt)).status_code == 404
    assert client.post(address(attempt), right(attempt)).status_code == 404
    assert client.get(address(attempt, "fr", "result/")).status_code == 404
    assert client.post(f"/fr/learning/{enrolment.public_id}/newest/").status_code == 404


@pytest.mark.parametrize("path", ["learning/", "test/00000000-0000-4000-8000-000000000000/"])
def test_a_visitor_is_asked_to_sign_in(client, course, path):
    response = client.get(f"/en/{path}")

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_odd_answers_in_a_test_count_as_open(client, attempt):
    answers = dict.fromkeys(right(attempt), "\x00<script>") | {"anyway": "1"}

    response = client.post(address(attempt), answers)

    attempt.refresh_from_db()
    assert response.status_code == 302
    assert attempt.right == 0


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
    assert "What must be proved" in html


def test_a_material_change_names_the_lessons_to_read_again_and_moving_ends_it(
    client, sign_in, official, enrolment, lessons, later
):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    ends = [
        actions.Arrival(id=lesson_id(lesson.id), verb="reached", activity=lesson.id, version=version.id, language="fr",
                        occurred_at=later(1), payload={"screen": "end"})
        for lesson in version.lessons[:2]
    ]  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=ends, source="form", at=later(2))
    for place, change in ((0, "material"), (1, "wording"), (3, "material")):
        lessons[place].aim_en, lessons[place].change = f"Aim {place} anew.", change
        lessons[place].save_revision().publish()
    sign_in(official)

    before = client.get("/en/learning/").content.decode()
    client.post(f"/en/learning/{enrolment.public_id}/newest/")
    after = client.get("/en/learning/").content.decode()

    changed = before.split('class="changed')[1].split("</ul>")[0]
    assert re.findall(r">([^<>]+)</a>", changed) == [str(lessons[0].heading_en)]
    assert 'class="changed' not in after
    assert "2 of 4 lessons done." in after


def lesson_id(activity):
    return stable_id("test", activity)


def test_a_course_is_finished_once_all_is_read_and_the_test_passed(client, official, attempt, enrolment, later):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    client.post(address(attempt), right(attempt))
    half = Progress.objects.get().completed_at
    ends = [
        actions.Arrival(id=lesson_id(lesson.id), verb="reached", activity=lesson.id, version=version.id, language="fr",
                        occurred_at=later(1), payload={"screen": "end"})
        for lesson in version.lessons
    ]  # fmt: skip
    actions.record_events(learner=enrolment.learner, arrivals=ends, source="form", at=later(2))

    assert half is None
    assert Progress.objects.get().completed_at is not None


@pytest.fixture
def without_questions(course, at):
    """The judicial course after its last question was taken off the site."""
    for question in Question.objects.all():
        question.unpublish()
    actions.course_changed(course, by="test", at=at)
    return course


def test_a_test_without_questions_is_explained_and_enrols_nobody(client, sign_in, official, without_questions):
    sign_in(official)

    response = client.post("/en/learning/judicial/test/")

    assert response.status_code == 409
    assert "The test is not ready" in response.content.decode()
    assert f'href="/en/{without_questions.url.split("/", 2)[2]}"' in response.content.decode()
    assert not Enrolment.objects.exists()


def test_a_course_that_was_never_published_is_explained_too(client, sign_in, official, front, countries):
    curriculum = front.add_child(instance=Curriculum(title="New", slug="new", heading_en="New"))
    curriculum.add_child(
        instance=Course(title="New", slug="new", key="new", heading_en="New", summary_en="New", audience_en="All")
    )
    sign_in(official)

    response = client.post("/en/learning/new/test/")

    assert response.status_code == 409
    assert "/en/courses/" in response.content.decode()


@pytest.fixture
def refuse(enrolment):
    """A function by which the official's page sends something that cannot be counted."""

    def send(at, **changes):
        told = {"verb": "danced", "activity": "", "version": str(enrolment.version.public_id), "language": "fr",
                "occurred_at": at, "payload": {}}  # fmt: skip
        arrival = actions.Arrival(id=uuid.uuid4(), **(told | changes))
        actions.record_events(learner=enrolment.learner, arrivals=[arrival], source="form", at=at)

    return send


def test_what_was_not_counted_stands_in_my_learning_with_its_reason(
    client, sign_in, official, enrolment, lessons, refuse
):
    refuse(timezone.now(), verb="reached", activity=str(lessons[0].translation_key), payload={"screen": "nowhere"})
    sign_in(official)

    html = client.get("/en/learning/").content.decode().split('id="not-counted"')[1]

    assert "1 record was not counted" in html
    assert lessons[0].heading_en in html
    assert "Screen read" in html
    assert "The answer does not fit its question." in html


def test_nobody_sees_what_of_another_person_was_not_counted(client, sign_in, person, countries, refuse):
    refuse(timezone.now())
    sign_in(person("learner", country=countries["HT"]))

    assert 'id="not-counted"' not in client.get("/en/learning/").content.decode()


@pytest.mark.parametrize("body", ["", "[", "7", '["x"]', '{"verb":["x"],"activity":{}}', '{"verb":"reached"'])
def test_a_refused_record_of_any_shape_is_listed(client, sign_in, official, enrolment, body):
    RefusedEvent.objects.create(learner=enrolment.learner, reason="malformed", body=body, received_at=timezone.now())
    sign_in(official)

    html = client.get("/en/learning/").content.decode()

    assert "The record cannot be read." in html


def test_many_refused_records_are_counted_and_the_newest_shown(client, sign_in, official, refuse):
    now = timezone.now()
    for number in range(13):
        refuse(now - dt.timedelta(minutes=number))
    sign_in(official)

    html = client.get("/en/learning/").content.decode().split('id="not-counted"')[1]

    assert "13 records were not counted" in html
    assert html.split("</ul>")[0].count("<li>") == 10
    assert "And 3 older ones." in html


def test_the_worker_drops_refused_records_after_ninety_days(enrolment, refuse, at):
    refuse(at - dt.timedelta(days=91))
    refuse(at - dt.timedelta(days=89))

    assert [job(at) for job in tasks.JOBS] == [1]
    assert RefusedEvent.objects.get().received_at == at - dt.timedelta(days=89)
    assert tasks.drop_refused in worker.jobs()


def test_my_learning_costs_the_same_with_more_done(client, sign_in, official, enrolment, attempt):
    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get("/en/learning/")
        return len(caught)

    count()
    before = count()
    client.post(address(attempt), right(attempt))

    assert count() == before
