"""A question of a live course is not published as something else while the plan of its tests needs it as it is."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions.keys import open_for_house
from accounts.models import Letter
from cms import planned
from tests.training.off_and_on import fresh
from tests.training.pressing import press_again
from tests.training.test_editor_refuses import typed
from training import actions, queries
from training.models import Blueprint, Course, Question

STAYS = "This question stays: the plan of its course needs it."


@pytest.fixture
def bank(course):
    """The questions of the test after the course, all of which its plan draws."""
    questions = list(Question.objects.filter(course=course, live=True, form=2))
    course.blueprint.all().delete()
    Blueprint.objects.create(course=course, form=2, count=len(questions))
    return questions


def send(client, question, **more):
    """Send the form of a question with something else in it."""
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])
    form = {name: value for name, value in typed(client.get(url)).items() if not name.startswith("body_en")}
    value = {
        "question": "How many?",
        "answer": "3",
        "tolerance": "0",
        "right_feedback": "Yes.",
        "wrong_feedback": "No.",
    }
    form |= {f"body_en-0-value-{name}": text for name, text in value.items()}
    form |= {"body_en-count": "1", "body_en-0-deleted": "", "body_en-0-order": "0", "body_en-0-type": "number"}
    return client.post(url, form | {"change": "material"} | more)


def lacks(course):
    return queries.lacks_of(fresh(course), fresh(course).plan(), fresh(course).tracks)


def test_another_form_is_refused_with_the_numbers_and_may_be_kept_as_a_draft(editor, course, bank):
    refused = send(editor, bank[0], form="1", **{"action-publish": "1"})
    kept = send(editor, bank[0], form="1")

    assert refused.status_code == 200
    assert STAYS in str(refused.context["form"].non_field_errors())
    assert f"the plan asks {len(bank)}, the bank holds {len(bank) - 1}" in str(refused.context["form"].errors)
    assert kept.status_code == 302
    assert fresh(bank[0]).get_latest_revision_as_object().form == 1
    assert (fresh(bank[0]).form, lacks(course)) == (2, [])


def test_another_objective_is_refused_where_a_row_of_the_plan_asks_for_the_old_one(editor, course, bank):
    course.blueprint.all().delete()
    held = [one for one in bank if one.objective == bank[0].objective]
    other = next(one.objective for one in bank if one.objective != bank[0].objective)
    Blueprint.objects.create(course=course, form=2, objective=bank[0].objective, count=len(held))

    refused = send(editor, bank[0], objective=other, **{"action-publish": "1"})

    assert STAYS in str(refused.context["form"].non_field_errors())


def test_another_group_of_readers_is_refused_where_the_others_would_lack_it(course, bank):
    course.tracks = ["judge", "official"]
    course.save()
    draft = fresh(bank[0])

    draft.tracks = ["judge"]

    assert [(one.track, one.there) for one in queries.lacks_with(draft)] == [("official", len(bank) - 1)]


def test_what_leaves_the_plan_filled_is_published(editor, course, bank):
    assert press_again(editor, send(editor, bank[0], **{"action-publish": "1"})).status_code == 302
    assert str(fresh(bank[0]).body_en[0].value["question"]) == "How many?"

    Blueprint.objects.filter(course=course).update(count=len(bank) - 1)
    press_again(editor, send(editor, bank[0], form="1", **{"action-publish": "1"}))

    assert fresh(bank[0]).form == 1


def test_a_plan_that_lacks_questions_already_holds_no_other_change_back(course, bank):
    Blueprint.objects.create(course=course, form=1, count=30)
    draft = fresh(bank[0])
    draft.position = 9
    assert queries.lacks_with(draft) == []

    draft.form = 1

    assert [one.form for one in queries.lacks_with(draft)] == [2]


def test_a_question_of_a_course_that_is_off_goes_where_it_is_sent(course, bank):
    fresh(course).unpublish()
    draft = fresh(bank[0])
    draft.form = 1

    assert queries.lacks_with(draft) == []


def test_the_second_press_judges_again(editor, course, bank):
    Blueprint.objects.filter(course=course).update(count=len(bank) - 1)
    first = send(editor, bank[0], form="1", **{"action-publish": "1"})
    fresh(bank[1]).unpublish()

    told = editor.get(press_again(editor, first)["Location"]).content.decode()

    assert STAYS in told
    assert (fresh(bank[0]).form, lacks(course)) == (2, [])


def test_a_planned_one_is_held_back_and_who_planned_it_is_told(course, bank, person, countries):
    manager = person("manager", country=countries["HT"], language="en")
    draft = fresh(bank[0])
    draft.form, draft.change, draft.go_live_at = 1, "material", timezone.now() + dt.timedelta(hours=1)
    draft.save_revision(user=manager).publish()

    for _turn in range(2):
        with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
            planned.publish_planned(timezone.now())

    letter = Letter.objects.get(subject="A planned question was not published")
    assert STAYS in open_for_house(letter, "text")
    assert (fresh(bank[0]).form, lacks(course)) == (2, [])


def test_one_whose_end_is_planned_goes_then_or_stays_while_its_course_needs_it(course, bank, person, countries):
    manager = person("manager", country=countries["HT"], language="en")
    Blueprint.objects.filter(course=course).update(count=len(bank) - 1)
    for one in bank[:2]:
        draft = fresh(one)
        draft.change, draft.expire_at = "material", timezone.now() + dt.timedelta(hours=1)
        draft.save_revision(user=manager).publish()

    with time_machine.travel(timezone.now() + dt.timedelta(hours=2)):
        done = [planned.take_off_planned(timezone.now()) for _turn in range(2)]

    letter = Letter.objects.get(subject="A question stays, although its end was planned")
    assert done == [2, 0]
    assert STAYS in open_for_house(letter, "text")
    assert [(fresh(one).live, fresh(one).expire_at is None) for one in bank[:2]] == [(False, False), (True, True)]
    assert lacks(course) == []


def test_it_is_judged_once_the_course_is_locked(course, bank, person, countries):
    manager = person("manager", country=countries["HT"])
    told = []

    def note(execute, sql, params, many, context):
        told.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note), pytest.raises(actions.QuestionNeeded):
        actions.retire_question(question=bank[0], by=manager)

    locks = [n for n, sql in enumerate(told) if '"training_course"' in sql and "ORDER BY" in sql]
    judged = [n for n, sql in enumerate(told) if '"training_question"' in sql and "objective" in sql]
    assert locks[0] < judged[0]
    assert Course.objects.get(pk=course.pk).live
