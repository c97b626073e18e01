"""What stands of a country entry changes after its form was judged, and before it is saved: it is judged once more."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import contextlib
import traceback

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.urls import reverse

from accounts.models import AuditEntry
from tests.training.off_and_on import newest
from tests.training.pressing import carried
from tests.training.test_entry_deleted import alone, stands
from tests.training.test_wagtail_hooks import typed
from tests.training.two_entries import curriculum, save, slot, text_of, two
from training.forms.entries import ENTRY_OVERTAKEN
from training.models import Course, Overlay

MINE, THEIRS = "The age is 19.", "The age is 20."
ADD = reverse("wagtailsnippets_training_overlay:add")


@contextlib.contextmanager
def before_it_saves(act):
    """Do something once where a valid form begins the transaction in which it is saved; nothing is locked yet."""
    left = [act]

    def run(execute, sql, params, many, context):
        if left and sql.startswith("SAVEPOINT") and _is_valid_already():
            left.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(run):
        yield
    assert not left


def _is_valid_already():
    return "form_valid" in {frame.f_code.co_name for frame, _line in traceback.walk_stack(None)}


def fields_of(answer):
    return BeautifulSoup(answer.content, "html.parser").select_one("textarea[name=text_en]").text.strip()


@pytest.fixture
def url(alone):
    return reverse("wagtailsnippets_training_overlay:edit", args=[alone.pk])


@pytest.fixture
def shown(editor, url):
    """What the page sends that shows what other words of mine do."""
    return carried(editor.post(url, typed(editor.get(url)) | {"text_en": MINE, "change": "material"}))


def written(course):
    return AuditEntry.objects.filter(verb="training.entry_changed").count(), newest(course)[1].number


def test_words_that_somebody_saved_meanwhile_stay_and_mine_stand_in_the_form(editor, alone, url, shown, save):
    with before_it_saves(lambda: save(alone, "material", THEIRS)):
        answer = editor.post(url, shown)

    assert str(ENTRY_OVERTAKEN) in text_of(answer)
    assert f"Stands there now: {THEIRS}" in text_of(answer)
    assert (Overlay.objects.get(pk=alone.pk).text_en, fields_of(answer)) == (THEIRS, MINE)


def test_what_was_not_saved_leaves_no_trace_and_sent_once_more_it_replaces_theirs(
    editor, alone, url, shown, save, course
):
    counted = []
    with before_it_saves(lambda: [save(alone, "material", THEIRS), counted.append(written(course))]):
        answer = editor.post(url, shown)
    after = written(course)
    editor.post(url, carried(editor.post(url, typed(answer))))

    assert counted == [after]
    assert Overlay.objects.get(pk=alone.pk).text_en == MINE


def test_days_that_are_saved_at_once_wait_for_words_that_somebody_saved(editor, alone, url, save):
    sent = typed(editor.get(url)) | {"review_at": "2027-11-20"}
    with before_it_saves(lambda: save(alone, "material", THEIRS)):
        answer = editor.post(url, sent)

    assert str(ENTRY_OVERTAKEN) in text_of(answer)
    assert (Overlay.objects.get(pk=alone.pk).text_en, Overlay.objects.get(pk=alone.pk).review_at) == (THEIRS, None)


def test_an_entry_that_was_deleted_meanwhile_stands_no_more_and_the_words_are_kept(editor, alone, url, shown, course):
    before = written(course)
    with before_it_saves(lambda: Overlay.objects.filter(pk=alone.pk).delete()):
        answer = editor.post(url, shown)

    assert answer.status_code == 410
    assert "Somebody deleted it while you wrote. Nothing was saved." in text_of(answer)
    assert MINE in text_of(answer)
    assert (stands(alone), written(course)) == (False, before)


def test_what_readers_have_since_is_shown_before_it_is_saved(editor, alone, url, course):
    Course.objects.update(live=False)
    sent = typed(editor.get(url)) | {"text_en": MINE, "change": "material"}
    with before_it_saves(lambda: Course.objects.filter(pk=course.pk).update(live=True)):
        answer = editor.post(url, sent)

    assert MINE in carried(answer).values()
    assert Overlay.objects.get(pk=alone.pk).text_en != MINE


@pytest.mark.parametrize(
    ("is_general", "told"),
    [(True, "There is an entry for this already, for every curriculum. Change that one."), (False, "already exists")],
)
def test_an_entry_that_somebody_added_meanwhile_is_told_and_the_words_are_kept(
    editor, two, curriculum, slot, save, is_general, told
):
    place = Overlay.objects.get(pk=two["general" if is_general else "own"].pk)
    Overlay.objects.filter(country="HT", slot=slot).delete()
    facts = {"country": "HT", "curriculum": place.curriculum_id or "", "slot": slot, "source_kind": "statute"}
    sent = typed(editor.get(ADD)) | facts | {"text_en": MINE, "source_en": "s", "change": "material"}
    place.pk, shown = None, carried(editor.post(ADD, sent))
    with before_it_saves(lambda: save(place, "material", THEIRS)):
        answer = editor.post(ADD, shown)

    assert told in text_of(answer)
    assert fields_of(answer) == MINE
    assert [one.text_en for one in Overlay.objects.filter(country="HT", slot=slot)] == [THEIRS]
