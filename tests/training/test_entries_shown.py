"""Law of a country is edited as a lesson is: its kind asked, its day of checking its own, what it does shown first."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests.training.pressing import carried, save_entry
from tests.training.test_wagtail_hooks import typed
from training import actions, queries
from training.models import Course, CourseVersion, Overlay, Progress
from training.views import entries

pytestmark = pytest.mark.either

CHECKED = dt.date(2026, 5, 11)
OLD = "A child of 12 may not be held. The court hears the child first."
NEW = "A child of 12 may be held for 24 hours. The court hears the child first."
REPAIRED = "A child of 12 may not be held. The court hears a child first."
REPHRASED = "A child of 12 may not be held. The court listens to what the child has to say at first."


@pytest.fixture
def entry(course):
    """Haiti's definition, confirmed in May."""
    found = Overlay.objects.get(country="HT", slot="definition")
    Overlay.objects.filter(pk=found.pk).update(text_en=OLD, confirmed=True, checked_at=CHECKED, review_at=None)
    return Overlay.objects.get(pk=found.pk)


@pytest.fixture
def url(entry):
    return reverse("wagtailsnippets_training_overlay:edit", args=[entry.pk])


@pytest.fixture
def press(editor, url):
    """A function that presses Save in the form of the entry once."""
    return lambda **more: editor.post(url, typed(editor.get(url)) | more)


@pytest.fixture
def save(editor, url):
    """A function that saves the entry by both presses."""
    return lambda **more: save_entry(editor, url, typed(editor.get(url)) | more)


def errors(answer):
    return {name: " ".join(told) for name, told in answer.context["form"].errors.items()}


def now(entry):
    return Overlay.objects.get(pk=entry.pk)


def finished(official, course, track=""):
    enrolment = actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=timezone.now())
    Progress.objects.filter(enrolment=enrolment).update(completed_at=timezone.now(), track=track)


# The kind


@pytest.mark.parametrize("words", [NEW, REPHRASED, REPAIRED])
def test_other_words_ask_which_kind_of_change_they_are(press, entry, words):
    told = errors(press(text_en=words, checked_at="2026-11-20"))

    assert "change" in told
    assert now(entry).text_en == OLD


def test_an_entry_is_law_and_said_in_other_words_it_is_material(press):
    assert "Material" in errors(press(text_en=REPHRASED, checked_at="2026-11-20"))["change"]


def test_less_than_proposed_asks_for_a_reason_that_the_audit_log_keeps(press, save, entry):
    lower = {"text_en": NEW, "checked_at": "2026-11-20", "change": "minor"}
    refused = errors(press(**lower))
    save(**lower, lowered_because="not_yet_used")

    kept = AuditEntry.objects.filter(verb="training.change_lowered").get()
    assert "because the text changes" in refused["change"]
    assert (now(entry).text_en, now(entry).change, now(entry).lowered_because) == (NEW, "", "")
    assert "not_yet_used" in kept.body


def test_another_article_is_material(press):
    assert "Material" in errors(press(article="77", checked_at="2026-11-20"))["change"]


@pytest.mark.both
@pytest.mark.parametrize("confirmed", [True, False])
def test_what_readers_have_keeps_its_slot(press, entry, confirmed):
    Overlay.objects.filter(pk=entry.pk).update(confirmed=confirmed)
    Overlay.objects.filter(country="HT", slot="complaint").delete()

    refused = errors(press(slot="complaint", change="material", checked_at="2026-11-20"))

    assert "Readers have this entry where it stands" in refused["slot"]
    assert now(entry).slot == "definition"


@pytest.mark.both
def test_days_alone_ask_for_nothing_and_are_saved_at_once(press, entry):
    answer = press(checked_at="2026-11-20", review_at="2027-11-20")

    assert answer.status_code == 302
    assert now(entry).checked_at == dt.date(2026, 11, 20)


def test_line_ends_of_the_browser_are_no_other_words(press, entry):
    Overlay.objects.filter(pk=entry.pk).update(text_en="One.\nTwo.")

    assert press(text_en="One.\r\nTwo.").status_code == 302


def test_what_no_course_shows_asks_for_nothing(press, entry):
    Course.objects.update(live=False)

    answer = press(text_en=NEW, checked_at="2026-11-20")

    assert answer.status_code == 302
    assert now(entry).text_en == NEW


def test_another_kind_of_source_is_told_old_beside_new(press):
    answer = press(source_kind="manual", text_en=NEW, checked_at="2026-11-20", change="material")

    rows = BeautifulSoup(answer.content, "html.parser").select("tbody tr")
    told = [[" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])] for row in rows]
    assert ["Kind of source", "Law", "Manual"] in told


# The day on which it was checked


@pytest.mark.parametrize("more", [{"text_en": NEW}, {"source_en": "Another law of 1999"}, {"article": "77"}])
def test_other_words_do_not_stand_under_the_day_on_which_the_former_were_checked(press, entry, more):
    told = errors(press(**more, change="material"))

    assert list(told) == ["checked_at"]
    assert "On this day the former text was checked." in told["checked_at"]
    assert (now(entry).text_en, now(entry).article) == (OLD, entry.article)


def test_put_back_to_not_confirmed_it_loses_the_day(editor, url, entry):
    fields = typed(editor.get(url)) | {"text_en": NEW, "change": "material"}
    del fields["confirmed"]

    save_entry(editor, url, fields)

    assert (now(entry).text_en, now(entry).confirmed, now(entry).checked_at) == (NEW, False, None)


def test_a_repair_keeps_the_day(save, entry):
    save(text_en=REPAIRED, change="wording")

    assert (now(entry).text_en, now(entry).confirmed, now(entry).checked_at) == (REPAIRED, True, CHECKED)


@pytest.mark.parametrize("words", [NEW, REPHRASED])
def test_what_is_only_called_wording_does_not_keep_it(press, words):
    assert "checked_at" in errors(press(text_en=words, change="wording", lowered_because="same_rule"))


# What it does, shown first


def test_the_first_press_writes_nothing_and_shows_what_the_second_does(press, entry, official, course, lessons):
    finished(official, course)
    before, logged = Overlay.objects.filter(pk=entry.pk).values().get(), AuditEntry.objects.count()

    answer = press(text_en=NEW, checked_at="2026-11-20", change="material")
    page = " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())

    assert Overlay.objects.filter(pk=entry.pk).values().get() == before
    assert AuditEntry.objects.count() == logged
    assert "1 official who has finished gets a refresher of about" in page
    assert "Those who have finished are written to" in page
    assert str(course.heading_en) in page
    assert "text checked on 20 November 2026" in page
    assert "français" in page


@pytest.mark.both
def test_the_second_press_does_what_was_shown(save, entry, official, course):
    finished(official, course)
    editions = CourseVersion.objects.filter(country="HT").count()

    answer = save(text_en=NEW, checked_at="2026-11-20", change="material")

    newest = CourseVersion.objects.filter(country="HT").order_by("-number").first()
    assert answer.status_code == 302
    assert (now(entry).text_en, now(entry).checked_at) == (NEW, dt.date(2026, 11, 20))
    assert (CourseVersion.objects.filter(country="HT").count(), newest.change_class) == (editions + 1, "material")


@pytest.mark.parametrize("is_demo", [False, True])
def test_to_take_the_tick_off_is_shown_first_with_the_courses_that_close(
    editor, url, entry, course, settings, is_demo
):
    settings.DEMO = is_demo  # where what nobody has confirmed is shown as a draft, and courses stay open
    fields = typed(editor.get(url))
    del fields["confirmed"]

    answer = editor.post(url, fields)
    page = " ".join(BeautifulSoup(answer.content, "html.parser").main.get_text(" ").split())

    assert now(entry).confirmed
    assert "With this the entry is confirmed no more." in page
    assert (f"no official of the country can begin: {course.heading_en}" in page) == (not is_demo)
    assert "No word changes." in page

    editor.post(url, carried(answer))
    assert not now(entry).confirmed


def test_a_day_of_checking_that_falls_away_is_shown_first(editor, url, entry):
    Overlay.objects.filter(pk=entry.pk).update(confirmed=False)
    answer = editor.post(url, typed(editor.get(url)) | {"checked_at": ""})

    assert now(entry).checked_at == CHECKED
    assert "confirmed no more" not in answer.content.decode()

    editor.post(url, carried(answer))
    assert now(entry).checked_at is None


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"checked_at": "2026-05-10"}, "from 11 May 2026 to 10 May 2026"),
        ({"review_at": "2026-06-01"}, "told at once that it is overdue since 1 June 2026"),
    ],
)
def test_a_day_by_which_readers_trust_it_less_is_shown_first(editor, url, press, entry, days, told):
    before = now(entry)

    answer = press(**days)

    banner = BeautifulSoup(answer.content, "html.parser").select_one("[data-days]")
    assert told in " ".join(banner.get_text().split())
    assert (now(entry).checked_at, now(entry).review_at) == (before.checked_at, before.review_at)
    editor.post(url, carried(answer))
    assert [str(getattr(now(entry), name)) for name in days] == list(days.values())


def test_who_leaves_the_days_as_they_are_is_told_nothing_of_them(editor, url, press, entry):
    Overlay.objects.filter(pk=entry.pk).update(review_at=dt.date(2026, 6, 1))

    page = BeautifulSoup(press(confirmed="").content, "html.parser")

    assert page.select_one("[data-page=entry-effects]")
    assert page.select_one("[data-days]") is None


def test_the_list_says_yes_and_no_in_the_language_of_the_page(editor, entry):
    page = editor.get(reverse("wagtailsnippets_training_overlay:list")).content.decode()
    cells = {cell.get_text(strip=True) for cell in BeautifulSoup(page, "html.parser").select("td")}

    assert "True" not in page
    assert "False" not in cells
    assert "Yes" in cells


def test_another_text_than_the_shown_one_is_shown_first(editor, url, press, entry):
    seen = carried(press(text_en=NEW, checked_at="2026-11-20", change="material"))

    answer = editor.post(url, seen | {"text_en": f"{NEW} And more."})

    assert now(entry).text_en == OLD
    assert "Nothing was saved" in answer.content.decode()
    assert carried(answer)["text_en"] == f"{NEW} And more."


@pytest.mark.parametrize("mark", ["", "x", "a:b:c"])
def test_a_mark_that_was_not_given_saves_nothing(editor, url, press, entry, mark):
    seen = carried(press(text_en=NEW, checked_at="2026-11-20", change="material"))

    editor.post(url, seen | {"seen": mark})

    assert now(entry).text_en == OLD


def test_what_was_shown_long_ago_is_shown_again(editor, url, press, entry, monkeypatch):
    seen = carried(press(text_en=NEW, checked_at="2026-11-20", change="material"))
    monkeypatch.setattr(entries, "LASTS", -1)

    editor.post(url, seen)

    assert now(entry).text_en == OLD


@pytest.mark.both
def test_a_colleagues_words_saved_in_between_send_the_form_back(editor, url, press, entry):
    seen = carried(press(text_en=NEW, checked_at="2026-11-20", change="material"))
    Overlay.objects.filter(pk=entry.pk).update(text_en="Their words.")

    answer = editor.post(url, seen)

    assert now(entry).text_en == "Their words."
    assert "This entry was saved by somebody else, or in another window" in answer.content.decode()


def test_the_way_back_leads_to_the_form_with_what_was_typed(editor, url, press, entry):
    seen = carried(press(text_en=NEW, checked_at="2026-11-20", change="material"))

    answer = editor.post(url, seen | {"back": "1"})

    assert now(entry).text_en == OLD
    assert typed(answer)["text_en"] == NEW
    assert typed(answer)["change"] == "material"


def in_hand(entry, change="material"):
    entry.text_en, entry.change = NEW, change
    return entry


@pytest.mark.both
def test_only_a_material_change_brings_refreshers_and_wording_ages_nothing(entry, official, course):
    finished(official, course)

    found = {
        kind: queries.entry_effects(in_hand(entry, kind), at=timezone.now())
        for kind in ("material", "minor", "wording")
    }

    assert {kind: one.refreshed for kind, one in found.items()} == {"material": 1, "minor": 0, "wording": 0}
    assert {kind: bool(one.ageing) for kind, one in found.items()} == {
        "material": True,
        "minor": True,
        "wording": False,
    }


@pytest.mark.both
def test_officials_of_another_country_are_not_counted(entry, person, countries, course):
    finished(person("learner", country=countries["TN"]), course)

    [reach] = queries.entry_effects(in_hand(entry), at=timezone.now()).reach

    assert (reach.finished, reach.refreshed) == (0, 0)


def test_a_lesson_that_nobody_is_asked_brings_no_refresher(entry, official, course, lessons):
    finished(official, course)
    type(lessons[0]).objects.update(required=False)

    [reach] = queries.entry_effects(in_hand(entry), at=timezone.now()).reach

    assert (reach.finished, reach.refreshed, reach.minutes) == (1, 0, 0)


def asked(entry):
    with CaptureQueriesContext(connection) as caught:
        queries.entry_effects(in_hand(entry), at=timezone.now())
    return len(caught)


@pytest.mark.both
def test_showing_costs_the_same_for_one_official_and_for_many(entry, person, countries, course):
    finished(person("learner", country=countries["HT"]), course)
    asked(entry)  # what a process keeps in memory is read once
    few = asked(entry)
    for _n in range(4):
        finished(person("learner", country=countries["HT"]), course)

    assert asked(entry) == few
