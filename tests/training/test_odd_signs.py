"""Signs that nobody sees are refused in questions, stories, lessons and courses, drafts too, at the block that holds them."""

import json
from copy import deepcopy

import pytest
from django.urls import reverse

from tests.training.streamed import sent
from tests.training.test_wagtail_hooks import typed
from training.models import Lesson, Overlay, Question, Scenario

pytestmark = pytest.mark.either

TOLD = "This text holds hidden signs that cannot be kept."
ODD = "12\u202e34"


def data_of(answer):
    """What the form says of its faults, to whom it is shown."""
    return {name: faults[0] for name, faults in answer.context["form"].errors.as_data().items()}


def told_in(fault):
    return json.dumps(fault.as_json_data())


@pytest.mark.parametrize("more", [{}, {"action-publish": "1", "change": "material"}])
@pytest.mark.parametrize("part", ["text", "feedback"])
def test_an_answer_of_a_question_with_an_odd_sign_is_neither_kept_nor_published(editor, course, part, more):
    question = next(one for one in Question.objects.filter(course=course) if "options" in one.body_en[0].value)
    url = reverse("wagtailsnippets_training_question:edit", args=[question.pk])
    raw = deepcopy(question.body_en.get_prep_value()[0])
    raw["value"]["options"][1]["value"][part] = ODD
    before = question.latest_revision_id

    answer = editor.post(url, sent(editor.get(url), raw) | more)

    told = data_of(answer)["body_en"].as_json_data()["blockErrors"][0]["blockErrors"]["options"]["blockErrors"]
    assert TOLD in told[1]["blockErrors"][part]["messages"][0]
    assert Question.objects.get(pk=question.pk).latest_revision_id == before


def test_a_story_with_an_odd_sign_in_a_choice_is_not_kept(editor, story_once):
    story = Scenario.objects.get(pk=story_once)
    url = reverse("wagtailsnippets_training_scenario:edit", args=[story.pk])
    raw = deepcopy([*story.nodes_en.get_prep_value()])
    scene = next(one for one in raw if one["value"].get("choices"))
    scene["value"]["choices"][0]["value"]["text"] = ODD

    answer = editor.post(url, sent(editor.get(url), *raw, column="nodes_en"))

    assert TOLD in told_in(data_of(answer)["nodes_en"])
    assert Scenario.objects.get(pk=story.pk).latest_revision_id == story.latest_revision_id


@pytest.mark.parametrize("name", ["heading_en", "title"])
def test_a_draft_of_a_lesson_with_an_odd_sign_is_not_kept(editor, lessons, name):
    url = reverse("wagtailadmin_pages:edit", args=[lessons[0].pk])
    raw = {"type": "note", "id": "", "value": {"text": ODD}}

    answer = editor.post(url, sent(editor.get(url), raw) | {name: ODD})

    assert TOLD in told_in(data_of(answer)["body_en"])
    assert TOLD in data_of(answer)[name].messages[0]
    assert Lesson.objects.get(pk=lessons[0].pk).latest_revision_id == lessons[0].latest_revision_id


def test_a_copy_of_an_entry_with_an_odd_sign_is_not_added(editor, countries):
    entry = Overlay.objects.filter(country="HT").first()
    Overlay.objects.filter(pk=entry.pk).update(text_en=ODD)
    shown = editor.get(reverse("wagtailsnippets_training_overlay:copy", args=[entry.pk]))
    before = Overlay.objects.count()

    answer = editor.post(reverse("wagtailsnippets_training_overlay:add"), typed(shown) | {"slot": "penalty"})

    assert TOLD in data_of(answer)["text_en"].messages[0]
    assert Overlay.objects.count() == before


def test_a_copy_of_a_lesson_with_an_odd_sign_in_its_name_is_not_made(editor, lessons):
    told = {"new_title": ODD, "new_slug": "theirs", "new_parent_page": lessons[0].get_parent().pk}

    answer = editor.post(reverse("wagtailadmin_pages:copy", args=[lessons[0].pk]), told)

    assert TOLD in data_of(answer)["new_title"].messages[0]
    assert not Lesson.objects.filter(slug="theirs").exists()
