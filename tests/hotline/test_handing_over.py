"""A service in the call: rung at its enrolled number, handed the call; nobody leaves before the network lets the room go on."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline import actions, tasks
from hotline.actions.follow_up import wrap_up
from hotline.demo.stage import Stage
from hotline.models import ContactEvent, OperatorState, ThirdCall
from referral import actions as referral
from referral.models import Organisation
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.thirds import conversation_with_an_operator, newest, orders, picks_up, plain, reports  # noqa: F401 -- fixtures

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=4)


@pytest.fixture
def agency(liberia, at):
    """A service whose number has stood in the directory for four days."""
    body = Organisation.objects.create(country=liberia, name="Shelter", created_at=at, changed_at=at)
    return referral.enrol_contact(organisation=body, name="Desk", number="+231770000301", by="test", at=at - DAYS)


@pytest.fixture
def there(talk, agency, operator, network, clock):
    """The service was asked into the call, pressed 1 and is in the room."""
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now)
    return joins(third, network, clock)


def joins(third, network, clock):
    tasks.run_commands(clock.now)
    leg = newest(third)
    picks_up(network, leg, "agency")
    picks_up(network, leg, "agency-key", Digits="1")
    network.room("participant-join", 11, third.contact, leg.call_sid, leg.label)
    tasks.run_commands(clock.now)
    third.refresh_from_db()
    return third


def confirms(network, contact, ends="false", sequence=20):
    fields = {
        "ConferenceSid": "CF" + "1" * 32, "FriendlyName": contact.room_name, "StatusCallbackEvent": "participant-modify",
        "SequenceNumber": str(sequence), "CallSid": OPERATOR_SID, "ParticipantLabel": "op-1", "EndConferenceOnExit": ends,
    }  # fmt: skip
    return network.post("/hotline/twilio/status/", fields)


def test_a_service_is_rung_at_its_enrolled_number_and_the_caller_hears_who_joins(talk, there, network):
    assert [one["to"] for one in orders("dial")][-1] == "+231770000301"
    assert (there.state, there.leg.label, network.contact.state) == ("joined", "agency-1", "consult")
    path = orders("announce")[-1]["url"].partition("#")[0].partition("/hotline")[2]
    said = network.post(f"/hotline{path}", {"ConferenceSid": "CF" + "1" * 32}).said()
    assert said == "A person from the service you agreed to is joining the call."
    kinds = list(ContactEvent.objects.filter(contact=talk, kind__startswith="third").values_list("kind", flat=True))
    assert kinds[:2] == ["third_agreed", "third_asked"]


def test_nobody_leaves_before_the_network_lets_the_room_go_on(talk, there, operator, network, clock):
    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=talk, by=operator, at=clock.now)
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    assert orders("room_end") == [
        {"order": "room_end", "room_sid": "CF" + "1" * 32, "sid": OPERATOR_SID, "ends": False}
    ]
    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=talk, by=operator, at=clock.now)

    confirms(network, talk)
    actions.leave_call(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)

    assert [(one["sid"], one["ends"]) for one in orders("room_end")][1:] == [(there.leg.call_sid, True)]
    assert [one["sid"] for one in orders("hang_up")] == [OPERATOR_SID]
    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")
    assert (network.contact.state, network.contact.ended_at) == ("wrap_up", None)
    assert OperatorState.objects.get(user=operator).state == "wrap_up"


def test_who_was_left_with_a_service_hears_a_goodbye_though_the_sheet_is_closed(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    actions.leave_call(contact=talk, by=operator, at=clock.now)
    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")
    wrap_up(contact=network.contact, topic="concern", by=operator, at=clock.now)
    network.room("participant-leave", 22, talk, there.leg.call_sid, there.leg.label)

    heard = network.step("left", network.contact.turn, DialCallStatus="completed")

    assert (heard.verbs()[-1], "Goodbye" in heard.said(), heard.document.find("Dial")) == ("Hangup", True, None)
    network.status("completed", "9")
    assert (network.contact.state, network.contact.outcome, network.contact.is_missed) == ("done", "answered", False)


def test_who_holds_the_caller_does_not_leave(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    network.room("participant-hold", 21, talk, network.sid, "caller")

    with pytest.raises(actions.OnHold):
        actions.leave_call(contact=talk, by=operator, at=clock.now)


def test_when_the_service_leaves_first_the_room_ends_with_its_operator_again(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    tasks.run_commands(clock.now)
    network.room("participant-leave", 21, talk, there.leg.call_sid, there.leg.label)
    tasks.run_commands(clock.now)

    assert [(one["sid"], one["ends"]) for one in orders("room_end")] == [(OPERATOR_SID, False), (OPERATOR_SID, True)]
    assert network.contact.state == "connected"
    with pytest.raises(actions.NotInRoom):
        actions.leave_call(contact=talk, by=operator, at=clock.now)


def test_a_caller_whom_everybody_left_is_led_out_of_the_room(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")  # lost before she left
    assert network.contact.state == "returned"
    network.room("participant-leave", 22, talk, there.leg.call_sid, there.leg.label)
    tasks.run_commands(clock.now)

    assert [(one["sid"], "/left/" in one["url"]) for one in orders("redirect")] == [(network.sid, True)]
    assert "The call was cut" in network.step("left", network.contact.turn, DialCallStatus="completed").said()


def test_end_after_a_confirmed_hand_over_ends_it_for_all(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    actions.end_call(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    assert {one["sid"] for one in orders("hang_up")} == {OPERATOR_SID, there.leg.call_sid}
    network.room("participant-leave", 21, talk, there.leg.call_sid, there.leg.label)
    network.room("participant-leave", 22, talk, OPERATOR_SID, "op-1")
    tasks.run_commands(clock.now)

    assert [(one["sid"], "/left/" in one["url"]) for one in orders("redirect")] == [(network.sid, True)]
    heard = network.step("left", network.contact.turn)
    assert (heard.verbs()[-1], "Goodbye" in heard.said()) == ("Hangup", True)


@pytest.mark.parametrize("first", ["service", "operator"])
def test_a_caller_whom_both_left_is_led_out_in_whatever_order_it_is_told(talk, there, operator, network, clock, first):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    leaves = [(OPERATOR_SID, "op-1"), (there.leg.call_sid, there.leg.label)]
    for number, (sid, label) in enumerate(leaves[::-1] if first == "service" else leaves):
        network.room("participant-leave", 21 + number, talk, sid, label)
    tasks.run_commands(clock.now)

    assert [(one["sid"], "/left/" in one["url"]) for one in orders("redirect")] == [(network.sid, True)]


def test_where_the_caller_was_led_out_by_herself_no_order_leads_her_anywhere(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    actions.end_call(contact=talk, by=operator, at=clock.now)
    network.room("participant-leave", 21, talk, there.leg.call_sid, there.leg.label)
    network.step("left", network.contact.turn, DialCallStatus="completed")
    network.room("participant-leave", 22, talk, OPERATOR_SID, "op-1")
    tasks.run_commands(clock.now)

    assert orders("redirect") == []


def test_when_the_caller_hangs_up_in_a_hand_over_nobody_stays_in_a_paid_room(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    network.status("completed", "9")

    tasks.run_commands(clock.move(seconds=180))

    assert {one["sid"] for one in orders("hang_up")} == {OPERATOR_SID, there.leg.call_sid}


@pytest.mark.parametrize("why", ["no number", "another country", "enrolled yesterday"])
def test_no_other_number_is_ever_rung(talk, agency, operator, clock, haiti, why):
    if why == "no number":
        agency.number = None
        agency.save(update_fields=["number"])
    elif why == "another country":
        Organisation.objects.filter(pk=agency.organisation_id).update(country=haiti)
    else:
        body = Organisation.objects.create(
            country=talk.country, name="New", created_at=clock.now, changed_at=clock.now
        )
        enrolled = clock.now - dt.timedelta(days=1)
        agency = referral.enrol_contact(organisation=body, name="D", number="+231770000302", by="test", at=enrolled)

    with pytest.raises(actions.NobodyToRing):
        actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now)


def test_a_service_that_does_not_answer_is_said_and_the_call_goes_on(
    desk, talk, agency, operator, network, clock, now
):
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=True, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    reports(network, third.leg, "no-answer")

    assert newest(third) is not None
    assert (third.state, network.contact.state, orders("room_end")) == ("nobody", "connected", [])
    assert "Shelter did not answer." in plain(desk.get(reverse("hotline:console")))


def test_an_operator_brings_a_service_in_by_its_page_only_with_the_callers_yes(desk, talk, agency, clock, now):
    page = reverse("hotline:bring_in", args=[talk.public_id])
    assert f'data-key="y" href="{page}"' in plain(desk.get(reverse("hotline:console")))
    assert "Shelter" in desk.get(page).content.decode()

    refused = desk.post(page, {"agency": agency.public_id, "how": "stay"}).content.decode()
    assert "Ask the caller first. Without a yes nobody is rung." in refused
    forged = desk.post(page, {"agency": "+231770009999", "agreed": "on", "how": "leave"})
    assert (forged.status_code, ThirdCall.objects.count()) == (200, 0)

    desk.post(page, {"agency": agency.public_id, "agreed": "on", "how": "stay"})
    assert (ThirdCall.objects.get().agency, ThirdCall.objects.get().is_cold) == (agency, False)
    assert "Ringing: Shelter" in plain(desk.get(reverse("hotline:console")))


def test_the_console_leads_from_handing_over_to_leaving(desk, talk, there, network, clock, now):
    def press(act):
        headers = {"HX-Request": "true"}
        return desk.post(reverse("hotline:control", args=[talk.public_id, act]), headers=headers).content.decode()

    assert "Hand the call over <kbd>L</kbd>" in plain(desk.get(reverse("hotline:console")))
    assert "Not confirmed by the network yet" in press("leave")
    assert "Asked for, not confirmed yet." in press("hand_over")
    confirms(network, talk)
    page = plain(desk.get(reverse("hotline:console")))
    assert ("you may leave" in page, "Leave the call <kbd>L</kbd>" in page) == (True, True)
    press("leave")
    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")
    assert "You left the call. The caller talks with:" in plain(desk.get(reverse("hotline:console")))


@pytest.mark.parametrize("first", ["service", "caller"])
def test_a_cold_transfer_through_the_practice_network_ends_for_both(line, operator, agency, at, first):
    stage = Stage(at=at, operator=operator)
    stage.play("call 2883 from +231770000001\nwait 8\npress 1\nwait 5\noperator takes")

    actions.ask_agency(contact=stage.contact, agency=agency, is_cold=True, by=operator, at=stage.at)
    stage.wait(20)

    contact, third = stage.contact, ThirdCall.objects.get()
    assert (third.state, contact.state, contact.ended_at) == ("joined", "wrap_up", None)
    assert {call.to for room in stage.network.rooms.values() for call in room.members.values()} == {
        "2883", "+231770000301",
    }  # fmt: skip
    stage.network.hang_up(third.leg.call_sid if first == "service" else stage.call.sid)
    stage.wait(20)
    assert not stage.network.rooms
    assert not [call for call in stage.network.calls.values() if call.is_live]
    heard = [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind == "say"]
    assert ("Goodbye" in heard[-1]) is (first == "service")
    assert (stage.contact.outcome, ThirdCall.objects.get().state) == ("answered", "over")
