"""The list of missed contacts: danger is marked as in the log, and stands first."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline import triage
from hotline.actions.follow_up import close_follow_up
from hotline.models import Contact, KeyAnswer, Message, Sheet, SheetForm
from hotline.queries.board import board_mark
from hotline.queries.console import Due, due
from hotline.queries.log import missed_contacts
from hotline.queries.needs import with_needs
from tests.hotline.console import waiting
from tests.hotline.thirds import browser_of

pytestmark = pytest.mark.django_db


def missed(line, at, hours, **values):
    """Make a contact whose follow-up is due in so many hours."""
    due = at + dt.timedelta(hours=hours)
    return waiting(line, at, state="ended", outcome="abandoned", is_missed=True, ended_at=at, due_at=due, **values)


def row_of(page, contact):
    """Return the row of a contact on a page."""
    return next(row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if contact.code in row)


def test_who_told_of_danger_is_marked_and_stands_first(desk, network, line, at):
    early, late = missed(line, at, 0), missed(line, at, 23)
    network.queued()
    network.step("left", 2, DialCallStatus="completed")
    network.step("choices", 3, Digits="9")
    network.status("completed", "9")
    danger = network.contact

    page = desk.get(reverse("hotline:missed")).content.decode()
    log = desk.get(reverse("hotline:call_log")).content.decode()

    chip = re.search(r'<span class="chip bad">.*?Danger</span>', row_of(log, danger), re.DOTALL).group()
    assert [chip in row_of(page, one) for one in (danger, early, late)] == [True, False, False]
    assert sorted((danger, early, late), key=lambda one: page.index(one.code)) == [danger, early, late]
    assert danger.due_at > early.due_at


def test_a_sheet_of_danger_that_nobody_finishes_is_marked_and_stands_first(desk, line, at):
    ended = at - dt.timedelta(days=2)
    calm = waiting(line, at, state="wrap_up", ended_at=ended)
    danger = waiting(line, at, state="wrap_up", ended_at=ended + dt.timedelta(hours=1), is_danger=True)

    page = desk.get(reverse("hotline:missed")).content.decode()

    assert [">Danger<" in row_of(page, one) for one in (danger, calm)] == [True, False]
    assert page.index(danger.code) < page.index(calm.code)


def test_a_closed_follow_up_leaves_the_sheet_open_that_its_operator_still_fills_in(line, operator, at):
    call = waiting(line, at, state="wrap_up", step="wrap_up", ended_at=at, is_missed=True, due_at=at)

    close_follow_up(contact=call, closing="reached", by=operator, at=at)

    call.refresh_from_db()
    assert (call.state, call.step, call.closing) == ("wrap_up", "wrap_up", "reached")


NEEDS = {"locked_in": "Are you locked in? Yes, by key", "hurt": "Are you hurt? Yes, by key", "send_police": "Do you want the police to come? Yes, by key"}  # fmt: skip


@pytest.mark.parametrize("question", NEEDS)
def test_who_is_in_need_is_followed_up_within_the_hour_and_stands_above_the_others(desk, network, line, at, question):
    calm = missed(line, at, 0)
    network.queued()
    KeyAnswer.objects.create(contact=network.contact, question=question, answer="yes", at=at)
    network.status("completed", "9")
    needy = network.contact

    page = desk.get(reverse("hotline:missed")).content.decode()

    assert needy.due_at - needy.ended_at == dt.timedelta(hours=1)
    assert [NEEDS[question] in row_of(page, one) for one in (needy, calm)] == [True, False]
    assert page.index(needy.code) < page.index(calm.code)


def test_who_is_in_need_stands_first_and_in_both_halves_the_first_due_so_what_is_late(desk, line, at):
    """A danger that is due later does not stand before a need that is late already, nor below a calm one that is late."""
    soon, late, calm, due = (missed(line, at, hours) for hours in (9, -2, -30, 4))
    danger = missed(line, at, 3, is_danger=True)
    for one in (soon, late):
        KeyAnswer.objects.create(contact=one, question="hurt", answer="yes", at=at)

    page = desk.get(reverse("hotline:missed")).content.decode()

    expected = [late, danger, soon, calm, due]
    assert sorted(expected, key=lambda one: page.index(one.code)) == expected
    assert "Missed contacts: who is in need now first, then the others; in each, the first due first" in page


def test_the_newest_sheet_says_who_is_in_need(operator, line, at):
    held, free, calm = (missed(line, at, hours) for hours in (20, 10, 5))
    held.sheets.create(version=1, answers={"sign_movement": "yes"}, saved_at=at)
    free.sheets.create(version=1, answers={"sign_movement": "yes"}, saved_at=at)
    free.sheets.create(version=2, answers={"sign_movement": "no"}, saved_at=at)

    listed = with_needs(missed_contacts(operator))

    assert listed == [held, calm, free]
    assert [[need.line for need in one.needs_now] for one in listed] == [["Movement restricted: Yes"], [], []]


def test_an_open_sheet_of_who_is_locked_in_says_so_and_stands_above_the_calm(desk, line, at):
    ended = at - dt.timedelta(days=2)
    calm = waiting(line, at, state="wrap_up", ended_at=ended)
    needy = waiting(line, at, state="wrap_up", ended_at=ended + dt.timedelta(hours=1))
    KeyAnswer.objects.create(contact=needy, question="locked_in", answer="yes", at=at)

    page = desk.get(reverse("hotline:missed")).content.decode()

    assert [NEEDS["locked_in"] in row_of(page, one) for one in (needy, calm)] == [True, False]
    assert page.index(needy.code) < page.index(calm.code)


def test_a_way_in_other_letters_does_not_tear_the_day_beside_it(desk, line, at):
    contact = missed(line, at, 1, channel="whatsapp", kind="message")

    row = row_of(desk.get(reverse("hotline:missed").replace("/en/", "/ar/")).content.decode(), contact)

    assert re.search(r"<bdi>[^<]*WhatsApp</bdi>، ?<bdi>[^<]*:\d\d</bdi>", row)


def needy_rows(line, operator, at, count):
    """Make so many missed contacts and so many open sheets of people in need, by key, by the house's form and by a country's."""
    form = SheetForm.objects.create(country=line.country, number=1, body=triage.body_of(triage.HOUSE), made_at=at)
    for nth in range(count):
        ended = at - dt.timedelta(days=2)
        for one in (missed(line, at, nth), waiting(line, at, state="wrap_up", ended_at=ended)):
            if nth % 3 == 0:
                KeyAnswer.objects.create(contact=one, question="locked_in", answer="yes", at=at)
            else:
                one.sheets.create(version=1, answers={"sign_movement": "no"}, saved_at=at)
                asked = {"form": form} if nth % 3 == 1 else {}
                one.sheets.create(version=2, answers={"sign_movement": "yes"}, saved_at=at, **asked)


def test_people_in_need_cost_the_list_no_statement_each(desk, operator, line, at):
    told, counts = [], []
    for count in (2, 20):
        Contact.objects.all().delete()
        SheetForm.objects.all().delete()
        needy_rows(line, operator, at, count)
        desk.get(reverse("hotline:missed"))  # what a process keeps is there

        with CaptureQueriesContext(connection) as asked:
            page = desk.get(reverse("hotline:missed")).content.decode()

        counts.append(len(asked))
        told.append([page.count(words) for words in (NEEDS["locked_in"], "Movement restricted: Yes")])
    assert counts[0] == counts[1]
    assert told == [[2, 2], [14, 26]]


def marks_on(browser, place, link):
    """Return what stands beside the number of missed contacts on a page, in one line."""
    page = BeautifulSoup(browser.get(reverse(place)).content, "html.parser")
    row = page.find(id=link).find_parent("div") if link == "board-missed" else page.find(id=link)
    return " ".join(row.get_text(" ").split())


PLACES = [("hotline:board", "board-missed"), ("hotline:console", "due-missed")]


@pytest.mark.parametrize(("place", "link"), PLACES)
def test_beside_the_number_it_stands_how_many_are_late_or_in_danger(line, now, at, supervisor, place, link):
    hers = browser_of(supervisor)
    missed(line, at, 1)
    calm = marks_on(hers, place, link)
    missed(line, at, -1)
    missed(line, at, 2, is_danger=True)
    hurt = missed(line, at, 2)
    KeyAnswer.objects.create(contact=hurt, question="hurt", answer="yes", at=at)
    told = marks_on(hers, place, link)

    assert (calm, told) == ("Missed contacts 1", "Missed contacts 1 in danger 1 in need now 1 late 4")


def test_who_is_in_need_by_key_or_by_the_sheet_counts_and_who_was_answered_or_closed_does_not(line, supervisor, at):
    by_key, by_sheet = missed(line, at, 1), missed(line, at, 1)
    KeyAnswer.objects.create(contact=by_key, question="locked_in", answer="yes", at=at)
    Sheet.objects.create(contact=by_sheet, version=1, answers={"safe_now": "no"}, saved_at=at)
    missed(line, at, -1, is_danger=True, closed_at=at, closing="no_need")
    answered = missed(line, at, -1, is_danger=True, kind="message")
    for direction in ("in", "out"):
        Message.objects.create(
            contact=answered, key=direction, direction=direction, made_at=at, read_at=at, state="sent"
        )

    assert due(supervisor, at=at) == Due(callbacks=0, missed=2, late=0, danger=0, need=2, answered=1, unfinished=0)


def test_one_that_becomes_late_shows_on_the_open_board_within_a_minute(line, supervisor, now, at):
    missed(line, at, 0.01)
    hers, live = browser_of(supervisor), reverse("hotline:board_live")
    seen = board_mark(supervisor, at=at)
    assert hers.get(live, {"seen": seen}).status_code == 204
    now.move_to(at + dt.timedelta(minutes=1), tick=False)

    assert "1 late" in hers.get(live, {"seen": seen}).content.decode()


def test_what_is_late_is_counted_with_the_rest_in_one_question(line, supervisor, at, django_assert_num_queries):
    missed(line, at, -1, is_danger=True)
    with django_assert_num_queries(1):
        due(supervisor, at=at)
