"""A line calls itself: over the practice network from end to end; what is not heard is told; no caller is touched."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.models import Letter
from cms.chores import chores
from hotline import actions, tasks
from hotline.models import Command, Contact, Line, SelfCall
from hotline.queries.lines import line_by_id
from hotline.queries.self_calls import numbers_of
from hotline.telephony.base import CallFacts, ProviderRefused
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.practice import post_by_client, practice_network, ticking_clock, work  # noqa: F401 -- fixtures
from tests.hotline.telephones import REAL

QUARTER, MINUTE = dt.timedelta(minutes=15), dt.timedelta(minutes=1)


@pytest.fixture
def switched_on(settings):
    """Lines call themselves here."""
    settings.SELF_CALLS = True


@pytest.fixture
def own(line, switched_on, clock):
    """A call of the line to itself that is expected: its row."""
    assert tasks.call_own_lines(clock.now) == 1
    return SelfCall.objects.get()


def codes():
    return {fault.code for fault in chores()}


def test_over_the_practice_network_the_line_is_called_hears_its_own_key_and_nobody_is_bothered(
    practice, ticking, operator, line, switched_on, manager
):
    assert tasks.call_own_lines(ticking.now) == 1
    for _second in range(30):
        work(ticking)
        practice.step()
        tasks.settle_self_calls(ticking.now)
        ticking.move(1)

    row = SelfCall.objects.get()
    assert (row.result, bool(row.inbound_sid), bool(row.call_sid)) == ("heard", True, True)
    assert row.began_at < row.heard_at
    assert not Contact.objects.exists()
    assert not practice.simulator.next_due()
    assert "heard its own steps" in manager.get(reverse("hotline:line", args=[line.public_id])).content.decode()
    ticking.move(400)
    work(ticking)
    practice.step()
    assert tasks.call_own_lines(ticking.now) == 0
    ticking.move(900)
    assert tasks.call_own_lines(ticking.now) == 1


def test_what_was_not_heard_is_told_once_by_letter_and_stands_with_what_is_late(
    own, network, line, supervisor, clock, manager, now
):
    Line.objects.update(is_practice=False)
    reply = network.call(From="+2312883")
    assert reply.said().startswith("Hello. This call is free and private.")
    assert network.call(From="+2312883").text == reply.text
    assert "Goodbye." in network.step("language", 1, From="+2312883", Digits="2").said()
    network.status("completed", From="+2312883")
    assert tasks.settle_self_calls(clock.move(minutes=1)) == 0
    assert tasks.settle_self_calls(clock.move(minutes=2)) == 1

    own.refresh_from_db()
    assert (own.result, Letter.objects.filter(key__startswith="self_call").count()) == ("no_key", 2)
    assert "self_call" in codes()
    shown = manager.get(reverse("hotline:line", args=[line.public_id])).content.decode()
    assert "did not hear its own steps" in shown
    assert not Contact.objects.exists()
    tasks.call_own_lines(clock.move(minutes=15))
    tasks.settle_self_calls(clock.move(minutes=3))
    assert list(SelfCall.objects.values_list("result", flat=True)) == ["no_key", "no_call"]
    assert Letter.objects.filter(key__startswith="self_call").count() == 2, "told once, not each quarter of an hour"


def test_a_caller_who_shows_the_lines_own_number_is_a_caller_unless_a_call_is_expected(network, own, clock, line):
    network.call(From="+2312883")
    first, network.sid = network.sid, "CA" + "4" * 32
    network.call(From="+2312883")
    assert Contact.objects.get().legs.get().call_sid == network.sid
    network.sid = first
    network.step("language", 1, From="+2312883", Digits="1")
    tasks.settle_self_calls(clock.now)
    own.refresh_from_db()
    assert (own.inbound_sid, own.result) == (first, "heard")
    network.sid = "CA" + "5" * 32
    assert (
        "Conference" in network.call(From="+231770000001").text
        or network.step("language", 1, Digits="1").status == 200
    )
    assert Contact.objects.count() == 2


def test_a_call_of_ours_that_reached_no_step_is_no_missed_caller(network, own, clock, line, monkeypatch):
    """The web was down: the sweep lists the call, or only its end is reported."""
    settled = clock.move(minutes=3)
    tasks.settle_self_calls(settled)
    facts = {"to": "2883", "direction": "inbound", "started_at": own.made_at + dt.timedelta(seconds=3)}
    ours, later = (CallFacts("CA" + mark * 32, "completed", from_="+2312883", **facts) for mark in "67")
    theirs = CallFacts("CA" + "8" * 32, "completed", from_="+231770000009", **facts)
    listed = SimpleNamespace(
        calls_since=lambda _at: [ours, theirs], messages_since=lambda _at: [], recordings_since=lambda _at: []
    )
    monkeypatch.setattr("hotline.actions.comparing.provider", lambda _account: listed)

    found = [actions.sweep_account(account=SIMULATED_ACCOUNT, at=settled) for _turn in range(2)]

    own.refresh_from_db()
    assert (found, own.inbound_sid) == ([1, 0], ours.sid)
    assert Contact.objects.get().legs.get().call_sid == theirs.sid
    assert Command.objects.filter(kind="delete_call", key=f"self_found:{own.pk}").exists()

    tasks.call_own_lines(clock.move(minutes=15))
    network.sid = later.sid
    network.status("completed", From="+2312883")
    assert SelfCall.objects.last().inbound_sid == later.sid
    assert Contact.objects.count() == 1


def test_which_numbers_are_called_and_who_is_not(line, settings, switched_on, at):
    assert numbers_of(line_by_id(line.pk)) == ("2883", "+2312883")
    Line.objects.update(account=REAL)
    assert numbers_of(line_by_id(line.pk)) == ("+2312883", "+2312883")
    assert tasks.call_own_lines(at) == 0, "no secret of this account is ours"
    Line.objects.update(account=SIMULATED_ACCOUNT, is_active=False)
    assert tasks.call_own_lines(at + QUARTER) == 0
    Line.objects.update(account=REAL, numbers="2883", is_active=True)
    assert numbers_of(line_by_id(line.pk)) is None
    settings.SELF_CALLS = False
    assert tasks.call_own_lines(at + 2 * QUARTER) == 0


def test_a_refusal_of_the_network_is_a_result(own, monkeypatch, clock):
    class Refusing:
        def dial(self, **_order):
            raise ProviderRefused("21215")

    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: Refusing())
    tasks.run_call_orders(clock.now)
    own.refresh_from_db()
    assert own.result == "refused"
