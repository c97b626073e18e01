"""Who waits and chooses another language waits on meanwhile: in the queue, in the bar, at her place."""

import datetime as dt

import pytest

from hotline.models import Contact
from hotline.queries.alarm import alarm_of
from hotline.queries.board import board
from hotline.queries.contacts import place_in_queue
from hotline.queries.waiting import queue_of
from tests.hotline.asking import call_in_conversation  # noqa: F401 -- fixture
from tests.hotline.console import waiting
from tests.hotline.offers import presses

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def waits(network, first):
    """Let a caller wait, danger told by key first where that is pressed, and go back to the menu of languages."""
    network.call()
    network.step("language", 1, Digits=first)
    network.step("left", 2, DialCallStatus="answered")
    presses(network, "choices", "4")
    return network.contact


def rows_of(operator, line, at):
    return [
        (row.contact.code, row.is_urgent, str(row.hint)) for row in queue_of(operator, [line], at, state=None).rows
    ]


def test_in_danger_bar_and_row_stay_through_the_menu_of_languages(network, operator, line, at):
    contact = waits(network, "9")

    for _round in range(2):
        assert alarm_of(operator).is_on
        assert rows_of(operator, line, at) == [(contact.code, True, "Choosing a language")]
        presses(network, "language", "")
    presses(network, "language", "2")

    assert alarm_of(operator).is_on
    assert [network.contact.step, network.contact.language] == ["waiting", "fr"]


def test_without_danger_too_the_wait_goes_on_and_no_bar_is_shown(network, operator, supervisor, line, at):
    contact = waits(network, "1")
    later = waiting(line, at + dt.timedelta(minutes=1))

    assert not alarm_of(operator).is_on
    assert rows_of(operator, line, at)[0] == (contact.code, False, "Choosing a language")
    assert place_in_queue(later) == 2
    now = board(supervisor, at=at)
    assert (now.callers, now.in_menus) == (2, 0)


def test_who_never_waited_is_in_the_menus_and_in_no_queue(network, operator, supervisor, line, at):
    network.call()

    assert network.contact.state == "greeting"
    assert rows_of(operator, line, at) == []
    assert board(supervisor, at=at).in_menus == 1


def test_who_hangs_up_in_that_menu_is_kept_as_who_gave_up_waiting(network, operator, at):
    waits(network, "9")
    network.status("completed", "9")

    contact = network.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("ended", "abandoned", True)
    assert not alarm_of(operator).is_on


def test_a_need_told_to_an_operator_keeps_its_place_when_she_is_lost_and_key_5_is_pressed(network, talk):
    talk.led_out("locked_in")
    talk.key("2")
    network.room("participant-leave", 9, talk.contact, "CA" + "f" * 32, "op-1")
    lost = network.contact
    network.step("left", lost.turn, DialCallStatus="answered")
    if network.contact.step == "waiting":  # she was told that the call was cut
        presses(network, "queue", "*")

    presses(network, "choices", "5")

    contact = Contact.objects.get()
    assert (lost.state, lost.priority) == ("returned", 0)
    assert (contact.step, contact.priority, contact.cannot_speak) == ("waiting", 0, True)
