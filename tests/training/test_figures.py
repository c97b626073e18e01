"""Figures of questions: counted once a day from first attempts, for those who may see them."""

import datetime as dt

import pytest

from tests.training.answers import hand_in
from training import actions, progress, tasks
from training.models import Attempt, CourseFigures, Question
from training.queries.figures import answers_of

HARD = "a-q1"


@pytest.fixture
def answered(person, countries, course, at):
    """A function that lets somebody hand in her test in a language, with some keys of questions answered wrong."""

    def answer(language, wrong=(), user=None):
        user = user or person("learner", country=countries["HT"], language=language)
        hand_in(user, course, language, wrong, at=at)
        return user

    return answer


def test_the_first_attempt_counts_and_no_later_one(answered, course):
    user = answered("en", wrong=[HARD])
    answered("en", user=user)

    asked = answers_of(course)

    hard = next(item for item in asked.values() if item.answers[0].points == 0)
    assert [len(item.answers) for item in asked.values()] == [1] * 6
    assert [one.points for one in hard.answers] == [0]
    assert hard.answers[0].rest == 1


def test_an_answer_to_an_earlier_version_of_a_question_is_left_out(answered, course):
    answered("en")
    question = Question.objects.get(key=HARD)
    block = question.body_en.get_prep_value()
    block[0]["value"]["question"] += " Really?"
    question.body_en = block
    question.go_live()

    counts = {key: len(asked.answers) for key, asked in answers_of(course).items()}

    assert counts[block[0]["id"]] == 0
    assert sorted(counts.values()) == [0, 1, 1, 1, 1, 1]


def test_the_worker_counts_each_course_once_a_day(course, answered, at, later):
    answered("en")

    done = [tasks.count_figures(instant) for instant in (at, later(60), at + dt.timedelta(days=1, minutes=1))]

    assert done == [1, 0, 1]
    assert CourseFigures.objects.get(course=course).counted_at == at + dt.timedelta(days=1, minutes=1)


def test_a_manager_sees_the_figures_and_few_answers_say_nothing(client, sign_in, manager, answered, course, at):
    answered("en")
    actions.count_figures(course=course, at=at)

    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()

    assert "1 answer so far; figures begin at 30." in page


@pytest.fixture
def set_aside(manager, later):
    """A function that sets the last test aside."""

    def act():
        actions.void_attempt(attempt=Attempt.objects.latest("pk"), reason="not_her_work", by=manager, at=later(5))

    return act


def counted(course):
    """How many answers the figures of a course were counted from, question by question."""
    return sorted(entry["count"] for entry in progress.read(CourseFigures.objects.get(course=course).body))


def test_a_test_that_was_set_aside_is_not_counted_and_the_next_one_is_her_first(answered, course, set_aside):
    answered("en")
    user = answered("en", wrong=[HARD])
    assert min(sum(one.points for one in item.answers) for item in answers_of(course).values()) == 1000

    set_aside()
    assert [len(item.answers) for item in answers_of(course).values()] == [1] * 6

    answered("en", user=user)
    asked = answers_of(course)
    assert [len(item.answers) for item in asked.values()] == [2] * 6
    assert {one.points for item in asked.values() for one in item.answers} == {1000}


def test_figures_are_counted_again_at_the_next_turn_once_a_test_was_set_aside(answered, course, set_aside, at, later):
    answered("en")
    answered("fr")
    assert tasks.count_figures(at) == 1
    assert tasks.count_figures(later(4)) == 0

    set_aside()

    assert counted(course) == [2] * 6
    assert [tasks.count_figures(later(minutes)) for minutes in (6, 7)] == [1, 0]
    assert counted(course) == [1] * 6


def test_what_sets_no_test_aside_lets_figures_stand(answered, course, manager, lessons, at, later):
    enrolment = actions.enrol(learner=actions.learner_of(answered("en")), course=course, country="HT", at=at)
    actions.count_figures(course=course, at=at)
    activity = progress.version_of("", enrolment.version.body).lessons[0].id
    actions.waive_activity(enrolment=enrolment, activity=activity, reason="taught", by=manager, at=later(1))
    actions.take_back_waiver(enrolment=enrolment, activity=activity, reason="wrong_lesson", by=manager, at=later(2))

    assert tasks.count_figures(later(3)) == 0


def test_the_page_says_that_it_is_not_counted(sign_in, manager, course):
    page = sign_in(manager).get("/en/school/judicial/questions/figures/").content.decode()

    assert "A test that was set aside is not counted." in page
