"""What deleting a country entry does is shown before it is done, and done as it was shown."""
# ruff: noqa: F401, F811 -- a fixture is asked for under the name under which it was imported

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Country
from languages import queries as language_queries
from languages.choices import Freshness, State
from languages.models import Unit
from tests.training.off_and_on import newest
from tests.training.pressing import carried, delete_entry
from tests.training.test_entry_deleted import address, alone, stands
from tests.training.two_entries import (
    CHANGED,
    GENERAL,
    OWN,
    asked,
    curriculum,
    finished,
    law_in,
    save,
    seen,
    slot,
    text_of,
    two,
)
from training import actions
from training.choices import Slot
from training.models import Course, Lesson, Overlay, UnaskedChange
from training.queries.entries import entries_read
from training.queries.entry_effects import deletion
from training.views import entries as views

pytestmark = pytest.mark.either


@pytest.fixture
def same(two, save):
    """The own entry before a general one that says the same."""
    save(two["own"], "material", GENERAL)
    return two["own"]


def deletion_of(entry, **more):
    return deletion(Overlay.objects.get(pk=entry.pk), at=timezone.now(), **more)


def test_the_page_says_who_reads_it_where_and_what_readers_get_then(editor, alone, finished, course, lessons):
    answer = editor.get(address(alone))
    page = text_of(answer)
    rows = [" ".join(row.get_text(" ").split()) for row in BeautifulSoup(answer.content, "html.parser").select("tr")]
    shown = [one.heading_en for one in lessons if alone.slot in {block["value"]["slot"] for block in law_in(one)}]

    assert "What deleting does" in page
    assert "referenced" not in page
    assert f"{course.heading_en} {' · '.join(shown)} 0 1 0" in rows
    assert "Nobody who has finished gets a refresher." in page
    assert f"What readers get instead “{Slot(alone.slot).label}” is not yet confirmed for your country" in page
    assert "Text Own law. –" in rows


def test_two_ways_lead_on_and_neither_names_the_entry_by_a_gender(editor, alone):
    page = BeautifulSoup(editor.get(address(alone)).content, "html.parser")

    assert [one.get_text() for one in page.select("form .button")] == ["Delete the entry", "Back"] * 2


def test_the_page_says_that_the_entry_for_every_curriculum_takes_its_place(editor, same):
    page = text_of(editor.get(address(same)))

    assert (
        "What readers get instead The entry for every curriculum. Readers would get: Draft Not yet confirmed" in page
    )
    assert "No text changes." in page


def test_one_press_deletes_nothing_and_shows_the_page(editor, alone, finished, course):
    before = newest(course)[1].number

    page = text_of(editor.post(address(alone)))

    assert "Nothing was deleted: the page that you were shown" in page
    assert (stands(alone), newest(course)[1].number) == (True, before)


@pytest.mark.both
def test_pressed_on_its_page_it_goes_and_who_follows_is_whom_it_named(editor, alone, finished, person, course, slot):
    under_way = begin(person, course)
    [told] = deletion_of(alone).reach
    before = newest(course)[1].number

    answer = delete_entry(editor, address(alone))

    edition = newest(course)[1]
    assert answer["Location"] == reverse("wagtailsnippets_training_overlay:list")
    assert (told.under_way, told.finished, told.refreshed) == (1, 1, asked(finished) + asked(under_way))
    assert (stands(alone), edition.number, edition.change_class) == (False, before + 1, "minor")
    assert seen(course, slot) == []


def begin(person, course):
    learner = actions.learner_of(person("learner", country=Country.objects.get(pk="HT")))
    return actions.enrol(learner=learner, course=course, country="HT", at=timezone.now())


@pytest.mark.both
@pytest.mark.parametrize(("text", "people"), [(CHANGED, 1), (OWN, 0)])
def test_a_material_change_that_waits_is_asked_by_the_edition_as_it_was_foretold(
    editor, two, finished, course, text, people
):
    """Rows that an edition has not followed: what is read instead says something else than finished readers had."""
    Overlay.objects.filter(pk__in=[one.pk for one in two.values()]).update(text_en=text)
    what = {"country_id": "HT", "what": f"HT:{two['own'].slot}"}
    UnaskedChange.objects.create(course=course, since=timezone.now(), **what)
    told = deletion_of(two["own"])

    delete_entry(editor, address(two["own"]))

    assert (stands(two["own"]), told.refreshed, asked(finished)) == (False, people, people)
    assert bool(told.reach[0].minutes) == bool(people)


def rewrite(**columns):
    return lambda two, lessons: Overlay.objects.filter(pk=two["own"].pk).update(**columns)


def rewrite_behind(**columns):
    return lambda two, lessons: Overlay.objects.filter(pk=two["general"].pk).update(**columns)


def shown_nowhere(two, lessons):
    Lesson.objects.filter(pk__in=[one.pk for one in lessons if law_in(one)]).update(live=False)


def translate(two, lessons):
    [segment] = [one for one in language_queries.segments_of(two["own"]) if one.path == "text"]
    Unit.objects.create(
        segment=segment, language="fr", content_type=segment.content_type, object_id=segment.object_id, draft="Loi.",
        draft_version=segment.version, live="Loi.", live_version=segment.version, live_digest=segment.digest,
        approved_by="x", state=State.PUBLISHED, freshness=Freshness.FRESH,
    )  # fmt: skip


@pytest.mark.both
@pytest.mark.parametrize(
    "meanwhile",
    [
        rewrite(checked_at=dt.date(2026, 5, 4)),
        rewrite(source_kind="manual"),
        rewrite_behind(source_kind="manual"),
        rewrite_behind(checked_at=dt.date(2026, 5, 4), confirmed=True),
        shown_nowhere,
        translate,
    ],
)
def test_what_changed_since_it_was_shown_is_shown_again(editor, two, same, lessons, meanwhile):
    shown = carried(editor.get(address(same)))
    meanwhile(two, lessons)

    answer = editor.post(address(same), shown)

    assert "Nothing was deleted: the page that you were shown" in text_of(answer)
    assert stands(same)
    editor.post(address(same), carried(answer))
    assert not stands(same)


@pytest.mark.both
def test_who_begins_meanwhile_stops_nothing(editor, alone, person, course):
    shown = carried(editor.get(address(alone)))
    begin(person, course)

    editor.post(address(alone), shown)

    assert not stands(alone)


@pytest.mark.parametrize("press", ["get", "post"])
def test_once_it_is_gone_its_page_leads_to_the_list(editor, alone, press):
    shown = carried(editor.get(address(alone)))
    delete_entry(editor, address(alone))

    answer = getattr(editor, press)(address(alone), shown, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("wagtailsnippets_training_overlay:list")
    assert "This is not there any more" in text_of(answer)


@pytest.mark.both
def test_a_mark_is_good_for_one_entry_and_an_hour(editor, alone, monkeypatch):
    other = Overlay.objects.filter(country="HT", confirmed=False).exclude(pk=alone.pk)[0]
    mine, of_another = carried(editor.get(address(alone))), carried(editor.get(address(other)))

    editor.post(address(alone), of_another)
    monkeypatch.setattr(views, "LASTS", -1)
    editor.post(address(alone), mine)

    assert "seen" in of_another
    assert stands(alone)


def test_a_mark_is_good_for_one_person(editor, signed, countries, alone):
    theirs = carried(editor.get(address(alone)))

    answer = signed("manager", countries["HT"]).post(address(alone), theirs)

    assert "Nothing was deleted" in text_of(answer)
    assert stands(alone)


def test_a_draft_that_no_reader_has_is_asked_for_as_before_and_judged_when_it_goes(editor, alone, course):
    Course.objects.update(live=False)
    page = text_of(editor.get(address(alone)))
    Course.objects.filter(pk=course.pk).update(live=True)

    answer = editor.post(address(alone))

    assert "Are you sure you want to delete this country entry?" in page
    assert "What deleting does" in text_of(answer)
    assert stands(alone)


# Who is told how much, and what it costs


def test_who_is_of_another_country_is_told_no_small_numbers(signed, countries, alone, finished):
    row = '[data-page="entry-deletion"] td.n'
    told = {
        role: [
            cell.text
            for cell in BeautifulSoup(signed(role, country).get(address(alone)).content, "html.parser").select(row)
        ]
        for role, country in (("administrator", None), ("manager", countries["HT"]))
    }

    assert told == {"administrator": ["0", "–", "0"], "manager": ["0", "1", "0"]}


def test_the_translations_that_go_are_named_and_those_that_nothing_replaces(two, same, lessons):
    before = deletion_of(same)
    translate(two, lessons)
    after = deletion_of(same)

    assert (before.going, before.lacking) == ((), ())
    assert (after.going, after.lacking) == (("français",), ("français",))


def cost(ask):
    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught)


@pytest.mark.both
def test_the_page_costs_the_same_for_few_and_many(editor, two, same, person, course, lessons):
    def ask():
        editor.get(address(same))

    ask()
    few = cost(ask)
    for _n in range(3):
        begin(person, course)
    translate(two, lessons)

    assert cost(ask) == few
    assert cost(lambda: deletion_of(same)) <= 15


@pytest.mark.both
def test_whether_readers_have_entries_is_asked_of_each_live_course_once(course):
    entries = list(Overlay.objects.filter(country="HT"))

    assert (
        cost(lambda: entries_read(entries))
        == cost(lambda: entries_read(entries[:1]))
        == 1 + Course.objects.live().count()
    )
