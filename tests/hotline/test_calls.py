"""What the provider reports of a call, in any order, once or often; recordings."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline import actions
from hotline.models import Command, Contact, ContactEvent, Leg, OperatorState, Recording, WebhookEvent

pytestmark = pytest.mark.django_db


def story(network, contact, op):
    """Every callback of a call that was answered, held, taken back and ended, as (what, arguments)."""
    caller = network.sid
    return [
        ("status", ("in-progress", "1")),
        ("room", ("participant-join", 1, contact, caller, "caller")),
        ("room", ("participant-join", 2, contact, op, "op-1")),
        ("room", ("conference-start", 3, contact)),
        ("room", ("participant-hold", 4, contact, caller, "caller")),
        ("room", ("participant-unhold", 5, contact, caller, "caller")),
        ("room", ("participant-leave", 6, contact, op, "op-1")),
        ("room", ("participant-leave", 7, contact, caller, "caller")),
        ("room", ("conference-end", 8, contact)),
        ("status", ("completed", "9")),
    ]


def summary(contact_id):
    contact = Contact.objects.get(pk=contact_id)
    legs = Leg.objects.filter(contact_id=contact_id).order_by("label")
    return (
        contact.state, contact.outcome, contact.is_missed, contact.ended_at is not None,
        [(leg.label, leg.status, leg.joined_at is not None, leg.left_at is not None, leg.is_held) for leg in legs],
    )  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_any_order_and_repetition_of_callbacks_ends_in_the_same_state(network, operator, clock, seed):
    network.sid = f"CA{seed:032x}"
    OperatorState.objects.filter(user=operator).update(state="ready", contact=None)
    sid = f"CA{seed + 2**40:032x}"
    contact = network.taken(operator, clock.now, sid)
    events = story(network, contact, sid)
    shuffled = events + random.Random(seed).sample(events, 4)  # noqa: S311 -- an order, no secret
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- an order, no secret

    for kind, arguments in shuffled:
        room = {"room": f"CF{seed:032x}"} if kind == "room" else {}
        assert getattr(network, kind)(*arguments, **room).status == 204

    assert summary(contact.pk) == (
        "wrap_up", "answered", False, True,
        [("caller", "completed", True, False, False), ("op-1", "", True, True, False)],
    )  # fmt: skip


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
