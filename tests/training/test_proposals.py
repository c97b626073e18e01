"""What is proposed of an edit: what the editor itself writes into a text is none."""

import re

import pytest

from training import queries
from training.models import Lesson, Question


def opened(body):
    """Return blocks as the editor sends them back untouched: with a key on each paragraph, other ones each time."""
    keys = iter(range(10_000))
    return [
        {**block, "value": {**block["value"], "html": keyed(block["value"]["html"], keys)}}
        if block["type"] == "text"
        else block
        for block in body.get_prep_value()
    ]


def keyed(html, keys):
    return re.sub(r"<(p|li)>", lambda found: f'<{found[1]} data-block-key="a{next(keys)}b7">', html)


@pytest.mark.django_db
def test_an_untouched_lesson_is_no_change_whatever_keys_its_paragraphs_got(lessons):
    lesson = lessons[0]
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(opened(lesson.body_en))

    assert "data-block-key" in str(lesson.body_en.get_prep_value())
    assert queries.proposal_for(lesson).change == ""


@pytest.mark.django_db
def test_one_number_more_beside_new_keys_is_still_found(lessons):
    lesson = lessons[0]
    body = opened(lesson.body_en)
    text = next(block for block in body if block["type"] == "text")
    text["value"]["html"] = text["value"]["html"].replace("</p>", " Within 30 days.</p>", 1)
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(body)

    assert queries.proposal_for(lesson).change == "material"


@pytest.mark.django_db
def test_an_untouched_question_is_no_change(course):
    assert queries.proposal_for(Question.objects.filter(course=course).first()).change == ""
