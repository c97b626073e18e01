"""A file writes no draft over a question that somebody else has locked in the editor, or whose publishing is planned."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.training.test_views_question_files import NEW, PAGE, confirm, plan_of, send
from training import question_files
from training.models import Question
from training.queries import question_files as banks
from training.queries.question_imports import plan_import

CHANGED = NEW.replace("under 18", "below 18")


@pytest.fixture
def manager_in(sign_in, manager):
    return sign_in(manager)


@pytest.fixture
def fresh(manager_in, course):
    confirm(manager_in, send(manager_in, NEW))
    return Question.objects.get(key="fresh")


@pytest.fixture
def other(person, countries):
    return person("manager", country=countries["HT"], name="Rose Pierre")


def lock(question, by):
    question.locked, question.locked_by, question.locked_at = True, by, dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
    question.save()


def told(answer):
    return " ".join(answer.content.decode().split())


def draft_of(key):
    return str(Question.objects.get(key=key).get_latest_revision_as_object().body_en.get_prep_value())


def test_a_question_that_somebody_else_has_locked_is_told_and_left_as_it_is(manager_in, fresh, other):
    lock(fresh, other)

    report = send(manager_in, f"{CHANGED}\nWho else?{{=Amina#Yes. ~Brahim#No.}}")
    done = told(confirm(manager_in, report))

    assert "1 new, 0 changed, 0 same, 1 refused" in told(report)
    assert "Rose Pierre has it locked in the editor since" in told(report)
    assert "America/Port-au-Prince" in told(report)
    assert "Locked in the editor and left as they are: fresh." in done
    assert "below 18" not in draft_of("fresh")
    assert Question.objects.get(key="fresh").latest_revision_id == fresh.latest_revision_id


def test_her_own_lock_stops_nobody(manager_in, manager, fresh):
    lock(fresh, manager)

    confirm(manager_in, send(manager_in, CHANGED))

    assert "below 18" in draft_of("fresh")


def test_a_lock_that_came_after_the_report_shows_it_anew(manager_in, fresh, other):
    report = send(manager_in, CHANGED)
    lock(fresh, other)

    answer = manager_in.post(f"{PAGE}yes/", {"plan": plan_of(report)}, follow=True)

    assert "Somebody worked on these questions meanwhile. Look at the new report." in told(answer)
    assert "confirm again" not in told(answer)
    assert "There is nothing to write now: what the file would change is locked" in told(answer)
    assert "no question of the file is new or changed" not in told(answer)
    assert "Rose Pierre has it locked" in told(answer)
    assert "below 18" not in draft_of("fresh")


def test_a_question_whose_publishing_is_planned_is_left_as_it_is(manager_in, fresh):
    revision = fresh.get_latest_revision()
    revision.approved_go_live_at = timezone.now() + dt.timedelta(days=1)
    revision.save()

    report = send(manager_in, CHANGED)

    assert "It is planned to be published and stays as it is." in told(report)
    assert "1 refused" in told(report)


def test_the_words_of_a_locked_question_are_the_same_and_another_fact_of_them_is_not(course, manager, fresh, other):
    lock(fresh, other)
    copy = NEW.replace("[id:fresh] ", "")
    files = [f"{CHANGED}\n{copy}", f"{CHANGED}\n{copy.replace('evidence', 'consent')}", copy]

    plans = [plan_import(course, question_files.read(text.encode()), by=manager) for text in files]

    assert [[row.state for row in plan.rows] for plan in plans] == [
        ["refused", "same"], ["refused", "refused"], ["same"],
    ]  # fmt: skip
    assert {row.refusal.code for row in plans[1].rows} == {"locked"}


def test_texts_in_other_languages_of_a_locked_question_are_taken(course, manager, fresh, other):
    question = Question.objects.get(key="a-q1")
    lock(question, other)
    text = question_files.WRITERS["moodle_xml"](banks.outgoing(course, translated=True))
    french = question.body_fr[0].value["question"]

    plan = plan_import(course, question_files.read(text.replace(french, "Autre phrase ?").encode()), by=manager)

    assert plan.counts()["changed"] == 1
    assert plan.counts()["refused"] == 0


def test_many_locked_questions_take_no_query_more(course, manager, other, django_assert_max_num_queries):
    for question in Question.objects.filter(course=course):
        lock(question, other)
    text = question_files.WRITERS["gift"](banks.outgoing(course, translated=False)).replace("{\n", "!{\n")

    with django_assert_max_num_queries(6):
        plan = plan_import(course, question_files.read(text.encode()), by=manager)

    assert plan.counts()["refused"] == 6
