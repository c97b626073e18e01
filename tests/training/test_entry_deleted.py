"""A country entry is deleted: what stays unasked, and what the editions hold then."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import datetime as dt

import pytest
from django.urls import reverse

from tests.training.off_and_on import newest, off
from tests.training.pressing import delete_entry, save_entry
from tests.training.test_wagtail_hooks import typed
from tests.training.two_entries import GENERAL, OWN, asked, curriculum, finished, save, seen, slot, text_of, two
from training import queries
from training.choices import REQUIRED_SLOTS
from training.models import Course, Lesson, Overlay


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

    delete_entry(editor, address(two["own"]))

    assert not Overlay.objects.filter(pk=two["own"].pk).exists()
    assert asked(finished) == 1
    assert len(seen(course, slot)) == 1


def test_what_nobody_reads_behind_another_goes_at_once_and_changes_no_edition(editor, two, course, slot):
    own = seen(course, slot)

    editor.post(address(two["general"]))

    assert not Overlay.objects.filter(pk=two["general"].pk).exists()
    assert seen(course, slot) == own


def test_both_go_together_where_no_course_is_live(editor, two):
    Course.objects.update(live=False)

    editor.post(address(*two.values(), by="bulk"))

    assert not Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).exists()


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

    delete_entry(editor, address(confirmed))

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

    if "is_deleted_too" in behind:
        editor.post(address(own, general, by="bulk"))
    else:
        delete_entry(editor, address(own))

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


# Several at once


@pytest.fixture
def alone(two):
    """The own entry of the slot alone, which readers have as a draft."""
    Overlay.objects.filter(pk=two["general"].pk).delete()
    return two["own"]


def stands(entry):
    return Overlay.objects.filter(pk=entry.pk).exists()


def test_many_are_refused_where_readers_have_one_of_them(editor, two, course):
    unread = two["general"]
    url = address(two["own"], unread, by="bulk")
    Overlay.objects.filter(pk=unread.pk).update(text_en=OWN)

    pages = [text_of(send(url, follow=True)) for send in (editor.get, editor.post)]

    assert all(
        f"shown one entry at a time: {two['own']}. Open each and choose Delete there." in page for page in pages
    )
    assert stands(two["own"])
    assert stands(unread)


def test_one_that_is_ticked_alone_leads_to_its_page(editor, alone):
    answers = [send(address(alone, by="bulk")) for send in (editor.get, editor.post)]

    assert [answer["Location"] for answer in answers] == [address(alone)] * 2
    assert stands(alone)
