"""A lesson's preview: the draft in each language, with the translations that are live, and nothing stored."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from languages import table
from tests.training.played import FILM, SHEET, SOUND, played
from training.models import Compiled, Course, CourseVersion, Lesson, Module

pytestmark = pytest.mark.either


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(lessons):
    """The first lesson with another first sentence, another aim and one screen more, saved and not published."""
    lesson = Lesson.objects.get(pk=lessons[0].pk)
    body = lesson.body_en.get_prep_value()
    body[0]["value"]["heading"] = "Another beginning"
    body.insert(1, {"type": "text", "id": "screen-new", "value": {"heading": "New", "html": "<p>A new screen.</p>"}})
    lesson.body_en, lesson.aim_en = Lesson._meta.get_field("body_en").to_python(body), "Another aim."
    lesson.change = "material"
    lesson.save_revision()
    return lesson


def preview(client, lesson, language=""):
    address = reverse("wagtailadmin_pages:view_draft", args=[lesson.pk])
    answer = client.get(f"{address}?mode={language}")
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    return BeautifulSoup(answer.content, "html.parser")


def test_each_shipped_language_has_its_preview(lessons):
    assert [code for code, _words in lessons[0].preview_modes] == list(table.CODES)


def test_the_draft_is_shown_and_readers_keep_what_they_have(editor, client, draft):
    before = Compiled.objects.count(), CourseVersion.objects.count()

    page = preview(editor, draft, "en")

    assert page.html["lang"] == "en"
    assert "Another beginning" in page.article.get_text()
    assert page.select_one(".lead").get_text() == "Another aim."
    assert "Preview in English" in page.get_text()
    assert "Another beginning" not in editor.get(f"/en/{draft.url_path.split('/', 2)[2]}").content.decode()
    assert (Compiled.objects.count(), CourseVersion.objects.count()) == before


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_what_is_translated_stands_in_the_language_and_what_is_new_in_the_source(editor, draft, language, direction):
    page = preview(editor, draft, language)

    with translation.override(language):
        heading = Lesson.objects.get(pk=draft.pk).heading
    new = page.select_one("#s-screen-new")
    assert (page.html["lang"], page.html["dir"]) == (language, direction)
    assert page.h1.get_text(strip=True) == heading != draft.heading_en
    assert (new["lang"], new["dir"]) == ("en", "ltr")
    first = page.select_one("section.screen")
    assert not first.has_attr("lang")
    assert first.select_one(".banner.wait") is not None  # its law or procedure changes with this draft


def test_a_language_without_anything_is_shown_as_its_readers_get_it(editor, draft):
    page = preview(editor, draft, "th")

    assert page.html["lang"] == "th"
    assert page.h1["lang"] == "en"


def test_questions_are_seen_as_asked_with_their_reasons_and_cannot_be_sent(editor, draft):
    page = preview(editor, draft, "fr")

    checks = page.select("[inert] fieldset")
    reasons = page.select(".screen details .reason")
    assert checks
    assert reasons
    assert all(reason.get_text(strip=True) for reason in reasons)
    assert not page.select("main form, main button")


def test_sound_film_and_files_are_there_before_they_are_published(editor, lessons):
    lesson = Lesson.objects.get(pk=played(lessons[0]).pk)
    body = lesson.body_en.get_prep_value()
    next(block["value"] for block in body if block["id"] == SOUND)["heading"] = "Listen well"
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(body)
    lesson.save_revision()

    page = preview(editor, lesson, "ar")

    assert page.select_one(f"#s-{SOUND} h2").get_text() == "Listen well"
    assert page.select_one(f"#s-{FILM} track")["srclang"] == "en"
    assert page.select_one(f"#s-{SHEET} a").has_attr("download")


def test_a_lesson_of_a_course_that_is_not_published_yet_is_shown_with_its_gaps(editor, course):
    course = Course.objects.get(pk=course.pk)
    new = Course(title="New", slug="new", key="new", heading_en="New", summary_en="New", live=False)
    course.get_parent().add_child(instance=new)
    module = Module(title="M", slug="m", heading_en="M", live=False)
    new.add_child(instance=module)
    empty = [
        ("text", {"heading": "", "html": ""}),
        ("image", {"image": None, "alt": "", "decorative": False, "caption": ""}),
        ("audio", {"heading": "Sound", "clips": [], "transcript": ""}),
        ("download", {"heading": "Sheet", "text": "", "document": None}),
        ("number", {"question": "How many?", "answer": None, "tolerance": 0, "unit": "", "right_feedback": ""}),
        ("single", {"question": "Which?", "options": []}),
        ("law", {"slot": "", "optional": False}),
        ("scenario", {"scenario": None}),
        ("who", None),
    ]
    lesson = Lesson(title="L", slug="l", heading_en="L", aim_en="A", live=False)
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(
        [{"type": kind, "id": f"screen-{kind}", "value": value} for kind, value in empty]
    )
    module.add_child(instance=lesson)
    lesson.save_revision()

    for language in ("en", "ar"):
        page = preview(editor, lesson, language)
        assert len(page.select("section.screen")) == len(empty)
