"""The public numbers that are our own lines: price, hours and number are what the line says, on every page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import formats, translation

from accounts import actions as people
from accounts.models import AuditEntry, Country, PublicContact
from accounts.queries import contacts_of
from accounts.queries.marks import number_mark
from hotline import actions, queries, tasks
from hotline.actions import lines, rosters
from hotline.actions.public_numbers import HOURS
from hotline.choices import Mode
from hotline.models import Line
from hotline.queries.hours import LONGEST
from hotline.queries.lines import week_of
from languages import actions as desk
from languages.models import Segment
from languages.queries import status_of
from tests.hotline.public import told
from tests.hotline.test_views_lines import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
MIDNIGHT = dt.datetime(2026, 11, 26, 0, 0, tzinfo=dt.UTC)  # also Liberia's


def find_help(client, language="en"):
    return client.get(f"/{language}/help/liberia/").content.decode()


def test_number_that_is_a_line_is_kept_by_it_as_soon_as_it_is_entered(line, public):
    assert public.line == line.public_id
    assert told(public) == (True, "Every day, all day and night", "Tous les jours, jour et nuit", "28 83")


@pytest.mark.parametrize("number", ["2883", "28-83", "+231 2883", "+2312883", "(2883)"])
def test_number_is_the_lines_however_it_is_written(line, public, number):
    PublicContact.objects.update(line=None, number=number, is_free=False)

    actions.keep_public_numbers(country="LR", by="test", at=MIDNIGHT)

    assert told(public)[0] is True


def test_number_in_the_form_of_the_country_is_the_lines_in_that_of_the_world(line, public, at):
    Line.objects.update(number="+231770123456", numbers="+231770123456")
    PublicContact.objects.update(line=None, number="0770 123 456", is_free=False)

    actions.keep_public_numbers(country="LR", by="test", at=at)

    assert told(public)[0::3] == (True, "0770 123 456")


def test_other_numbers_and_the_same_number_elsewhere_are_kept_by_hand(line, haiti, at):
    rows = [
        PublicContact.objects.create(country=country, kind="hotline", name_en="N", number=number, hours_en="Mornings")
        for country, number in ((line.country, "911"), (haiti, "2883"), (line.country, ""))
    ]

    assert actions.keep_public_numbers(country="LR", by="test", at=at) == 0
    assert [told(row)[:2] for row in rows] == [(False, "Mornings")] * 3


@pytest.mark.parametrize(("language", "free"), [("en", "free"), ("fr", "gratuit")])
def test_unticked_free_leaves_find_help_at_once(manager, line, public, language, free):
    before = find_help(manager, language)

    manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, is_free=None))

    assert f'<span class="soft small">{free} · ' in before
    assert f'<span class="soft small">{free} · ' not in find_help(manager, language)
    assert AuditEntry.objects.filter(verb="country.number_kept").last().actor != "test"


def test_day_on_which_the_line_is_closed_is_told_and_taken_back(manager, line, public, at, now):
    lines.set_exception(line=line, day=at.date(), spans=[], note="", by="test", at=at)
    closed = told(public)[1], find_help(manager), queries.line_of("LR", at)

    lines.drop_exception(line=line, day=at.date(), by="test", at=at)

    words = f"Closed today, open again on {_named(at.date() + dt.timedelta(days=1))} at 00:00"
    assert closed[0] == words
    assert "Closed today" in closed[1]
    assert "All day" not in closed[1]
    assert (closed[2].is_open, closed[2].hours_text, closed[2].has_other_times) == (False, words, False)
    assert told(public)[1:3] == ("Every day, all day and night", "Tous les jours, jour et nuit")


def test_day_with_other_hours_is_told_in_each_language(line, public, at):
    spans = [(dt.time(10), dt.time(12)), (dt.time(14), dt.time(16))]

    lines.set_exception(line=line, day=at.date(), spans=spans, note="", by="test", at=at)

    words = told(public)
    assert words[1] == "Today, 10:00 to 12:00, 14:00 to 16:00"
    assert words[2].startswith("Aujourd")
    assert queries.line_of("LR", at).has_other_times


def test_days_of_the_coming_week_that_differ_are_told_in_each_language(manager, line, public, at, now):
    later = [at.date() + dt.timedelta(days=number) for number in (1, 2, 8)]
    for day in (later[0], later[2]):
        lines.set_exception(line=line, day=day, spans=[], note="", by="test", at=at)
    lines.set_exception(line=line, day=later[1], spans=[(dt.time(9), dt.time(11))], note="", by="test", at=at)

    words = told(public)[1]
    assert words == (f"Every day, all day and night. Closed on {_named(later[0])}. {_named(later[1])} 09:00 to 11:00")
    assert words in find_help(manager)
    assert queries.line_of("LR", at).hours_text.endswith(words[1:])
    with translation.override("fr"):
        assert formats.date_format(later[0], "l j F") in told(public)[2]


def _named(day):
    return f"{day:%A} {day.day} {day:%B}"


def test_closed_today_says_when_it_opens_and_no_closed_day_before_that(line, public, at):
    later = [at.date() + dt.timedelta(days=number) for number in (1, 2, 3)]
    lines.set_hours(line=line, week=dict.fromkeys(range(7), [(dt.time(8), dt.time(16))]), by="test", at=at)
    for day in (at.date(), later[0], later[2]):
        lines.set_exception(line=line, day=day, spans=[], note="", by="test", at=at)

    words = told(public)[1]
    assert words == f"Closed today, open again on {_named(later[1])} at 08:00. Closed on {_named(later[2])}"


def test_words_of_the_hours_fit_the_column_in_every_language(line, public, at):
    for number in range(8):
        spans = [(dt.time(9), dt.time(11)), (dt.time(14), dt.time(17))] if number % 2 else []
        day = at.date() + dt.timedelta(days=number)
        lines.set_exception(line=line, day=day, spans=spans, note="", by="test", at=at)

    told(public)
    hours = [getattr(public, column) for column in HOURS.values()]
    assert all(0 < len(words) <= LONGEST for words in hours)
    assert PublicContact._meta.get_field("hours").max_length == LONGEST


def test_changed_hours_are_told_at_once(manager, line, public):
    sent = (
        typed(line)
        | {f"opens_{day}_0": "08:00" for day in range(7)}
        | {f"closes_{day}_0": "16:00" for day in range(7)}
    )

    manager.post(reverse("hotline:line", args=[line.public_id]), sent)

    assert week_of(line)[0] == [(dt.time(8), dt.time(16))]
    assert told(public)[1:3] == ("Every day, 08:00 to 16:00", "Tous les jours, de 08:00 à 16:00")
    assert "Tous les jours, de 08:00 à 16:00" in find_help(manager, "fr")


def test_week_that_is_too_long_to_tell_is_told_day_by_day(line, public, at):
    week = {day: [(dt.time(8), dt.time(9 + day)), (dt.time(17), dt.time(18 + day % 5))] for day in range(7)}

    lines.set_hours(line=line, week=week, by="test", at=at)

    assert told(public)[1] == "Today, 08:00 to 11:00, 17:00 to 20:00"
    assert queries.line_of("LR", at).hours_text == "today, 08:00 to 11:00, 17:00 to 20:00"


def test_number_follows_its_line_and_is_not_checked_any_more(manager, line, public):
    manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, number="2884", numbers="2884"))

    assert told(public)[0::3] == (True, "2884")
    assert (public.line, public.checked_at) == (line.public_id, None)
    assert 'href="tel:2884"' in find_help(manager)


def test_number_that_the_line_still_answers_stays_as_written(manager, line, public, at):
    manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, number="+2312883"))

    assert told(public)[3] == "28 83"
    assert public.checked_at == at.date()


def test_the_day_on_which_a_line_left_its_number_is_the_countrys(line, public, at):
    Country.objects.update(time_zone="Pacific/Kiritimati")
    line.delete()
    queries.forget_lines()

    tasks.tell_hours(at + dt.timedelta(hours=6))

    public.refresh_from_db()
    assert public.line_left_on == at.date() + dt.timedelta(days=1)


def test_line_that_is_gone_leaves_its_number_to_people(manager, line, public, at):
    line.delete()
    queries.forget_lines()

    assert tasks.tell_hours(at) == 1

    assert (told(public)[0], any(told(public)[1:3]), public.number) == (False, False, "28 83")
    assert (public.line, public.line_left_on, public.checked_at) == (None, at.date(), None)
    words = "No line keeps this number any more"
    assert words in manager.get(reverse("accounts:country", args=["LR"])).content.decode()
    page = reverse("accounts:number", args=["LR", public.pk])
    assert words in manager.get(page).content.decode()
    manager.post(page, {"kind": "hotline", "name": "Hotline", "number": "28 83", "hours": "Mornings",
                        "source_kind": "official", "seen": number_mark(public)})  # fmt: skip
    assert told(public)[1] == "Mornings"
    assert words not in manager.get(page).content.decode()


def test_second_number_of_the_same_line_says_the_same(line, public, at):
    other = PublicContact.objects.create(country=line.country, kind="child", name_en="Children", number="+2312883")

    lines.set_exception(line=line, day=at.date(), spans=[], note="", by="test", at=at)

    assert told(public)[:3] == told(other)[:3]
    assert other.line == line.public_id


def test_line_that_takes_messages_only_says_so(line, public, supervisor, at):
    rosters.set_mode(line=line, mode=Mode.MESSAGE, by=supervisor, at=at)
    now = told(public)[1], queries.line_of("LR", at)

    rosters.set_mode(line=line, mode=Mode.NORMAL, by=supervisor, at=at)

    assert now[0] == "Closed now. You can leave a message."
    assert (now[1].is_open, now[1].hours_text) == (False, "")
    assert told(public)[1] == "Every day, all day and night"


def test_hours_of_a_line_are_no_work_for_translators(line, public, at):
    paths = Segment.objects.filter(object_id=public.pk, retired_at=None, content_type__model="publiccontact")
    assert [segment.path for segment in paths] == ["name"]
    assert status_of(public, "fr").total == 1

    desk.seed_languages(public, {"fr": {"name": "Ligne"}}, by="test", at=at)
    desk.reapply(public)

    assert told(public)[2] == "Tous les jours, jour et nuit"
    assert public.name_fr == "Ligne"


def test_screens_name_the_line_and_take_nothing_else(manager, line, public, at):
    page = reverse("accounts:number", args=["LR", public.pk])
    link = reverse("hotline:line", args=[line.public_id])

    for screen in (page, reverse("accounts:country", args=["LR"])):
        html = manager.get(screen).content.decode()
        assert f'href="{link}"' in html
        assert "The line <bdi>28 83</bdi> keeps this: change it there" in html
    forged = {"number": "666", "hours": "Never", "kind": "child", "name": "Children", "source_kind": "press"}
    forged["seen"] = number_mark(PublicContact.objects.get(pk=public.pk))
    assert manager.post(page, forged).status_code == 302

    assert told(public) == (True, "Every day, all day and night", "Tous les jours, jour et nuit", "28 83")
    assert (public.kind, public.name_en, public.checked_at) == ("child", "Children", at.date())


def test_form_opened_before_the_line_kept_the_number_changes_nothing_of_it(line, public, at):
    facts = {"kind": "hotline", "name": "Hotline", "number": "666", "hours": "Never", "is_free": False,
             "source_kind": "official", "source": ""}  # fmt: skip
    seen = PublicContact.objects.get(pk=public.pk)
    seen.line = None

    people.keep_number(contact=seen, facts=facts, by="test", at=at)

    assert told(public)[0::3] == (True, "28 83")


def test_number_typed_before_the_line_kept_it_is_not_said_to_be_kept(manager, line, public, at):
    seen = number_mark(PublicContact(kind="hotline", name_en="Hotline", number="28 83"))
    sent = {"kind": "hotline", "name": "Hotline", "number": "666", "source_kind": "official", "source": "Letter"}
    tasks.tell_hours(at)

    answer = manager.post(reverse("accounts:number", args=["LR", public.pk]), sent | {"seen": seen})

    assert answer.status_code == 409
    assert "Somebody changed this number while you had it open." in answer.content.decode()
    assert told(public)[0::3] == (True, "28 83")


def test_reading_numbers_costs_one_query(line, public, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert contacts_of("LR")[0].is_free
