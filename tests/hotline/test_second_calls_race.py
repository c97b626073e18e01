"""The key by which somebody comes, and the order to hang her telephone up, at one instant: one of them goes first."""

import pytest
from django.db import connection

from hotline.actions import second_orders
from hotline.models import Command, SecondCall
from tests.hotline.rung_twice import A, B, first_call_rings, telephone_rung_by_two_calls  # noqa: F401 -- fixtures
from tests.locks import meanwhile

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("rung", ["operator"], indirect=True),
]


@pytest.fixture
def due(a_rings):
    """The order to hang up the second call, which was picked up a minute ago and asks for its key."""
    a_rings.hears(B)
    a_rings.clock.move(seconds=61)
    call = SecondCall.objects.get()
    orders = Command.objects.filter(kind="hang_up", arguments__second_call=call.pk)
    return orders.get(key__endswith=f":{call.until:%Y%m%d%H%M%S%f}")


def test_who_presses_the_key_just_before_her_call_is_hung_up_is_in_the_room_and_stays(a_rings, due):
    def hang_up():
        second_orders.hang_up(due, a_rings.slow, a_rings.clock.now)
        return list(a_rings.slow.hung_up)

    with meanwhile(hang_up) as told:
        assert "<Conference" in a_rings.presses(B).text

    assert told == [[]]
    assert a_rings.now.call_sid == B


def test_who_presses_the_key_while_her_call_is_hung_up_is_sent_away(a_rings, due):
    with meanwhile(lambda: a_rings.presses(B).text) as told:
        second_orders.hang_up(due, a_rings.slow, a_rings.clock.now)

    assert [("<Conference" in text, "<Hangup" in text) for text in told] == [(False, True)]
    assert (a_rings.now.call_sid, a_rings.slow.hung_up) == (A, [B])
