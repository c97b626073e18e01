"""Which kind of change an edit is proposed to be, and why."""

import pytest

from training import changing


def check(right="a", feedback="Because."):
    options = [
        {"id": key, "value": {"text": f"Option {key}", "right": key == right, "feedback": feedback}} for key in "ab"
    ]
    return {"id": "c", "type": "single", "value": {"question": "Which one is it?", "options": options}}


def text(words="Ask her calmly where she would like to be heard today and who is to sit with her."):
    return {"id": "t", "type": "text", "value": {"heading": "What", "html": f"<p>{words}</p>"}}


def law(slot="definition"):
    return {"id": "l", "type": "law", "value": {"slot": slot, "optional": False}}


LESSON = {"text": ["A lesson", "Its aim"], "body": [text(), check(), law()], "required": True, "tracks": []}


@pytest.mark.parametrize(
    ("edit", "change", "reasons"),
    [
        ({}, "", ()),
        ({"text": ["A lesson", "The aim"]}, "minor", ("text",)),
        ({"text": ["The lesson", "Its aim"]}, "wording", ("text",)),
        ({"body": [text("Said in quite another way today."), check(), law()]}, "minor", ("text",)),
        ({"body": [text(), check("b"), law()]}, "material", ("answer",)),
        ({"body": [text(), check(), law("penalty")]}, "material", ("law",)),
        ({"body": [text(), law()]}, "material", ("text",)),
        ({"body": [text(), text("More."), check(), law()]}, "material", ("new",)),
        (
            {"body": [text(), {"type": "image", "id": "i", "value": {"image": 1}}, check(), law()]},
            "material",
            ("new",),
        ),
        ({"text": ["A lesson", "Its aim. An interpreter is sworn in."]}, "material", ("new",)),
        ({"text": ["A lesson", "Its only aim"]}, "material", ("text",)),
        ({"text": ["A Lesson,", "Its  aim."]}, "wording", ("text",)),
        ({"required": False}, "wording", ("text",)),
        ({"tracks": ["official"]}, "wording", ("text",)),
        ({"rule": [3]}, "material", ("rule",)),
    ],
)
def test_each_edit_has_its_kind(edit, change, reasons):
    assert changing.proposal(LESSON, LESSON | edit) == changing.Proposal(change, reasons)


def test_what_becomes_required_of_more_people_is_material():
    optional, narrow = LESSON | {"required": False}, LESSON | {"tracks": ["official"]}

    assert changing.proposal(optional, LESSON).reasons == ("required",)
    assert changing.proposal(narrow, LESSON).reasons == ("required",)
    assert changing.proposal(narrow, narrow | {"tracks": ["official", "youth"]}).reasons == ("required",)
    assert changing.proposal(LESSON, narrow).change == "wording"


@pytest.mark.parametrize(
    ("story", "reasons"),
    [
        ({"e1": "sound", "a/go": [1, 0, 0], "e2": "lost"}, ("text",)),
        ({"e1": "sound"}, ("text",)),
        ({"e1": "lost", "a/go": [1, 0, 0]}, ("story",)),
        ({"e1": "sound", "a/go": [-1, 0, 0]}, ("story",)),
    ],
)
def test_a_story_is_judged_anew_where_an_end_or_a_choice_of_it_counts_otherwise(story, reasons):
    before = {"story": {"e1": "sound", "a/go": [1, 0, 0]}, "required": True}

    assert changing.proposal(before, before | {"story": story}).reasons == reasons


def test_something_new_is_material_where_it_is_required():
    assert changing.proposal(None, LESSON) == changing.Proposal("material", ("new_required",))
    assert changing.proposal(None, LESSON | {"required": False}) == changing.Proposal("minor", ("new",))


@pytest.mark.parametrize(
    ("chosen", "proposed", "is_above"),
    [("", "material", True), ("minor", "material", True), ("material", "material", False), ("", "minor", False),
     ("wording", "minor", True), ("material", "wording", False), ("", "", False)],
)  # fmt: skip
def test_a_reason_is_asked_only_for_less_than_proposed(chosen, proposed, is_above):
    assert changing.Proposal(proposed).is_above(chosen) is is_above
