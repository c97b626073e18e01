"""An operator who leaves the room of a call back: it ends at once, whatever is reported of it, and in whatever order."""

import datetime as dt
import itertools

import pytest
from django.db import OperationalError, transaction

from hotline import tasks
from hotline.actions import call_back
from hotline.models import CallBack, Command, Contact, OperatorState, SimulatorCall
from tests.hotline.backs import NUMBER, OWN, PERSON, comes_in, fresh, orders, step
from tests.hotline.browser import live_line, real_network, works_in_browser  # noqa: F401 -- fixtures
from tests.hotline.test_browser_back import NEW, SID, over

pytestmark = pytest.mark.django_db


def leaves(network, row, sid=OWN, label="op-1"):
    return network.room("participant-leave", 2, row, sid, label)


def hung_up(who):
    return Command.objects.filter(kind="hang_up", arguments__who=who).exists()


def waits(network, row, sid=PERSON):
    """Let the network ask what is heard by who is alone in the room."""
    return network.rung("back-wait", row.person_token, sid, NUMBER)


@pytest.fixture
def ringing(network, joined, at):
    """The person's telephone rings, the operator waits in the room."""
    tasks.run_commands(at)
    CallBack.objects.update(person_sid=PERSON)
    return joined


def test_she_leaves_while_the_persons_telephone_rings_and_it_is_hung_up(network, ringing, operator):
    leaves(network, ringing)

    assert (fresh(ringing).state, ringing.ended_at is None, hung_up("person")) == ("not_reached", False, True)
    assert OperatorState.objects.get(user=operator).state == "ready"
    assert step(network, ringing, "back-person", PERSON, AnsweredBy="human").verbs() == ["Hangup"]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_she_leaves_while_she_talks_and_nobody_stays_in_an_empty_room(network, talking, operator, at, is_confirmed):
    if is_confirmed:
        call_back.confirm(contact=talking.contact, by=operator, at=at)

    leaves(network, talking)
    leaves(network, talking)

    assert fresh(talking).state == ("reached" if is_confirmed else "unsure")
    assert (talking.ended_at is None, hung_up("person")) == (False, True)


def test_who_else_leaves_the_room_ends_nothing(network, talking):
    leaves(network, talking, "CA" + "9" * 32, "op-9")

    assert fresh(talking).ended_at is None


def settled(network, row, reports):
    with transaction.atomic():
        for report in reports:
            report()
        found = fresh(row).state, row.ended_at is None, OperatorState.objects.get(user=row.by).state
        rings = Command.objects.filter(kind="call_back", arguments__who="person", done_at=None).exists()
        tasks.run_commands(row.made_at)
        is_rung = NUMBER in [to for _order, to in orders()]
        transaction.set_rollback(True)
    return found, is_rung and rings


def test_reports_of_her_telephone_in_any_order_and_twice_settle_the_same(network, begun):
    CallBack.objects.update(own_sid=OWN)
    step(network, begun, "back-key", OWN, Digits="1")
    reports = (
        lambda: comes_in(network, begun), lambda: leaves(network, begun), lambda: comes_in(network, begun),
        lambda: network.rung_status(begun.own_token, OWN, "completed"),
    )  # fmt: skip
    found = {settled(network, begun, one) for one in itertools.permutations(reports)}

    assert found == {(("no_operator", False, "ready"), False)}


@pytest.fixture
def called(real, operator, clock, at):
    """A call back by an operator whose browser asked for the room."""
    real.queued()
    real.status("completed", "9")
    Contact.objects.update(may_call="yes", safety_at=at)
    works_in_browser(operator, clock.now)
    row = call_back.begin_call_back(contact=real.contact, by=operator, at=clock.now)
    real.browser(operator, sid=SID)
    return row


def test_a_browser_that_was_in_the_room_and_is_over_has_no_second_try_whichever_is_heard_first(real, called, operator):
    reports = (lambda: comes_in(real, called, SID), lambda: over(real, operator, SID))
    found = {settled(real, called, one) for one in itertools.permutations(reports)}

    assert found == {(("no_operator", False, "ready"), False)}


def test_that_the_first_browser_left_ends_nothing_once_the_second_took_its_place(real, called, operator, clock):
    clock.move(seconds=4)
    real.browser(operator, sid=NEW)
    leaves(real, called, SID)
    comes_in(real, called, NEW, "op-2")
    leaves(real, called, SID)

    assert (fresh(called).state, called.ended_at) == ("person", None)


def test_who_is_alone_in_the_room_hears_no_word_and_is_hung_up_although_nothing_was_reported(network, talking, clock):
    room = step(network, talking, "back-person", PERSON, AnsweredBy="human").address("Conference", "waitUrl")
    assert f"/back-wait/?t={talking.person_token}#" in room

    said = [waits(network, talking)]
    clock.move(seconds=6)
    said.append(waits(network, talking))  # the same, asked once more by the network
    assert fresh(talking).ended_at is None
    clock.move(seconds=6)
    said.append(waits(network, talking))

    assert {tuple(one.verbs()) for one in said} == {("Pause", "Redirect")}
    assert (fresh(talking).state, hung_up("person")) == ("unsure", True)


def test_a_strange_telephone_that_waits_ends_nothing(network, talking, clock):
    for _again in range(2):
        assert waits(network, talking, "CA" + "9" * 32).verbs() == ["Pause", "Redirect"]
        clock.move(seconds=12)

    assert fresh(talking).ended_at is None


@pytest.mark.parametrize("fault", [OperationalError("gone"), ValueError("broken")])
def test_with_the_database_away_who_picked_up_hears_no_word_of_the_line(network, talking, monkeypatch, fault):
    def broken(**_values):
        raise fault

    for name in ("say_alone", "say_call_back"):
        monkeypatch.setattr(f"hotline.webhooks.{name}", broken)

    reply = waits(network, talking)
    assert (reply.verbs(), reply.said()) == (["Pause", "Redirect"], "")
    assert f"/back-wait/?t={talking.person_token}#" in reply.document.find("Redirect").text
    assert step(network, talking, "back-person", PERSON).verbs() == ["Hangup"]


def test_an_operator_who_is_known_to_have_hung_up_leaves_nothing_open_for_hours(talking, at):
    tasks.settle_call_backs(at + dt.timedelta(minutes=2))
    assert fresh(talking).ended_at is None
    CallBack.objects.update(own_status="completed")

    tasks.settle_call_backs(at + dt.timedelta(minutes=2))

    assert (fresh(talking).state, hung_up("person"), hung_up("own")) == ("unsure", True, False)


@pytest.mark.parametrize(("status", "is_over"), [("completed", True), ("in-progress", False), ("", True)])
def test_what_nobody_reports_is_asked_for_within_two_minutes(talking, at, status, is_over):
    if status:  # else the network knows of no such call
        SimulatorCall.objects.create(sid=OWN, status=status)
    tasks.ask_call_backs(at)
    assert fresh(talking).ended_at is None

    tasks.ask_call_backs(at + dt.timedelta(seconds=30))
    tasks.ask_call_backs(at + dt.timedelta(seconds=90))

    assert (fresh(talking).ended_at is not None, hung_up("person")) == (is_over, is_over)
