"""How a call ended, when the caller recorded nothing that can be heard."""

import datetime as dt

import pytest

pytestmark = pytest.mark.django_db

SILENCE = {"RecordingSid": "RE" + "5" * 32, "RecordingDuration": "0"}


def record_silence(network, turn, first="closed", key="1"):
    """Go from a menu to the recording, say nothing, and hang up."""
    network.step(first, turn, Digits=key)
    network.step("voicemail-done", turn + 1, **SILENCE)
    network.status("completed", "9")
    return network.contact


def test_who_waited_and_was_told_that_nobody_is_free_found_nobody(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="1")
    clock.move(minutes=11)
    network.step("left", 2, DialCallStatus="completed")
    network.step("left", 3, DialCallStatus="no-answer")

    contact = record_silence(network, 4)

    assert (contact.queued_at is not None, contact.outcome, contact.is_missed) == (True, "nobody", True)


def test_who_left_the_queue_for_a_message_and_said_nothing_was_not_answered(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="1")
    clock.move(minutes=1)
    network.step("left", 2, DialCallStatus="completed")

    contact = record_silence(network, 3, "choices", "3")

    assert (contact.outcome, contact.is_missed) == ("abandoned", True)


def test_who_called_while_nobody_is_on_shift_found_nobody(network):
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")

    contact = record_silence(network, 3)

    assert (contact.queued_at, contact.outcome) == (None, "nobody")


def test_who_called_outside_hours_and_never_waited_is_a_silent_contact(network, line):
    line.hours.all().delete()
    network.call()
    network.step("language", 1, Digits="1")

    contact = record_silence(network, 2)

    assert (contact.outcome, contact.is_missed) == ("silent", True)


def test_a_late_report_changes_nothing(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="1")
    clock.move(minutes=11)
    network.step("left", 2, DialCallStatus="completed")
    network.step("left", 3, DialCallStatus="no-answer")
    record_silence(network, 4)
    first = network.contact.events.filter(kind="hung_up").count()

    clock.now += dt.timedelta(minutes=1)
    network.status("completed", "10")

    assert (network.contact.outcome, first) == ("nobody", network.contact.events.filter(kind="hung_up").count())
