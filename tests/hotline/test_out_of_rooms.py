"""A caller who is led out of her room and back: two conferences of one call, and orders that came too late or were refused."""

import datetime as dt

import pytest

from hotline import actions, tasks
from hotline.models import Command
from hotline.stays import is_apart
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.offers import let_in, orders_out, takes, waits
from tests.hotline.thirds import orders

pytestmark = pytest.mark.django_db
FIRST, SECOND = "CF" + "1" * 32, "CF" + "2" * 32
MINUTE = dt.timedelta(minutes=1)


def tells(network, event, number, room, sid="", label="caller", second=10):
    said = f"Wed, 25 Nov 2026 10:10:{second:02} +0000"
    network.room(f"participant-{event}", number, network.contact, sid or network.sid, label, room=room, said=said)


def test_who_comes_into_another_conference_within_the_second_has_talked_with_her_operator(network, operator, clock):
    contact = network.queued()
    tells(network, "join", 1, FIRST)
    tells(network, "leave", 2, FIRST)
    tells(network, "join", 1, SECOND)
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 2, SECOND, OPERATOR_SID, "op-1", second=12)
    assert network.contact.state == "connected"

    tells(network, "leave", 3, SECOND, second=50)
    network.status("completed", "9")

    assert (network.contact.state, network.contact.outcome, network.contact.is_missed) == (
        "wrap_up",
        "answered",
        False,
    )
    assert network.contact.claimed_by == operator


def test_two_conferences_at_one_time_are_not_one():
    operator = f"20261125100000|00000001|{FIRST}|+ 20261125101000|00000009|{FIRST}|-"
    assert is_apart(operator, f"20261125100500|00000001|{SECOND}|+")
    assert not is_apart(operator, f"20261125100500|00000002|{FIRST}|+")
    assert not is_apart(operator, "20261125100500|00000000||+")  # of which conference was never told


def waits_too_long(network, clock):
    assert waits(network, clock, 10) == ["limit"]


def test_nobody_is_led_out_of_a_conversation_by_an_order_that_comes_late(network, operator, clock):
    contact = network.queued()
    waits_too_long(network, clock)
    let_in(network, operator, takes(contact, operator, clock.now))
    tells(network, "join", 1, FIRST)
    tells(network, "join", 2, FIRST, OPERATOR_SID, "op-1")

    tasks.run_commands(clock.now)

    assert orders("redirect") == []
    assert network.contact.state == "connected"


def test_an_offer_that_stopped_an_order_and_came_to_nothing_leads_out_a_minute_later(network, operator, clock):
    contact = network.queued()
    waits_too_long(network, clock)
    takes(contact, operator, clock.now)
    tasks.run_commands(clock.now)
    assert orders("redirect") == []

    actions.release_lapsed_claims(at=clock.move(seconds=60))
    waits_on(network, clock)
    assert orders_out() == ["limit", "limit"]
    tasks.run_commands(clock.now)

    assert [one["order"] for one in orders("redirect")] == ["redirect"]


def test_an_order_that_was_refused_is_given_anew_once_a_minute(network, operator, clock):
    network.queued()
    waits_too_long(network, clock)
    Command.objects.filter(kind="redirect").update(failed_at=clock.now)

    waits_on(network, clock, seconds=59)
    assert orders_out() == ["limit"]
    waits_on(network, clock, seconds=1)
    waits_on(network, clock, seconds=12)
    assert orders_out() == ["limit", "limit"]


def waits_on(network, clock, seconds=60):
    """Let the caller wait on, and ask once more what is to be heard."""
    clock.move(seconds=seconds)
    turn = network.contact.turn * 1000 + 100 + int((clock.now - network.contact.started_at).total_seconds()) % 800
    network.step("wait", turn)
