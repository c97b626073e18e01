"""What a lesson costs, and that what is kept in memory is never stale."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from cms.queries import KEPT_KEY
from languages import actions as language_actions
from languages.queries import SWITCHES_KEY
from tests.training.answers import address, token_of
from training import actions
from training.models import Compiled, Lesson, Overlay


@pytest.mark.parametrize("language", ["en", "fr", "sw"])
def test_a_lesson_costs_at_most_eight_queries(client, sign_in, official, lessons, language):
    sign_in(official)
    for _warm in range(2):
        client.get(address(lessons[0], language))

    with CaptureQueriesContext(connection) as caught:
        client.get(address(lessons[0], language))

    statements = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 8, statements
    assert not [statement for statement in statements if "wagtailcore_site" in statement]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_lesson_costs_eight_where_all_that_is_kept_for_seconds_is_over(client, sign_in, official, lessons, language):
    sign_in(official)
    client.get(address(lessons[0], language))
    cache.delete_many([KEPT_KEY, SWITCHES_KEY])

    with CaptureQueriesContext(connection) as caught:
        client.get(address(lessons[0], language))

    assert len(caught) <= 8, [query["sql"] for query in caught]


def test_an_edit_shows_at_once_though_the_lesson_is_in_memory(client, lessons):
    before = client.get(address(lessons[0])).content.decode()
    lesson = Lesson.objects.get(pk=lessons[0].pk)
    lesson.heading_en = "Three elements, said anew"
    lesson.save_revision().publish()

    page = client.get(address(lessons[0])).content.decode()
    following = client.get(address(lessons[1])).content.decode()

    assert "said anew" not in before
    assert "<h1>Three elements, said anew</h1>" in page
    assert "Three elements, said anew" in following


def test_a_withdrawn_translation_is_marked_at_once_though_the_lesson_is_in_memory(client, lessons, at):
    first = lessons[0].body_en[0].id
    before = client.get(address(lessons[0], "ar")).content.decode()
    language_actions.withdraw(lessons[0], "ar", paths=[f"body.{first}.html"], reason="wrong", by="test", at=at)

    html = client.get(address(lessons[0], "ar")).content.decode()

    mark = f'data-screen="{first}" lang="en" dir="ltr"'
    assert (mark in before, mark in html) == (False, True)


def test_what_another_process_built_shows_at_once(client, lessons):
    client.get(address(lessons[0]))
    row = Compiled.objects.get(page=lessons[0].pk, language="en", part="")
    row.body = row.body.replace("Three elements", "Built elsewhere")
    row.built_at += dt.timedelta(seconds=1)
    row.save()

    assert "<h1>Built elsewhere</h1>" in client.get(address(lessons[0])).content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_lesson_page_is_light(client, lessons, language):
    import gzip  # noqa: PLC0415 -- only this test weighs

    html = client.get(address(lessons[0], language)).content

    assert len(gzip.compress(html)) <= 14_000


def test_a_lesson_read_again_writes_only_what_hangs_on_the_reader(client, sign_in, official, lessons):
    sign_in(official)
    for _warm in range(2):
        client.get(address(lessons[0], "ar"))
    written = []

    def note(sender, template, **_rest):
        written.append(template.name)

    template_rendered.connect(note)
    client.get(address(lessons[0], "ar"))
    template_rendered.disconnect(note)

    assert written.count("training/_screen.html") == 1
    assert "training/_outline.html" not in written


def test_a_public_number_that_changed_shows_at_once_though_the_lesson_is_in_memory(client, lessons, countries):
    number = countries["HT"].contacts.create(kind="hotline", name_en="Line", number="840")
    where = address(lessons[0], query="?country=HT")
    before = client.get(where).content.decode()
    number.number, number.checked_at = "841", dt.date(2026, 11, 25)
    number.save()

    html = client.get(where).content.decode()

    assert ("tel:840" in before, "tel:840" in html, "tel:841" in html) == (True, False, True)
    assert "checked on 25 November 2026" in html


def test_an_entry_of_law_that_changed_or_grew_overdue_shows_at_once(client, lessons, person, at, time_machine):
    time_machine.move_to(at, tick=False)
    where = address(lessons[0], query="?country=HT")
    before = client.get(where).content.decode()
    entry = Overlay.objects.filter(country="HT", slot="definition").first()
    entry.article, entry.review_at = "Article 99", dt.date(2026, 11, 30)
    entry.save()
    actions.overlay_changed(overlay=entry, by=person("manager"), at=at)
    changed = client.get(where).content.decode()
    time_machine.move_to(dt.datetime(2026, 12, 1, 10, 0, tzinfo=dt.UTC), tick=False)

    later = client.get(where).content.decode()

    assert ("Article 99" in before, "Article 99" in changed) == (False, True)
    assert ("Check overdue" in changed, "Check overdue" in later) == (False, True)


def test_the_outline_shows_each_learner_what_she_did(client, sign_in, official, person, lessons):
    sign_in(official)
    token = token_of(client.get(address(lessons[0])).content.decode(), 'class="pager"')
    client.post(address(lessons[0]), {"token": token})
    hers = client.get(address(lessons[1])).content.decode()
    sign_in(person("learner", country=official.country))

    others = client.get(address(lessons[1])).content.decode()

    assert (hers.count('class="done" href'), others.count('class="done" href')) == (2, 0)
