"""The words of a module and of a curriculum: shown before they go live, and marked where their translation is behind."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.training.pressing import press_again
from tests.training.test_wagtail_hooks import typed
from training.models import Curriculum, Module

pytestmark = pytest.mark.either

SAID = "Never without a lawyer."


@pytest.fixture(params=["module", "curriculum"])
def thing(request, course):
    """The first module of the course, or its curriculum."""
    if request.param == "module":
        return Module.objects.get(pk=course.get_children().first().pk)
    return Curriculum.objects.get(pk=course.get_parent().pk)


def press(client, thing, **more):
    """Press Publish in the form of a page once."""
    url = reverse("wagtailadmin_pages:edit", args=[thing.pk])
    told = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1"}
    return client.post(url, typed(client.get(url)) | told | more)


def read(client, thing, course):
    """Return what a reader of French is told beside the words of a page."""
    url = thing.url if isinstance(thing, Curriculum) else course.url
    page = BeautifulSoup(client.get(url.replace("/en/", "/fr/")).content, "html.parser")
    return [" ".join(mark.text.split()) for mark in page.select("main [data-stale]")]


def test_it_is_shown_first_and_a_reader_of_another_language_sees_that_her_text_is_behind(
    client, editor, thing, course
):
    before = type(thing).objects.get(pk=thing.pk).summary_en

    first = press(editor, thing, summary_en=SAID, change="minor")
    page = " ".join(BeautifulSoup(editor.get(first["Location"]).content, "html.parser").get_text(" ").split())

    assert type(thing).objects.get(pk=thing.pk).summary_en == before
    assert before in page
    assert SAID in page
    assert "français" in page
    assert read(client, thing, course) == []

    press_again(editor, first)

    assert type(thing).objects.get(pk=thing.pk).summary_en == SAID
    marks = read(client, thing, course)
    assert len(marks) == 1
    assert "Pas à jour" in marks[0]


def test_words_of_the_same_meaning_leave_its_translations_as_they_are(client, editor, thing, course):
    press_again(editor, press(editor, thing, summary_en=SAID, change="wording"))

    assert type(thing).objects.get(pk=thing.pk).summary_en == SAID
    assert read(client, thing, course) == []


def test_it_says_why_a_material_edit_of_words_brings_nobody_a_refresher(editor, thing):
    first = press(editor, thing, summary_en=SAID, change="material")
    page = editor.get(first["Location"]).content.decode()

    assert (
        f"Nobody who has finished gets a refresher: the words of a {thing._meta.model_name} are asked of nobody."
        in page
    )
