"""Pages published together: the editor says which translations went out of date, as it does for one."""

import pytest
from django.urls import reverse

from cms.models import StandardPage
from languages import actions
from languages.models import Unit
from tests.cms.test_editors import told
from training.models import Course, Lesson, Module

pytestmark = [pytest.mark.django_db, pytest.mark.either]
BELOW = {"include_descendants": "on"}


@pytest.fixture
def pages(homes, at):
    """Two published pages of Liberia: the heading of one is live in French and Arabic, of the other in French."""
    found = []
    for slug, words in (("rights", {"fr": "Droits", "ar": "حقوق"}), ("help", {"fr": "Aide"})):
        page = homes["LR"].add_child(instance=StandardPage(title=slug, slug=slug, heading_en=slug))
        page.save_revision().publish()
        actions.seed_languages(page, {code: {"heading": word} for code, word in words.items()}, by="test", at=at)
        found.append(StandardPage.objects.get(pk=page.pk))
    return found


@pytest.fixture
def module(course, at):
    """A published module of the course, whose heading is live in French."""
    page = course.add_child(instance=Module(title="One", slug="one", heading_en="One"))
    page.save_revision().publish()
    actions.seed_languages(Module.objects.get(pk=page.pk), {"fr": {"heading": "Un"}}, by="test", at=at)
    return Module.objects.get(pk=page.pk)


@pytest.fixture
def course(curriculum, at):
    """A published course below the curriculum, whose heading is live in French."""
    page = curriculum.add_child(
        instance=Course(title="Proof", slug="proof", heading_en="Proof", summary_en="Short", key="proof")
    )
    page.save_revision().publish()
    actions.seed_languages(Course.objects.get(pk=page.pk), {"fr": {"heading": "Preuve"}}, by="test", at=at)
    return Course.objects.get(pk=page.pk)


def write(page, heading):
    """Keep a draft with another heading."""
    draft = page.get_latest_revision_as_object()
    draft.heading_en = heading
    draft.save_revision()


def publish_together(client, *pages, **more):
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return client.post(f"{url}?next=/admin/&{ids}", more)


def test_publishing_pages_together_says_what_went_out_of_date(editor, pages):
    write(pages[0], "All rights")
    write(pages[1], "All help")

    publish_together(editor, *pages)

    words = told(editor)
    assert "3 translated texts are out of date now. It concerns 2 languages." in words
    assert "français: 2" in words
    assert "العربيّة: 1" in words
    assert f'href="{reverse("desk:next")}?language=fr"' in words
    assert Unit.objects.filter(freshness__gte=3).count() == 3


def test_what_stands_below_is_counted_where_it_was_published_too(editor, homes, pages):
    pages[1].unpublish()
    write(StandardPage.objects.get(pk=pages[1].pk), "All help")

    publish_together(editor, homes["LR"], include_descendants="on")

    assert "1 translated text is out of date now. It concerns 1 language." in told(editor)


def test_what_was_published_before_is_not_counted_again(editor, homes, pages):
    write(pages[1], "All help")
    publish_together(editor, pages[1])
    told(editor)

    write(pages[0], "All rights")
    publish_together(editor, homes["LR"], pages[0], include_descendants="on")

    assert "2 translated texts are out of date now. It concerns 2 languages." in told(editor)


def test_nothing_is_said_where_nothing_is_translated(editor, homes):
    publish_together(editor, homes["LR"])

    assert "out of date" not in told(editor)


@pytest.mark.parametrize(("is_ticked", "more"), [(True, {}), (True, BELOW), (False, BELOW)])
def test_an_empty_course_is_not_published_with_others(editor, curriculum, course, is_ticked, more):
    course.unpublish()

    publish_together(editor, curriculum, *([course] if is_ticked else []), **more)

    words = told(editor)
    assert "The course has no published module yet." in words
    assert "The course has no test yet" in words
    assert not Course.objects.get(pk=course.pk).live


def test_what_readers_have_is_shown_first_one_page_at_a_time(editor, curriculum, course):
    write(curriculum, "Law and proof")
    write(course, "What is proof")

    publish_together(editor, curriculum, course)

    words = told(editor)
    assert "Nothing was published." in words
    assert "one page at a time: Law, Proof." in words
    assert Course.objects.get(pk=course.pk).heading_en == "Proof"
    assert curriculum.specific_class.objects.get(pk=curriculum.pk).heading_en != "Law and proof"


def test_a_course_without_a_draft_stops_no_other(editor, pages, course):
    write(pages[0], "All rights")

    publish_together(editor, pages[0], course)

    assert StandardPage.objects.get(pk=pages[0].pk).heading_en == "All rights"


def test_a_lesson_new_in_a_course_that_readers_have_is_shown_first_too(editor, curriculum, module):
    lesson = module.add_child(instance=Lesson(title="New", slug="new", heading_en="New", aim_en="See.", live=False))
    lesson.save_revision()

    publish_together(editor, curriculum, include_descendants="on")

    assert "one page at a time: New." in told(editor)
    assert not Lesson.objects.get(pk=lesson.pk).live
