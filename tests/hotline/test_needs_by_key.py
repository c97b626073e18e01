"""Who is locked in, hurt or wants the police by key: first in the queue as in danger, and the console says so with a number."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.models import Contact, KeyAnswer
from hotline.queries import console
from hotline.queries.alarm import alarm_of
from hotline.queries.contacts import place_in_queue
from hotline.queries.needs import needs_by_key
from hotline.queries.waiting import queue_of
from tests.hotline.asking import call_in_conversation  # noqa: F401 -- fixture
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
POLICE, LOCKED, HURT = (f"{words} Yes, by key" for words in (
    "Do you want the police to come?", "Are you locked in?", "Are you hurt?"))  # fmt: skip


def keyed(contact, at, **answers):
    for question, answer in answers.items():
        KeyAnswer.objects.create(contact=contact, question=question, answer=answer, at=at)


def row_of(page, contact):
    return next(row for row in page.split('<ol class="queue">')[1].split("<li") if contact.code in row)


def banner_of(page):
    return page.split('<p class="banner bad">')[1].split("</p>")[0] if '<p class="banner bad">' in page else ""


def test_a_silent_caller_who_wants_the_police_comes_first_though_she_says_that_she_is_in_no_danger(
    network, desk, operator, line, at
):
    early = waiting(line, at - dt.timedelta(minutes=9))
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    before = network.contact
    no_danger_but_the_police = "112112"  # and somebody listens
    for turn, key in enumerate(no_danger_but_the_police, start=3):
        network.step("silent", turn, Digits=key)
    contact = network.contact
    keyed(contact, at, may_text="yes")

    page = desk.get(reverse("hotline:console")).content.decode()
    row = row_of(page, contact)

    assert (before.priority, contact.is_danger, contact.priority) == (1, False, 0)
    assert [place_in_queue(one) for one in (contact, early)] == [1, 2]
    assert row.startswith(' class="danger"')
    assert [words in row for words in (LOCKED, HURT, POLICE)] == [False, False, True]
    assert "Cannot speak, answers by keys" in row
    assert "Is someone listening?" not in row
    assert page.index(f"take-{contact.code}") < page.index(f"take-{early.code}")
    assert 'data-danger="1"' in page
    assert "data-danger-title" in page


@pytest.mark.parametrize("question", ["locked_in", "hurt", "send_police"])
def test_a_need_that_an_operator_asked_for_by_key_stands_in_the_bar_with_the_number_of_the_police(
    desk, talk, clock, question
):
    calm = desk.get(reverse("hotline:console")).content.decode()
    seen = calm.partition('name="seen" value="')[2].partition('"')[0]
    talk.led_out(question)
    clock.move(seconds=1)
    talk.key("2")
    live = desk.get(reverse("hotline:console_live"), {"seen": seen}, headers=HTMX).content.decode()

    words = {"locked_in": LOCKED, "hurt": HURT, "send_police": POLICE}[question]
    assert (banner_of(calm), talk.contact.priority, talk.contact.is_danger) == ("", 0, False)
    assert words in banner_of(live)
    assert "Local police: <bdi>911</bdi>." in banner_of(live)
    assert "Danger." not in banner_of(live)


def test_beside_danger_the_needs_stand_in_one_banner_and_danger_is_told_once(desk, talk, now):
    for question in ("danger", "hurt"):
        talk.led_out(question)
        talk.key("2")

    page = desk.get(reverse("hotline:console")).content.decode()

    assert page.count('<p class="banner bad">') == 1
    assert banner_of(page).index("Danger.") < banner_of(page).index(HURT) < banner_of(page).index("Local police:")
    assert "Are you in danger now?" not in banner_of(page)


def test_without_a_number_of_the_police_the_banner_says_so(desk, talk, line, now):
    line.police_number = ""
    line.save()
    keyed(talk.contact, talk.at, send_police="yes")

    assert "No police number is set for this line." in banner_of(desk.get(reverse("hotline:console")).content.decode())


def test_needs_stand_with_danger_by_wait_and_no_other_answer_does(operator, line, at):
    ask = {"cut": {"state": "returned", "priority": 2}, "calm": {}, "danger": {"is_danger": True, "priority": 0}}
    cut, calm, danger = (
        waiting(line, at + dt.timedelta(minutes=number), **values) for number, values in enumerate(ask.values())
    )
    first, last = (waiting(line, at + dt.timedelta(minutes=number), priority=0) for number in (1, 7))
    keyed(first, at, send_police="yes", danger="no")
    keyed(last, at, locked_in="yes")
    keyed(calm, at, hurt="no", locked_in="unknown", overheard="yes", under_18="yes", may_text="yes")

    rows = queue_of(operator, [line], at, state=None).rows

    assert [row.contact for row in rows] == [first, danger, last, cut, calm]
    assert [row.is_urgent for row in rows] == [True, True, True, False, False]
    assert [[need.line for need in row.needs] for row in rows] == [[POLICE], [], [LOCKED], [], []]
    assert console.desk(operator, at=at).danger_count == 3


def test_the_needs_of_however_many_callers_are_one_statement_and_none_where_nobody_has_any(
    operator, line, at, django_assert_num_queries
):
    def queue():
        return queue_of(operator, [line], at, state=None).rows

    calm, *needy = (waiting(line, at) for _number in range(4))
    keyed(calm, at, hurt="no")
    queue()  # the duty of each line is kept in memory
    with CaptureQueriesContext(connection) as before:
        assert not any(row.needs for row in queue())
    for one in needy:
        keyed(one, at, hurt="yes", send_police="yes")
    with django_assert_num_queries(len(before) + 1):
        assert sum(len(row.needs) for row in queue()) == 6
    with django_assert_num_queries(1):
        assert set(needs_by_key([calm, *needy])) == {one.pk for one in needy}


def test_the_bar_of_other_pages_tells_of_it_in_one_statement(operator, line, at, django_assert_num_queries):
    contact = waiting(line, at, is_practice=False)
    keyed(contact, at, danger="no", hurt="no")
    assert not alarm_of(operator).is_on
    keyed(contact, at, send_police="yes")

    with django_assert_num_queries(1):
        assert alarm_of(operator).is_on
    Contact.objects.update(state="connected")
    assert not alarm_of(operator).is_on
