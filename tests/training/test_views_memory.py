"""What a lesson costs, and that what is kept in memory is never stale."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from languages import actions as language_actions
from tests.training.answers import address
from training.models import Compiled, Lesson


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
