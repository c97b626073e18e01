"""The other call of a telephone that was rung twice is hung up, its record goes, and that costs what it did."""

import importlib
import itertools

import pytest
from django.apps import apps
from django.db import transaction

from hotline import actions, tasks
from hotline.actions import second_calls
from hotline.actions.erasing import erase_again
from hotline.callers import call_mark
from hotline.models import Command, Contact, Leg, SecondCall
from hotline.queries.bar import bar_of
from tests.hotline.rung_twice import (  # noqa: F401 -- fixtures
    A,
    B,
    first_call_rings,
    second_call_stored,
    stands,
    telephone_rung_by_two_calls,
)
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    conversation_with_an_operator,
    interpreter_on_duty,
)

pytestmark = pytest.mark.django_db


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
    with django_assert_num_queries(1 + (leg.role == "operator")):  # an operator's offer stands a while longer
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
