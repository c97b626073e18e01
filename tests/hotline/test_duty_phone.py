"""The duty phone is asked for key 1: a mailbox presses nothing, and nobody is taken for helped whom it answered."""

import datetime as dt
from functools import partial
from itertools import permutations

import pytest
from django.urls import reverse

from hotline import actions, callstate
from hotline.actions import flows
from hotline.demo.stage import Stage
from hotline.models import Contact, Leg, Line
from hotline.telephony import scripts
from hotline.telephony.simulated import Asked, Behaviour
from hotline.webhooks import DUTY_STEPS
from tests.hotline.silence import DUTY, rung
from tests.hotline.test_flow_heard import OTHER, close
from tests.hotline.test_flows import publish

pytestmark = pytest.mark.django_db

CHILD = "CA" + "d" * 32


def token_of(reply):
    return reply.document.find(".//Number").get("url").partition("?t=")[2].partition("#")[0]


def picks_up(network, reply, step="duty-phone", **more):
    """Let the duty phone that a document rings ask for what is heard there, or press a key."""
    return network.post(f"/hotline/twilio/voice/{step}/?t={token_of(reply)}", {
        "CallSid": CHILD, "From": "+2312883", "To": DUTY, "CallStatus": "in-progress", "Direction": "outbound-dial",
    } | more)  # fmt: skip


def told(network, status, number, token="", **more):
    """Let the network tell what became of the telephone that a document rang."""
    fields = {"CallSid": CHILD, "ParentCallSid": network.sid, "CallStatus": status, "SequenceNumber": str(number)}
    place = f"?t={token}" if token else ""
    return network.post(f"/hotline/twilio/status/{place}", fields | {"From": "+2312883", "To": DUTY} | more)


def over(network, turn, status="completed", **more):
    return network.step("duty", turn, DialCallStatus=status, DialCallSid=CHILD, **more)


def stands(contact):
    return contact.outcome, contact.is_missed, contact.due_at is not None


@pytest.mark.parametrize("key", ["1", "9"])
@pytest.mark.parametrize("token", [True, False])
def test_a_mailbox_that_picks_up_is_no_answer_and_the_caller_is_to_be_followed_up(network, line, clock, key, token):
    network.call()
    reply = network.step("language", 1, Digits=key)
    tells = token_of(reply) if token else ""
    for place, status in enumerate(("initiated", "ringing", "in-progress")):
        told(network, status, place, tells)
    asked = picks_up(network, reply)
    hung = picks_up(network, reply, "duty-key", Digits="")
    told(network, "completed", 3, tells, CallDuration="25")
    began = clock.move(seconds=24)
    menu = over(network, network.contact.turn, DialCallDuration="25")
    network.status("completed", "9")

    assert (rung(reply), asked.verbs(), hung.verbs()) == ((DUTY, True), ["Gather", "Hangup"], ["Hangup"])
    assert "leave a message, press 1" in menu.said()
    contact = network.contact
    assert stands(contact) == ("nobody", True, True)
    assert contact.due_at - began == dt.timedelta(hours=1 if key == "9" else 24)
    assert Leg.objects.filter(role="duty").count() == 1
    assert contact.events.filter(kind="duty_unanswered").exists()


@pytest.mark.parametrize(("mode", "need", "hours"), [("normal", "2", 1), ("message", "1", 24), ("forward", "2", 1)])
def test_who_cannot_speak_is_announced_and_what_she_said_by_key_stays_to_be_read(
    network, line, clock, sign_in, person, liberia, mode, need, hours
):
    """She heard that a person will read her answers; the duty phone hears silence and reads nothing."""
    Line.objects.update(mode=mode, mode_number=OTHER if mode == "forward" else "")
    network.call()
    network.step("language", 1, Digits="5")
    reply = network.step("language", network.contact.turn, Digits="1")
    while (contact := network.contact).step == "silent":
        key = need if contact.question == "send_police" else "1"
        reply = network.step("silent", contact.turn, Digits=key)

    asked = picks_up(network, reply)
    picks_up(network, reply, "duty-key", Digits="1")
    told(network, "completed", 3, token_of(reply), CallDuration="12")
    over(network, network.contact.turn, DialCallDuration="12")
    network.status("completed", "9")

    assert "A person will read your answers." in reply.said()
    assert asked.said().startswith("In this call the person cannot speak, or somebody else listens. A call for you")
    assert asked.verbs() == ["Say", "Gather", "Hangup"]  # no key cuts it short
    assert asked.said().count("In this call the person cannot speak") == 2  # who takes it to the ear late hears it too
    contact = network.contact
    assert (rung(reply)[0], *stands(contact)) == (DUTY, "by_phone", True, True)
    assert contact.due_at == clock.now + dt.timedelta(hours=hours)
    page = sign_in(person("supervisor", country=liberia)).get(reverse("hotline:missed")).content.decode()
    assert (contact.code in page, "Said by key: cannot speak" in page) == (True, True)


def test_a_key_on_the_telephone_that_was_rung_before_connects_nobody_while_it_rings_anew(network, line, clock):
    network.call()
    network.step("language", 1, Digits="5")
    first = network.step("language", network.contact.turn, Digits="1")
    while network.contact.step == "silent":
        first = network.step("silent", network.contact.turn, Digits="1")
    picks_up(network, first)
    anew = over(network, network.contact.turn, "no-answer")
    for _ in range(20):
        if network.contact.step == "duty":
            break
        clock.move(seconds=60)
        anew = network.step("stay", network.contact.turn, Digits="")
    assert token_of(anew) != token_of(first)

    late = picks_up(network, first, "duty-key", Digits="1")

    assert late.verbs()[-1] == "Hangup"
    assert not Leg.objects.filter(joined_at__isnull=False).exists()


def test_it_hears_what_calls_in_the_first_language_of_the_line_twice(network, line):
    network.call()
    reply = network.step("language", 1, Digits="2")

    heard = picks_up(network, reply)

    assert heard.said().count("A call for you in French. Press 1 to take it.") == 2
    assert {one.get("language") for one in heard.document.iter("Say")} == {"en-GB"}


@pytest.mark.parametrize("key", ["1", "9"])
@pytest.mark.parametrize("is_first", ["caller", "duty phone"])
def test_a_person_who_presses_1_has_answered_whoever_hangs_up_first(network, line, key, is_first):
    network.call()
    reply = network.step("language", 1, Digits=key)
    picks_up(network, reply)
    connected = picks_up(network, reply, "duty-key", Digits="1")
    told(network, "in-progress", 2, token_of(reply))
    if is_first == "duty phone":
        told(network, "completed", 3, token_of(reply), CallDuration="2")
        assert over(network, 2).verbs()[-1] == "Hangup"
        assert network.contact.events.filter(kind="duty_answered").exists()
    network.status("completed", "9")
    told(network, "completed", 3, token_of(reply), CallDuration="2")

    assert connected.verbs() == []
    assert stands(network.contact) == ("by_phone", False, False)


@pytest.mark.parametrize("pressed", [True, False])
def test_no_order_of_the_reports_makes_a_mailbox_a_person_or_a_person_a_mailbox(network, line, pressed):
    ends = set()
    for number, order in enumerate(permutations(range(4))):
        network.sid = f"CA{number:032x}"
        network.call()
        reply = network.step("language", 1, Digits="1")
        child = {"CallSid": f"CA{number + 1000:032x}"}
        picks_up(network, reply, **child)
        picks_up(network, reply, "duty-key", Digits="1" if pressed else "", **child)
        acts = [
            partial(told, network, "in-progress", 2, **child),
            partial(told, network, "completed", 3, CallDuration="3", **child),
            lambda: over(network, 2),
            lambda: network.status("completed", "9"),
        ]
        for place in order:
            acts[place]()
            acts[place]()
        ends.add(stands(Contact.objects.get(legs__call_sid=network.sid)))

    assert ends == {("by_phone", False, False) if pressed else ("nobody", True, True)}


@pytest.mark.parametrize("digits", ["2", "9", "0"])
def test_another_key_hangs_it_up(network, line, digits):
    network.call()
    reply = network.step("language", 1, Digits="1")
    picks_up(network, reply)

    assert picks_up(network, reply, "duty-key", Digits=digits).verbs() == ["Hangup"]
    assert "leave a message" in over(network, 2).said()


def test_the_same_request_twice_is_answered_alike_and_a_late_key_connects_nobody(network, line):
    network.call()
    reply = network.step("language", 1, Digits="1")
    heard = [picks_up(network, reply).text for _turn in range(2)]
    over(network, 2, "no-answer")
    late = picks_up(network, reply, "duty-key", Digits="1")
    network.status("completed", "9")

    assert heard[0] == heard[1]
    assert late.verbs()[-1] == "Hangup"
    assert stands(network.contact) == ("nobody", True, True)


def test_an_address_of_no_duty_phone_is_sent_away(network, line):
    network.call()
    for step in sorted(DUTY_STEPS):
        reply = network.post(f"/hotline/twilio/voice/{step}/?t=7", {"CallSid": CHILD, "Digits": "1"})
        assert reply.verbs()[-1] == "Hangup"


def test_after_a_fault_a_mailbox_is_no_answer_and_the_caller_hears_the_other_number(network, line):
    network.call()
    reply = network.step("nowhere", 1)
    picks_up(network, reply)
    picks_up(network, reply, "duty-key", Digits="")
    after = over(network, network.contact.turn)
    network.status("completed", "9")

    assert "2 3 1 7 7 0 0 0 8 8 8 8" in after.said()
    assert stands(network.contact) == ("failed", True, True)


def test_one_fault_after_a_talk_does_not_take_the_first_key_for_the_second_ring(network, line):
    network.call()
    first = network.step("language", 1, Digits="1")
    picks_up(network, first)
    picks_up(network, first, "duty-key", Digits="1")
    network.step("nowhere", 2)

    assert "2 3 1 7 7 0 0 0 8 8 8 8" in over(network, 3).said()


def test_who_cannot_speak_stays_on_the_line_when_only_a_mailbox_answers(network, line):
    network.call()
    Contact.objects.update(step="stay", cannot_speak=True, language="en", question="")
    reply = network.step("stay", network.contact.turn)
    picks_up(network, reply)
    picks_up(network, reply, "duty-key", Digits="")

    after = over(network, network.contact.turn)

    assert (rung(reply), network.contact.step) == ((DUTY, True), "stay")
    assert after.verbs() == ["Gather", "Redirect"]


def test_a_number_of_no_line_asks_the_duty_phone_of_the_installation(network, line, settings):
    settings.DUTY_PHONE = "+231770001234"
    reply = network.post("/hotline/twilio/voice/", network.fields(To="9999"))

    assert rung(reply) == ("+231770001234", True)
    assert picks_up(network, reply).verbs() == ["Gather", "Hangup"]
    assert picks_up(network, reply, "duty-key", Digits="1").verbs() == []
    network.status("completed", "9")
    assert network.contact.outcome == "by_phone"


def forwarded(line, person, liberia, at):
    """Let a line that is closed lead its callers to somebody else's number."""
    by = person("manager", country=liberia)
    row = flows.add_forward_number(line=line, number=OTHER, name="Night service", by=by, at=at)
    flows.confirm_forward_number(number=row, by=person("supervisor", country=liberia), at=at)
    close(line, by, at)
    publish(line, by, at, after_hours="forward", after_hours_number=OTHER)


@pytest.mark.parametrize(("seconds", "end"), [
    ("3", ("after_hours", True, True)), ("5", ("by_phone", False, False)), ("", ("by_phone", False, False)),
])  # fmt: skip
@pytest.mark.parametrize("is_told", ["by its end", "by the dial", "by both"])
def test_a_number_of_somebody_else_is_not_asked_and_counts_unless_it_was_over_at_once(
    network, line, person, liberia, at, seconds, end, is_told
):
    forwarded(line, person, liberia, at)
    network.call()
    reply = network.step("language", 1, Digits="1")
    told(network, "in-progress", 2, To=OTHER)
    if is_told != "by the dial":
        told(network, "completed", 3, To=OTHER, **({"CallDuration": seconds} if seconds else {}))
    if is_told != "by its end":
        over(network, 2, **({"DialCallDuration": seconds} if seconds else {}))
    network.status("completed", "9")

    assert rung(reply) == (OTHER, False)
    assert stands(network.contact) == end


@pytest.mark.parametrize("step", sorted(DUTY_STEPS))
def test_a_fault_while_it_is_asked_connects_it_and_helps_nobody_in_the_books(network, line, monkeypatch, step):
    network.call()
    reply = network.step("language", 1, Digits="1")
    monkeypatch.setattr("hotline.actions.screening.said_to", broken)

    assert picks_up(network, reply, step, Digits="1").verbs() == []
    network.status("completed", "9")
    assert stands(network.contact) == ("nobody", True, True)


def broken(*_values):
    raise RuntimeError


def test_who_took_a_call_is_judged_by_the_leg_alone():
    asked, other = Leg(label=f"{callstate.ASKED}3"), Leg(label="duty-1")
    for status in callstate.CALL_ORDER:
        asked.status = other.status = status
        assert not callstate.took_call(asked)
        assert callstate.took_call(other) == (status in {"in-progress", "completed"})


@pytest.mark.parametrize(("presses", "end"), [("", ("nobody", True, True)), ("1", ("by_phone", False, False))])
def test_on_the_practice_network_a_mailbox_helps_nobody_and_a_person_does(line, operator, at, presses, end):
    actions.set_presence(user=operator, state="off", by=operator, at=at)
    stage = Stage(at=at, seed="duty", operator=operator, others=[])
    stage.network.behaviours = lambda _to: Behaviour(after=3.0, presses=presses, talks=40.0)
    for step in scripts.parse("Ada: call 2883 from +231770000123\nwait 2\npress 1\nwait 120"):
        stage.act(step)
    stage.clear()

    assert stands(Contact.objects.get()) == end


@pytest.mark.parametrize("who", ["caller", "other"])
@pytest.mark.parametrize(("seconds", "end"), [(2, ("after_hours", True, True)), (8, ("by_phone", False, False))])
def test_on_the_practice_network_a_forwarded_call_counts_unless_it_was_over_at_once(
    line, operator, person, liberia, at, who, seconds, end
):
    forwarded(line, person, liberia, at)
    asked = []
    stage = Stage(at=at, seed="short", operator=operator, others=[], observer=asked.append)
    stage.network.behaviours = lambda _to: Behaviour(after=3.0, talks=seconds if who == "other" else None)
    stage.play("Ada: call 2883 from +231770000123\nwait 2\npress 1")
    while (child := next((one for one in stage.network.calls.values() if one.to == OTHER), None)) is None or (
        child.status != "in-progress"
    ):
        stage.wait(1)
    stage.wait(seconds)
    if who == "caller":
        stage.network.hang_up(stage.calls["Ada"].sid)
    stage.clear()

    told = [one.fields for one in asked if isinstance(one, Asked)]
    (ended,) = [one for one in told if one.get("CallSid") == child.sid and one["CallStatus"] == "completed"]
    lengths = [one["DialCallDuration"] for one in told if "DialCallDuration" in one]
    assert seconds <= int(ended["CallDuration"]) < seconds + 2
    assert lengths == ([ended["CallDuration"]] if who == "other" else [])
    assert {one["CallStatus"] for one in told if "CallDuration" in one} == {"completed"}
    assert stands(Contact.objects.get()) == end


@pytest.mark.parametrize("answers", [True, False])
def test_the_practice_network_tells_no_length_of_a_telephone_that_nobody_picked_up(line, operator, at, answers):
    actions.set_presence(user=operator, state="off", by=operator, at=at)
    asked = []
    stage = Stage(at=at, seed="length", operator=operator, others=[], observer=asked.append)
    stage.network.behaviours = lambda _to: Behaviour(answers=answers, after=3.0, presses="1", talks=40.0)
    stage.play("Ada: call 2883 from +231770000123\nwait 2\npress 1\nwait 120")
    stage.clear()

    dialled = [one.fields for one in asked if isinstance(one, Asked) and "DialCallStatus" in one.fields]
    assert [one.get("DialCallDuration", "") != "" for one in dialled] == [answers]
