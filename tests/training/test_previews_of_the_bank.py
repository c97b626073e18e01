"""Previews of a course, a question and a story: the draft in each language, and nothing stored."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation

from languages import table
from tests.training.stories import publish, translate
from training.models import Compiled, Course, CourseVersion, Question, Scenario

pytestmark = pytest.mark.either


def drawn(answer) -> BeautifulSoup:
    """Return a preview's page, which our own editor alone may frame."""
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    return BeautifulSoup(answer.content, "html.parser")


def of(row, language: str) -> BeautifulSoup:
    """Return the preview of a row in hand."""
    return drawn(row.make_preview_request(preview_mode=language))


@pytest.fixture
def single(course):
    """A question with one right answer, whose draft asks something else."""
    row = Question.objects.filter(course=course, live=True).order_by("pk").first()
    body = row.body_en.get_prep_value()
    body[0]["value"]["question"] = "Asked otherwise?"
    row.body_en, row.change = Question._meta.get_field("body_en").to_python(body), "wording"
    row.save_revision()
    return row


@pytest.fixture
def story(course, at):
    """A story with an Arabic draft; some of its scenes are not translated."""
    made = publish(course)
    translate(made, at, "ar")
    return made


@pytest.mark.parametrize("model", [Course, Question, Scenario])
def test_each_shipped_language_has_its_preview(model):
    assert [code for code, _words in model.preview_modes] == list(table.CODES)


def test_a_question_is_shown_as_drafted_with_each_reason_and_readers_keep_theirs(single):
    before = Compiled.objects.count(), CourseVersion.objects.count(), Question.objects.get(pk=single.pk).body_en

    page = of(single, "en")

    reasons = [reason.get_text(strip=True) for reason in page.select("details .reason")]
    assert page.select_one("[inert] legend").get_text() == "Asked otherwise?"
    assert len(reasons) == len(single.body_en[0].value["options"])
    assert all(reasons)
    assert not page.select("main form, main button")
    after = Compiled.objects.count(), CourseVersion.objects.count(), Question.objects.get(pk=single.pk).body_en
    assert after == before


def test_a_new_answer_brings_the_whole_question_in_the_source(single):
    body = single.body_en.get_prep_value()
    body[0]["value"]["options"].append(
        {"type": "item", "id": "new-answer", "value": {"text": "A new one", "right": False, "feedback": "Because."}}
    )
    single.body_en = Question._meta.get_field("body_en").to_python(body)
    single.save_revision()

    page = of(single, "ar")

    shown = page.select_one("section.screen")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert (shown["lang"], shown["dir"]) == ("en", "ltr")
    assert "A new one" in shown.get_text()


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translated_question_stands_in_its_language(course, language):
    row = Question.objects.filter(course=course, live=True).order_by("pk").last()
    with translation.override(language):
        asked = Question.objects.get(pk=row.pk).body[0].value["question"]

    page = of(row, language)

    assert not page.select_one("section.screen").has_attr("lang")
    assert asked in page.select_one("[inert]").get_text()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_story_shows_every_scene_with_where_each_choice_leads(story, language):
    page = of(story, language)

    with translation.override(language):
        known = Scenario.objects.get(pk=story.pk)
    graph = story.graph
    cards = page.select("main section.card")
    links = [link["href"] for card in cards for link in card.select("a")]
    with translation.override(language):
        assert page.h1.get_text(strip=True) == known.heading
    assert len(cards) == len(graph.nodes)
    assert len(links) == sum(len(node.choices) for node in graph.scenes)
    assert {link[1:] for link in links} <= {card["id"] for card in cards}
    assert not page.select("[role=alert]")


def test_a_story_that_cannot_be_played_says_why_and_is_shown_all_the_same(story):
    blocks = story.nodes_en.get_prep_value()
    next(block for block in blocks if block["type"] == "scene")["value"]["choices"][0]["value"]["to"] = "nowhere"
    story.start = "also-nowhere"
    story.nodes_en = Scenario._meta.get_field("nodes_en").to_python(blocks)
    story.save_revision()

    for language in ("en", "ar"):
        page = of(story, language)
        assert len(page.select("[role=alert]")) >= 2
        assert len(page.select("main section.card")) == len(blocks)


@pytest.mark.parametrize("language", ["en", "ht", "ar", "th"])
def test_a_course_shows_its_draft_above_the_lessons_that_are_live(course, lessons, language):
    draft = Course.objects.get(pk=course.pk)
    draft.summary_en, draft.change = "Another summary.", "wording"
    draft.save_revision()
    before = Compiled.objects.count(), CourseVersion.objects.count()

    page = of(draft, language)

    assert page.html["lang"] == language
    with translation.override(language):
        told = Course.objects.get(pk=course.pk).summary
    lead = page.select_one(".lead")
    assert lead.get_text() == (told if language in {"ht", "ar"} else "Another summary.")
    assert lead.get("lang") == ("en" if language == "th" else None)
    assert len(page.select("main section ul li")) >= len(lessons)
    assert page.select_one("dl.words dt") is not None
    assert not page.select("main form, main button")
    assert (Compiled.objects.count(), CourseVersion.objects.count()) == before


@pytest.mark.both
def test_a_course_that_was_never_kept_has_its_preview(editor, course):
    address = reverse("wagtailadmin_pages:preview_on_add", args=["training", "course", course.get_parent().pk])
    form = {
        "title": "New", "slug": "new", "key": "new", "heading_en": "New course", "summary_en": "What it is about.",
        "pass_minimum": "5", "test_attempts": "3", "test_wait_hours": "24", "change": "wording", "blueprint-TOTAL_FORMS": "0", "blueprint-INITIAL_FORMS": "0",
        "blueprint-MIN_NUM_FORMS": "0", "blueprint-MAX_NUM_FORMS": "1000", "aide_en-count": "0", "glossary_en-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip

    told = editor.post(address, form)
    page = drawn(editor.get(f"{address}?mode=fr"))

    assert told.json()["is_valid"] is True
    assert page.h1.get_text(strip=True) == "New course"
    assert page.h1["lang"] == "en"


def test_the_editor_of_a_question_has_a_preview_and_nobody_else(editor, sign_in, person, liberia, single):
    page = BeautifulSoup(
        editor.get(reverse("wagtailsnippets_training_question:edit", args=[single.pk])).content, "html.parser"
    )
    address = reverse("wagtailsnippets_training_question:preview_on_edit", args=[single.pk])

    assert page.select_one(f'[data-w-preview-url-value="{address}"]') is not None
    assert len(page.select('select[name="preview_mode"] option, [data-w-preview-target="mode"] option')) == 15
    assert Client().get(address).status_code in {302, 404}
    assert sign_in(person("learner", country=liberia)).get(address).status_code in {302, 403, 404}
