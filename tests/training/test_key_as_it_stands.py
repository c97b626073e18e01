"""A result teaches the right answer as it stands: where a correction was put back, and to whom it changes no mark."""

import pytest

from tests.training.answers import paper, right
from tests.training.test_regrading import correct, take
from training import actions, progress, queries
from training.models import Question


def bodies(course):
    """Return what the questions of the course say now, by their keys."""
    return {one.pk: one.body_en.get_prep_value() for one in Question.objects.filter(course=course)}


def put_back(course, said, at):
    """Let the questions say what they said, and publish that as material."""
    for question in Question.objects.filter(pk__in=said):
        question.body_en = Question._meta.get_field("body_en").to_python(said[question.pk])
        question.go_live()
    actions.course_changed(course, by="test", at=at, material=queries.id_of_test(course, 2))


def told(attempt, at):
    """Return what a result says of each question: which answers are right, whether hers is, and whether it counts."""
    view = queries.result_view(type(attempt).objects.get(pk=attempt.pk), "en", at)
    return {one.question.id: (one.question.item.right, one.question.is_right, one.is_right) for one in view.items}


@pytest.fixture
def first(course, enrolment, at):
    """A test with one answer wrong, which is passed, and the question of that answer as its paper has it."""
    attempt = take(enrolment, at, 1)
    assert attempt.passed
    return attempt, progress.paper_of(str(attempt.public_id), attempt.paper).items[0]


@pytest.mark.parametrize("is_once_more", [False, True])
def test_a_correction_that_was_put_back_is_taught_to_nobody_and_what_it_gave_stays(
    sign_in, official, course, manager, first, at, later, is_once_more
):
    (attempt, asked), before = first, bodies(course)
    correct(course, later(60))
    corrected = bodies(course)
    actions.regrade(course=course, by=manager, at=later(70))
    raised = told(attempt, later(71))[asked.id]
    put_back(course, before, later(80))
    now = told(attempt, later(90))

    assert raised[0] != asked.right
    assert raised[1:] == (True, True)
    assert now[asked.id] == (asked.right, False, True)
    assert {key: one[0] for key, one in now.items()} == {one.id: one.right for one in queries.items_of(attempt)}
    assert "For you it stays right." in sign_in(official).get(paper(attempt, "en", "result/")).content.decode()

    if is_once_more:
        put_back(course, corrected, later(100))
        actions.regrade(course=course, by=manager, at=later(110))
        assert told(attempt, later(120))[asked.id] == raised


def test_who_was_wrong_before_and_after_reads_the_corrected_answer(course, enrolment, manager, at, later):
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=at)
    asked, *_others = queries.items_of(attempt)
    answers = {key.removesuffix("-r"): value for key, value in right(attempt).items()}
    answers[asked.id] = next(option for option in asked.options if option not in asked.right)
    actions.submit_attempt(attempt=attempt, responses=answers, language="fr", at=at)
    correct(course, later(60))  # the last wrong one is right now, and hers is the first

    now = told(attempt, later(70))[asked.id]

    assert asked.options[-1] != answers[asked.id]
    assert now[0] != asked.right
    assert now[1:] == (False, False)


def test_an_answer_that_waits_to_be_marked_is_shown_by_the_key_that_counts(course, first, at, later):
    attempt, asked = first
    correct(course, later(60))

    assert told(attempt, later(70))[asked.id] == (asked.right, False, False)
