"""The three papers of a course, taken by form: before it, after it, three months later; and what was gained."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from cms.models import FrontPage
from tests.training.answers import address, paper, right, wrong
from tests.training.conftest import AT
from tests.training.folders import small_course
from tests.training.once import once
from training import actions, progress, queries
from training.exchange import BadCourse, read_course, stable_id
from training.models import Attempt, Course, CourseVersion, Lesson, Progress
from training.queries import versions


@pytest.fixture(scope="module")
def small_once(school, django_db_blocker, tmp_path_factory):
    """The number of the small course, with a paper of each form."""
    folder = small_course(tmp_path_factory.mktemp("content") / "small")
    with once(
        django_db_blocker, lambda: actions.load_course(folder, FrontPage.objects.get(), by="test", at=AT).pk
    ) as pk:
        yield pk


@pytest.fixture
def small(small_once, front, countries):
    """The same course as a row."""
    return Course.objects.get(pk=small_once)


@pytest.fixture
def reader(client, sign_in, official):
    """A client of the official of Haiti."""
    return sign_in(official)


def begin(client, form=""):
    response = client.post("/en/learning/small/test/", {"form": form} if form else {})
    assert response.status_code == 302
    return Attempt.objects.order_by("-pk").first()


def read_all(user, small, at, version=None):
    """Note that somebody read every lesson of the newest edition to its end."""
    enrolment = actions.enrol(learner=actions.learner_of(user), course=small, country="HT", at=at)
    row = version or CourseVersion.objects.filter(course=small, country="HT").order_by("-number").first()
    ends = [
        actions.Arrival(id=stable_id(str(enrolment.public_id), str(row.public_id), one.id), verb="reached", activity=one.id,
                        version=str(row.public_id), language="fr", occurred_at=at, payload={"screen": "end"})
        for one in progress.version_of(str(row.public_id), row.body).lessons
    ]  # fmt: skip
    outcomes = actions.record_events(learner=enrolment.learner, arrivals=ends, source="form", at=at)
    assert {one.status for one in outcomes} == {"accepted"}
    return enrolment


def test_a_plan_that_the_bank_of_a_folder_cannot_fill_is_refused(tmp_path):
    folder = small_course(tmp_path / "small")
    course = folder / "course.toml"
    course.write_text(
        course.read_text("utf-8").replace('objective = "consent"\ncount = 2', 'objective = "consent"\ncount = 9')
    )

    with pytest.raises(BadCourse, match="form 2 asks 9 questions of consent for migrant, the bank holds 2"):
        read_course(folder)


def test_a_lesson_for_a_group_that_the_course_has_not_is_refused(tmp_path):
    folder = small_course(tmp_path / "small")
    lesson = folder / "three.toml"
    lesson.write_text(lesson.read_text("utf-8").replace('"official"', '"youth"'))

    with pytest.raises(BadCourse, match="a track that the course has not: youth"):
        read_course(folder)


def test_a_folder_with_two_questions_of_one_key_is_refused(tmp_path):
    folder = small_course(tmp_path / "small")
    quiz = folder / "quiz.toml"
    quiz.write_text(quiz.read_text("utf-8").replace('key = "s-2-2"', 'key = "s-2-1"'))

    with pytest.raises(BadCourse, match="two questions have the key 's-2-1'"):
        read_course(folder)


def test_before_the_course_there_is_no_mark_and_no_answer(reader, small):
    page = reader.get(address(small)).content.decode()
    attempt = begin(reader, "1")
    asked = reader.get(paper(attempt, "en")).content.decode()
    answer = reader.post(paper(attempt, "en"), wrong(attempt, 0))
    html = reader.get(answer["Location"]).content.decode()

    attempt.refresh_from_db()
    assert "What do you know already?" in page
    assert (attempt.form, attempt.passed, attempt.right) == (1, None, 2)
    assert "There is no mark." in asked
    assert "You pass with" not in asked
    assert "★" not in asked
    assert "Because of" not in html
    assert "2 of 3" not in html
    assert "Your answers are kept." in html
    assert Progress.objects.get().passed_at is None
    assert list(actions.differences()) == []


def test_it_is_taken_once_and_not_after_the_test(reader, small):
    first = begin(reader, "1")
    reader.post(paper(first, "en"), right(first))

    again = reader.post("/en/learning/small/test/", {"form": "1"})

    assert again.status_code == 409
    assert "answered once, before its test" in again.content.decode()
    assert "What do you know already?" not in reader.get(address(small)).content.decode()
    assert Attempt.objects.count() == 1


def test_after_the_test_it_is_explained_and_the_gain_is_shown_by_objective(reader, small):
    before = begin(reader, "1")
    reader.post(paper(before, "en"), wrong(before, 0, 1, 2))
    after = begin(reader)
    reader.post(paper(after, "en"), right(after))

    result = reader.get(paper(after, "en", "result/")).content.decode()
    first = reader.get(paper(before, "en", "result/")).content.decode()

    assert "You have passed" in result
    gains = result.split('id="gains"')[1].split("</table>")[0]
    assert "Elements, child rule, not smuggling" in gains
    assert "0 of 2" in gains
    assert "2 of 2" in gains
    assert "Because of" in first
    assert queries.result_view(after, "en", timezone.now()).gains[1] == progress.Gain("consent", 0, 1, 2, 2)


def test_a_checkup_follows_a_finished_course_and_forgives_one_that_is_not_critical(reader, official, small):
    refused = reader.post("/en/learning/small/test/", {"form": "3"})
    now = timezone.now() - dt.timedelta(days=100)
    read_all(official, small, now)
    test = begin(reader)
    reader.post(paper(test, "en"), right(test))
    Attempt.objects.filter(pk=test.pk).update(submitted_at=now)
    page = reader.get("/en/learning/").content.decode()
    checkup = begin(reader, "3")
    critical = progress.read(checkup.paper)["critical"]
    place = next(n for n, item in enumerate(queries.items_of(checkup)) if item.id not in critical)
    reader.post(paper(checkup, "en"), wrong(checkup, place))

    checkup.refresh_from_db()
    assert refused.status_code == 409
    assert "Take the check-up" not in page  # the test was handed in today
    assert (checkup.form, checkup.right, checkup.passed) == (3, 1, True)
    assert Progress.objects.get().best == 4


def test_a_test_is_drawn_from_her_own_edition_until_an_answer_changes(reader, official, small, at):
    enrolment = read_all(official, small, at)
    question = small.questions.get(key="s-2-4")
    question.form = 3
    question.save_revision().publish()

    moved = versions.for_test(enrolment, "HT", 2)
    added = versions.for_test(enrolment, "HT", 3)

    assert moved.number > enrolment.version.number  # a question was taken away
    assert added.pk == enrolment.version_id  # one was added


def test_a_group_is_chosen_on_the_course_page_and_asks_only_its_lessons(reader, official, small):
    assert "For whom are you taking this course?" in reader.get(address(small)).content.decode()
    missing = reader.post("/en/learning/small/track/", {"track": "nobody"}, follow=True)
    reader.post("/en/learning/small/track/", {"track": "migrant"})
    first, hers = Progress.objects.get(), reader.get(address(small)).content.decode()
    reader.post("/en/learning/small/track/", {"track": "official"})
    whole = reader.get(address(small)).content.decode()

    row = Progress.objects.get()
    assert "Choose one of the groups" in missing.content.decode()
    assert (first.track, first.of) == ("migrant", 2)
    assert (row.track, row.of) == ("official", 3)
    assert ("2 lessons read to their end" in hers, "3 lessons read to their end" in whole) == (True, True)
    minutes = [int(re.search(r"about (\d+) minutes", page).group(1)) for page in (hers, whole)]
    assert minutes[1] - minutes[0] == Lesson.objects.get(slug="three").minutes
    lesson = Lesson.objects.get(slug="one")
    assert "Lesson 1 of 3" in reader.get(address(lesson)).content.decode()


def test_a_finished_group_stays_finished_when_another_is_chosen(reader, official, small, at):
    reader.post("/en/learning/small/track/", {"track": "migrant"})
    lessons = Lesson.objects.filter(slug__in=("one", "two"))
    row = CourseVersion.objects.get(course=small, country="HT")
    for lesson in lessons:
        actions.open_lesson(
            user=official,
            course=small,
            lesson=str(lesson.translation_key),
            language="en",
            at=timezone.now(),
            screen="end",
        )
    test = begin(reader)
    reader.post(paper(test, "en"), right(test))
    finished = Progress.objects.get().completed_at
    reader.post("/en/learning/small/track/", {"track": "official"})

    assert row.number == 1
    assert finished is not None
    assert Progress.objects.get().completed_at == finished
    assert not list(actions.differences())


def test_a_material_change_asks_who_finished_for_the_changed_lesson_only(reader, official, small):
    enrolment = read_all(official, small, timezone.now())
    test = begin(reader)
    reader.post(paper(test, "en"), right(test))
    for slug, change in (("one", "minor"), ("two", "material")):
        lesson = Lesson.objects.get(slug=slug)
        lesson.aim_en, lesson.change = f"Aim anew {change}.", change
        lesson.save_revision().publish()
    enrolment.refresh_from_db()

    html = reader.get("/en/learning/").content.decode()
    lesson = reader.get(address(Lesson.objects.get(slug="two"))).content.decode()
    other = reader.get(address(Lesson.objects.get(slug="one"))).content.decode()
    found = queries.standing(enrolment, timezone.now())
    read_all(official, small, timezone.now())
    after = reader.get("/en/learning/").content.decode()

    assert (found.state, found.minutes) == ("refresher_due", 12)
    refresher = html.split('class="changed')[1].split("</ul>")[0]
    assert "Lesson two" in refresher
    assert "Lesson one" not in refresher
    assert "3 of 3 lessons done." in html
    assert "I have read the changed lesson" in lesson
    assert "I have read the changed lesson" not in other
    assert 'class="changed' not in after
    assert queries.standing(type(enrolment).objects.get(), timezone.now()).state == "current"
    assert not list(actions.differences())


def test_every_event_of_hers_can_be_read_and_downloaded_and_nobody_elses(reader, official, person, small, at):
    read_all(person("learner", country=official.country), small, at)
    reader.post("/en/learning/small/track/", {"track": "migrant"})
    read_all(official, small, timezone.now())

    html = reader.get("/en/learning/history/").content.decode()
    rows = reader.get("/en/learning/history.csv").content.decode("utf-8-sig").splitlines()

    assert html.count("<tr>") == 1 + 4
    assert "I may go to work abroad" in html
    assert "Lesson read to its end" in html
    assert len(rows) == 1 + 4
    assert rows[0].startswith("When,Received,What")


def test_history_costs_the_same_for_one_event_and_for_four(reader, official, small, django_assert_max_num_queries):
    reader.post("/en/learning/small/track/", {"track": "migrant"})
    read_all(official, small, timezone.now())
    reader.get("/en/learning/")

    with django_assert_max_num_queries(8):
        reader.get("/en/learning/history/")


def test_course_and_learning_stay_within_eight_queries(reader, official, small, django_assert_max_num_queries):
    read_all(official, small, timezone.now())
    test = begin(reader)
    reader.post(paper(test, "en"), right(test))
    reader.get("/en/learning/")

    with django_assert_max_num_queries(8):
        reader.get("/en/learning/")
    with django_assert_max_num_queries(10):
        reader.get(address(Course.objects.get(key="small")))
