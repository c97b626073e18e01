"""A service in the call: rung at its enrolled number, handed the call; nobody leaves before the network lets the room go on."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Office
from hotline import actions, tasks
from hotline.actions.follow_up import wrap_up
from hotline.actions.shielding import shield_contact
from hotline.demo.stage import Stage
from hotline.models import ContactEvent, OperatorState, ThirdCall
from hotline.queries.shields import services_to_bring
from referral import actions as referral
from referral.models import Organisation
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    conversation_with_an_operator,
    newest,
    orders,
    picks_up,
    plain,
    reports,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(talk, agency, operator, network, clock):
    """The service was asked into the call, pressed 1 and is in the room."""
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now)
    return joins(third, network, clock)


def joins(third, network, clock):
    tasks.run_commands(clock.now)
    leg = newest(third)
    said = picks_up(network, leg, "agency").said()
    assert said.startswith("A helpline wishes to connect you with somebody who agreed to speak with you, in English.")
    picks_up(network, leg, "agency-key", Digits="1")
    network.room("participant-join", 11, third.contact, leg.call_sid, leg.label)
    tasks.run_commands(clock.now)
    third.refresh_from_db()
    return third


def confirms(network, contact, ends="false", sequence=20):
    return network.room("participant-modify", sequence, contact, OPERATOR_SID, "op-1", EndConferenceOnExit=ends)


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


@pytest.mark.parametrize("why", ["no number", "named by the caller", "another country", "enrolled yesterday"])
def test_no_other_number_is_ever_rung(talk, agency, operator, clock, haiti, why):
    if why == "no number":
        agency.number = None
        agency.save(update_fields=["number"])
    elif why == "named by the caller":
        assert services_to_bring(talk, clock.now) == [agency]
        office = Office.objects.create(country=talk.country, name="shelter")
        shield_contact(contact=talk, by=operator, at=clock.now, office=office)
        assert services_to_bring(talk, clock.now) == []
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


def test_with_a_colleague_there_too_the_one_key_hands_the_call_to_her(
    desk, talk, there, operator, person, liberia, network, clock, now
):
    second = person("operator", country=liberia, name="Second, Liberia")
    token = actions.set_presence(user=second, state="ready", by=second, at=clock.now).token
    third = actions.ask_colleague(contact=talk, person=second, by=operator, at=clock.now)
    actions.take_over(contact=talk, by=second, at=clock.now)
    tasks.run_commands(clock.now)
    picks_up(network, newest(third), "colleague", To=f"client:{token}")
    network.room("participant-join", 12, talk, newest(third).call_sid, "col-1")

    def bears_l():
        page = desk.get(reverse("hotline:console")).content.decode()
        return [part.partition('" data-key="l"')[0] for part in page.split(' id="')[1:] if '" data-key="l"' in part]

    assert (newest(third).joined_at is not None, bears_l()) == (True, ["act-hand-to"])
    desk.post(reverse("hotline:control", args=[talk.public_id, "hand_over"]))
    confirms(network, talk)
    assert bears_l() == ["act-leave-to"]


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


def left_with_the_service(talk, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk)
    actions.leave_call(contact=talk, by=operator, at=clock.now)


def test_the_star_of_who_was_left_with_a_service_leads_back_to_it(talk, there, operator, network, clock):
    left_with_the_service(talk, operator, network, clock)
    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")

    again = network.step("left", network.contact.turn, DialCallStatus="answered")
    assert (again.verbs(), again.document.find(".//Conference").text) == (["Dial"], talk.room_name)

    network.room("participant-leave", 22, talk, there.leg.call_sid, there.leg.label)
    assert "Goodbye" in network.step("left", network.contact.turn, DialCallStatus="answered").said()


def test_whoever_leaves_is_told_that_she_leaves_and_then_that_her_part_is_over(
    desk, talk, there, operator, network, clock, now
):
    left_with_the_service(talk, operator, network, clock)
    page = plain(desk.get(reverse("hotline:console")))
    assert ("You are leaving the call: asked for, not confirmed yet." in page, 'id="act-leave"' in page) == (
        True,
        True,
    )
    clock.move(seconds=10)
    late = plain(desk.get(reverse("hotline:console")))
    assert "press “Leave the call” again" in late
    assert "press “End” again" not in late

    network.room("participant-leave", 21, talk, OPERATOR_SID, "op-1")
    page = plain(desk.get(reverse("hotline:console")))
    assert ("Your part of the call is over." in page, "The call is over. What" in page) == (True, False)
    assert "You left the call." in desk.get(reverse("hotline:missed")).content.decode()


def test_whoever_would_leave_by_herself_reads_so_and_may_stay(desk, talk, agency, operator, network, clock, now):
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=True, by=operator, at=clock.now)
    page = plain(desk.get(reverse("hotline:console")))
    assert ("You leave by yourself once it has joined" in page, 'data-key="p"' in page) == (True, True)

    desk.post(reverse("hotline:control", args=[talk.public_id, "stay"]))
    joins(third, network, clock)
    page = plain(desk.get(reverse("hotline:console")))
    assert ("You leave by yourself" in page, orders("room_end")) == (False, [])
    assert 'id="act-no-service" data-key="y" data-ask="Press Y once more' in page


def test_a_report_of_an_earlier_hand_over_that_comes_late_takes_nothing_back(talk, there, operator, network, clock):
    actions.hand_over(contact=talk, by=operator, at=clock.now)
    confirms(network, talk, sequence=22)
    confirms(network, talk, ends="true", sequence=21)

    there.refresh_from_db()
    assert there.hand_confirmed_at is not None


def test_a_number_that_was_enrolled_yesterday_is_named_with_the_day_from_which_it_rings(desk, talk, liberia, at, now):
    body = Organisation.objects.create(country=liberia, name="Clinic", created_at=at, changed_at=at)
    referral.enrol_contact(organisation=body, name="D", number="+231770000302", by="test", at=at)

    page = plain(desk.get(reverse("hotline:bring_in", args=[talk.public_id])))

    assert "Clinic: from" in page
    assert "has a number in the directory yet" not in page


def test_a_service_that_presses_1_too_late_leaves_no_mark_on_the_contact(talk, agency, operator, network, clock):
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    actions.release_third(contact=talk, role="agency", by=operator, at=clock.now)

    assert picks_up(network, newest(third), "agency-key", Digits="1").verbs()[-1] == "Hangup"
    assert "no_claim" not in network.contact.flags
