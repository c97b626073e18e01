"""Who to call: a line's own number says in a lesson what the line says, at once and at no further cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline import queries, tasks
from hotline.actions import lines
from hotline.models import Line
from tests.training.answers import address

WHERE = "?country=HT"


@pytest.fixture
def line(countries, at, time_machine):
    """Haiti's free practice line, open day and night, whose number Haiti publishes."""
    time_machine.move_to(at, tick=False)
    countries["HT"].contacts.create(kind="hotline", name_en="Committee line", number="840", hours_en="Mornings")
    row = lines.open_line(
        country=countries["HT"], numbers=["840"], name="Line", number="840", account="AC" + "0" * 32,
        language_keys="1:fr", duty_phone="+50934000000", other_number="116", is_free=True, is_practice=True,
        opens_on_holidays=True, by="test", at=at,
    )  # fmt: skip
    lines.set_hours(line=row, week={day: [(dt.time(0), dt.time(0))] for day in range(7)}, by="test", at=at)
    yield row
    queries.forget_lines()


def who(client, lesson, language="en"):
    html = client.get(address(lesson, language, query=WHERE)).content.decode()
    return html.split('<div class="card who">')[1].split("</dl>")[0]


@pytest.mark.parametrize(("language", "free"), [("en", "free"), ("fr", "gratuit")])
def test_price_is_the_lines(client, lessons, line, at, language, free):
    before = who(client, lessons[0], language)
    week = {day: [(dt.time(0), dt.time(0))] for day in range(7)}
    lines.change_line(line=line, facts={"is_free": False}, week=week, version=line.version, by="test", at=at)

    after = who(client, lessons[0], language)

    assert (free in before, free in after) == (True, False)


@pytest.mark.parametrize(("language", "hours"), [("en", "Every day, all day"), ("fr", "Tous les jours, jour")])
def test_hours_are_the_lines_and_those_of_today(client, lessons, line, at, language, hours):
    before = who(client, lessons[0], language)
    lines.set_exception(line=line, day=at.date(), spans=[], note="", by="test", at=at)
    closed = who(client, lessons[0], language)

    tasks.tell_hours(at + dt.timedelta(days=1))
    after = who(client, lessons[0], language)

    assert (hours in before, hours in closed, hours in after) == (True, False, True)
    assert "Mornings" not in before


def test_number_is_the_lines(client, lessons, line, at):
    before = who(client, lessons[0])
    facts = {"number": "841", "numbers": "841"}
    week = {day: [(dt.time(0), dt.time(0))] for day in range(7)}

    lines.change_line(line=line, facts=facts, week=week, version=line.version, by="test", at=at)

    after = who(client, lessons[0])
    assert ("tel:840" in before, "tel:840" in after, "tel:841" in after) == (True, False, True)


def test_line_that_is_switched_off_says_nothing_more(client, lessons, line, at):
    who(client, lessons[0])
    Line.objects.update(is_active=False)

    tasks.tell_hours(at)

    html = who(client, lessons[0])
    assert not any(words in html for words in ("tel:840", "Committee line", "free", "all day", "Mornings"))


def test_a_lesson_costs_no_query_more_for_it(client, lessons, line):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            who(client, lessons[0])
        return len([query for query in caught if "SAVEPOINT" not in query["sql"]])

    cost()
    kept = cost()
    line.country.contacts.update(line=None, number="999")

    assert kept == cost()
