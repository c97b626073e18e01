"""Two acts at once: the second waits for the first, and both are links of one chain."""

import pytest

from accounts import actions, queries
from tests.accounts.test_invitations_race import ROUNDS, at_once, locking
from tests.locks import beside

__all__ = ["locking"]


def one(at, name):
    """Record one act."""
    return actions.record(by=name, verb="thing.read", thing="tests.thing:1", at=at)


def many(at, name):
    """Record two acts together."""
    actions.record_many(by=name, at=at, acts=[("thing.read", None, "", {}), ("thing.read", None, "", {})])


@pytest.mark.parametrize("act", [one, many])
@pytest.mark.parametrize("is_begun", [True, False])
def test_an_act_beside_another_waits_and_is_the_next_link(locking, at, act, is_begun):
    if is_begun:
        one(at, "first")

    with beside(lambda: act(at, "second")) as (begin, told):
        one(at, "ours")
        begin()

    assert not isinstance(told[0], Exception), repr(told[0])
    assert queries.chain_faults() == []
    assert queries.chain_head()[0] == is_begun + 1 + (2 if act is many else 1)


def test_many_acts_at_once_are_one_chain(locking, at):
    for _round in range(ROUNDS):
        raised = at_once(*(lambda name=f"act {number}": one(at, name) for number in range(4)))

        assert raised == [None] * 4

    assert queries.chain_faults() == []
    assert queries.chain_head()[0] == ROUNDS * 4
