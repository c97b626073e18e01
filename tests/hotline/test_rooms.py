"""The room of a call: operators who join, are lost, hold and end; callers who wait or come too late."""

from email.utils import parsedate_to_datetime
from itertools import permutations

import pytest

from hotline import actions
from hotline.models import Command, Contact, Leg, Line, OperatorState, Room, WebhookEvent
from tests.hotline.conftest import OPERATOR_SID

pytestmark = pytest.mark.django_db


def test_operator_joins_and_the_call_is_in_conversation(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")

    contact = network.contact
    assert (contact.state, contact.connected_at is not None, contact.claimed_until) == ("connected", True, None)
    assert OperatorState.objects.get(user=operator).state == "on_call"
    assert Room.objects.get().contact == contact


def test_a_room_of_another_account_is_none_of_ours_whatever_its_name(network, operator, line, clock):
    contact = network.taken(operator, clock.now)
    Line.objects.filter(pk=line.pk).update(account="AC" + "7" * 32)

    assert network.room("conference-start", 1, contact).status == 204
    assert not Room.objects.exists()
    assert WebhookEvent.objects.latest("pk").contact is None


@pytest.mark.parametrize("event", ["participant-join", "participant-leave", "participant-hold"])
def test_an_event_of_a_room_that_names_the_call_of_another_contact_says_nothing_of_that_call(
    network, operator, clock, event
):
    contact = network.taken(operator, clock.now)
    network.sid = "CA" + "5" * 32
    other = network.queued()
    before = Leg.objects.filter(contact=other).values().get()

    network.room(event, 1, contact, network.sid, "caller")

    assert Leg.objects.filter(contact=other).values().get() == before
    kept = WebhookEvent.objects.latest("pk")
    assert (kept.contact, kept.leg) == (contact, None)


def test_lost_operator_puts_the_caller_back_at_the_head(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 0, contact, network.sid, "caller")
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")
    network.room("participant-leave", 2, contact, OPERATOR_SID, "op-1")

    reply = network.step("left", 2, DialCallStatus="completed")

    contact = network.contact
    assert "The call was cut" in reply.said()
    assert (contact.state, contact.priority, contact.claimed_by) == ("returned", 2, None)
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_star_in_conversation_leads_straight_back_into_the_room(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")

    reply = network.step("left", 2, DialCallStatus="answered")

    assert reply.verbs() == ["Dial"]
    assert network.contact.state == "connected"


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("Tue, 24 Nov 2026 10:00:01 +0000", True),
        ("Thu, 26 Nov 2026 09:59:59 +0000", True),
        ("Tue, 24 Nov 2026 09:59:59 +0000", False),
        ("Thu, 26 Nov 2026 10:00:01 +0000", False),
        ("Mon, 01 Jan 0001 00:00:00 +0000", False),
        ("Fri, 31 Dec 9999 23:59:59 -2359", False),
        ("yesterday", False),
    ],
)
def test_a_time_that_the_provider_says_counts_within_a_day(network, operator, clock, said, counts):
    contact = network.taken(operator, clock.now)

    network.room("conference-start", 1, contact, said=said)
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1", said=said)
    network.room("participant-leave", 3, contact, OPERATOR_SID, "op-1", said=said)

    leg = contact.legs.get(role="operator")
    then = parsedate_to_datetime(said) if counts else clock.now
    assert (Room.objects.get().started_at, leg.joined_at, leg.left_at) == (then, then, then)


def test_hold_is_shown_only_once_the_callback_confirms_it(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")
    actions.hold(contact=network.contact, by=operator, at=clock.now)
    assert network.contact.state == "connected"

    network.room("participant-hold", 3, contact, network.sid, "caller")

    assert network.contact.state == "held"
    assert Command.objects.filter(kind="hold").count() == 1


def test_leg_without_a_claim_is_sent_away_and_flagged(network, operator, person, liberia, clock):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=clock.now)
    leg = contact.legs.get(role="operator")
    Contact.objects.filter(pk=contact.pk).update(claimed_by=person("operator", country=liberia))

    reply = network.post(f"/hotline/twilio/voice/softphone/?t={leg.token}", {
        "CallSid": OPERATOR_SID, "To": f"client:{operator.operator_state.token}", "From": "2883",
        "CallStatus": "in-progress",
    })  # fmt: skip

    assert reply.verbs() == ["Say", "Hangup"]
    assert "no_claim" in network.contact.flag_codes


def test_softphone_of_nobody_is_sent_away(network):
    reply = network.post("/hotline/twilio/voice/softphone/?t=123", {"CallSid": "CA1", "To": "client:x"})

    assert (reply.status, reply.verbs()) == (200, ["Say", "Hangup"])


def test_operator_who_ended_is_in_wrap_up_and_not_lost(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")
    actions.end_call(contact=network.contact, by=operator, at=clock.now)

    network.room("participant-leave", 3, contact, OPERATOR_SID, "op-1")
    reply = network.step("left", 2, DialCallStatus="completed")

    assert "Goodbye." in reply.said()
    assert network.contact.state == "wrap_up"
    assert OperatorState.objects.get(user=operator).state == "wrap_up"


def test_caller_who_joins_after_the_operator_ended_is_led_to_the_goodbye_and_was_not_answered(
    network, operator, clock
):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")
    actions.end_call(contact=network.contact, by=operator, at=clock.now)
    network.room("participant-leave", 2, contact, OPERATOR_SID, "op-1")

    network.step("wait", 2001)

    assert Command.objects.get(kind="redirect").arguments == {"step": "left", "turn": 2}
    network.room("participant-join", 3, contact, network.sid, "caller")
    assert "Goodbye." in network.step("left", 2).said()
    network.status("completed", "9")
    contact = network.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("ended", "abandoned", True)
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_caller_who_waited_as_long_as_the_line_allows_is_led_on(network, operator, clock):
    network.queued()
    clock.move(minutes=11)

    network.step("wait", 2005)

    assert Command.objects.get(kind="redirect").arguments == {"step": "left", "turn": 2, "alone": True}
    assert network.step("left", 2).document.find("Dial/Number") is not None


def test_danger_that_lost_its_operator_keeps_the_first_place(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="9")
    actions.take_call(contact=network.contact, by=operator, at=clock.now)
    contact = network.contact
    leg = contact.legs.get(role="operator")
    Leg.objects.filter(pk=leg.pk).update(call_sid=OPERATOR_SID)
    network.room("participant-join", 0, contact, network.sid, "caller")
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")

    network.room("participant-leave", 2, contact, OPERATOR_SID, "op-1")

    contact = network.contact
    assert (contact.state, contact.is_danger, contact.priority) == ("returned", True, 0)


@pytest.mark.parametrize("minutes", list(permutations([1, 3, 2])))
def test_the_first_join_and_the_first_leave_count_in_any_order(network, operator, clock, minutes):
    contact = network.taken(operator, clock.now)

    for sequence, minute in enumerate(minutes):
        said = f"Wed, 25 Nov 2026 10:0{minute}:00 +0000"
        network.room("participant-join", sequence, contact, OPERATOR_SID, "op-1", said=said)
        network.room("participant-leave", sequence + 5, contact, OPERATOR_SID, "op-1", said=said)

    leg = contact.legs.get(role="operator")
    assert (leg.joined_at.minute, leg.left_at.minute) == (1, 1)


def test_the_telephone_that_was_rung_is_let_in_also_when_it_asks_twice_and_no_other(network, operator, clock):
    contact = network.taken(operator, clock.now)
    leg = contact.legs.get(role="operator")
    door = f"/hotline/twilio/voice/softphone/?t={leg.token}"
    asked = {"From": "+2312883", "To": f"client:{operator.operator_state.token}", "CallStatus": "in-progress"}

    again = network.post(door, asked | {"CallSid": OPERATOR_SID, "Direction": "outbound-api"})
    other = network.post(door, asked | {"CallSid": "CA" + "d" * 32, "Direction": "outbound-api"})

    assert again.document.find("Dial/Conference").text == contact.room_name
    assert other.verbs() == ["Say", "Hangup"]


def test_what_is_pressed_in_a_call_is_ordered_at_the_provider(network, operator, clock):
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")

    for act in (actions.hold, actions.unhold, actions.mute, actions.unmute):
        act(contact=network.contact, by=operator, at=clock.move(seconds=1))

    orders = Command.objects.exclude(kind="dial").order_by("id").values_list("kind", "leg__role")
    assert list(orders) == [("hold", "caller"), ("unhold", "caller"), ("mute", "operator"), ("unmute", "operator")]
