"""A trainer's kept list where the phone's clock is wrong, where a finger taps twice, and where two windows are open."""

import pytest
from playwright.sync_api import expect

from tests.browser.kept_list import (
    CLOCK,
    MARKS,
    keep_again,
    keep_list,
    open_list,
    row,
    row_to_tick,
    set_clock,
    tick,
    trainer,
    wait_until_empty,
)

__all__ = ["trainer"]
pytestmark = pytest.mark.browser

TODAYS = "trainer.ht@example.org"


def day_of(page):
    """Return the day that the clock of this phone shows, as its pages write it."""
    return page.evaluate("Days.day(Date.now())")


UNDER_WAY = """
import datetime as dt
from django.utils import timezone
from training import actions
from training.models import Session
now, session = timezone.now(), Session.objects.filter(cohort__country="HT").order_by("starts_at").last()
if not session.starts_at < now < session.ends_at:  # it is night there: the demo lays it on an hour of offices
    began = (now - dt.timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    actions.change_session(session=session, starts_at=began, minutes=180, place="", by="test", at=now)
"""


@pytest.fixture
def todays(sign_in_as, hand):
    """The phone of a trainer whose session is under way; `set_clock` sets its clock, also under an open page."""
    hand(UNDER_WAY)
    page = sign_in_as(TODAYS, "/en/groups/", 360)
    page.add_init_script(CLOCK)
    page.reload()
    return page


def count_of(page):
    """Return how many are present as the page counts them."""
    return int(page.locator("[data-part=count]").inner_text().split()[0])


@pytest.mark.parametrize("days", [2, -2], ids=["fast", "slow"])
def test_what_the_server_answered_stands_though_the_clock_was_wrong_when_it_was_ticked(todays, days):
    set_clock(todays, days)
    keep_list(todays)
    open_list(todays)
    todays.context.set_offline(True)
    todays.reload()
    todays.locator("li.mark").first.wait_for()
    assert todays.locator("[data-part=clock]").is_hidden()
    line, before = row_to_tick(todays), count_of(todays)
    tick(line)
    set_clock(todays, 0)
    todays.context.set_offline(False)

    line.get_by_text("Saved on the server").wait_for()
    assert "Minutes: 180" in line.locator("[data-part=state]").inner_text()
    assert count_of(todays) == before + 1
    todays.reload()
    line.get_by_text("Saved on the server").wait_for()
    assert count_of(todays) == before + 1
    keep_again(todays)
    open_list(todays)
    assert "Present" in line.locator("[data-part=state]").inner_text()


@pytest.mark.parametrize("at_sending", [0, -2], ids=["set right", "still wrong"])
def test_a_clock_that_fell_back_hides_no_box_and_is_named(todays, assert_accessible, at_sending):
    keep_list(todays)
    open_list(todays)
    todays.context.set_offline(True)
    set_clock(todays, -2)
    todays.reload()
    todays.locator("li.mark").first.wait_for()

    told = todays.locator("[data-part=clock]").inner_text()
    assert f"This phone says that it is {day_of(todays)}" in told
    assert "tick all the same" in told
    assert todays.locator("[data-part=ahead]").is_hidden()
    assert_accessible(todays)
    line = row_to_tick(todays)
    tick(line)
    set_clock(todays, at_sending)
    todays.context.set_offline(False)

    line.get_by_text("Saved on the server").wait_for()


@pytest.mark.parametrize("days", [2, -2], ids=["fast", "slow"])
def test_an_open_page_whose_clock_is_set_keeps_its_boxes(todays, days):
    set_clock(todays, days)
    keep_list(todays)
    open_list(todays)
    todays.context.set_offline(True)
    line, other = row_to_tick(todays), row_to_tick(todays, 1)
    set_clock(todays, 0)
    tick(line)

    assert other.locator("input[type=checkbox]").is_visible()
    tick(other)
    todays.context.set_offline(False)
    line.get_by_text("Saved on the server").wait_for()
    other.get_by_text("Saved on the server").wait_for()


def test_a_session_that_the_server_says_is_ahead_has_no_boxes(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.locator("[data-part=session]").select_option(index=1)

    trainer.locator("[data-part=ahead]").wait_for()
    assert trainer.locator("[data-part=box]:visible").count() == 0
    trainer.context.set_offline(True)
    trainer.reload()
    trainer.get_by_text("This phone says that it is").wait_for()
    line = row_to_tick(trainer)
    tick(line)
    trainer.context.set_offline(False)

    line.get_by_text("By the clock of this phone it was ticked before this session began.").wait_for()
    assert "code" not in line.inner_text()
    trainer.reload()
    line.get_by_text("By the clock of this phone it was ticked before this session began.").wait_for()


def test_two_quick_taps_on_a_box_are_a_tick_and_its_end(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    box = row_to_tick(trainer).locator("input[type=checkbox]")

    box.dblclick()
    trainer.wait_for_timeout(500)
    wait_until_empty(trainer, MARKS)
    expect(box).not_to_be_checked(timeout=30_000)

    box.evaluate("(box) => { box.click(); box.click(); box.click(); }")
    trainer.locator("li.mark[data-state=waits]").wait_for()
    trainer.wait_for_timeout(500)
    assert (box.is_checked(), trainer.evaluate(MARKS)) == (True, [None])
    box.uncheck()
    trainer.locator("li.mark[data-state=waits]").wait_for(state="detached")
    assert (box.is_checked(), trainer.evaluate(MARKS)) == (False, [])


def test_two_windows_write_one_mark_of_a_person_and_either_takes_it_away(trainer):
    keep_list(trainer)
    open_list(trainer)
    other = trainer.context.new_page()
    open_list(other)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    there = row(other, int(line.get_attribute("id").split("-")[1]))
    tick(line)
    # The other window may have read of the mark already; then a click would take it away.
    there.locator("input[type=checkbox]").evaluate("(box) => { if (!box.checked) box.click(); }")
    there.locator("[data-part=state]").wait_for()

    assert trainer.evaluate(MARKS) == [None]
    there.locator("input[type=checkbox]").uncheck()
    there.locator("[data-part=state]").wait_for(state="hidden")
    assert trainer.evaluate(MARKS) == []


def test_a_second_window_overwrites_nothing_that_the_first_one_learned(trainer):
    keep_list(trainer)
    open_list(trainer)
    other = trainer.context.new_page()
    open_list(other)
    first, second = row_to_tick(trainer), row_to_tick(trainer, 1)
    tick(first)
    first.get_by_text("Saved on the server").wait_for()
    trainer.context.set_offline(True)
    first.locator("details[data-part=back] summary").click()
    first.get_by_role("button", name="Take the tick back").click()
    first.get_by_text("the tick is taken back").wait_for()
    first.get_by_role("button", name="Leave the tick").click()
    first.get_by_text("the tick is taken back").wait_for(state="detached")
    tick(row(other, int(second.get_attribute("id").split("-")[1])))
    trainer.reload()
    second.get_by_text("Waits on this phone").wait_for()

    assert first.get_by_text("Present").is_visible()
    assert first.get_by_text("Minutes: 180").is_visible()


def test_a_second_tap_on_taking_back_does_nothing(trainer):
    keep_list(trainer)
    open_list(trainer)
    line = row_to_tick(trainer)
    tick(line)
    line.get_by_text("Saved on the server").wait_for()
    trainer.context.set_offline(True)
    line.locator("details[data-part=back] summary").click()
    place = line.get_by_role("button", name="Take the tick back").bounding_box()

    trainer.mouse.click(place["x"] + 20, place["y"] + 20)
    line.get_by_role("button", name="Leave the tick").wait_for()
    there = line.get_by_role("button", name="Leave the tick").bounding_box()
    trainer.mouse.click(there["x"] + 20, there["y"] + 20)
    trainer.mouse.click(place["x"] + 20, place["y"] + 20)
    trainer.wait_for_timeout(300)

    assert trainer.evaluate(MARKS) == [0]
    line.get_by_role("button", name="Leave the tick").click()
    line.get_by_text("the tick is taken back").wait_for(state="detached")
    assert trainer.evaluate(MARKS) == []
