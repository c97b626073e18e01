"""Which kind of change an edit is proposed to be, and why."""

import pytest

from training import changing


def check(right="a", feedback="Because.", options="ab"):
    options = [
        {"id": key, "value": {"text": f"Option {key}", "right": key == right, "feedback": feedback}} for key in options
    ]
    return {"id": "c", "type": "single", "value": {"question": "Which one is it?", "options": options}}


CALMLY = "Ask her calmly where she would like to be heard today and who is to sit with her."
EMPHATIC = f"<p><b>{CALMLY}</b></p>"
WHO = {"id": "w", "type": "who", "value": None}


def turned():
    block = check()
    return block | {"value": block["value"] | {"options": block["value"]["options"][::-1]}}


def text(words=CALMLY, key="t", heading="What"):
    return {"id": key, "type": "text", "value": {"heading": heading, "html": f"<p>{words}</p>"}}


def law(slot="definition", key="l", optional=False):
    return {"id": key, "type": "law", "value": {"slot": slot, "optional": optional}}


WORDS = {"heading_en": "A lesson", "aim_en": "Its aim"}
LESSON = {"text": WORDS, "body": [text(), check(), law()], "required": True, "tracks": []}


@pytest.mark.parametrize(
    ("edit", "change", "reasons"),
    [
        ({}, "", ()),
        ({"text": WORDS | {"aim_en": "The aim"}}, "minor", ("aim",)),
        ({"text": WORDS | {"heading_en": "The lesson"}}, "wording", ("heading",)),
        ({"body": [text("Said in quite another way today."), check(), law()]}, "minor", ("text",)),
        ({"body": [text(), check("b"), law()]}, "material", ("answer",)),
        ({"body": [text(), check(), law("penalty")]}, "material", ("law",)),
        ({"body": [text(), check()]}, "material", ("law",)),
        ({"body": [text(), law()]}, "material", ("question_out",)),
        ({"body": [check(), law()]}, "material", ("screen_out",)),
        ({"body": [text(), text("More.", "u"), check(), law()]}, "material", ("new",)),
        ({"body": [text(), check(), law(), law(key="m")]}, "material", ("new",)),
        (
            {"body": [text(), {"type": "image", "id": "i", "value": {"image": 1}}, check(), law()]},
            "material",
            ("new",),
        ),
        ({"body": [text("Two men wait outside.", "u"), check(), law()]}, "material", ("screen_out", "new")),
        ({"body": [text(), check(), law(), WHO]}, "material", ("who_in",)),
        ({"body": [check(), text(), law()]}, "minor", ("moved",)),
        ({"body": [law(), text(), check()]}, "minor", ("moved",)),
        ({"body": [text(), check(), law(optional=True)]}, "minor", ("law_optional",)),
        ({"body": [text(heading="Whose"), check(), law()]}, "minor", ("heading",)),
        ({"body": [law(), text(heading="Whose"), check()]}, "minor", ("moved", "heading")),
        ({"body": [text(key="u"), check(), law()]}, "wording", ("anew",)),
        ({"body": [text() | {"value": text()["value"] | {"html": EMPHATIC}}, check(), law()]}, "wording", ("layout",)),
        ({"body": [text(), turned(), law()]}, "minor", ("parts_moved",)),
        ({"body": [text(), check(options="a"), law()]}, "material", ("part_out",)),
        ({"body": [text(), check(options="abc"), law()]}, "material", ("new",)),
        ({"text": WORDS | {"aim_en": "Its aim. An interpreter is sworn in."}}, "material", ("new",)),
        ({"text": WORDS | {"aim_en": "Its only aim"}}, "material", ("aim",)),
        ({"text": {"heading_en": "A Lesson,", "aim_en": "Its  aim."}}, "wording", ("heading", "aim")),
        ({"required": False}, "minor", ("other",)),
        ({"tracks": ["official"]}, "minor", ("other",)),
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
    assert changing.proposal(LESSON, narrow).change == "minor"


@pytest.mark.parametrize(
    ("story", "reasons"),
    [
        ({"e1": "sound", "a/go": [1, 0, 0], "e2": "lost"}, ("other",)),
        ({"e1": "sound"}, ("other",)),
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


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        (WHO, "who_out"),
        ({"id": "n", "type": "note", "value": {"text": "It hurts."}}, "note_out"),
        (law(), "screen_out"),
    ],
)
def test_what_is_taken_out_is_material_and_named(gone, reason):
    """Whom to call is procedure, a law box is law; another box of the same law stays."""
    before = LESSON | {"body": [law(key="m"), text(), gone]}

    assert changing.proposal(before, before | {"body": [law(key="m"), text()]}) == changing.Proposal(
        "material", (reason,)
    )


def test_a_law_box_that_becomes_needed_is_said():
    before = LESSON | {"body": [text(), law(optional=True)]}

    assert changing.proposal(before, before | {"body": [text(), law()]}) == changing.Proposal("minor", ("law_needed",))
