"""Of two calls of one telephone one has the leg: who talks, who is let in, who takes it over."""

import datetime as dt

import pytest

from hotline import actions
from hotline.actions.operators import PHONE_LEASE
from hotline.actions.second_calls import UNHEARD
from hotline.models import Contact
from tests.hotline.rung_twice import (  # noqa: F401 -- fixtures
    A,
    B,
    first_call_rings,
    second_call_stored,
    stands,
    telephone_rung_by_two_calls,
)
from tests.hotline.telephones import verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    conversation_with_an_operator,
    interpreter_on_duty,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "completed", "ringing", "in-progress"])
def test_whoever_talks_keeps_the_call_whatever_is_reported_of_the_other(a_rings, status):
    a_rings.comes(A)
    before = stands(a_rings)
    a_rings.reports(B, status)

    assert stands(a_rings) == before
    assert a_rings.now.status == "in-progress"
    a_rings.work()
    assert a_rings.slow.hung_up == ([B] if status in ("ringing", "in-progress") else [])


def test_a_colleague_cannot_take_a_call_whose_operator_talks(a_rings, person, liberia, at):
    if a_rings.leg.role != "operator":
        return
    a_rings.comes(A)
    a_rings.reports(B, "busy")
    other = person("operator", country=liberia, name="Other, Liberia")
    actions.set_presence(user=other, state="ready", by=other, at=a_rings.clock.now)
    verify(other, a_rings.clock.now)

    assert a_rings.network.contact.state == "connected"
    with pytest.raises(actions.AlreadyTaken):
        actions.take_call(contact=a_rings.network.contact, by=other, at=a_rings.clock.now)


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_while_the_first_rings_an_end_of_the_second_misses_nothing(a_rings, status):
    a_rings.reports(B, status)
    a_rings.clock.move(seconds=1)

    assert (a_rings.is_waited_for, a_rings.now.status) == (True, "ringing")
    a_rings.comes(A)
    a_rings.work()
    assert a_rings.now.joined_at is not None
    assert a_rings.slow.hung_up == []  # it is over


@pytest.mark.parametrize("told", [(), ("ringing",), ("busy",)])
def test_the_first_is_let_in_where_the_second_is_stored(b_stored, told):
    for status in told:
        b_stored.reports(B, status)
    b_stored.clock.move(seconds=1)
    assert b_stored.is_waited_for
    b_stored.comes(A)
    b_stored.work()

    assert (b_stored.now.call_sid, b_stored.now.status) == (A, "in-progress")
    assert b_stored.slow.hung_up == ([] if "busy" in told else [B])


def test_the_one_that_is_alive_has_the_leg_once_the_stored_one_is_over(b_stored):
    b_stored.reports(A, "ringing")
    b_stored.reports(B, "busy")
    b_stored.clock.move(seconds=1)

    assert (b_stored.is_waited_for, b_stored.now.call_sid, b_stored.now.status) == (True, A, "ringing")
    b_stored.reports(A, "no-answer")
    b_stored.clock.move(seconds=1)
    assert not b_stored.is_waited_for


def test_of_two_that_ring_the_one_picked_up_later_is_sent_away(a_rings):
    a_rings.reports(B, "ringing")
    a_rings.comes(A)
    a_rings.work()
    assert a_rings.slow.hung_up == [B]
    before = stands(a_rings)[6:]
    reply = a_rings.hears(B)

    assert (reply.verbs()[-1], "<Conference" in reply.text) == ("Hangup", False)
    assert "<Conference" not in a_rings.presses(B).text
    a_rings.reports(B, "completed")
    a_rings.work(seconds=5)
    assert stands(a_rings)[6:] == before
    assert a_rings.slow.hung_up == [B]  # once


def test_a_voicemail_that_takes_one_of_two_calls_takes_the_other_from_nobody(a_rings):
    a_rings.reports(B, "in-progress")
    a_rings.hears(B)
    a_rings.presses(B, key="")
    a_rings.reports(B, "completed")
    a_rings.clock.move(seconds=1)

    assert a_rings.is_waited_for
    a_rings.comes(A)
    assert a_rings.now.call_sid == A


def test_the_second_has_the_leg_once_the_first_ended_unanswered(a_rings):
    a_rings.reports(B, "ringing")
    a_rings.reports(A, "no-answer")
    a_rings.clock.move(seconds=1)

    assert a_rings.is_waited_for
    a_rings.comes(B)
    a_rings.reports(A, "no-answer")
    assert (a_rings.now.call_sid, a_rings.now.status) == (B, "in-progress")


def test_another_call_that_stands_in_the_room_goes_without_ending_it(a_rings):
    a_rings.comes(A)
    before = stands(a_rings)
    a_rings.joins(B)
    a_rings.network.room("participant-leave", 90, a_rings.now.contact, B, a_rings.leg.label)
    a_rings.work()

    assert stands(a_rings) == before
    assert (a_rings.slow.hung_up, a_rings.slow.kept_rooms) == ([B], [("CF" + "1" * 32, B, False)])


@pytest.fixture
def lapses(rung):
    """The first call is busy while the second is dialled and not heard of: the offer ends early, in ten seconds."""
    rung.slow.meanwhile = lambda: [rung.reports(A, status) for status in ("ringing", "busy")]
    return rung


@pytest.mark.parametrize("rung", ["operator"], indirect=True)
def test_an_offer_that_ended_early_with_the_first_call_stands_as_long_as_it_was_meant_to_for_the_second(lapses):
    meant = lapses.now.made_at + PHONE_LEASE
    lapses.work(seconds=5)

    assert lapses.now.contact.claimed_until == meant
    lapses.clock.now = meant - dt.timedelta(seconds=1)
    assert lapses.is_waited_for
    lapses.comes(B)
    assert (lapses.now.contact.state, lapses.now.contact.claimed_by_id) == ("connected", lapses.leg.user_id)


@pytest.mark.parametrize("rung", ["operator"], indirect=True)
@pytest.mark.parametrize("status", ["busy", "completed"])
def test_an_offer_whose_second_call_is_over_too_ends_as_early(lapses, status):
    lapses.slow.meanwhile = lambda: [
        lapses.reports(sid, word) for sid, word in ((A, "ringing"), (A, "busy"), (B, status))
    ]
    lapses.work(seconds=5)

    assert lapses.now.contact.claimed_until <= lapses.clock.now + UNHEARD


@pytest.mark.parametrize("rung", ["operator"], indirect=True)
def test_an_offer_that_is_over_is_not_made_again_by_a_call_that_is_heard_late(lapses):
    lapses.slow.meanwhile()
    lapses.clock.move(seconds=20)
    assert not lapses.is_waited_for
    lapses.reports(B, "ringing")

    contact = Contact.objects.get(pk=lapses.leg.contact_id)
    assert (contact.state, contact.claimed_by_id, contact.claimed_until) == ("waiting", None, None)
