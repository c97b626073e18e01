"""A call that names somebody is not brought to her: no telephone of hers rings for it, and none that rings is let in."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline.actions.shielding import shield_contact
from hotline.models import Command, OperatorState
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.silence import DUTY, last_heard, picked_up, rung, second_operator  # noqa: F401 -- a fixture
from tests.hotline.telephones import NUMBER, verify
from tests.hotline.thirds import conversation_with_an_operator, plain  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db


def loses(network, operator):
    """Let the operator's connection be cut; the caller waits again."""
    fields = {"CallSid": OPERATOR_SID, "From": "+2312883", "To": "client:x", "CallStatus": "completed"}
    network.post("/hotline/twilio/status/", fields | {"SequenceNumber": "5", "Direction": "outbound-api"})
    return network.contact


@pytest.fixture
def rings(network, talk, operator, colleague, supervisor, at):
    """The operator lost her caller, and no orders are carried out: the telephones of who is on shift ring by a document."""
    verify(colleague, at)

    def ring(named_before):
        if named_before:
            shield_contact(contact=talk, by=operator, at=at, user=colleague)
        loses(network, operator)
        OperatorState.objects.filter(user=operator).update(state="off")
        last_heard(at - dt.timedelta(seconds=40))
        return network.step("queue", network.contact.turn)

    return ring


def test_where_everybody_on_duty_is_named_the_duty_phone_rings(network, rings):
    reply = rings(named_before=True)

    assert rung(reply) == (DUTY, True)
    assert network.contact.step == "duty"
    assert not network.contact.legs.filter(user__name="Second, Liberia").exists()


def test_a_caller_whose_operator_is_lost_does_not_wait_for_those_whom_the_call_names(
    network, talk, operator, colleague, supervisor, at
):
    shield_contact(contact=talk, by=operator, at=at, user=colleague)
    loses(network, operator)
    OperatorState.objects.filter(user=operator).update(state="off")

    assert rung(network.step("left", network.contact.turn, DialCallStatus="completed")) == (DUTY, True)


@pytest.mark.parametrize("is_one_left", [True, False])
def test_who_waits_in_the_room_is_led_to_the_duty_phone_once_everybody_on_duty_is_named(
    network, operator, colleague, supervisor, at, is_one_left
):
    contact = network.queued()
    shield_contact(contact=contact, by=supervisor, at=at, user=colleague)
    if not is_one_left:
        shield_contact(contact=contact, by=supervisor, at=at, user=operator)

    network.step("wait", contact.turn * 1000 + 1)

    ways_out = Command.objects.filter(kind="redirect").values_list("arguments__step", "arguments__turn")
    assert list(ways_out) == ([] if is_one_left else [("queue", contact.turn)])
    if not is_one_left:
        assert rung(network.step("queue", contact.turn)) == (DUTY, True)


def test_a_named_colleague_whose_telephone_rings_is_not_connected_and_reads_nothing(
    network, rings, operator, colleague, sign_in, at
):
    reply = rings(named_before=False)
    assert rung(reply) == (NUMBER, True)
    shield_contact(contact=network.contact, by=operator, at=at, user=colleague)

    first, key = picked_up(network, reply), picked_up(network, reply, "phone-key", Digits="1")

    assert "<Gather" not in first.text
    assert "<Hangup/>" in key.text
    assert (network.contact.claimed_by, network.contact.step) == (None, "phones")
    assert rung(network.step("phones", network.contact.turn, DialCallStatus="completed"))[0] == DUTY


def test_a_call_in_hand_that_names_its_operator_goes_on_and_is_on_her_console_no_more(
    talk, operator, supervisor, desk, at
):
    assert talk.code in plain(desk.get(reverse("hotline:console")))

    shield_contact(contact=talk, by=supervisor, at=at, user=operator)

    assert talk.code not in plain(desk.get(reverse("hotline:console")))
    talk.refresh_from_db()
    assert (talk.claimed_by, talk.state) == (operator, "connected")


@pytest.mark.parametrize("page", ["console", "call_log"])
def test_a_call_that_waits_and_names_an_operator_is_on_none_of_her_pages(
    network, operator, supervisor, desk, at, page
):
    contact = network.queued()
    assert str(contact.public_id) in desk.get(reverse(f"hotline:{page}")).content.decode()

    shield_contact(contact=contact, by=supervisor, at=at, user=operator)

    assert str(contact.public_id) not in desk.get(reverse(f"hotline:{page}")).content.decode()
