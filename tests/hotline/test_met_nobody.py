"""Who gave up before the operator's telephone came met nobody, and who talked was answered, whatever is told first."""

import datetime as dt

import pytest

from hotline.models import Leg
from hotline.queries.figures import facts_of
from hotline.queries.log import missed_contacts
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.offers import in_every_order, let_in, state_of, takes, tells

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def of_both(network, joins, leaves):
    """Return what is told of a caller who is there from the tenth second to the sixtieth, and of an operator's telephone."""
    return [
        lambda: tells(network, "join", 10), lambda: tells(network, "leave", 60), lambda: network.status("completed", "9"),
        lambda: tells(network, "join", joins, OPERATOR_SID, "op-1"),
        lambda: tells(network, "leave", leaves, OPERATOR_SID, "op-1"),
    ]  # fmt: skip


def test_who_gave_up_before_the_operator_came_stays_missed_in_whatever_order_it_is_told(
    network, operator, line, clock
):
    contact = network.queued()
    let_in(network, operator, takes(contact, operator, clock.now))
    told = of_both(network, joins=62, leaves=65)

    def seen():
        one = network.contact
        assert [(fact.outcome, fact.waited) for fact in facts_of(line, clock.now.date())] == [("abandoned", 0.0)]
        assert len(missed_contacts(operator)) == 1
        return (one.state, one.outcome, one.is_missed, one.due_at is None, one.connected_at, one.claimed_by_id,
                one.priority, *state_of(operator))  # fmt: skip

    found = in_every_order(told, seen)

    assert found == {("ended", "abandoned", True, False, None, None, 5, "ready", None, 0)}


def test_who_talked_is_answered_in_whatever_order_it_is_told(network, operator, clock):
    contact = network.queued()
    let_in(network, operator, takes(contact, operator, clock.now))
    told = of_both(network, joins=59, leaves=61)

    def seen():
        one = network.contact
        return (one.state, one.outcome, one.is_missed, one.due_at, one.connected_at - clock.now, one.claimed_by_id,
                one.priority, *state_of(operator))  # fmt: skip

    found = in_every_order(told, seen)

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
