"""An offer from its beginning to its end: who waits on after it, who left the queue meanwhile, and who met nobody."""

import datetime as dt
from itertools import permutations

import pytest
from django.db import transaction
from django.urls import reverse

from hotline import actions
from hotline.actions import follow_up
from hotline.models import Command, Contact, Leg, OperatorState, Shift
from hotline.queries.figures import facts_of
from hotline.queries.log import missed_contacts
from tests.hotline.conftest import OPERATOR_SID

pytestmark = [pytest.mark.django_db, pytest.mark.either]
WAIT = 1000  # turns of waiting in one turn of the call
CALLBACK = ("2", "2", "1", "1", "1")  # the choice, then: yes, mornings, shared by nobody, no voicemail


def orders_out():
    return [key.partition(":")[0] for key in Command.objects.filter(kind="redirect").values_list("key", flat=True)]


def waits(network, clock, minutes):
    """Let the caller wait on, told so each minute; return why she was led out meanwhile."""
    turn = network.contact.turn
    for minute in range(minutes):
        clock.move(minutes=1)
        network.step("wait", turn * WAIT + minute + 1)
    return orders_out()


def takes(contact, operator, at):
    """Let an operator take the call; return the telephone that is on its way."""
    actions.take_call(contact=Contact.objects.get(pk=contact.pk), by=operator, at=at)
    return contact.legs.filter(role="operator").latest("pk")


def misses(contact, operator, clock):
    """Let an operator take the call, and her telephone not join it."""
    takes(contact, operator, clock.now)
    actions.release_lapsed_claims(at=clock.move(seconds=60))


def let_in(network, operator, leg):
    """Let an operator's browser be told its room; that it is there is told later."""
    name = f"client:{operator.operator_state.token}"
    assert "<Conference" in network.rung("softphone", leg.token, OPERATOR_SID, to=name).text


def tells(network, event, second, sid="", label="caller"):
    """Let the room tell who came or went at a second after ten."""
    said = f"Wed, 25 Nov 2026 10:{second // 60:02}:{second % 60:02} +0000"
    network.room(f"participant-{event}", second, network.contact, sid or network.sid, label, said=said)


def talks(network, operator, clock):
    """Let the caller wait from the tenth second on, and an operator talk with her from the twentieth."""
    contact = network.queued()
    tells(network, "join", 10)
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")
    clock.move(seconds=30)
    assert network.contact.state == "connected"


def is_cut(network):
    """Let the operator's connection be cut, and the caller come out of the room by it."""
    tells(network, "leave", 30, OPERATOR_SID, "op-1")
    return network.step("left", network.contact.turn, DialCallStatus="completed")


def presses(network, address, *keys):
    for key in keys:
        reply = network.step(address, network.contact.turn, Digits=key)
    return reply


def everybody_goes(operator, at):
    actions.set_presence(user=operator, state="off", by=operator, at=at)
    Shift.objects.all().delete()


def state_of(operator):
    return OperatorState.objects.values_list("state", "contact", "missed_offers").get(user=operator)


# Who waits on after an offer.


def test_the_limit_holds_for_whom_an_operator_took_and_did_not_join(network, operator, clock):
    misses(network.queued(), operator, clock)

    assert waits(network, clock, 8) == []
    assert waits(network, clock, 2) == ["limit"]
    assert network.step("left", 2).document.find("Dial/Number") is not None


def test_in_danger_the_duty_phone_rings_at_once_when_nobody_is_left_to_come(network, operator, clock):
    network.call()
    network.step("language", 1, Digits="9")
    misses(network.contact, operator, clock)
    assert waits(network, clock, 1) == []

    everybody_goes(operator, clock.now)

    assert waits(network, clock, 1) == ["nobody"]
    assert network.step("left", 2).document.find("Dial/Number") is not None
    assert network.contact.step == "duty"


def test_whose_operator_was_lost_waits_anew_and_no_longer_than_the_limit(network, operator, clock):
    talks(network, operator, clock)
    clock.move(minutes=9)
    assert "The call was cut" in is_cut(network).said()
    everybody_goes(operator, clock.now)

    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]
    reply = network.step("left", network.contact.turn)
    assert "The call was cut" not in reply.said()
    assert network.contact.step == "duty"


def test_the_limit_holds_after_a_cut_off_also_where_the_room_told_nothing_of_the_caller(network, operator, clock):
    let_in(network, operator, takes(network.queued(), operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")

    assert "The call was cut" in is_cut(network).said()
    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]
    network.status("completed", "9")
    assert (network.contact.outcome, network.contact.is_missed) == ("abandoned", True)


def test_in_danger_the_duty_phone_rings_at_once_for_whom_the_lost_operator_leaves_to_nobody(network, operator, clock):
    talks(network, operator, clock)
    Contact.objects.filter(pk=network.contact.pk).update(is_danger=True, priority=0)
    tells(network, "leave", 30, OPERATOR_SID, "op-1")
    everybody_goes(operator, clock.now)

    network.step("left", 2, DialCallStatus="completed")

    assert (network.contact.step, network.contact.state) == ("duty", "nobody")


def test_who_waits_again_after_the_duty_phone_begins_a_new_wait(network, operator, clock):
    network.queued()
    clock.move(minutes=11)
    network.step("left", 2)
    network.step("left", 3, DialCallStatus="no-answer")
    network.step("nobody", 4, Digits="9")
    assert network.contact.step == "waiting"

    assert waits(network, clock, 9) == []
    assert waits(network, clock, 1) == ["limit"]


def test_the_choices_lengthen_no_wait(network, operator, clock):
    network.queued()
    clock.move(minutes=9)
    network.step("left", 2)
    presses(network, "choices", "1")

    assert waits(network, clock, 1) == ["limit"]


def test_nobody_is_led_out_whose_offer_rings_or_who_talks(network, operator, clock):
    contact = network.queued()
    tells(network, "join", 10)
    clock.move(minutes=30)
    leg = takes(contact, operator, clock.now)
    network.step("wait", 2 * WAIT + 1)
    let_in(network, operator, leg)
    tells(network, "join", 20, OPERATOR_SID, "op-1")
    network.step("wait", 2 * WAIT + 2)

    assert orders_out() == []


def test_an_order_that_leads_out_and_is_overtaken_by_an_offer_leads_back(network, operator, clock):
    contact = network.queued()
    clock.move(minutes=11)
    network.step("wait", 2 * WAIT + 1)
    takes(contact, operator, clock.now)

    reply = network.step("left", 2)

    assert (orders_out(), reply.verbs()) == (["limit"], ["Dial"])
    assert (network.contact.step, network.contact.state) == ("waiting", "offered")


# Who left the queue while an offer rang.


@pytest.fixture
def chooses(network, operator, clock):
    """A caller who pressed the star while the browser of an operator was let into the room, and is not known to be there."""
    contact = network.queued()
    tells(network, "join", 10)
    leg = takes(contact, operator, clock.now)
    let_in(network, operator, leg)
    tells(network, "leave", 15)
    network.step("left", 2, DialCallStatus="answered")
    return leg


def test_an_offer_is_given_back_when_its_caller_goes_to_the_choices(network, operator, desk, chooses):
    contact = network.contact

    assert (contact.state, contact.claimed_by, contact.claimed_until) == ("choices", None, None)
    assert state_of(operator) == ("ready", None, 0)
    assert Command.objects.filter(kind="hang_up", leg=chooses).count() == 1
    page = desk.get(reverse("hotline:console")).content.decode()
    assert "Hearing the choices while waiting" in page
    assert "Your telephone is joining the room." not in page


def test_who_comes_back_to_the_queue_is_offered_anew(network, operator, clock, chooses):
    presses(network, "choices", "1")
    assert network.contact.state == "waiting"

    leg = takes(network.contact, operator, clock.now)

    assert (network.contact.state, leg.label, state_of(operator)[0]) == ("offered", "op-2", "offered")


@pytest.mark.parametrize("is_told", ["not", "before the choice", "after the choice", "at the end"])
@pytest.mark.parametrize("outcome", ["callback", "voicemail"])
def test_a_call_back_or_a_message_chosen_while_an_offer_rang_stands_in_the_list(
    network, operator, chooses, outcome, is_told
):
    def comes(when):
        if is_told == when:
            tells(network, "join", 17, OPERATOR_SID, "op-1")
            tells(network, "leave", 18, OPERATOR_SID, "op-1")

    comes("before the choice")
    presses(network, "choices", "2" if outcome == "callback" else "3")
    comes("after the choice")
    if outcome == "callback":
        presses(network, "callback", *CALLBACK[1:])
    else:
        network.step("voicemail-done", 4, RecordingSid="RE" + "1" * 32, RecordingDuration="20")
    network.status("completed", "9")
    comes("at the end")

    contact = network.contact
    assert (contact.state, contact.outcome, contact.is_missed, contact.connected_at) == ("ended", outcome, True, None)
    assert [one.pk for one in missed_contacts(operator)] == [contact.pk]
    assert state_of(operator) == ("ready", None, 0)


def test_who_comes_back_after_an_operator_was_in_the_empty_room_was_not_answered(network, operator, chooses):
    tells(network, "join", 17, OPERATOR_SID, "op-1")
    tells(network, "leave", 18, OPERATOR_SID, "op-1")
    presses(network, "choices", "1")
    tells(network, "join", 25)
    assert network.contact.state == "waiting"

    tells(network, "leave", 50)
    network.status("completed", "9")

    assert (network.contact.outcome, network.contact.is_missed) == ("abandoned", True)


def test_a_star_before_the_room_leads_into_it_where_the_operator_is_there(network, operator, clock):
    contact = network.queued()
    network.step("left", 2)
    presses(network, "choices", "1")
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")

    reply = presses(network, "queue", "*")

    assert (reply.verbs(), network.contact.state) == (["Dial"], "connected")


@pytest.mark.parametrize("outcome", ["callback", "voicemail", "no_message"])
def test_what_is_chosen_after_a_cut_off_stands_in_the_list_and_the_sheet_is_hers_who_talked(
    network, operator, clock, outcome
):
    talks(network, operator, clock)
    is_cut(network)
    presses(network, "queue", "*")
    presses(network, "choices", "2" if outcome == "callback" else "3")
    if outcome == "callback":
        presses(network, "callback", *CALLBACK[1:])
    if outcome == "voicemail":
        sound = {"RecordingSid": "RE" + "6" * 32, "RecordingStatus": "completed", "RecordingDuration": "9"}
        network.status("completed", "9")
        network.post("/hotline/twilio/status/", network.fields(**sound))
    network.status("completed", "10")

    contact = network.contact
    assert (contact.outcome, contact.is_missed, contact.due_at is None) == (outcome, True, False)
    assert (contact.state, contact.claimed_by, state_of(operator)[0]) == ("wrap_up", operator, "wrap_up")
    follow_up.wrap_up(contact=contact, topic="crisis", by=operator, at=clock.now)
    assert [one.pk for one in missed_contacts(operator)] == [contact.pk]


# Who gave up before the operator's telephone came.


def test_who_gave_up_before_the_operator_came_stays_missed_in_whatever_order_it_is_told(
    network, operator, line, clock
):
    contact = network.queued()
    let_in(network, operator, takes(contact, operator, clock.now))
    told = [
        lambda: tells(network, "join", 10), lambda: tells(network, "leave", 60), lambda: network.status("completed", "9"),
        lambda: tells(network, "join", 62, OPERATOR_SID, "op-1"), lambda: tells(network, "leave", 65, OPERATOR_SID, "op-1"),
    ]  # fmt: skip
    found = set()
    for order in permutations(told):
        with transaction.atomic():
            for report in order:
                report()
            one = network.contact
            found.add((one.state, one.outcome, one.is_missed, one.due_at is None, one.connected_at, one.claimed_by_id,
                       one.priority, *state_of(operator)))  # fmt: skip
            facts = list(facts_of(line, clock.now.date()))
            assert [(fact.outcome, fact.waited) for fact in facts] == [("abandoned", 0.0)]
            assert len(missed_contacts(operator)) == 1
            transaction.set_rollback(True)

    assert found == {("ended", "abandoned", True, False, None, None, 5, "ready", None, 0)}


def test_who_talked_is_answered_in_whatever_order_it_is_told(network, operator, clock):
    contact = network.queued()
    let_in(network, operator, takes(contact, operator, clock.now))
    told = [
        lambda: tells(network, "join", 10), lambda: tells(network, "leave", 60), lambda: network.status("completed", "9"),
        lambda: tells(network, "join", 59, OPERATOR_SID, "op-1"), lambda: tells(network, "leave", 61, OPERATOR_SID, "op-1"),
    ]  # fmt: skip
    found = set()
    for order in permutations(told):
        with transaction.atomic():
            for report in order:
                report()
            one = network.contact
            found.add((one.state, one.outcome, one.is_missed, one.due_at, one.connected_at - clock.now,
                       one.claimed_by_id, one.priority, *state_of(operator)))  # fmt: skip
            transaction.set_rollback(True)

    came = dt.timedelta(seconds=59)
    assert found == {("wrap_up", "answered", False, None, came, operator.pk, 5, "wrap_up", contact.pk, 0)}


def test_an_operator_who_is_lost_before_the_caller_comes_is_free_and_nobody_was_answered(network, operator, clock):
    contact = network.queued()
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 20, OPERATOR_SID, "op-1")
    tells(network, "leave", 25, OPERATOR_SID, "op-1")
    assert network.contact.state == "returned"  # as far as is known
    tells(network, "join", 30)

    contact = network.contact
    assert (contact.state, contact.claimed_by, contact.connected_at) == ("waiting", None, None)
    assert contact.priority == 5
    assert state_of(operator)[:2] == ("ready", None)
    assert Leg.objects.get(label="caller").joined_at is not None
