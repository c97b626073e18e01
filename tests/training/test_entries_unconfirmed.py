"""What nobody has confirmed is shown in the demo alone: the pages of what an edit does say what readers really have."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from tests.training.pressing import delete_entry
from tests.training.test_entry_deleted import address, alone, stands
from tests.training.test_entry_deletion_shown import deletion_of, same, translate
from tests.training.test_wagtail_hooks import typed
from tests.training.two_entries import GENERAL, OWN, asked, curriculum, finished, save, slot, text_of, two
from training import queries
from training.models import Overlay, UnaskedChange

ASKED = "Until it is, readers are told to ask the competent authority"
NOTHING = "Nothing that readers meet changes."
NOBODY = "No lesson that officials of the country read shows it."


@pytest.fixture
def production(settings):
    """No demo any more; asked for last, since nobody begins there what the country has not confirmed."""
    settings.DEMO = False


def confirm(entry):
    Overlay.objects.filter(pk=entry.pk).update(confirmed=True, checked_at=dt.date(2026, 1, 5))


def test_in_the_demo_readers_have_it_as_a_draft(editor, alone, finished):
    page = text_of(editor.get(address(alone)))

    assert "Readers have: Draft Not yet confirmed for your country: ask the competent authority." in page
    assert "no official of the country can begin" not in page
    assert NOTHING not in page
    assert f"Text {OWN} –" in page


def test_in_the_demo_the_day_on_which_a_draft_was_looked_at_is_told_as_to_its_readers(editor, alone):
    Overlay.objects.filter(pk=alone.pk).update(checked_at=dt.date(2026, 1, 5))

    page = text_of(editor.get(address(alone)))

    assert "Readers have: Draft Looked at on 5 January 2026, not yet confirmed for your country" in page


def test_elsewhere_readers_have_nothing_of_it_and_nobody_is_counted(editor, alone, finished, production):
    answer = editor.get(address(alone))

    page = text_of(answer)
    for words in (ASKED, NOTHING, NOBODY, "Nobody who has finished gets a refresher.", "Nothing. They are told there"):
        assert words in page
    assert "Draft" not in page
    assert OWN not in page
    assert BeautifulSoup(answer.content, "html.parser").select("[data-page=entry-deletion] table") == []


def test_elsewhere_it_goes_as_it_was_shown(editor, alone, finished, production):
    told = deletion_of(alone)

    delete_entry(editor, address(alone))

    assert (stands(alone), told.reach, asked(finished)) == (False, (), 0)


def test_elsewhere_an_unconfirmed_entry_before_an_unconfirmed_one_takes_nothing_away(editor, same, production):
    page = text_of(editor.get(address(same)))

    assert f"The entry for every curriculum. The entry stands as not confirmed. {ASKED}" in page
    assert NOTHING in page
    assert GENERAL not in page


def test_elsewhere_readers_get_what_is_confirmed_behind_it(editor, two, same, finished, production):
    confirm(two["general"])

    page = text_of(editor.get(address(same)))

    assert "The entry for every curriculum. The entry stands as confirmed" in page
    assert f"Text – {GENERAL}" in page
    assert NOTHING not in page
    assert [one.finished for one in deletion_of(same).reach] == [1]


def test_whom_the_edition_asks_is_counted_though_readers_are_shown_nothing(two, finished, course, production):
    """Rows that an edition has not followed: a material change waits, and the other entry says it too."""
    Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).update(text_en="The age is 21.")
    UnaskedChange.objects.create(course=course, since=timezone.now(), country_id="HT", what=f"HT:{two['own'].slot}")

    told = deletion_of(two["own"])

    assert (told.is_met, told.changes, told.refreshed) == (False, (), 1)


# The form's own page


def effects_of(entry, **typed):
    entry = Overlay.objects.get(pk=entry.pk)
    for name, value in typed.items():
        setattr(entry, name, value)
    return queries.entry_effects(entry, at=timezone.now())


def sides(found):
    words = [(one.before, one.after) for one in found.changes if one.name == "text"]
    return [tuple(" ".join(piece.text for part in side for piece in part) for side in both) for both in words]


@pytest.mark.parametrize(
    ("was", "will", "told"),
    [
        (False, False, []),
        (False, True, [("", GENERAL)]),
        (True, False, [(OWN, "")]),
    ],
)
def test_elsewhere_only_what_is_confirmed_is_told_as_what_readers_have_or_get(alone, was, will, told, production):
    if was:
        confirm(alone)

    found = effects_of(alone, text_en=GENERAL, change="minor", confirmed=will)

    assert (sides(found), found.is_met, bool(found.reach)) == (told, bool(told), bool(told))


def test_in_the_demo_a_draft_is_told_as_what_readers_have(alone):
    assert len(sides(effects_of(alone, text_en=GENERAL, change="minor"))) == 1


def press(editor, entry, **fields):
    url = reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])
    return editor.post(url, typed(editor.get(url)) | fields)


def test_elsewhere_the_page_of_a_draft_says_what_readers_have_and_which_translations_go_out_of_date(
    editor, alone, production
):
    translate({"own": alone}, [])

    page = text_of(press(editor, alone, text_en=GENERAL, change="material"))

    assert ASKED in page
    assert NOTHING in page
    assert "It goes out of date in these languages" in page


def test_in_the_demo_the_page_of_a_draft_says_how_readers_get_it(editor, alone):
    page = text_of(press(editor, alone, text_en=GENERAL, change="material"))

    assert "Readers would get: Draft Not yet confirmed for your country: ask the competent authority." in page
    assert ASKED not in page
