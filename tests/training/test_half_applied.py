"""An act of the editor whose edition cannot be made leaves nothing behind: what it changed is taken back with it."""

import contextlib

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from cms import planned
from tests.training.pressing import save_entry
from tests.training.test_editor_refuses import entry
from tests.training.test_wagtail_hooks import typed
from training.models import CourseVersion, Lesson, Overlay, Question

__all__ = ["entry"]


@contextlib.contextmanager
def no_edition():
    """Let the database refuse every new edition for the while."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "training_courseversion"'):
            raise DatabaseError("The disk is full.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def press(editor):
    """press(address, fields): send a form of the editor, once while no edition can be made and once after; both statuses."""
    editor.raise_request_exception = False

    def send(address, fields=None, between=lambda: None):
        with no_edition():
            first = editor.post(address, fields or {}).status_code
        between()
        return first, editor.post(address, fields or {}).status_code

    return send


@pytest.mark.parametrize("kind", ["question", "lesson", "module"])
def test_what_cannot_be_taken_off_whole_stays_live(press, course, lessons, kind):
    thing = {
        "question": lambda: Question.objects.filter(course=course).first(),
        "lesson": lambda: lessons[0],
        "module": lambda: lessons[0].get_parent().specific,
    }[kind]()
    if kind == "question":
        course.blueprint.all().delete()
        address = reverse("wagtailsnippets_training_question:unpublish", args=[thing.pk])
    else:
        address = reverse("wagtailadmin_pages:unpublish", args=[thing.pk])
    editions, states = CourseVersion.objects.count(), []
    below = Lesson.objects.filter(path__startswith=getattr(thing, "path", "none"), live=True)

    def look():
        thing.refresh_from_db()
        states.append((thing.live, below.count(), CourseVersion.objects.count()))

    before = below.count()
    statuses = press(address, {"include_descendants": "on"}, look)
    look()

    assert statuses == (500, 302)
    assert states[0] == (True, before, editions)
    assert (states[1][0], states[1][1]) == (False, 0)
    assert states[1][2] > editions


def test_what_is_planned_to_end_and_cannot_stays_live_and_is_tried_again(course, lessons, at):
    Lesson.objects.filter(pk=lessons[0].pk).update(expire_at=at)
    live = Lesson.objects.filter(pk=lessons[0].pk, live=True)

    with no_edition():
        done = planned.take_off_planned(at)
    states = [(done, live.exists())]
    states.append((planned.take_off_planned(at), live.exists()))

    assert states == [(0, True), (1, False)]


def test_a_country_entry_is_stored_with_its_edition_or_not_at_all(editor, entry):
    editor.raise_request_exception = False
    before, editions = entry.text_en, CourseVersion.objects.count()
    address = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    fields = typed(editor.get(address)) | {"text_en": "Other words.", "change": "material"}

    def stands():
        return Overlay.objects.get(pk=entry.pk).text_en, CourseVersion.objects.count() - editions

    with no_edition():
        refused = save_entry(editor, address, fields).status_code
    left = stands()
    saved = save_entry(editor, address, fields).status_code

    assert (refused, left) == (500, (before, 0))
    assert (saved, stands()) == (302, ("Other words.", 1))
