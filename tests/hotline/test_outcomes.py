"""How a call ended, when the caller recorded nothing that can be heard."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline import ivr
from hotline.choices import Outcome
from hotline.ivr.table import STEPS
from tests.hotline.silence import last_heard
from tests.hotline.telephones import verify

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


def test_whom_nobody_answered_in_time_found_somebody_on_shift(network, operator, clock):
    leave_the_queue(network, clock, minutes=11)
    network.step("left", 3, DialCallStatus="no-answer")

    contact = record_silence(network, 4)

    assert (contact.queued_at is not None, contact.outcome, contact.is_missed) == (True, "unanswered", True)


def test_who_left_the_queue_for_a_message_and_said_nothing_left_none(network, operator, clock):
    leave_the_queue(network, clock, minutes=1)

    contact = record_silence(network, 3, "choices", "3")

    assert (contact.outcome, contact.is_missed) == ("no_message", True)


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

    assert (network.contact.outcome, first) == ("unanswered", network.contact.events.filter(kind="hung_up").count())


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

    assert network.contact.outcome == "no_message"


def test_a_late_report_takes_the_missing_message_for_no_other_end(network, operator, clock):
    leave_the_queue(network, clock, minutes=1)
    record_silence(network, 3, "choices", "3")

    network.status("completed", "10")

    assert (network.contact.outcome, network.contact.events.filter(kind="hung_up").count()) == ("no_message", 1)


CLOSED = [("language", "1")]
NOBODY = [("language", "1"), ("duty", "")]
QUEUED = [("language", "1"), ("left", "")]
CALLBACK = [("closed", "2"), ("callback", "2"), ("callback", "1"), ("callback", "2")]
NUMBER = [("callback", "1"), ("callback", "2"), ("callback", "0770000007")]
SLIPS = [("callback", "12")] * 2
# Where the caller hangs up: how the line is, what was answered until then, the step, how the call ended.
HANG_UPS = [
    ("open", [], "greeting", "left_greeting"),
    ("open", [("language", "5"), ("language", "1")], "silent", "silent"),
    ("open", [("language", "5"), ("language", "1"), ("silent", ""), ("silent", "")], "stay", "silent"),
    ("open", [("language", "1")], "waiting", "abandoned"),
    ("open", QUEUED, "choices", "abandoned"),
    ("open", [*QUEUED, ("choices", "3")], "voicemail", "no_message"),
    ("open", [*QUEUED, ("choices", "2")], "callback_agree", "abandoned"),
    ("open", [*QUEUED, ("choices", "4")], "greeting", "abandoned"),
    ("telephones", [("language", "1")], "phones", "abandoned"),
    ("closed", CLOSED, "closed", "after_hours"),
    ("closed", [*CLOSED, ("closed", ""), ("closed", "")], "goodbye", "after_hours"),
    ("closed", [*CLOSED, ("closed", "1")], "voicemail", "after_hours"),
    ("closed", [*CLOSED, *CALLBACK[:1]], "callback_agree", "after_hours"),
    ("closed", [*CLOSED, ("closed", "2"), *NUMBER[:1]], "callback_other", "after_hours"),
    ("closed", [*CLOSED, ("closed", "2"), *NUMBER[:2]], "callback_number", "after_hours"),
    ("closed", [*CLOSED, ("closed", "2"), *NUMBER], "callback_check", "unconfirmed"),
    ("open", [*QUEUED, ("choices", "2"), *NUMBER], "callback_check", "unconfirmed"),
    ("closed", [*CLOSED, ("closed", "2"), *NUMBER[:2], *SLIPS], "voicemail", "no_number"),
    ("nobody", [*NOBODY, ("nobody", "2"), *NUMBER[:2], *SLIPS], "voicemail", "no_number"),
    ("closed", [*CLOSED, ("closed", "2"), *NUMBER[:1], *[("callback", "")] * 3], "goodbye", "no_number"),
    ("closed", [*CLOSED, *CALLBACK[:2]], "callback_hours", "callback"),
    ("closed", [*CLOSED, *CALLBACK[:3]], "callback_shared", "callback"),
    ("closed", [*CLOSED, *CALLBACK[:4]], "callback_voicemail", "callback"),
    ("closed", [*CLOSED, ("closed", "9")], "duty", "nobody"),
    ("forward", [("language", "1")], "duty", "unanswered"),
    ("forward", [("language", "1"), ("duty", "")], "nobody", "unanswered"),
    ("forward", [("language", "1"), ("duty", ""), ("nobody", "1")], "voicemail", "unanswered"),
    ("nobody", [("language", "1")], "duty", "nobody"),
    ("nobody", NOBODY, "nobody", "nobody"),
    ("nobody", [*NOBODY, ("nobody", "1")], "voicemail", "nobody"),
    ("nobody", [*NOBODY, ("nobody", "2")], "callback_agree", "nobody"),
    ("nobody", [*NOBODY, ("nobody", "2"), *NUMBER[:2]], "callback_number", "nobody"),
    ("nobody", [*NOBODY, ("nobody", "2"), ("callback", "2")], "callback_hours", "callback"),
    ("open", [("trouble", "")], "duty", "failed"),
    ("open", [("trouble", ""), ("duty", "")], "goodbye", "failed"),
]


@pytest.fixture(name="on_line")
def line_as_it_is(request, line, at):
    """Make the line what a case needs: open with somebody on shift, nobody, closed, forwarded, worker silent."""

    def put(how):
        if how in ("open", "telephones"):
            operator = request.getfixturevalue("operator")
        if how == "telephones":
            verify(operator, at)
            last_heard(at - dt.timedelta(seconds=31))
        if how == "closed":
            line.hours.all().delete()
        line.mode = "forward" if how == "forward" else "normal"
        line.save()

    return put


def hang_up_at(network, answers):
    """Dial, answer step by step, hang up; silence of a telephone that was rung is "no answer"."""
    network.call()
    for turn, (address, key) in enumerate(answers, start=1):
        network.step(
            address, turn, **({"DialCallStatus": "no-answer"} if address in ("left", "duty") else {"Digits": key})
        )
    step = network.contact.step
    network.status("completed", "9")
    return step, network.contact


def test_every_step_at_which_a_caller_can_hang_up_is_walked():
    places = {place for places, _handler in STEPS.values() for place in places}

    # Whoever is asked by keys in a call was answered: tests/hotline/test_asking.py hangs up there.
    # "callback" is the first question of an earlier version: tests/hotline/test_callback_dialogue.py stands there.
    assert {step for _how, _answers, step, _outcome in HANG_UPS} == places - {"asked", "callback"}
    assert {ivr.state_of(step) for step in places} >= {"voicemail", "callback", "ended"}


@pytest.mark.either
@pytest.mark.parametrize(("how", "answers", "step", "outcome"), HANG_UPS)
def test_who_hangs_up_is_logged_as_what_happened(network, on_line, how, answers, step, outcome):
    on_line(how)

    stood_at, contact = hang_up_at(network, answers)

    assert (stood_at, contact.outcome, contact.is_missed) == (step, outcome, True)
    assert contact.events.get(kind="hung_up").detail == {"outcome": outcome}


def test_log_missed_list_and_file_say_that_the_line_was_closed(network, on_line, supervisor, sign_in):
    on_line("closed")
    _step, contact = hang_up_at(network, [*CLOSED, ("closed", "1")])
    browser = sign_in(supervisor)
    pages = [
        reverse("hotline:call_log"),
        reverse("hotline:missed"),
        reverse("hotline:contact", args=[contact.public_id]),
    ]

    for page in pages:
        text = browser.get(page).content.decode().replace("<option", "\n<option")
        said = "\n".join(row for row in text.splitlines() if not row.startswith("<option"))
        assert str(Outcome.AFTER_HOURS.label) in said, page
        assert str(Outcome.ABANDONED.label) not in said, page
    file = browser.post(reverse("hotline:export_log"), {"reason": "report"}).content.decode()
    assert str(Outcome.AFTER_HOURS.label) in file


def test_a_late_key_is_judged_by_where_it_led_not_by_what_was_thought_before(network, on_line):
    on_line("open")
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    network.status("completed", "9")
    first = network.contact.outcome

    network.step("silent", 3, Digits="9")

    assert (first, network.contact.step, network.contact.outcome) == ("silent", "waiting", "abandoned")


def test_the_timeline_says_that_the_menu_was_chosen_where_nothing_was_agreed(network, operator, clock, sign_in):
    leave_the_queue(network, clock, minutes=1)
    network.step("choices", 3, Digits="2")
    network.status("completed", "9")

    page = sign_in(operator).get(reverse("hotline:contact", args=[network.contact.public_id])).content.decode()

    assert "Chose the call-back menu" in page
    assert "Asked to be called back" not in page
    assert "Agreed by key to be called back" not in page
