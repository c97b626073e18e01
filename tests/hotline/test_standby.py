"""The worker is silent: the web process itself, in a thread of its own, leads callers out of rooms and ends calls."""

import datetime as dt
import threading

import pytest
from django.urls import reverse

from hotline.actions import standby
from hotline.models import Command, SimulatorAct, SweepMark
from hotline.queries import heartbeat
from tests.hotline.conftest import OPERATOR_SID

pytestmark = pytest.mark.django_db(transaction=True)  # the thread sees only what is committed
HTMX = {"HX-Request": "true"}
NOT_YET = "The end of the call is asked for, not confirmed yet."
AGAIN = "The end of the call is not confirmed by the network: press “End” again."


class Awaited(threading.Thread):
    """A thread that is waited for: the tests' SQLite, in memory, refuses two connections at one table at once."""

    def start(self):
        super().start()
        self.join(20)


@pytest.fixture(autouse=True)
def awaited(monkeypatch):
    """Let a request of these tests end only when the thread it started is through."""
    monkeypatch.setattr("hotline.actions.standby.threading.Thread", Awaited)


def fall_silent(at):
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at - dt.timedelta(seconds=31))
    heartbeat.forget_heartbeat()


def orders():
    """Return what the network was told to do, once the thread is through."""
    assert standby._busy.acquire(timeout=20)
    standby._busy.release()
    return [(act.payload["order"], act.payload["sid"]) for act in SimulatorAct.objects.order_by("pk")]


@pytest.fixture
def talking(network, operator, at):
    """A call in which the operator and the caller speak with each other."""
    contact = network.taken(operator, at)
    network.room("participant-join", 1, contact, sid=network.sid, label="caller")
    network.room("participant-join", 2, contact, sid=OPERATOR_SID, label="op-1")
    Command.objects.update(done_at=at)
    return network.contact


@pytest.fixture
def end(desk, talking):
    """Press End in the console; the call stands open there."""
    url = reverse("hotline:control", args=[talking.public_id, "end"])
    return lambda: desk.post(url, {"contact": talking.public_id}, headers=HTMX).content.decode()


def look(desk, contact, seen=""):
    return desk.get(reverse("hotline:console_live"), {"seen": seen, "contact": contact.public_id}, headers=HTMX)


def test_a_caller_who_waits_is_led_out_of_the_room_by_the_web_process(network, operator, at):
    network.queued()
    fall_silent(at)

    network.step("wait", 2001)

    assert orders() == [("redirect", network.sid)]
    assert Command.objects.get(kind="redirect").done_at is not None


def test_a_call_that_is_ended_is_hung_up_by_the_web_process(end, at):
    fall_silent(at)

    page = end()

    assert NOT_YET in page
    assert orders() == [("hang_up", OPERATOR_SID)]


def test_whoever_looks_at_an_ended_call_lets_it_be_hung_up_once_the_worker_is_found_silent(
    desk, end, talking, clock, at
):
    seen = end().partition('name="seen" value="')[2].partition('"')[0]
    assert (seen != "", orders()) == (True, [])
    clock.move(seconds=2)
    assert look(desk, talking, seen).status_code == 204

    fall_silent(clock.move(seconds=33))
    page = look(desk, talking, seen).content.decode()

    assert AGAIN in page
    assert orders() == [("hang_up", OPERATOR_SID)]


def test_while_the_worker_is_heard_the_web_process_gives_no_order(desk, end, talking, clock):
    seen = end().partition('name="seen" value="')[2].partition('"')[0]
    clock.move(seconds=4)

    assert AGAIN in look(desk, talking, seen).content.decode()
    assert orders() == []


def test_an_end_that_was_given_up_is_ordered_anew(end, talking, at):
    end()
    end()
    assert Command.objects.filter(kind="hang_up").count() == 1
    Command.objects.update(failed_at=at)

    end()

    assert Command.objects.filter(kind="hang_up", failed_at=None).count() == 1


def test_a_call_whose_end_is_not_confirmed_says_why_it_cannot_be_wrapped_up(desk, end, talking):
    end()

    page = desk.post(reverse("hotline:wrap_up", args=[talking.public_id]), {"topic": "information"}, follow=True)

    assert "The network has not confirmed the end of the call yet." in page.content.decode()


def test_once_the_network_confirms_the_end_nothing_is_said_of_it(network, desk, end, talking):
    end()
    for sid in (OPERATOR_SID, network.sid):
        network.post(
            "/hotline/twilio/status/", network.fields(CallSid=sid, CallStatus="completed", SequenceNumber="9")
        )

    page = look(desk, talking).content.decode()

    assert (network.contact.state, NOT_YET in page, AGAIN in page) == ("wrap_up", False, False)


def test_a_question_by_keys_is_carried_out_by_the_web_process(desk, talking, network, at):
    fall_silent(at)

    desk.post(reverse("hotline:ask", args=[talking.public_id]), {"question": "danger"}, headers=HTMX)

    assert orders() == [("redirect", network.sid)]
