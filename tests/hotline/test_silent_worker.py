"""Nobody carries out orders of calls: what a caller hears then, in each state, and who is rung without an order."""

import datetime as dt

import pytest

from accounts.models import DataKey
from hotline import actions, tasks
from hotline.actions import standby
from hotline.choices import CommandKind
from hotline.models import Command, Contact, Leg, Line, OperatorState, Shift, SimulatorAct, SweepMark
from hotline.queries import heartbeat
from tests.hotline.conftest import Network
from tests.hotline.telephones import NUMBER, OTHER, REAL, state_of, verify
from tests.hotline.test_budget import statements

pytestmark = pytest.mark.django_db
DUTY = "+231770009999"
PHONE_SID = "CA" + "d" * 32


def last_heard(at):
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at)
    heartbeat.forget_heartbeat()


@pytest.fixture
def silent(line, at):
    """A worker that was last heard 31 seconds ago."""
    last_heard(at - dt.timedelta(seconds=31))


@pytest.fixture(params=["practice", "live"])
def caller(request, network, line, settings, monkeypatch):
    """A caller of the practice line, then of a line on a real account."""
    if request.param == "live":
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", "secret"
        Line.objects.update(account=REAL, is_practice=False)
        monkeypatch.setattr(
            network, "post", lambda path, fields, **more: Network.post(network, path, fields, account=REAL, **more)
        )
    return network


@pytest.fixture
def colleague(person, liberia, line, at):
    """A second operator on shift and ready, who speaks English too."""
    user = person("operator", country=liberia, name="Second, Liberia")
    Shift.objects.create(
        line=line, user=user, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1)
    )
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


def rung(reply):
    """Return the number that a document rings, and whether whoever picks up must press a key."""
    number = reply.document.find(".//Number")
    return number.text, number.get("url") is not None


def picked_up(network, reply, step="phone", **more):
    """Let the telephone that a document rings be picked up, or press a key there."""
    path = reply.document.find(".//Number").get("url").partition("#")[0].partition("://")[2]
    path = "/" + path.partition("/")[2].replace("/phone/", f"/{step}/")
    return network.post(path, {
        "CallSid": PHONE_SID, "ParentCallSid": network.sid, "From": "+2312883", "To": NUMBER,
        "CallStatus": "in-progress", "Direction": "outbound-dial",
    } | more)  # fmt: skip


def ended(network, reply, status):
    """Let the network report the end of the telephone that a document rang."""
    path = reply.document.find(".//Number").get("statusCallback").partition("#")[0].partition("://")[2]
    return network.post("/" + path.partition("/")[2], {
        "CallSid": PHONE_SID, "ParentCallSid": network.sid, "CallStatus": status, "SequenceNumber": "3",
    })  # fmt: skip


def test_a_worker_heard_half_a_minute_ago_changes_nothing(caller, operator, at):
    verify(operator, at)
    last_heard(at - dt.timedelta(seconds=30))
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert [verb.tag for verb in reply.document.iter() if verb.tag in {"Conference", "Number"}] == ["Conference"]
    assert caller.contact.state == "waiting"


def test_with_a_silent_worker_the_duty_phone_rings_where_nobody_has_a_telephone(caller, operator, silent):
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert (rung(reply), "Conference" in reply.text) == ((DUTY, False), False)
    assert "another telephone" in reply.said()
    after = caller.step("left", 2, DialCallStatus="no-answer")
    assert "leave a message, press 1" in after.said()


def test_with_a_silent_worker_the_telephone_of_somebody_on_shift_rings_and_is_the_answer(caller, operator, silent, at):
    verify(operator, at)
    caller.call()

    reply = caller.step("language", 1, Digits="1")

    assert (rung(reply), caller.contact.state) == ((NUMBER, True), "phones")
    assert "Press 1 to take it" in picked_up(caller, reply).said()
    assert picked_up(caller, reply, "phone-key", Digits="1").verbs() == []
    contact = caller.contact
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("connected", operator, "on_call")
    ended(caller, reply, "completed")
    goodbye = caller.step("left", 2, DialCallStatus="completed", CallStatus="in-progress")
    assert goodbye.verbs()[-1] == "Hangup"
    caller.status("completed", "9")
    contact = caller.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("wrap_up", "answered", False)
    assert state_of(operator).state == "wrap_up"
    assert not Command.objects.filter(kind=CommandKind.DIAL).exists()


def test_the_end_may_be_told_in_either_order(network, operator, silent, at):
    verify(operator, at)
    network.call()
    reply = network.step("language", 1, Digits="1")
    picked_up(network, reply)
    picked_up(network, reply, "phone-key", Digits="1")

    network.step("left", 2, DialCallStatus="completed")
    ended(network, reply, "completed")

    assert (network.contact.state, state_of(operator).state) == ("wrap_up", "wrap_up")


def test_a_telephone_on_which_nobody_presses_1_gives_way_to_the_next_then_to_the_duty_phone(
    network, operator, colleague, silent, at
):
    verify(operator, at)
    verify(colleague, at, OTHER)
    network.call()
    first = network.step("language", 1, Digits="1")

    assert picked_up(network, first, "phone-key").verbs() == ["Hangup"]
    second = network.step("left", 2, DialCallStatus="completed")
    third = network.step("left", 3, DialCallStatus="no-answer")
    menu = network.step("left", 4, DialCallStatus="no-answer")

    assert [rung(one) for one in (first, second, third)] == [(NUMBER, True), (OTHER, True), (DUTY, False)]
    assert "leave a message, press 1" in menu.said()
    assert picked_up(network, first, "phone-key", Digits="1").verbs() == ["Hangup"]  # the answer that was given
    assert network.contact.state == "nobody"


def test_an_old_telephone_that_presses_1_too_late_is_sent_away(network, operator, colleague, silent, at):
    verify(operator, at)
    verify(colleague, at, OTHER)
    network.call()
    first = network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")

    reply = picked_up(network, first, "phone-key", Digits="1")

    assert (reply.verbs()[-1], network.contact.state) == ("Hangup", "phones")


def test_a_number_that_cannot_be_opened_is_passed_by(network, operator, silent, at):
    verify(operator, at)
    DataKey.objects.filter(owner=state_of(operator).public_id).delete()
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert "/left/?t=2" in reply.document.find(".//Redirect").text
    assert rung(network.step("left", 2)) == (DUTY, False)


def test_whose_console_is_closed_is_rung_all_the_same(caller, operator, silent, at):
    verify(operator, at)
    OperatorState.objects.update(seen_at=at - dt.timedelta(minutes=10))
    caller.call()

    assert rung(caller.step("language", 1, Digits="1")) == (NUMBER, True)


@pytest.mark.parametrize("state", ["break", "debrief", "off"])
def test_who_is_away_is_not_rung(network, operator, silent, at, state):
    verify(operator, at)
    actions.set_presence(user=operator, state=state, by=operator, at=at)
    network.call()

    assert rung(network.step("language", 1, Digits="1")) == (DUTY, False)


def test_danger_rings_them_too_and_says_the_number_of_the_police(caller, operator, silent, at):
    verify(operator, at)
    caller.call()

    reply = caller.step("language", 1, Digits="9")

    assert (rung(reply), caller.contact.is_danger) == ((NUMBER, True), True)
    assert "9 1 1" in reply.said()
    assert rung(caller.step("left", 2, DialCallStatus="no-answer")) == (DUTY, False)
    assert caller.contact.question == "danger"


def test_star_then_9_of_one_who_waits_rings_a_telephone(caller, operator, at):
    verify(operator, at)
    caller.queued()
    last_heard(at - dt.timedelta(seconds=40))

    choices = caller.step("left", 2, DialCallStatus="answered")
    reply = caller.step("choices", 3, Digits="9")

    assert "danger, press 9" in choices.said()
    assert (rung(reply), caller.contact.is_danger, caller.contact.state) == ((NUMBER, True), True, "phones")
    assert rung(caller.step("left", 4, DialCallStatus="no-answer")) == (DUTY, False)


def test_who_keeps_the_place_is_put_through_as_well(network, operator, at):
    network.queued()
    last_heard(at - dt.timedelta(seconds=40))
    network.step("left", 2, DialCallStatus="answered")

    assert rung(network.step("choices", 3, Digits="1")) == (DUTY, False)


def test_a_caller_in_a_room_is_led_out_of_it_by_the_next_waiting_document(network, operator, at):
    contact = network.queued()
    last_heard(at - dt.timedelta(seconds=40))

    waiting = network.step("wait", 2001)
    standby.lead_out()

    assert {verb.tag for verb in waiting.document} <= {"Say", "Play", "Pause", "Redirect"}
    order = SimulatorAct.objects.get().payload
    assert (order["order"], order["sid"]) == ("redirect", network.sid)
    assert "/voice/queue/?t=2" in order["url"]
    assert rung(network.step("queue", 2)) == (DUTY, False)
    network.step("wait", 2002)
    assert Command.objects.filter(contact=contact, kind=CommandKind.REDIRECT).count() == 1


def test_the_order_out_waits_for_a_telephone_that_may_still_join(network, operator, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    last_heard(at - dt.timedelta(seconds=40))
    network.step("wait", 2001)
    assert not Command.objects.filter(kind=CommandKind.REDIRECT).exists()

    Contact.objects.update(claimed_until=at - dt.timedelta(seconds=1))
    network.step("wait", 2002)
    standby.lead_out()
    network.step("queue", 2)

    contact.refresh_from_db()
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("nobody", None, "ready")


def test_when_the_worker_is_back_the_caller_waits_again_and_no_old_order_rings(network, operator, at, clock):
    verify(operator, at)
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    Contact.objects.update(claimed_until=at - dt.timedelta(seconds=1))
    last_heard(at - dt.timedelta(seconds=40))
    network.step("wait", 2001)
    standby.lead_out()
    network.step("queue", 2)

    tasks.run_commands(at)

    assert not SimulatorAct.objects.filter(payload__order="dial").exists()
    clock.move(seconds=1)
    assert "Conference" in network.step("left", 3, DialCallStatus="no-answer").text
    assert Leg.objects.filter(role="operator").count() == 2


def test_who_takes_a_call_again_is_rung_once(network, operator, at):
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    later = at + dt.timedelta(seconds=21)
    actions.take_call(contact=contact, by=operator, at=later)

    tasks.run_commands(later)

    assert SimulatorAct.objects.filter(payload__order="dial").count() == 1


def test_silence_costs_no_statement_more(network, operator, silent, monkeypatch):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.call()
    network.sid = "CA" + "3" * 32
    network.call(CallStatus="in-progress")

    assert len(statements(lambda: network.step("language", 1, Digits="1"))) <= 6


def test_whoever_carries_out_orders_is_heard(line, at):
    SweepMark.objects.all().delete()
    heartbeat.forget_heartbeat()
    assert heartbeat.is_silent(at)

    tasks.run_patient_orders(at)
    assert heartbeat.is_silent(at)
    tasks.run_call_orders(at)
    assert not heartbeat.is_silent(at + dt.timedelta(seconds=30))
    assert heartbeat.is_silent(at + dt.timedelta(seconds=31))


def test_ringing_a_telephone_opens_its_number_and_writes_its_leg(network, operator, silent, at, monkeypatch):
    verify(operator, at)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 60.0)
    monkeypatch.setattr("hotline.actions.inbox.transaction.on_commit", lambda act: act())
    network.call()
    network.sid = "CA" + "3" * 32
    network.call(CallStatus="in-progress")

    assert len(statements(lambda: network.step("language", 1, Digits="1"))) <= 14


def test_only_while_the_worker_is_silent_the_web_process_leads_callers_out(
    network, operator, at, django_capture_on_commit_callbacks
):
    network.queued()
    with django_capture_on_commit_callbacks() as heard:
        network.step("wait", 2001)
    last_heard(at - dt.timedelta(seconds=40))
    with django_capture_on_commit_callbacks() as silent:
        network.step("wait", 2002)

    assert (standby._start in heard, standby._start in silent) == (False, True)


@pytest.mark.parametrize("ahead", [6, 3600])
def test_a_sign_of_life_from_the_future_is_none(network, operator, at, ahead):
    """What a clock that was fast left behind, once it goes right and the worker has stopped."""
    last_heard(at + dt.timedelta(seconds=ahead))
    contact = network.queued()

    assert rung(network.step("queue", 2)) == (DUTY, False)
    with pytest.raises(actions.NobodyRings):
        actions.take_call(contact=contact, by=operator, at=at)


def test_a_sign_a_few_seconds_ahead_is_one(network, operator, at):
    last_heard(at + dt.timedelta(seconds=5))

    assert network.queued().state == "waiting"


def test_whoever_carries_out_orders_again_is_heard_over_a_sign_from_the_future(line, at):
    last_heard(at + dt.timedelta(hours=1))
    assert heartbeat.is_silent(at)

    tasks.run_call_orders(at)

    assert (SweepMark.objects.get(kind=heartbeat.KIND).mark_at, heartbeat.is_silent(at)) == (at, False)
