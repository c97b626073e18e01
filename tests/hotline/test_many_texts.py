"""More conversations by text wait than the queue lists: the number is true, who waits longest is listed, the rest is told."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.models import Contact, Message
from hotline.queries.console import desk as desk_of
from hotline.queries.lines import memory
from hotline.queries.waiting import LISTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(line, at):
    """Make conversations with a text that is unread, the first the longest ago: texts(count) -> the contacts."""

    def make(count, minutes=100, **values):
        rows = []
        for number in range(count):
            began = at - dt.timedelta(minutes=minutes - number)
            first = {"line": line, "country": line.country, "kind": "message", "state": "ended", "started_at": began}
            rows.append(Contact.objects.create(**first, changed_at=began, ended_at=began, is_missed=True, **values))
            Message.objects.create(contact=rows[-1], line=line, direction="in", made_at=began, key=str(rows[-1].pk))
        return rows

    return make


def test_all_that_wait_are_counted_and_those_that_wait_longest_listed(desk, operator, texts, at):
    first = texts(LISTED + 8)

    shown = desk_of(operator, at=at)
    page = desk.get(reverse("hotline:console")).content.decode()

    assert [row.contact for row in shown.texts] == first[:LISTED]
    assert (shown.text_count, shown.more_texts) == (LISTED + 8, 8)
    assert "By text, 38" in page
    assert 'data-texts="38"' in page
    assert "38 conversations by text wait." in page
    link = re.search(r'id="queue-more"><a href="([^"]+)">([^<]+)<', page)
    assert link.groups() == (
        reverse("hotline:missed"), "8 more conversations by text wait: among the missed contacts",
    )  # fmt: skip


@pytest.mark.parametrize(("count", "more"), [(LISTED - 1, 0), (LISTED, 0), (LISTED + 1, 1)])
def test_where_all_are_listed_no_more_are_told(desk, operator, texts, at, count, more):
    texts(count)

    assert (desk_of(operator, at=at).text_count, desk_of(operator, at=at).more_texts) == (count, more)
    assert ("queue-more" in desk.get(reverse("hotline:console")).content.decode()) == bool(more)


def test_what_others_answer_takes_no_place_of_what_waits_and_danger_goes_first(operator, person, liberia, texts, at):
    other = person("operator", country=liberia)
    answered = texts(4, minutes=500, claimed_by=other, claimed_until=at + dt.timedelta(minutes=4))
    waiting = texts(LISTED)
    (danger,) = texts(1, minutes=1, is_danger=True)

    shown = desk_of(operator, at=at)

    assert [row.contact for row in shown.texts] == [danger, *waiting[:-1]]
    assert shown.more_texts == 1
    assert {row.contact for row in shown.rows if row.answerer == other} == set(answered)


def test_many_cost_no_query_more_than_a_few(operator, texts, at):
    def asked():
        memory()
        with CaptureQueriesContext(connection) as caught:
            desk_of(operator, at=at)
        return len(caught)

    texts(2)
    few = asked()
    texts(LISTED)
    many = asked()
    texts(LISTED)

    assert (many, asked()) == (few, few)
