"""The list of missed contacts: danger is marked as in the log, and stands first."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from hotline.actions.follow_up import close_follow_up
from tests.hotline.console import waiting

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
