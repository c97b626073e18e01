"""What the provider reports of a call, in any order, once or often; recordings."""

import pytest

from hotline import actions
from hotline.models import Command, Contact, ContactEvent, Leg, Recording, WebhookEvent

pytestmark = pytest.mark.django_db


def test_hundreds_of_callbacks_are_kept_once_and_change_nothing(network):
    network.call()
    for _again in range(3):
        for number in range(20):
            network.status("ringing", str(number))

    assert WebhookEvent.objects.filter(kind="status").count() == 20
    assert network.contact.state == "greeting"


def test_same_call_sid_under_another_account_is_another_call(network, settings):
    other = "AC" + "5" * 32
    settings.TWILIO_ACCOUNT_SID = f"AC{'0' * 32},{other}"
    network.call()

    network.post("/hotline/twilio/status/", network.fields(CallStatus="completed"), account=other)

    assert Leg.objects.filter(call_sid=network.sid).count() == 2
    assert Contact.objects.get(legs__account="AC" + "0" * 32).state == "greeting"


def test_final_status_does_not_move_back(network):
    network.call()
    network.status("completed", "5")

    network.status("ringing", "1")

    assert Leg.objects.get().status == "completed"
    assert network.contact.state == "ended"


def test_two_ends_are_flagged_and_asked_about(network):
    network.call()
    network.status("busy", "4")
    network.status("completed", "5")

    assert "status_conflict" in network.contact.flag_codes
    assert Command.objects.filter(kind="fetch_call").count() == 1
    assert Leg.objects.get().status == "completed"


def test_hang_up_in_each_state_has_its_outcome_and_is_work_for_somebody(network, operator):
    network.queued()

    network.status("completed")

    contact = network.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("ended", "abandoned", True)
    assert contact.due_at is not None


def test_recording_before_its_call_is_joined_later_and_fetched(network):
    fields = {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}
    network.post("/hotline/twilio/status/", network.fields(**fields))
    network.call()

    recording = Recording.objects.get()
    assert (recording.contact, recording.seconds) == (network.contact, 9)
    assert Command.objects.get().kind == "fetch_recording"


def test_recorded_message_is_fetched_sealed_and_then_deleted_at_the_provider(network, clock):
    fields = {"RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}
    network.call()
    network.post("/hotline/twilio/status/", network.fields(**fields))

    for _turn in range(2):
        for command in actions.claim_commands(at=clock.now):
            assert actions.run_command(command, at=clock.now)

    recording = Recording.objects.get()
    assert recording.audio is not None
    assert recording.deleted_at is not None
    assert recording.receipt


def test_timeline_tells_the_call_in_codes_only(network, operator):
    network.queued()

    kinds = list(ContactEvent.objects.order_by("id").values_list("kind", flat=True))

    assert kinds == ["call_started", "language_chosen", "queued"]


def test_an_order_whose_row_is_gone_counts_a_try_and_stops_no_other(network, clock):
    network.call()
    leg = Leg.objects.get()
    lost = Command.objects.create(
        key="lost",
        kind="fetch_message",
        account=leg.account,
        arguments={"message": 0},
        made_at=clock.now,
        due_at=clock.now,
    )

    done = [actions.run_command(command, at=clock.now) for command in actions.claim_commands(at=clock.now)]

    lost.refresh_from_db()
    assert done == [False]
    assert (lost.tries, lost.fault) == (1, "DoesNotExist")


def test_an_old_turn_is_answered_with_its_document_not_with_that_of_the_wait(network, operator):
    network.call()
    network.step("wait", 1)
    answered = network.step("language", 1, Digits="1")

    again = network.step("choices", 1)

    assert again.text == answered.text
