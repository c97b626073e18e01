"""Every kind of question, wherever the house treats each kind by itself: one that is added fails here until it is at home."""

import json
import re
import uuid
from copy import deepcopy
from pathlib import Path

import pytest
from django.urls import reverse

import training
from tests.training.answers import address, token_of
from tests.training.off_and_on import fresh
from training import blocks, exchange, grading, progress, question_files, xapi
from training.choices import WHAT_IS_MISSING
from training.queries import previews, questions
from training.queries.faults import faults_in
from training.queries.key_changes import key_changes
from training.queries.proposals import proposal_for
from training.question_files import checking, gift_out, moodle_out, raw

pytestmark = pytest.mark.either

EVERY_KIND = pytest.mark.parametrize("kind", blocks.CHECK_TYPES)
TYPED = {"right_feedback": "Yes: so it is.", "wrong_feedback": "No, look once more."}


def parts(*values):
    """Return parts of a question, each with an id and a feedback."""
    rows = enumerate(values, 1)
    return [
        {"type": "item", "id": str(uuid.UUID(int=n)), "value": value | {"feedback": f"Why {n}."}} for n, value in rows
    ]


def options(*rights):
    return {"options": parts(*({"text": f"Way {n}", "right": right} for n, right in enumerate(rights, 1)))}


def pairs(*sides):
    return {"pairs": parts(*({"left": f"Side {n}", "right": side} for n, side in enumerate(sides, 1)))}


def steps(*texts):
    made = {"A": "First", "B": "Then", "C": "Last"}
    rows = parts(*({"text": made[one]} for one in sorted(made)))
    return {"steps": [rows[ord(one) - ord("A")] for one in texts]}


# Of each kind what is asked, the same with another right answer, and what is said to be right of either.
SAMPLES = {
    "single": (options(True, False), options(False, True), ("Way 1", "Way 2")),
    "multiple": (options(True, True, False), options(True, False, True), ("Way 1; Way 2", "Way 1; Way 3")),
    "match": (pairs("x", "y", "x"), pairs("x", "y", "y"), ("Side 3 → x", "Side 3 → y")),
    "order": (steps("A", "B", "C"), steps("B", "A", "C"), ("First; Then; Last", "Then; First; Last")),
    "number": (
        TYPED | {"answer": "5", "tolerance": "0", "unit": ""},
        TYPED | {"answer": "6", "tolerance": "0", "unit": ""},
        ("5 \u00b1 0", "6 \u00b1 0"),
    ),
    "short": (
        TYPED | {"answers": "Refuge\nSafe house"},
        TYPED | {"answers": "Shelter"},
        ("Refuge; Safe house", "Shelter"),
    ),
}


def block(kind, at=0):
    """Return the raw block of a sample, or with 1 the one with another right answer."""
    value = {"heading": "", "question": "Which one is it?"} | deepcopy(SAMPLES[kind][at])
    return {"type": kind, "id": str(uuid.UUID(int=99)), "value": value}


def with_question(lesson, asked):
    """Return the draft of a lesson whose only question is this one."""
    draft = fresh(lesson).get_latest_revision_as_object()
    others = [one for one in draft.body_en.get_prep_value() if one["type"] not in blocks.CHECK_TYPES]
    draft.body_en = json.dumps([*others, asked])
    return draft


def published(lesson, asked):
    draft = with_question(lesson, asked)
    draft.change = "minor"
    draft.save_revision().publish()
    return fresh(lesson)


def test_every_list_of_kinds_is_the_same_list():
    phone = Path(training.__file__).parent / "static/training/kept-questions.js"
    on_the_phone = re.search(r"KINDS = \[([^\]]+)\]", phone.read_text()).group(1)
    tables = (
        blocks.CHECK_TYPES, SAMPLES, grading._FITS, grading._GRADE, WHAT_IS_MISSING, checking.PARTS, gift_out._WRITERS,
        moodle_out._WRITERS, moodle_out.TYPES, json.loads(f"[{on_the_phone}]"), [*grading.PARTS, *grading.TYPED],
    )  # fmt: skip

    assert [sorted(one) for one in tables] == [sorted(grading.KINDS)] * len(tables)
    assert set(grading.KINDS) >= grading.PRACTICE_ONLY | grading.CHOSEN | grading.TYPED


@EVERY_KIND
def test_a_lesson_with_one_question_of_a_kind_has_a_question(lessons, kind):
    without = with_question(lessons[0], {"type": "takeaway", "id": str(uuid.UUID(int=98)), "value": {"text": "Ask."}})

    assert "The lesson has no question." in faults_in(without)
    assert "The lesson has no question." not in faults_in(with_question(lessons[0], block(kind)))


@EVERY_KIND
def test_a_feedback_that_is_lacking_is_told(lessons, kind):
    whole, without = block(kind), block(kind)
    for name in TYPED.keys() & without["value"].keys():
        without["value"] |= {name: " "}
    for part in grading.parts_of(without):
        part["value"] = part["value"] | {"feedback": ""}

    told = [faults_in(with_question(lessons[0], one)) for one in (whole, without)]

    assert ["An answer has no explanation." in found for found in told] == [False, True]


@EVERY_KIND
def test_another_right_answer_is_material_and_both_are_shown(course, lessons, kind):
    live = published(lessons[0], block(kind))
    draft = with_question(live, block(kind, 1))

    proposal, (change,) = proposal_for(draft), tuple(key_changes(live, draft))

    assert (proposal.change, "answer" in proposal.reasons) == ("material", True)
    assert (change.before, change.after) == SAMPLES[kind][2]
    assert all(answer.feedback for answer in change.answers)
    assert change.is_yes_or_no is (kind in grading.CHOSEN | grading.TYPED)


def reworded(kind, *words):
    """Return the block of a sample whose parts say these words, their ids and what is right as they were."""
    made = block(kind)
    name = "right" if kind == "match" else "text"
    for part, text in zip(grading.parts_of(made), words, strict=True):
        part["value"][name] = text
    return made


@pytest.mark.parametrize(
    ("kind", "words", "is_other"),
    [
        ("match", ("y", "x", "y"), True),
        ("match", ("x", "z", "x"), False),
        ("single", ("Way 2", "Way 1"), True),
        ("single", ("Way 1 or so", "Way 2"), False),
        ("multiple", ("Way 2", "Way 1", "Way 3"), False),
        ("multiple", ("Way 1", "Way 3", "Way 2"), True),
        ("order", ("Then", "First", "Last"), True),
        ("order", ("First of all", "Then", "Last"), False),
    ],
)
def test_words_that_change_places_are_another_right_answer(course, lessons, kind, words, is_other):
    live = published(lessons[0], block(kind))
    draft = with_question(live, reworded(kind, *words))

    found = list(key_changes(live, draft))

    assert ("answer" in proposal_for(draft).reasons) is is_other
    assert bool(found) is is_other
    assert all(one.before != one.after for one in found)


def told_of_answers(course, lessons, change):
    """Return the reasons of a proposal and the answers shown, of a question that a function edits."""
    kind, edit = change
    live, asked = published(lessons[0], block(kind)), block(kind)
    edit([part["value"] for part in grading.parts_of(asked)])
    draft = with_question(live, asked)
    (found,) = key_changes(live, draft)
    return proposal_for(draft).reasons, found


def exchanged(name, *more):
    def edit(values):
        values[0][name], values[1][name] = values[1][name], values[0][name]
        for value in values[:2]:
            value[name] += "".join(more)

    return edit


def taken_over(values):
    """Let the second answer have the words of the first, which gets new ones."""
    values[1]["text"], values[0]["text"] = values[0]["text"], "A way that is new"


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (("match", exchanged("left")), "Side 1 → x; Side 2 → y", "Side 2 → x; Side 1 → y"),
        (("match", exchanged("left", ".")), "Side 1 → x; Side 2 → y", "Side 2. → x; Side 1. → y"),
        (("single", exchanged("text", ".")), "Way 1", "Way 2."),
        (("single", taken_over), "Way 1", "A way that is new"),
    ],
)
def test_another_right_answer_is_found_by_its_words(course, lessons, change, before, after):
    reasons, found = told_of_answers(course, lessons, change)

    assert "answer" in reasons
    assert (found.before, found.after) == (before, after)


@pytest.mark.parametrize(
    ("change", "is_left"),
    [
        (("single", exchanged("text")), [True, True]),
        (("single", taken_over), [True, True]),
        (("match", exchanged("left")), [True, True, False]),
        (("order", exchanged("text")), [True, True, False]),
    ],
)
def test_feedback_that_stayed_beside_other_words_is_marked(course, lessons, change, is_left):
    _reasons, found = told_of_answers(course, lessons, change)

    assert [answer.is_left for answer in found.answers] == is_left


def test_feedback_that_went_along_with_its_words_and_was_of_the_other_mark_is_marked_too(course, lessons):
    def edit(values):
        exchanged("text")(values)
        exchanged("feedback")(values)
        values[1]["feedback"] = "Why it is wrong."

    _reasons, found = told_of_answers(course, lessons, ("single", edit))

    assert [answer.is_left for answer in found.answers] == [True, False]


@EVERY_KIND
def test_the_same_right_answer_is_no_change_of_it(lessons, kind):
    live, asked = published(lessons[0], block(kind)), block(kind)
    asked["value"] |= {"question": "Which one of them is it?"}

    draft = with_question(live, asked)

    assert "answer" not in proposal_for(draft).reasons
    assert not list(key_changes(live, draft))


@EVERY_KIND
def test_publishing_shows_a_manager_the_new_right_answer_before_it_is_done(editor, course, lessons, kind):
    live = published(lessons[0], block(kind))
    with_question(live, block(kind, 1)).save_revision()

    page = editor.get(reverse("training:publishing", args=["lesson", live.pk])).content.decode()
    shown = page.partition("Right answers")[2]

    assert all(words in shown for words in SAMPLES[kind][2])


@EVERY_KIND
def test_a_right_answer_that_is_worked_out_for_the_preview_is_graded_right(course, lessons, kind):
    live, made = published(lessons[0], block(kind)), block(kind)
    entry = {"id": made["id"], "kind": kind} | questions.check_of(made, made)

    response = previews._right_answer(questions.item_of(entry), entry)

    assert grading.grade(grading.item_of_block(made), response).right
    assert grading.grade(grading.item_of_block(block(kind, 1)), response).right is False
    assert questions.question_of(entry, response).is_right
    assert live.body_en.get_prep_value()[-1]["type"] == kind


@EVERY_KIND
def test_the_page_of_a_lesson_asks_it_and_says_what_is_missing(client, sign_in, official, course, lessons, kind):
    live = published(lessons[0], block(kind))
    sign_in(official)

    html = client.get(address(live)).content.decode()
    answer = client.post(address(live), {"token": token_of(html, f'data-check="{kind}"')}).content.decode()

    assert "Which one is it?" in html
    assert str(WHAT_IS_MISSING[kind]) in answer


@EVERY_KIND
def test_a_question_goes_into_a_file_and_comes_back_as_it_was(kind):
    made = block(kind)

    item, _notes = checking.checked(raw.item_of(made))
    again = raw.block_of(item, "key", made)

    assert again == made
    (row,) = question_files.read(moodle_out.write([question_files.Outgoing("key", item)]).encode()).rows
    assert (row.item.kind, row.item.question, len(row.item.parts)) == (kind, item.question, len(item.parts))


@EVERY_KIND
def test_a_course_folder_may_hold_it(kind):
    told = {name: [one["value"] | {"key": f"k{n}"} for n, one in enumerate(value)] if name in grading.PARTS.values() else value
            for name, value in SAMPLES[kind][0].items()}  # fmt: skip

    made = exchange.block_of({"question": "Which one is it?"} | told, kind, ("a", "b"))

    assert progress.key_of(grading.item_of_block(made | {"id": "q"}))
    assert [part["value"] for part in grading.parts_of(made)] == [
        one["value"] for one in grading.parts_of(block(kind))
    ]
    assert {
        name: text for name, text in SAMPLES[kind][0].items() if name not in grading.PARTS.values()
    }.items() <= made["value"].items()


def test_what_a_short_text_accepts_counts_in_any_order_case_and_spacing():
    first, same = (
        grading.Item("q", "short", answer=text) for text in ("Refuge\nSafe house", " safe  house\n\nREFUGE")
    )
    other = grading.Item("q", "short", answer="Refuge")

    assert progress.key_of(first) == progress.key_of(same) != progress.key_of(other)
    assert grading.as_key(first) == grading.as_key(same)


def test_what_was_typed_leaves_in_no_statement():
    assert [kind for kind in grading.KINDS if xapi._response("x", kind) == ""] == ["number", "short"]
