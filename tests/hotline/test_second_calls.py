"""A telephone that was rung twice, because the first dial was not answered in time: one of the two calls has the leg.

The network reports of both, and asks for the steps of both, with signed requests; the product's worker dials, and hangs up.
"""

import datetime as dt
import importlib
import itertools

import pytest
from django.apps import apps
from django.db import transaction

from hotline import actions, tasks
from hotline.actions import second_calls
from hotline.actions.erasing import erase_again
from hotline.callers import call_mark
from hotline.models import Command, Contact, Leg, Line, OperatorState, SecondCall, ThirdCall
from hotline.queries.bar import bar_of
from hotline.telephony.base import ProviderDown
from tests.hotline.conftest import Network
from tests.hotline.telephones import NUMBER, verify
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    conversation_with_an_operator,
    interpreter_on_duty,
)

pytestmark = pytest.mark.django_db
A, B = "CA" + "a" * 32, "CA" + "b" * 32
ROLES = ("operator", "interpreter", "agency", "supervisor")


class SlowOnce:
    """A provider whose first answer to a dial never comes: that call rings all the same, and so does the second."""

    def __init__(self):
        self.dialled, self.hung_up, self.deleted, self.meanwhile, self.kept_rooms = 0, [], [], None, []
        self.while_hanging_up = None

    def dial(self, **_asked):
        self.dialled += 1
        if self.dialled == 1:
            raise ProviderDown("ReadTimeout")
        if self.meanwhile:
            self.meanwhile()
        return B

    def hang_up(self, sid):
        if self.while_hanging_up:
            self.while_hanging_up()
        self.hung_up.append(sid)

    def delete_call(self, sid):
        self.deleted.append(sid)

    def set_room_end(self, room_sid, sid, *, ends):
        self.kept_rooms.append((room_sid, sid, ends))

    def announce(self, room_sid, url):
        """Say who joins."""

    def set_coach(self, room_sid, sid, *, coached):
        """Let a supervisor be heard by the operator alone."""


class Rung:
    """A telephone of the staff, or of an agency, that is rung by two calls."""

    def __init__(self, network: Network, slow: SlowOnce, clock, leg: Leg):
        self.network, self.slow, self.clock, self.leg, self.numbers = network, slow, clock, leg, itertools.count(30)
        role = leg.role
        self.first, self.second = ("whisper", "softphone") if role == "operator" else (role, f"{role}-key")

    def work(self, **later):
        tasks.run_commands(self.clock.move(**later) if later else self.clock.now)

    def reports(self, sid, status):
        self.network.rung_status(self.leg.token, sid, status, next(self.numbers), NUMBER)

    def hears(self, sid):
        return self.network.rung(self.first, self.leg.token, sid, NUMBER)

    def presses(self, sid, key="1"):
        return self.network.rung(self.second, self.leg.token, sid, NUMBER, Digits=key)

    def presses_after_hearing(self, sid) -> str:
        self.hears(sid)
        return self.presses(sid).text

    def joins(self, sid, **more):
        return self.network.room("participant-join", next(self.numbers), self.now.contact, sid, self.leg.label, **more)

    def comes(self, sid):
        self.reports(sid, "in-progress")
        assert "Gather" in self.hears(sid).text
        assert "<Conference" in self.presses(sid).text
        self.joins(sid)

    @property
    def now(self) -> Leg:
        return Leg.objects.get(pk=self.leg.pk)

    @property
    def is_waited_for(self) -> bool:
        """Tell whether nobody else is rung or offered this call."""
        if self.leg.role == "operator":
            contact, at = self.now.contact, self.clock.now
            tasks.release_claims(at)
            contact.refresh_from_db()
            return contact.claimed_by_id == self.leg.user_id and contact.claimed_until > at
        return ThirdCall.objects.filter(leg=self.leg, state="ringing").exists()


def _third_leg(role, talk, operator, at, interpret, agency, boss):
    if role == "interpreter":
        interpret("Ada")
        third = actions.ask_interpreter(contact=talk, by=operator, at=at)
    elif role == "agency":
        third = actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=at)
    else:
        actions.operator_state(boss, at=at)
        verify(boss, at - dt.timedelta(hours=1))
        third = actions.offer_join(contact=talk, mode="open", reason="new", by=boss, at=at)
        actions.let_in(contact=talk, by=operator, at=at)
    third.refresh_from_db()
    return third.leg


@pytest.fixture(params=ROLES)
def rung(request, network, operator, person, liberia, clock, monkeypatch):
    """Both calls were dialled, and nothing was reported of either; the answer of the second is stored."""
    slow = SlowOnce()
    if request.param == "operator":
        Line.objects.update(is_practice=False)
        verify(operator, clock.now)
        contact = network.queued()
        actions.take_call(contact=contact, by=operator, at=clock.now)
        network.room("participant-join", 1, contact, sid=network.sid, label="caller")
        leg = contact.legs.get(role="operator")
    else:
        talk, interpret, agency = (request.getfixturevalue(name) for name in ("talk", "interpret", "agency"))
        boss = person("supervisor", country=liberia)
        leg = _third_leg(request.param, talk, operator, clock.now, interpret, agency, boss)
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: slow)
    rung = Rung(network, slow, clock, leg)
    rung.work()
    assert (slow.dialled, rung.now.call_sid) == (1, None)
    return rung


@pytest.fixture
def b_stored(rung):
    rung.work(seconds=5)
    assert (rung.slow.dialled, rung.now.call_sid) == (2, B)
    return rung


@pytest.fixture
def a_rings(rung):
    """The first call was reported as ringing while the second was dialled."""
    rung.slow.meanwhile = lambda: rung.reports(A, "ringing")
    rung.work(seconds=5)
    assert (rung.slow.dialled, rung.now.call_sid) == (2, A)
    return rung


def stands(rung):
    """Return all that a second call could change."""
    contact = Contact.objects.get(pk=rung.leg.contact_id)
    return (
        contact.state, contact.priority, contact.claimed_by_id, contact.claimed_until, contact.connected_at, contact.flags,
        list(Leg.objects.order_by("pk").values()), list(OperatorState.objects.order_by("pk").values("state", "contact")),
        list(ThirdCall.objects.values("state", "leg", "tries", "ended_at")),
    )  # fmt: skip


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


def test_a_second_call_that_nobody_hears_of_is_hung_up_by_the_answer_of_its_dial(rung):
    rung.slow.meanwhile = lambda: rung.comes(A)
    rung.work(seconds=5)
    rung.work(seconds=1)

    assert (rung.now.call_sid, rung.slow.hung_up) == (A, [B])


def test_what_rings_beside_the_leg_is_hung_up_with_it(a_rings):
    a_rings.reports(B, "ringing")
    actions.order("hang_up", leg=a_rings.now, key="both", at=a_rings.clock.now)
    a_rings.work()
    a_rings.work(seconds=1)

    assert sorted(a_rings.slow.hung_up) == [A, B]


def test_the_record_of_the_second_call_is_deleted_at_the_provider_too(a_rings):
    a_rings.comes(A)
    a_rings.reports(B, "busy")
    a_rings.work(hours=49)

    assert B in a_rings.slow.deleted
    assert A not in a_rings.slow.deleted


def test_once_the_record_of_the_second_call_is_deleted_nothing_here_names_that_call(a_rings):
    a_rings.comes(A)
    a_rings.reports(B, "busy")
    a_rings.work(hours=49)

    assert SecondCall.objects.get().call_sid == ""
    assert B not in str(list(Command.objects.values_list("key", "arguments")))


def test_the_record_of_the_second_call_goes_at_once_with_an_erased_contact(a_rings):
    a_rings.comes(A)
    a_rings.reports(B, "busy")
    erase_again(owner=a_rings.now.contact.public_id, by="worker", at=a_rings.clock.now)
    a_rings.work(seconds=1)
    assert (B in a_rings.slow.deleted, SecondCall.objects.get().call_sid) == (True, "")

    a_rings.work(hours=49)
    assert a_rings.slow.deleted.count(B) == 1


def test_who_is_asked_for_her_key_is_not_hung_up_meanwhile(a_rings):
    a_rings.clock.move(seconds=40)
    a_rings.hears(B)  # of the first nothing is told any more
    a_rings.work(seconds=25)
    assert a_rings.slow.hung_up == []

    assert "<Conference" in a_rings.presses(B).text
    a_rings.work(seconds=1)
    assert (a_rings.now.call_sid, a_rings.slow.hung_up) == (B, [A])


def test_who_picks_up_and_presses_nothing_is_hung_up_in_the_end(a_rings):
    a_rings.hears(B)
    a_rings.work(seconds=59)
    assert a_rings.slow.hung_up == []
    a_rings.work(seconds=1)
    assert a_rings.slow.hung_up == [B]


def test_a_key_that_is_pressed_while_its_call_is_hung_up_leaves_the_leg_to_the_other_call(a_rings):
    heard = []
    a_rings.hears(B)
    a_rings.slow.while_hanging_up = lambda: heard.append(a_rings.presses(B).text)
    a_rings.work(seconds=61)
    a_rings.slow.while_hanging_up = None

    assert [("<Conference" in text, "<Hangup" in text) for text in heard] == [(False, True)]
    a_rings.comes(A)
    a_rings.work(seconds=1)
    assert (a_rings.now.call_sid, a_rings.slow.hung_up) == (A, [B])


def test_a_voicemail_that_takes_the_first_of_two_calls_leaves_her_telephone_ringing(a_rings):
    a_rings.reports(B, "ringing")
    a_rings.reports(A, "in-progress")
    a_rings.hears(A)
    a_rings.presses(A, key="")
    a_rings.reports(A, "completed")
    a_rings.clock.move(seconds=1)

    assert (a_rings.is_waited_for, a_rings.now.call_sid) == (True, B)
    a_rings.comes(B)
    a_rings.work()
    assert (a_rings.now.call_sid, a_rings.now.status, a_rings.slow.hung_up) == (B, "in-progress", [])


def test_a_call_that_is_dialled_when_the_first_is_over_has_the_leg_and_is_hung_up_with_it(rung):
    def is_busy():
        rung.reports(A, "ringing")
        rung.reports(A, "busy")

    rung.slow.meanwhile = is_busy
    rung.work(seconds=5)
    assert (rung.now.call_sid, rung.now.status, rung.is_waited_for) == (B, "", True)

    actions.order("hang_up", leg=rung.now, key="over", at=rung.clock.now)
    rung.work(seconds=1)
    assert rung.slow.hung_up == [B]


def test_orders_of_the_last_release_are_carried_out_by_the_rows_that_they_are_given(a_rings):
    leg, at, mark = a_rings.now, a_rings.clock.now, call_mark(B)
    SecondCall.objects.all().delete()
    Command.objects.filter(key__contains="second_call").delete()
    for sid, kept in ((B, mark), (A, call_mark(A))):
        key = f"second_call:{leg.pk}:{kept}"
        actions.order("hang_up", leg=leg, key=key, at=at, delay=60, second=sid, status="ringing")
        actions.order("delete_call", leg=leg, key=f"log_{key}", at=at, delay=48 * 3600, second=sid)
    importlib.import_module("hotline.migrations.0024_second_calls_have_rows").carry_over(apps, None)

    call = SecondCall.objects.get()
    assert (call.leg, call.mark, call.call_sid, call.status, call.is_gone) == (leg, mark, B, "ringing", False)
    a_rings.work(seconds=61)
    a_rings.work(hours=49)
    assert (a_rings.slow.hung_up, a_rings.slow.deleted) == ([B], [B])


@pytest.mark.parametrize("rung", ["operator"], indirect=True)
def test_that_she_leaves_a_call_is_told_also_where_her_telephone_was_rung_twice(a_rings, operator):
    a_rings.comes(A)
    at, contact = a_rings.clock.now, a_rings.network.contact
    Contact.objects.filter(pk=contact.pk).update(end_asked_at=at)
    actions.order("hang_up", leg=a_rings.now, key=f"leave:{a_rings.leg.pk}", at=at)
    a_rings.reports("CA" + "c" * 32, "ringing")

    contact.refresh_from_db()
    assert bar_of(contact, user=operator, is_mine=True, at=at).is_leaving


def test_a_leg_with_one_call_costs_what_it_did(a_rings, django_assert_num_queries):
    leg, at = Leg.objects.select_related("contact").get(pk=a_rings.leg.pk), a_rings.clock.now
    SecondCall.objects.all().delete()
    with django_assert_num_queries(0):
        assert second_calls.has_leg(leg, A, "in-progress", at=at)
        assert not second_calls.is_sent_away(leg, A)
    with django_assert_num_queries(1):
        second_calls.let_in(leg, A, at=at)
    with django_assert_num_queries(1):
        assert second_calls.goes_on(leg, "busy", at=at) == "busy"


def test_any_number_of_other_calls_is_hung_up_by_as_many_statements(a_rings, django_assert_num_queries):
    for sid in "cde":
        a_rings.reports("CA" + sid * 32, "ringing")
    leg = a_rings.now
    with django_assert_num_queries(3):
        second_calls.hang_up_others(leg, a_rings.clock.now)
    a_rings.work()

    assert sorted(a_rings.slow.hung_up) == [B, *("CA" + sid * 32 for sid in "cde")]


def test_a_telephone_of_which_one_call_is_unheard_is_not_waited_for_long(b_stored):
    b_stored.reports(B, "busy")
    b_stored.clock.move(seconds=12)
    tasks.settle_thirds(b_stored.clock.now)

    assert not b_stored.is_waited_for


@pytest.mark.either
def test_in_each_order_of_the_reports_of_both_calls_the_end_is_the_same(b_stored):
    """Let the first be picked up by her, while the second is busy: the five reports in each of their orders."""
    assert "<Conference" in b_stored.presses_after_hearing(A)
    told = {
        "A rings": lambda: b_stored.reports(A, "ringing"), "A talks": lambda: b_stored.reports(A, "in-progress"),
        "A joins": lambda: b_stored.joins(A), "B rings": lambda: b_stored.reports(B, "ringing"),
        "B is busy": lambda: b_stored.reports(B, "busy"),
    }  # fmt: skip
    found = set()
    for order in itertools.permutations(told):
        with transaction.atomic():
            for name in order:
                told[name]()
            leg = b_stored.now
            found.add((leg.call_sid, leg.status, leg.joined_at, leg.ended_at, b_stored.network.contact.state))
            transaction.set_rollback(True)

    assert len(found) == 1
    assert next(iter(found))[:2] == (A, "in-progress")


@pytest.mark.either
def test_in_each_order_of_what_is_told_before_the_key_she_is_let_in(b_stored):
    told = {
        "A rings": lambda: b_stored.reports(A, "ringing"), "A talks": lambda: b_stored.reports(A, "in-progress"),
        "B rings": lambda: b_stored.reports(B, "ringing"), "B is busy": lambda: b_stored.reports(B, "busy"),
    }  # fmt: skip
    for order in itertools.permutations(told):
        with transaction.atomic():
            for name in order:
                told[name]()
            assert "<Conference" in b_stored.presses_after_hearing(A), order
            assert b_stored.now.call_sid == A
            transaction.set_rollback(True)


def test_the_caller_s_own_leg_is_as_before(network, at):
    contact = network.queued()
    caller = contact.legs.get(role="caller")
    network.rung_status(caller.token, B, "completed", 3)

    caller.refresh_from_db()
    assert (caller.call_sid, caller.status) == (network.sid, "completed")
    assert not Command.objects.filter(kind="hang_up").exists()
