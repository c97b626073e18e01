"""Leaving a call when something else is under way: a hold, a question by keys, another operator, a supervisor who coaches."""

import pytest

from hotline import actions
from hotline.actions.handing_over import settle_room
from hotline.models import Command, Contact, OperatorState, ThirdCall
from tests.hotline.test_handing_over import confirms, joins
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    bring,
    call_on_stage,
    colleague_who_is_ready,
    conversation_with_an_operator,
    hand_over,
    hangs_up,
    lose,
    said_to_caller,
    there,
)

pytestmark = pytest.mark.django_db
BOTH = {"2883", "+231770000301"}


def is_held(stage):
    return stage.contact.legs.get(role="caller").is_held


def again(stage, operator):
    """Let the operator whose telephone was lost take the call again."""
    OperatorState.objects.filter(user=operator).update(state="ready")
    actions.take_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(10)


def coach(stage, operator, supervisor, mode="coach"):
    actions.offer_join(contact=stage.contact, mode=mode, reason="quality", by=supervisor, at=stage.at)
    actions.let_in(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(10)


@pytest.fixture
def handed(stage, operator, agency):
    """A call whose room may go on with a service."""
    bring(stage, agency, operator)
    hand_over(stage, operator)
    return stage


def act(stage, what, operator):
    if what == "hold":
        actions.hold(contact=stage.contact, by=operator, at=stage.at)
    else:
        actions.ask_by_keys(contact=stage.contact, question="danger", by=operator, at=stage.at)


@pytest.mark.parametrize("what", ["hold", "question"])
def test_nobody_leaves_while_a_hold_or_a_question_is_under_way(handed, operator, what):
    act(handed, what, operator)
    with pytest.raises(actions.OnHold):
        actions.leave_call(contact=handed.contact, by=operator, at=handed.at)


@pytest.mark.parametrize("what", ["hold", "question"])
def test_nothing_takes_the_caller_out_of_a_call_that_is_being_left(handed, operator, what):
    actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    with pytest.raises(actions.NotInRoom):
        act(handed, what, operator)
    handed.wait(30)
    assert (there(handed), is_held(handed)) == (BOTH, False)


def test_a_hold_that_the_network_confirms_after_the_operator_left_is_taken_back(handed, operator):
    act(handed, "hold", operator)
    Command.objects.filter(kind="hold").update(
        made_at=handed.at.replace(hour=1)
    )  # it should have been confirmed long ago
    actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    handed.wait(30)
    assert (there(handed), is_held(handed)) == (BOTH, False)


def test_a_question_that_is_asked_after_the_operator_left_leads_back_to_the_service(handed, operator):
    act(handed, "question", operator)
    Command.objects.filter(key__startswith="ask:").update(made_at=handed.at.replace(hour=1))
    actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    handed.wait(30)
    assert (there(handed), handed.call.is_live) == (BOTH, True)


@pytest.mark.parametrize("what", ["hold", "question"])
def test_a_cold_transfer_waits_for_what_is_under_way(talk, agency, operator, network, clock, what):
    third = actions.ask_agency(contact=talk, agency=agency, is_cold=True, by=operator, at=clock.now)
    joins(third, network, clock)
    if what == "hold":
        actions.hold(contact=talk, by=operator, at=clock.now)
    else:
        actions.ask_by_keys(contact=talk, question="danger", by=operator, at=clock.now)
    confirms(network, talk)
    assert third.contact.thirds.get().hand_confirmed_at is not None
    assert not Command.objects.filter(key__startswith="leave:").exists()

    network.room("participant-hold", 22, talk, network.sid, "caller")
    network.room("participant-unhold", 23, talk, network.sid, "caller")
    clock.move(seconds=10)
    network.room("participant-unhold", 24, talk, network.sid, "caller")
    assert Command.objects.filter(key__startswith="leave:").exists()


def test_a_caller_on_hold_whose_operator_is_lost_goes_on_with_the_service(handed, operator, second):
    OperatorState.objects.filter(user=second).update(state="off")
    handed.hold()
    handed.wait(3)
    lose(handed, 10)
    assert (there(handed), is_held(handed), handed.contact.state) == (BOTH, False, "returned")


def test_what_was_confirmed_for_a_telephone_that_is_gone_lets_nobody_leave(handed, operator):
    lose(handed, 5)
    again(handed, operator)
    assert len(there(handed)) == 3

    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    hand_over(handed, operator)
    actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    handed.wait(20)
    assert (there(handed), handed.call.is_live) == (BOTH, True)


def test_a_cold_transfer_does_not_take_another_operator_s_telephone_out(stage, operator, agency):
    actions.ask_agency(contact=stage.contact, agency=agency, is_cold=True, by=operator, at=stage.at)
    stage.hold()
    stage.wait(30)
    lose(stage, 5)
    again(stage, operator)
    stage.wait(20)
    assert (len(there(stage)), stage.call.is_live, is_held(stage)) == (3, True, False)


@pytest.mark.parametrize("how", ["goes", "takes over"])
def test_what_was_confirmed_for_a_service_ends_with_a_colleague_s_hand_over(handed, operator, second, how):
    actions.ask_colleague(contact=handed.contact, person=second, by=operator, at=handed.at)
    actions.take_over(contact=handed.contact, by=second, at=handed.at)
    handed.wait(10)
    hand_over(handed, operator)
    if how == "goes":
        actions.leave_colleague(by=second, at=handed.at)
    else:
        actions.leave_call(contact=handed.contact, by=operator, at=handed.at)
    handed.wait(5)

    with pytest.raises(actions.NotConfirmed):
        actions.leave_call(contact=handed.contact, by=operator if how == "goes" else second, at=handed.at)


@pytest.mark.parametrize("how", ["leaves", "lost"])
def test_nobody_coaches_in_a_room_without_an_operator(stage, operator, supervisor, agency, how):
    coach(stage, operator, supervisor)
    bring(stage, agency, operator)
    hand_over(stage, operator)
    if how == "leaves":
        actions.leave_call(contact=stage.contact, by=operator, at=stage.at)
    else:
        stage.drop()
    stage.wait(10)
    assert (there(stage), stage.call.is_live) == (BOTH, True)
    assert OperatorState.objects.get(user=supervisor).state != "on_call"


def test_who_coaches_is_let_go_with_the_operator_and_not_only_once_the_network_tells_that_she_left(
    stage, operator, supervisor, agency
):
    coach(stage, operator, supervisor)
    bring(stage, agency, operator)
    hand_over(stage, operator)
    ordered = Command.objects.filter(leg__role="supervisor", kind="hang_up")
    assert not ordered.exists()

    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)

    assert stage.contact.legs.get(role="operator").left_at is None
    assert ordered.count() == 1


def test_a_caller_who_is_left_with_who_coached_waits_for_somebody_anew(stage, operator, supervisor, agency):
    coach(stage, operator, supervisor)
    bring(stage, agency, operator)
    hand_over(stage, operator)
    lose(stage)
    hangs_up(stage, "agency")
    stage.wait(10)
    assert any("The call was cut" in text for text in said_to_caller(stage))


def test_a_supervisor_who_is_heard_by_all_stays_with_the_caller(stage, operator, supervisor, agency):
    coach(stage, operator, supervisor, mode="open")
    bring(stage, agency, operator)
    hand_over(stage, operator)
    lose(stage)
    hangs_up(stage, "agency")
    stage.wait(10)
    assert len(there(stage)) == 2
    with pytest.raises(actions.CallerAlone):
        actions.leave_colleague(by=supervisor, at=stage.at)


def test_who_left_the_call_to_a_colleague_does_nothing_in_it_any_more(stage, operator, second):
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(10)
    hand_over(stage, operator)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)

    for press in (actions.end_call, actions.hold, actions.unhold, actions.ask_help):
        with pytest.raises(actions.NotInRoom):
            press(contact=stage.contact, by=operator, at=stage.at)
    actions.leave_call(contact=stage.contact, by=operator, at=stage.at)  # it is ordered already
    stage.wait(10)
    assert (stage.contact.end_asked_at, stage.contact.claimed_by, is_held(stage)) == (None, second, False)
    actions.hold(contact=stage.contact, by=second, at=stage.at)


def test_who_is_on_her_way_to_the_goodbye_is_promised_nobody(network, operator, at):
    contact = network.queued()
    first = contact.turn * 1000
    assert "Please stay on the line" in network.step("wait", first).said()
    Contact.objects.filter(pk=contact.pk).update(end_asked_at=at)
    assert network.step("wait", first + 1).said() == ""


@pytest.mark.parametrize("what", ["never handed", "in a room before"])
def test_who_waits_alone_for_somebody_is_led_nowhere(talk, agency, operator, network, clock, what):
    third = joins(
        actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=clock.now), network, clock
    )
    if what == "in a room before":
        ThirdCall.objects.filter(pk=third.pk).update(hand_asked_at=clock.now)
    talk.legs.exclude(role="caller").update(left_at=clock.now, room_sid="CF" + "2" * 32)

    assert not settle_room(network.contact, at=clock.now)
    assert not Command.objects.filter(kind="redirect").exists()
    if what == "in a room before":
        talk.legs.exclude(role="caller").update(room_sid="CF" + "1" * 32)
        assert settle_room(network.contact, at=clock.now)
