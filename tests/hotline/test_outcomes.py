"""How a call ended, when the caller recorded nothing that can be heard."""

import datetime as dt

import pytest

pytestmark = pytest.mark.django_db

SILENCE = {"RecordingSid": "RE" + "5" * 32, "RecordingDuration": "0"}


def leave_the_queue(network, clock, *, minutes):
    """Wait for so long, then leave the room of the queue."""
    network.queued()
    clock.move(minutes=minutes)
    network.step("left", 2, DialCallStatus="completed")


def choose_to_leave_a_message(network, clock):
    """Leave the queue after a minute, for a message."""
    leave_the_queue(network, clock, minutes=1)
    network.step("choices", 3, Digits="3")


def record_silence(network, turn, first="closed", key="1"):
    """Go from a menu to the recording, say nothing, and hang up."""
    network.step(first, turn, Digits=key)
    network.step("voicemail-done", turn + 1, **SILENCE)
    network.status("completed", "9")
    return network.contact


def sound(network, seconds):
    """Report a recording of the caller's leg, whole, of so many seconds."""
    fields = {"RecordingSid": "RE" + "6" * 32, "RecordingStatus": "completed", "RecordingDuration": seconds}
    network.post("/hotline/twilio/status/", network.fields(**fields))


def test_who_waited_and_was_told_that_nobody_is_free_found_nobody(network, operator, clock):
    leave_the_queue(network, clock, minutes=11)
    network.step("left", 3, DialCallStatus="no-answer")

    contact = record_silence(network, 4)

    assert (contact.queued_at is not None, contact.outcome, contact.is_missed) == (True, "nobody", True)


def test_who_left_the_queue_for_a_message_and_said_nothing_was_not_answered(network, operator, clock):
    leave_the_queue(network, clock, minutes=1)

    contact = record_silence(network, 3, "choices", "3")

    assert (contact.outcome, contact.is_missed) == ("abandoned", True)


def test_who_called_while_nobody_is_on_shift_found_nobody(network):
    network.queued()
    network.step("left", 2, DialCallStatus="no-answer")

    contact = record_silence(network, 3)

    assert (contact.queued_at, contact.outcome) == (None, "nobody")


def test_who_called_outside_hours_and_never_waited_is_a_silent_contact(network, line):
    line.hours.all().delete()
    network.queued()

    contact = record_silence(network, 2)

    assert (contact.outcome, contact.is_missed) == ("silent", True)


def test_a_late_report_changes_nothing(network, operator, clock):
    leave_the_queue(network, clock, minutes=11)
    network.step("left", 3, DialCallStatus="no-answer")
    record_silence(network, 4)
    first = network.contact.events.filter(kind="hung_up").count()

    clock.now += dt.timedelta(minutes=1)
    network.status("completed", "10")

    assert (network.contact.outcome, first) == ("nobody", network.contact.events.filter(kind="hung_up").count())


@pytest.mark.parametrize("is_early", [True, False])
def test_who_hangs_up_at_the_end_of_a_message_has_left_one(network, operator, clock, is_early):
    choose_to_leave_a_message(network, clock)
    reports = [lambda: network.status("completed", "9"), lambda: sound(network, "6")]

    for report in reversed(reports) if is_early else reports:
        report()

    assert (network.contact.outcome, network.contact.is_missed) == ("voicemail", True)
    assert network.contact.due_at is not None


def test_a_recording_of_one_second_is_no_message(network, operator, clock):
    choose_to_leave_a_message(network, clock)
    network.status("completed", "9")

    sound(network, "1")

    assert network.contact.outcome == "abandoned"
