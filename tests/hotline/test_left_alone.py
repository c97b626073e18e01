"""A caller whom everybody left hears a goodbye or waits for somebody anew; whom she was left with stays with her."""

import datetime as dt

import pytest

from hotline import actions, tasks
from hotline.actions.follow_up import wrap_up
from hotline.models import OperatorState, ThirdCall
from hotline.queries.board import board
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    bring,
    call_on_stage,
    colleague_who_is_ready,
    hand_over,
    hangs_up,
    interpret_in,
    interpreter_on_duty,
    lose,
    said_to_caller,
    there,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["operator", "a colleague"])
def test_closing_the_sheet_leaves_the_caller_with_the_service(stage, operator, second, supervisor, agency, who):
    bring(stage, agency, operator, is_cold=True)
    both = {"2883", "+231770000301"}
    assert there(stage) == both
    OperatorState.objects.filter(user=operator).update(seen_at=stage.at - dt.timedelta(hours=who != "operator"))

    by = operator if who == "operator" else second
    wrap_up(contact=stage.contact, topic="referral", by=by, at=stage.at)
    stage.wait(60)

    assert (there(stage), stage.call.is_live, stage.contact.state) == (both, True, "done")
    on_board = [(one.contact.pk, one.who, one.state) for one in board(supervisor, at=stage.at).talks]
    assert on_board == [(stage.contact.pk, None, "In conversation with a third person")]
    hangs_up(stage, "agency")
    assert board(supervisor, at=stage.at).talks == []
    assert ("Goodbye" in said_to_caller(stage)[-1], stage.call.is_live, there(stage)) == (True, False, set())


def test_closing_the_sheet_once_the_caller_has_gone_hangs_up_who_is_left_in_the_room(
    stage, operator, interpret, agency
):
    interpret_in(stage, interpret, operator)
    stage.play("hang up")
    stage.wait(5)
    assert there(stage) != set()
    wrap_up(contact=stage.contact, topic="referral", by=operator, at=stage.at)
    stage.wait(10)
    assert there(stage) == set()


def test_end_after_a_confirmed_hand_over_ends_it_for_an_interpreter_too(stage, operator, interpret, agency):
    interpret_in(stage, interpret, operator)
    bring(stage, agency, operator)
    hand_over(stage, operator)

    actions.end_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(20)

    assert (there(stage), stage.call.is_live) == (set(), False)
    assert "Goodbye" in said_to_caller(stage)[-1]


def test_end_after_it_was_to_be_a_colleague_s_ends_it_for_an_interpreter_too(stage, operator, second, interpret):
    interpret_in(stage, interpret, operator)
    actions.ask_colleague(contact=stage.contact, person=second, by=operator, at=stage.at)
    actions.take_over(contact=stage.contact, by=second, at=stage.at)
    stage.wait(20)
    hand_over(stage, operator)

    actions.end_call(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(20)

    assert (there(stage), stage.call.is_live) == (set(), False)


@pytest.mark.parametrize("order", [("agency", "interpreter"), ("interpreter", "agency")])
def test_who_is_left_by_the_service_after_its_operator_was_lost_waits_for_somebody_anew(
    stage, operator, interpret, agency, order
):
    interpret_in(stage, interpret, operator)
    bring(stage, agency, operator)
    hand_over(stage, operator)
    lose(stage)
    assert len(there(stage)) == 3

    for role in order:
        if ThirdCall.objects.get(role=role).leg.ended_at is None:
            hangs_up(stage, role)
    stage.wait(10)

    assert any("The call was cut" in text for text in said_to_caller(stage))
    assert there(stage) in ({"2883"}, set())
    assert (stage.call.is_live, ThirdCall.objects.get(role="interpreter").leg.ended_at is not None) == (True, True)


def test_nobody_leaves_a_caller_with_an_interpreter_alone(stage, operator, supervisor, interpret, agency):
    interpret_in(stage, interpret, operator)
    bring(stage, agency, operator)
    hand_over(stage, operator)
    lose(stage)
    service = ThirdCall.objects.get(role="agency")
    ThirdCall.objects.filter(pk=service.pk).update(person=supervisor, role="supervisor")
    service.refresh_from_db()
    with pytest.raises(actions.CallerAlone):
        actions.leave_colleague(by=supervisor, at=stage.at)


def test_a_cold_transfer_that_found_the_caller_on_hold_leaves_once_she_is_back(stage, operator, agency):
    actions.ask_agency(contact=stage.contact, agency=agency, is_cold=True, by=operator, at=stage.at)
    stage.hold()
    stage.wait(30)
    assert len(there(stage)) == 3

    stage.take_back()
    stage.wait(10)

    assert there(stage) == {"2883", "+231770000301"}
    assert (stage.contact.state, stage.call.is_live) == ("wrap_up", True)


def test_a_caller_of_whom_no_report_tells_that_she_is_alone_is_led_out_by_the_worker(stage, operator, agency):
    bring(stage, agency, operator, is_cold=True)
    service = ThirdCall.objects.get().leg
    type(service).objects.filter(pk=service.pk).update(left_at=stage.at)
    assert tasks.lead_out_alone(stage.contact.changed_at + dt.timedelta(seconds=14)) == 0
    stage.wait(60)
    assert there(stage) == {"2883", "+231770000301"}

    assert tasks.lead_out_alone(stage.at) == 1
    stage.wait(5)
    assert "Goodbye" in said_to_caller(stage)[-1]
