"""When the worker counts as silent: its last sign of life, also one from a clock that was fast."""

import datetime as dt

import pytest

from hotline import actions, tasks
from hotline.models import SweepMark
from hotline.queries import heartbeat
from tests.hotline.silence import DUTY, last_heard, practice_or_live_caller, rung  # noqa: F401 -- fixtures
from tests.hotline.telephones import verify

pytestmark = pytest.mark.django_db


def test_a_worker_heard_half_a_minute_ago_changes_nothing(caller, operator, at):
    verify(operator, at)
    last_heard(at - dt.timedelta(seconds=30))
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert [verb.tag for verb in reply.document.iter() if verb.tag in {"Conference", "Number"}] == ["Conference"]
    assert caller.contact.state == "waiting"


def test_whoever_carries_out_orders_is_heard(line, at):
    SweepMark.objects.all().delete()
    heartbeat.forget_heartbeat()
    assert heartbeat.is_silent(at)

    tasks.run_patient_orders(at)
    assert heartbeat.is_silent(at)
    tasks.run_call_orders(at)
    assert not heartbeat.is_silent(at + dt.timedelta(seconds=30))
    assert heartbeat.is_silent(at + dt.timedelta(seconds=31))


@pytest.mark.parametrize("ahead", [6, 3600])
def test_a_sign_of_life_from_the_future_is_none(network, operator, at, ahead):
    """What a clock that was fast left behind, once it goes right and the worker has stopped."""
    last_heard(at + dt.timedelta(seconds=ahead))
    contact = network.queued()

    assert rung(network.step("queue", 2)) == (DUTY, True)
    with pytest.raises(actions.NobodyRings):
        actions.take_call(contact=contact, by=operator, at=at)


def test_a_sign_a_few_seconds_ahead_is_one(network, operator, at):
    last_heard(at + dt.timedelta(seconds=5))

    assert network.queued().state == "waiting"


def test_whoever_carries_out_orders_again_is_heard_over_a_sign_from_the_future(line, at):
    last_heard(at + dt.timedelta(hours=1))
    assert heartbeat.is_silent(at)

    tasks.run_call_orders(at)

    assert (SweepMark.objects.get(kind=heartbeat.KIND).mark_at, heartbeat.is_silent(at)) == (at, False)
