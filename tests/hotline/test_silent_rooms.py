"""Who waits in a room when the worker falls silent: led out, and back when it is heard again."""

import datetime as dt

import pytest

from hotline import actions, tasks
from hotline.actions import standby
from hotline.choices import CommandKind
from hotline.models import Command, Contact, Leg, SimulatorAct
from tests.hotline.silence import DUTY, last_heard, rung
from tests.hotline.telephones import state_of, verify

pytestmark = pytest.mark.django_db


def test_who_keeps_the_place_is_put_through_as_well(network, operator, at):
    network.queued()
    last_heard(at - dt.timedelta(seconds=40))
    network.step("left", 2, DialCallStatus="answered")

    assert rung(network.step("choices", 3, Digits="1")) == (DUTY, True)


def test_a_caller_in_a_room_is_led_out_of_it_by_the_next_waiting_document(network, operator, at):
    contact = network.queued()
    last_heard(at - dt.timedelta(seconds=40))

    waiting = network.step("wait", 2001)
    standby.lead_out()

    assert {verb.tag for verb in waiting.document} <= {"Say", "Play", "Pause", "Redirect"}
    order = SimulatorAct.objects.get().payload
    assert (order["order"], order["sid"]) == ("redirect", network.sid)
    assert "/voice/queue/?t=2" in order["url"]
    assert rung(network.step("queue", 2)) == (DUTY, True)
    network.step("wait", 2002)
    assert Command.objects.filter(contact=contact, kind=CommandKind.REDIRECT).count() == 1


def test_the_order_out_waits_for_a_telephone_that_may_still_join(network, operator, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    last_heard(at - dt.timedelta(seconds=40))
    network.step("wait", 2001)
    assert not Command.objects.filter(kind=CommandKind.REDIRECT).exists()

    Contact.objects.update(claimed_until=at - dt.timedelta(seconds=1))
    network.step("wait", 2002)
    standby.lead_out()
    network.step("queue", 2)

    contact.refresh_from_db()
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("nobody", None, "ready")


def test_when_the_worker_is_back_the_caller_waits_again_and_no_old_order_rings(network, operator, at, clock):
    verify(operator, at)
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    Contact.objects.update(claimed_until=at - dt.timedelta(seconds=1))
    last_heard(at - dt.timedelta(seconds=40))
    network.step("wait", 2001)
    standby.lead_out()
    network.step("queue", 2)

    tasks.run_commands(at)

    assert not SimulatorAct.objects.filter(payload__order="dial").exists()
    clock.move(seconds=1)
    assert "Conference" in network.step("left", 3, DialCallStatus="no-answer").text
    assert Leg.objects.filter(role="operator").count() == 2


def test_who_takes_a_call_again_is_rung_once(network, operator, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    later = at + dt.timedelta(seconds=21)
    actions.take_call(contact=contact, by=operator, at=later)

    tasks.run_commands(later)

    assert SimulatorAct.objects.filter(payload__order="dial").count() == 1


def test_only_while_the_worker_is_silent_the_web_process_leads_callers_out(
    network, operator, at, django_capture_on_commit_callbacks
):
    network.queued()
    with django_capture_on_commit_callbacks() as heard:
        network.step("wait", 2001)
    last_heard(at - dt.timedelta(seconds=40))
    with django_capture_on_commit_callbacks() as silent:
        network.step("wait", 2002)

    assert (standby._start in heard, standby._start in silent) == (False, True)
