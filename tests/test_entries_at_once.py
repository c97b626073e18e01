"""Two changes of one country entry at once: the second waits for the first, and is judged by what stands then.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Country
from tests.locks import meanwhile
from tests.test_editions_at_once import course, locks_of, root
from tests.training.conftest import signed
from tests.training.pressing import carried
from tests.training.test_wagtail_hooks import typed
from tests.training.two_entries import text_of
from training import actions
from training.actions.overlays import delete_overlay
from training.forms.entries import ENTRY_OVERTAKEN
from training.models import Course, Curriculum, Lesson, Overlay

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]

MINE, THEIRS = "The age is 19.", "The age is 20."
ADD = reverse("wagtailsnippets_training_overlay:add")


@pytest.fixture
def entry(course):
    """An entry for every curriculum that readers have as a draft."""
    QuerySet(Overlay).filter(slot="definition").update(confirmed=False, checked_at=None, curriculum=None)
    return Overlay.objects.get(country="HT", slot="definition")


@pytest.fixture
def editor(course, signed):
    """A client signed in as a manager of Haiti."""
    return signed("manager", Country.objects.get())


@pytest.fixture
def save(course, person, at):
    """A function that saves words of an entry as another manager."""
    by = person("manager", country=Country.objects.get())

    def write(entry, text):
        entry.text_en, entry.change = text, "material"
        return actions.save_overlay(overlay=entry, save=lambda: (entry.save(), entry)[1], by=by, at=at)

    return write


def address(act, entry):
    return reverse(f"wagtailsnippets_training_overlay:{act}", args=[entry.pk])


def shown(editor, url, **more):
    """What is sent by the page that shows what saving does."""
    return carried(editor.post(url, typed(editor.get(url)) | {"text_en": MINE, "change": "material"} | more))


def words(answer):
    """What stands in the form."""
    return BeautifulSoup(answer.content, "html.parser").select_one("textarea[name=text_en]").text.strip()


def test_two_who_save_one_entry_are_not_both_told_that_it_is_saved(editor, entry, save):
    url = address("edit", entry)
    sent = shown(editor, url)

    with meanwhile(lambda: editor.post(url, sent)) as told:
        save(entry, THEIRS)

    assert str(ENTRY_OVERTAKEN) in text_of(told[0])
    assert (Overlay.objects.get(pk=entry.pk).text_en, words(told[0])) == (THEIRS, MINE)


def test_who_saves_what_is_being_deleted_reads_that_it_is_gone(editor, entry, at):
    url = address("edit", entry)
    sent = shown(editor, url)

    with meanwhile(lambda: editor.post(url, sent)) as told:
        delete_overlay(overlay=entry, delete=lambda: Overlay.objects.filter(pk=entry.pk).delete())

    assert told[0].status_code == 410
    assert "Somebody deleted it while you wrote. Nothing was saved." in text_of(told[0])
    assert MINE in text_of(told[0])
    assert not Overlay.objects.filter(slot="definition").exists()


@pytest.fixture
def other():
    """A curriculum that has no course."""
    page = Curriculum(title="Other", slug="other", heading_en="Other")
    Curriculum.objects.get().add_sibling(instance=page)
    return page


STANDS = "There is an entry for this already, for every curriculum. Change that one."


@pytest.mark.parametrize(
    ("slug", "said"), [(None, STANDS), ("judicial", "already exists"), ("other", "already exists")]
)
def test_two_who_add_one_entry_leave_one(editor, entry, other, save, slug, said):
    """Where no course stands nothing is locked: the second waits for the row itself."""
    entry.delete()
    curriculum = Curriculum.objects.filter(slug__startswith=slug).get() if slug else None
    place = {"country": "HT", "slot": "definition", "curriculum": curriculum.pk if curriculum else ""}
    facts = place | {"source_kind": "statute", "source_en": "s", "text_en": MINE, "change": "material"}
    sent = typed(editor.get(ADD)) | facts if slug == "other" else shown(editor, ADD, **facts)
    theirs = Overlay(country_id="HT", slot="definition", curriculum=curriculum, source_kind="statute", source_en="s")

    with meanwhile(lambda: editor.post(ADD, sent)) as told:
        save(theirs, THEIRS)

    assert said in text_of(told[0])
    assert words(told[0]) == MINE
    assert [one.text_en for one in Overlay.objects.filter(slot="definition")] == [THEIRS]


def test_one_that_is_moved_elsewhere_is_not_saved_where_it_stood(editor, entry, other, save):
    """Who moves it to another curriculum locks no course of the one in which it stood: both wait for its row."""
    Course.objects.update(live=False)
    url, first = address("edit", entry), Curriculum.objects.exclude(pk=other.pk).get()
    sent = typed(editor.get(url)) | {"text_en": MINE, "change": "material", "curriculum": first.pk}
    entry.curriculum = other

    with meanwhile(lambda: editor.post(url, sent)) as told:
        save(entry, THEIRS)

    assert str(ENTRY_OVERTAKEN) in text_of(told[0])
    assert Overlay.objects.get(pk=entry.pk).curriculum_id == other.pk


def test_what_a_deletion_does_is_judged_after_the_lesson_that_is_being_published(editor, entry):
    url, lesson = address("delete", entry), next(one for one in Lesson.objects.all() if shows(one, "definition"))
    sent = carried(editor.get(url))

    with meanwhile(lambda: editor.post(url, sent)) as told:
        lesson.body_en = [block for block in lesson.body_en.raw_data if block["type"] != "law"]
        lesson.go_live()

    assert "Nothing was deleted" in text_of(told[0])
    assert Overlay.objects.filter(pk=entry.pk).exists()


def shows(lesson, slot):
    return any(block["type"] == "law" and block["value"]["slot"] == slot for block in lesson.body_en.raw_data)


def test_the_courses_are_locked_before_the_row_of_an_entry(course, entry, person, at):
    by = person("manager", country=Country.objects.get())

    def saved():
        actions.save_overlay(overlay=entry, save=lambda: (entry.save(), entry)[1], by=by, at=at)

    assert locks_of(saved)[:2] == ["course", "entry"]
    assert locks_of(lambda: delete_overlay(overlay=entry, delete=entry.delete))[:2] == ["course", "entry"]
