"""A slot with an entry of the curriculum and one for every curriculum: page, number and edition follow what readers see."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.training.finishing import finish
from tests.training.off_and_on import newest, off, on
from tests.training.pressing import save_entry
from tests.training.test_wagtail_hooks import typed
from training import actions, progress, queries
from training.choices import REQUIRED_SLOTS
from training.models import CourseVersion, Curriculum, Enrolment, Lesson, Overlay, PublishedNews, UnaskedChange
from training.queries.marking import changes_in
from training.queries.reading import courses
from training.queries.said import kept_text, said_by

OWN, GENERAL, CHANGED = "Own law.", "General law.", "The age is 21."


@pytest.fixture
def slot(lessons):
    """The slot of the first lesson that shows law."""
    return next(block["value"]["slot"] for one in lessons for block in law_in(one))


def law_in(lesson):
    return [block for block in lesson.body_en.get_prep_value() if block["type"] == "law"]


@pytest.fixture
def curriculum(course):
    return Curriculum.objects.get(path=course.path[: -course.steplen])


@pytest.fixture
def save(manager):
    """A function that saves an entry as the editor does, with other words and a kind of change."""

    def write(entry, change="", text=None):
        entry = Overlay.objects.get(pk=entry.pk) if entry.pk else entry
        entry.text_en, entry.change = text or entry.text_en, change
        actions.save_overlay(
            overlay=entry, save=lambda: (entry.save(), entry)[1], by=manager, at=timezone.now() - dt.timedelta(hours=1)
        )
        return entry

    return write


def law(country, slot, curriculum, text):
    return Overlay(
        country=country,
        curriculum=curriculum,
        slot=slot,
        text_en=text,
        source_kind="statute",
        source_en="s",
        article="1",
    )


@pytest.fixture(params=["own is older", "general is older"])
def two(request, curriculum, countries, slot, save):
    """An own entry and a general one of Haiti in one slot."""
    Overlay.objects.filter(country="HT", slot=slot).delete()
    place, made = (countries["HT"], slot), {}
    texts = {"own": (curriculum, OWN), "general": (None, GENERAL)}
    for name in texts if request.param == "own is older" else reversed(texts):
        made[name] = save(law(*place, *texts[name]))
    return made


@pytest.fixture
def finished(two, course, official, at):
    """Somebody in Haiti who finished the course while both stood."""
    return finish(official, course, timezone.now() - dt.timedelta(days=1))


def in_hand(entry, change="material", text=None):
    found = Overlay.objects.get(pk=entry.pk) if entry.pk else entry
    found.text_en, found.change = text or found.text_en, change
    return found


def foretold(*args, **more):
    return queries.entry_effects(in_hand(*args, **more), at=timezone.now()).refreshed


def asked(enrolment):
    """1 where somebody is asked anew, else 0."""
    return int(bool(queries.standing(Enrolment.objects.get(pk=enrolment.pk), timezone.now()).asked))


def seen(course, slot):
    """What the edition of Haiti holds in a slot."""
    skeleton = progress.read(newest(course)[1].body)
    return [one["content"] for one in skeleton["overlays"] if one["slot"] == slot]


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


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


@pytest.mark.parametrize("by", ["one", "bulk"])
def test_an_own_entry_stays_while_another_text_would_be_read_instead(editor, two, finished, course, by):
    before = newest(course)[1].number

    page = text_of(editor.post(address(two["own"], by=by), follow=True))

    assert "Nothing was deleted." in page
    assert Overlay.objects.filter(pk=two["own"].pk).exists()
    assert newest(course)[1].number == before


def address(*entries, by="one"):
    if by == "one":
        return reverse("wagtailsnippets_training_overlay:delete", args=[entries[0].pk])
    bulk = reverse("wagtail_bulk_action", args=["training", "overlay", "delete"])
    return f"{bulk}?{'&'.join(f'id={one.pk}' for one in entries)}"


def test_given_the_words_of_the_other_it_is_asked_by_its_kind_and_then_deleted_for_nothing_more(
    editor, two, finished, course, slot, save
):
    save(two["own"], "material", GENERAL)
    assert asked(finished) == 1

    editor.post(address(two["own"]))

    assert not Overlay.objects.filter(pk=two["own"].pk).exists()
    assert asked(finished) == 1
    assert len(seen(course, slot)) == 1


def test_both_are_deleted_together_and_the_general_one_alone(editor, two, course, slot):
    own = seen(course, slot)
    editor.post(address(two["general"]))
    assert seen(course, slot) == own

    general = law(two["own"].country, slot, None, GENERAL)
    general.save()
    editor.post(address(two["own"], general, by="bulk"))

    assert seen(course, slot) == []


@pytest.fixture
def confirmed(two):
    """The own entry of the slot alone, confirmed."""
    Overlay.objects.filter(pk=two["general"].pk).delete()
    return confirm(two["own"])


def confirm(entry):
    Overlay.objects.filter(pk=entry.pk).update(confirmed=True, checked_at=dt.date(2026, 1, 5))
    return Overlay.objects.get(pk=entry.pk)


@pytest.mark.parametrize("by", ["one", "bulk"])
def test_a_confirmed_entry_stays_and_its_form_takes_the_confirmation_back(editor, confirmed, finished, course, by):
    before = newest(course)[1].number

    asked_first = editor.get(address(confirmed, by=by))
    answer = editor.post(address(confirmed, by=by))

    form = reverse("wagtailsnippets_training_overlay:edit", args=[confirmed.pk])
    assert (asked_first["Location"], answer["Location"]) == (form, form)
    assert "First take their confirmation back" in text_of(editor.get(form))
    assert Overlay.objects.filter(pk=confirmed.pk).exists()
    assert newest(course)[1].number == before


def test_what_is_confirmed_no_more_is_deleted(editor, confirmed, course, slot):
    url = reverse("wagtailsnippets_training_overlay:edit", args=[confirmed.pk])
    fields = {name: words for name, words in typed(editor.get(url)).items() if name != "confirmed"}
    save_entry(editor, url, fields)

    editor.post(address(confirmed))

    assert not Overlay.objects.filter(pk=confirmed.pk).exists()
    assert seen(course, slot) == []


@pytest.mark.parametrize(
    ("behind", "stays"),
    [({}, False), ({"confirmed": False}, True), ({"text_en": "Other."}, True), ({"is_deleted_too": True}, True)],
)
def test_a_confirmed_entry_goes_where_a_confirmed_one_says_the_same(editor, two, finished, behind, stays):
    own, general = confirm(two["own"]), confirm(two["general"])
    facts = {"text_en": OWN} | {name: value for name, value in behind.items() if name != "is_deleted_too"}
    Overlay.objects.filter(pk=general.pk).update(**facts)
    entries = (own, general) if "is_deleted_too" in behind else (own,)

    editor.post(address(*entries, by="bulk"))

    assert Overlay.objects.filter(pk=own.pk).exists() is stays


def test_an_entry_that_no_reader_has_is_deleted_though_it_is_confirmed(editor, two, course):
    off(course)
    others = type(course).objects.exclude(pk=course.pk)
    others.update(live=False)
    Overlay.objects.filter(pk=two["general"].pk).delete()

    editor.post(address(confirm(two["own"])))

    assert not Overlay.objects.filter(pk=two["own"].pk).exists()


def test_a_confirmed_entry_behind_another_is_missed_by_nobody(editor, two):
    editor.post(address(confirm(two["general"])))

    assert not Overlay.objects.filter(pk=two["general"].pk).exists()


def test_what_needs_the_slot_keeps_its_entry_though_no_lesson_shows_it(confirmed, course):
    Lesson.objects.filter(path__startswith=course.path).update(live=False)

    assert bool(queries.missed_without([confirmed])) == (confirmed.slot in REQUIRED_SLOTS)


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


def content(entry):
    return kept_text(said_by(entry))[0]


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
