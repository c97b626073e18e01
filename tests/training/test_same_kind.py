"""The form of the editor and the page "What publishing does" name one kind of change, whatever blocks a thing holds."""

from decimal import Decimal

import pytest
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests.training.opened import NO_COMMENTS, address_of, fields_of, press, proposed_on_page
from tests.training.played import SAID, clip_of, sheet_of
from tests.training.recordings import CAPTIONS, mp3, mp4
from training import grading, queries
from training.blocks import SCREENS
from training.models import Lesson, Question, Scenario
from training.queries.key_changes import key_changes

pytestmark = pytest.mark.either

FEEDBACK = {"right_feedback": "Yes.\nIt is so.", "wrong_feedback": "No."}
OPTIONS = [
    {"text": "One", "right": True, "feedback": "Yes."},
    {"text": "Two", "right": False, "feedback": "No."},
]
CHECKS = {
    "single": {"options": OPTIONS},
    "multiple": {"options": OPTIONS},
    "match": {"pairs": [{"left": one, "right": one * 2, "feedback": "So."} for one in "ab"]},
    "order": {"steps": [{"text": one, "feedback": "So."} for one in ("First", "Then")]},
    "number": {"answer": "22", "tolerance": "0.5", "unit": "months", **FEEDBACK},
    "short": {"answers": "lamp\nlantern", **FEEDBACK},
}
KINDS = [name for name, _block in SCREENS]


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def items(parts):
    return [{"type": "item", "id": f"part-{place}", "value": part} for place, part in enumerate(parts)]


def check(kind, **more):
    """Return the raw block of a question of a kind, as rows keep it."""
    parts = {name: items(value) if isinstance(value, list) else value for name, value in CHECKS[kind].items()}
    told = {"heading": "", "question": "How long does it last?\nCount the months.", **parts}
    return {"type": kind, "id": "the-block", "value": told | more}


def screen(kind):
    """Return the raw block of a screen of a kind, with the file or story that it shows."""
    if kind in CHECKS:
        return check(kind)
    values = {
        "text": lambda: {"heading": "Text", "html": "<p>First.<br/>More.</p><ul><li><b>One</b> item</li></ul>"},
        "note": lambda: {"text": "A note."},
        "image": lambda: {"image": _image(), "alt": "A lamp", "decorative": False, "caption": ""},
        "audio": lambda: {"heading": "Listen", "clips": items([clip_of(mp3()).pk]), "transcript": SAID},
        "video": lambda: {
            "heading": "Watch", "clips": items([clip_of(mp4()).pk]), "transcript": SAID, "captions": CAPTIONS.strip(),
        },
        "download": lambda: {"heading": "Take along", "text": "For the wall.\nOr desk.", "document": sheet_of().pk},
        "law": lambda: {"slot": "definition", "optional": False},
        "scenario": lambda: {"scenario": Scenario.objects.get().pk},
        "takeaway": lambda: {"text": "Remember it."},
        "who": lambda: None,
    }  # fmt: skip
    return {"type": kind, "id": "the-block", "value": values[kind]()}


def _image():
    return get_image_model().objects.create(title="Lamp", file=get_test_image_file()).pk


@pytest.fixture
def live(lessons, story_once):
    """A function that gives the first lesson another body and publishes it."""

    def publish(*blocks):
        lesson = lessons[0]
        lesson.heading_en = "Compensation and assets"
        lesson.body_en = Lesson._meta.get_field("body_en").to_python(list(blocks))
        lesson.go_live()
        return Lesson.objects.get(pk=lesson.pk)

    return publish


@pytest.fixture
def asked(course):
    """A function that gives a question of the bank another body and publishes it."""

    def publish(block):
        question = Question.objects.filter(course=course, live=True).first()
        question.body_en = Question._meta.get_field("body_en").to_python([block])
        question.go_live()
        return Question.objects.get(pk=question.pk)

    return publish


def kinds_of(client, thing, **typed_in):
    """Press Publish with something typed and no kind, then with that of the page: what the form and the page propose."""
    refused = press(client, thing, change="", **typed_in)
    told = str(refused.context["form"].errors.get("change", "")) if refused.context else ""
    in_form = next((kind for kind in ("Wording", "Minor", "Material") if f"Proposed: {kind}" in told), "")
    taken = press(client, thing, change=in_form.lower(), **typed_in)
    assert taken.status_code == 302, taken.context["form"].errors
    return in_form.lower(), proposed_on_page(client, thing)


def test_each_kind_of_screen_is_tried(db):
    assert set(KINDS) == {
        *CHECKS,
        "text",
        "note",
        "image",
        "audio",
        "video",
        "download",
        "law",
        "scenario",
        "takeaway",
        "who",
    }
    assert set(CHECKS) == set(grading.KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_other_words_of_the_heading_are_wording_on_both_whatever_the_lesson_holds(editor, live, kind):
    lesson = live(screen(kind))

    assert kinds_of(editor, lesson, heading_en="The compensation and the assets") == ("wording", "wording")
    assert queries.proposal_for(Lesson.objects.get(pk=lesson.pk)).change == ""


@pytest.mark.both
@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_is_sent_untouched_changes_nothing(editor, live, kind):
    assert kinds_of(editor, live(screen(kind))) == ("", "")


@pytest.mark.parametrize("kind", [kind for kind in CHECKS if kind not in grading.PRACTICE_ONLY])
def test_other_words_of_a_question_of_the_bank_are_wording_on_both(editor, asked, kind):
    typed_in = {"body_en-0-value-question": "How long does it last?\nCount months."}

    assert kinds_of(editor, asked(check(kind)), **typed_in) == ("wording", "wording")


def test_the_title_of_a_story_in_other_words_is_wording_on_both(editor, story_once):
    story = Scenario.objects.get(pk=story_once)

    assert kinds_of(editor, story, heading_en="The small file") == ("wording", "wording")
    assert kinds_of(editor, story, heading_en="A small file") == ("", "")


@pytest.mark.parametrize("field", ["answer", "tolerance"])
@pytest.mark.parametrize("place", ["lesson", "bank"])
def test_another_number_is_material_on_both(editor, live, asked, place, field):
    thing = live(check("number")) if place == "lesson" else asked(check("number"))

    assert kinds_of(editor, thing, **{f"body_en-0-value-{field}": "3"}) == ("material", "material")


@pytest.mark.parametrize("place", ["lesson", "bank"])
@pytest.mark.parametrize(("stood", "written"), [("3", "3.00"), ("3.00", "3"), ("3.0", "3.000"), ("3.0", "3.0")])
def test_a_number_that_is_written_otherwise_is_the_same(editor, live, asked, place, stood, written):
    block = check("number", answer=stood, tolerance=stood)
    thing = live(block) if place == "lesson" else asked(block)
    typed_in = {"body_en-0-value-answer": written, "body_en-0-value-tolerance": written}

    assert kinds_of(editor, thing, **typed_in) == ("", "")
    fresh = type(thing).objects.get(pk=thing.pk)
    assert not list(key_changes(fresh, fresh.get_latest_revision_as_object()))
    (kept,) = fresh.get_latest_revision_as_object().body_en.get_prep_value()
    assert (kept["value"]["answer"], kept["value"]["tolerance"]) == ("3", "3")


@pytest.mark.both
def test_a_number_in_a_form_that_was_just_read_is_the_text_that_rows_keep(live):
    lesson = live(check("number", answer="3.50"))
    rows = lesson.body_en.get_prep_value()
    assert lesson.body_en[0].value["answer"] == Decimal("3.5")

    assert lesson.body_en.get_prep_value() == rows
    assert rows[0]["value"]["answer"] == "3.50"


@pytest.mark.both
def test_what_is_put_on_again_as_it_was_is_no_change(editor, live):
    lesson = live(check("number"))
    lesson.unpublish()

    answer = press(editor, Lesson.objects.get(pk=lesson.pk), change="")

    assert answer.status_code == 302
    assert queries.proposal_for(Lesson.objects.get(pk=lesson.pk).get_latest_revision_as_object()).change == ""


@pytest.mark.both
def test_a_draft_that_is_saved_for_its_schedule_keeps_kind_and_reason(editor, live):
    lesson = live(check("number"))
    lower = {"body_en-0-value-answer": "3", "change": "wording", "lowered_because": "slip"}

    editor.post(address_of(lesson), {**fields_of(editor, lesson), **NO_COMMENTS, **lower})
    opened = fields_of(editor, lesson)
    taken = editor.post(address_of(lesson), opened | NO_COMMENTS | {"action-publish": "1"})

    assert (opened["change"], opened["lowered_because"]) == ("wording", "slip")
    assert taken.status_code == 302
    Lesson.objects.get(pk=lesson.pk).latest_revision.publish()
    assert fields_of(editor, lesson)["lowered_because"] == ""
