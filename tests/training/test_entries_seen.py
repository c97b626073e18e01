"""A slot with an entry of the curriculum and one for every curriculum: page, number and edition follow what readers see."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import newest, off, on
from tests.training.pressing import save_entry
from tests.training.test_wagtail_hooks import typed
from tests.training.two_entries import (
    CHANGED,
    GENERAL,
    OWN,
    asked,
    content,
    curriculum,
    finished,
    law,
    law_in,
    save,
    seen,
    slot,
    text_of,
    two,
)
from training import actions, progress, queries
from training.models import CourseVersion, Lesson, Overlay, PublishedNews, UnaskedChange
from training.queries.marking import changes_in
from training.queries.reading import courses


def in_hand(entry, change="material", text=None):
    found = Overlay.objects.get(pk=entry.pk) if entry.pk else entry
    found.text_en, found.change = text or found.text_en, change
    return found


def foretold(*args, **more):
    return queries.entry_effects(in_hand(*args, **more), at=timezone.now()).refreshed


def test_a_material_change_of_the_own_entry_is_asked_as_foretold(two, finished, course, save):
    page = foretold(two["own"], text=CHANGED)

    save(two["own"], "material", CHANGED)

    assert (page, asked(finished)) == (1, 1)
    assert newest(course)[1].change_class == "material"
    assert PublishedNews.objects.filter(country="HT").count() == 1


def test_a_material_change_of_what_nobody_sees_there_is_asked_of_nobody(two, finished, course, save):
    before = newest(course)[1].number
    effects = queries.entry_effects(in_hand(two["general"], text=CHANGED), at=timezone.now())

    save(two["general"], "material", CHANGED)

    assert (effects.reach, asked(finished), newest(course)[1].number) == ((), 0, before)


def test_the_edition_holds_the_entry_that_pages_of_the_course_show(two, course, slot):
    [row] = courses("en", page=course.pk)

    assert row.overlays["HT"][slot].words.text == OWN
    assert seen(course, slot) == [content(two["own"])]


def lesson_with(course, slot):
    rows = Lesson.objects.live().filter(path__startswith=course.path)
    return next(one.pk for one in rows if any(block["value"]["slot"] == slot for block in law_in(one)))


@pytest.mark.parametrize("name", ["own", "general"])
def test_unchanged_words_called_material_are_foretold_and_asked_of_nobody(two, finished, save, name):
    page = foretold(two[name])

    save(two[name], "material")

    assert (page, asked(finished)) == (0, 0)


def test_what_waits_while_the_course_is_off_waits_for_what_readers_see_alone(two, finished, course, save):
    off(course)
    save(two["general"], "material", CHANGED)
    assert not UnaskedChange.objects.exists()

    save(two["own"], "material", CHANGED)
    assert UnaskedChange.objects.filter(country="HT").count() == 1
    on(course)
    assert asked(finished) == 1


# Another text is seen from then on


@pytest.fixture
def general(countries, slot, save):
    """The general entry of Haiti, alone in its slot."""
    Overlay.objects.filter(country="HT", slot=slot).delete()
    return save(law(countries["HT"], slot, None, GENERAL))


@pytest.fixture
def finished_before(general, course, official):
    """Somebody in Haiti who finished the course while the general one stood."""
    return finish(official, course, timezone.now() - dt.timedelta(days=1))


def test_what_waits_in_an_empty_slot_is_foretold_with_the_entry_that_fills_it(
    general, finished_before, countries, slot, course, save
):
    off(course)
    save(general, "material", CHANGED)
    Overlay.objects.filter(pk=general.pk).delete()
    on(course)
    new = law(countries["HT"], slot, None, "Another law.")
    page = foretold(new, "minor")

    save(new, "minor")

    assert (page, asked(finished_before)) == (1, 1)


@pytest.mark.parametrize(("text", "people"), [(OWN, 1), (GENERAL, 0)])
def test_an_own_entry_that_is_added_is_asked_where_it_says_something_else(
    finished_before, curriculum, countries, slot, save, text, people
):
    new = law(countries["HT"], slot, curriculum, text)
    page = foretold(new)

    save(new, "material")

    assert (page, asked(finished_before)) == (people, people)


def test_a_new_entry_in_the_place_of_another_asks_its_kind_and_shows_both_texts(
    editor, general, curriculum, countries, slot
):
    Overlay.objects.filter(pk=general.pk).update(confirmed=True, checked_at=dt.date(2026, 5, 11))
    url = reverse("wagtailsnippets_training_overlay:add")
    fields = typed(editor.get(url)) | {
        "country": "HT", "curriculum": curriculum.pk, "slot": slot, "text_en": OWN, "source_kind": "statute",
        "source_en": "s", "article": "1",
    }  # fmt: skip

    refused = editor.post(url, fields)
    page = text_of(editor.post(url, fields | {"change": "material"}))

    assert "change" in refused.context["form"].errors
    assert "With this the entry is confirmed no more." in page
    assert GENERAL in page
    assert Overlay.objects.filter(country="HT", slot=slot).count() == 1
    save_entry(editor, url, fields | {"change": "material"})
    assert Overlay.objects.filter(country="HT", slot=slot).count() == 2


@pytest.mark.parametrize("is_live", [True, False])
def test_an_own_entry_moves_nowhere_while_another_text_would_be_read_instead(editor, two, slot, course, is_live):
    if not is_live:
        off(course)
    url = reverse("wagtailsnippets_training_overlay:edit", args=[two["own"].pk])
    fields = typed(editor.get(url)) | {"slot": "complaint", "change": "material"}
    Overlay.objects.filter(country="HT", slot="complaint").delete()

    told = editor.post(url, fields).context["form"].errors

    assert "says something else" in " ".join(told["slot"])


# Editions made before held both entries


def as_before(course, two):
    """Write an edition as they were made: with both entries of the slot, by their age."""
    last = newest(course)[1]
    body = progress.read(last.body)
    rows = sorted(two.values(), key=lambda one: one.pk)
    kept = [one for one in body["overlays"] if one["slot"] != rows[0].slot]
    both = [{"slot": one.slot, "content": content(one), "checked_at": "", "confirmed": False} for one in rows]
    text = progress.canonical(body | {"overlays": sorted([*kept, *both], key=lambda one: one["slot"])})
    return CourseVersion.objects.create(
        course=course, country=last.country, number=last.number + 1, body=text, sha256=progress.digest(text),
        change_class="minor", published_by="test", published_at=timezone.now() - dt.timedelta(hours=2),
    )  # fmt: skip


@pytest.mark.parametrize(("text", "people"), [(CHANGED, 1), (GENERAL, 1), (OWN, 0)])
def test_after_an_edition_that_held_both_it_is_known_what_was_seen(two, finished, course, save, text, people):
    as_before(course, two)
    page = foretold(two["own"], text=text)

    save(two["own"], "material", text)

    assert (page, asked(finished)) == (people, people)


def test_what_rests_since_before_goes_on_from_what_was_seen(two, finished, course, slot, save):
    """An edition of before, then the slot is empty and filled again with what readers had."""
    old = as_before(course, two)
    Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).update(slot="complaint")
    body = progress.read(old.body)
    body["overlays"] = [one for one in body["overlays"] if one["slot"] != slot]
    text = progress.canonical(body)
    CourseVersion.objects.create(
        course=course, country=old.country, number=old.number + 1, body=text, sha256=progress.digest(text),
        change_class="minor", published_by="test", published_at=timezone.now() - dt.timedelta(hours=2),
    )  # fmt: skip
    Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).update(slot=slot)

    page = foretold(two["own"])
    save(two["own"], "material")

    assert (page, asked(finished)) == (0, 0)


def test_a_screen_of_law_is_not_marked_as_changed_by_the_other_entry_leaving_the_edition(two, course, lessons, slot):
    old = as_before(course, two)
    actions.publish_version(course, by="test", at=timezone.now())
    key = str(Lesson.objects.get(pk=lesson_with(course, slot)).translation_key)

    assert seen(course, slot) == [content(two["own"])]
    assert changes_in(key, str(old.public_id), str(newest(course)[1].public_id)).screens == frozenset()


def test_showing_what_an_entry_does_costs_the_same_beside_another_one(two, finished):
    def cost(entry):
        with CaptureQueriesContext(connection) as caught:
            queries.entry_effects(in_hand(entry, text=CHANGED), at=timezone.now())
        return len(caught)

    cost(two["own"])
    assert cost(two["own"]) <= 12
