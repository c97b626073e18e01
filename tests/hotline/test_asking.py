"""An operator asks by keys in the middle of a call: the caller is led out of the room, answers, and is back with her."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline import actions
from hotline.models import Command, Contact, KeyAnswer, Leg, OperatorState
from hotline.queries.sheets import newest_sheet
from tests.hotline.asking import call_in_conversation  # noqa: F401 -- fixture
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.silence import last_heard

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.both
def test_a_question_is_an_order_that_leads_the_caller_out_of_the_room_once(talk):
    talk.ask()
    talk.ask()

    contact = talk.contact
    assert talk.orders() == [(f"ask:{contact.pk}:2:0", {"step": "asked", "turn": 2})]
    assert (contact.state, contact.step, contact.question) == ("connected", "waiting", "hurt")
    assert contact.events.filter(kind="question_asked").count() == 1


def test_the_caller_hears_it_answers_and_is_back_in_the_same_room(talk):
    heard = talk.led_out()
    asked = talk.contact
    back = talk.key("2")

    contact = talk.contact
    assert heard.said() == "You do not have to speak. Press 1 for no. Press 2 for yes. Are you hurt?"
    assert (asked.state, asked.ended_at) == ("asked", None)
    assert (contact.state, contact.step, contact.question) == ("connected", "waiting", "")
    assert back.document.find(".//Conference").text == contact.room_name
    assert back.verbs() == ["Dial"]
    answer = KeyAnswer.objects.get()
    assert (answer.question, answer.answer, answer.at) == ("hurt", "yes", talk.at)
    assert newest_sheet(contact).given == [("hurt", "yes")]
    assert OperatorState.objects.get(contact=contact).state == "on_call"


@pytest.mark.both
def test_the_same_request_again_gets_the_same_document_and_answers_once(talk):
    first = talk.led_out()
    turn = talk.turn
    again = talk.network.step("asked", turn - 1)
    once = talk.network.step("asked", turn, Digits="2")
    twice = talk.network.step("asked", turn, Digits="2")

    assert (again.text, twice.text) == (first.text, once.text)
    assert talk.contact.events.filter(kind="question_answered").count() == 1


def test_nothing_pressed_is_asked_once_more_and_then_no_answer_which_takes_none_away(talk):
    KeyAnswer.objects.create(contact=talk.contact, question="hurt", answer="yes", at=talk.at)
    talk.led_out()
    once = talk.key("")
    back = talk.key("")

    assert "Press 1 for no or 2 for yes. Are you hurt?" in once.said()
    assert back.verbs() == ["Dial"]
    assert talk.contact.events.get(kind="question_answered").detail == {"question": "hurt", "answer": "unknown"}
    assert KeyAnswer.objects.get().answer == "yes"


def test_no_answer_at_all_is_kept_as_one(talk):
    talk.led_out()
    talk.key("")
    talk.key("7")

    assert KeyAnswer.objects.get().answer == "unknown"


def test_danger_and_star_lead_back_to_the_operator(talk):
    talk.led_out()
    star = talk.key("*")
    talk.led_out()
    nine = talk.key("9")

    contact = talk.contact
    assert (star.verbs(), nine.verbs()[-1]) == (["Dial"], "Dial")
    assert (contact.state, contact.is_danger, contact.priority) == ("connected", True, 0)
    assert KeyAnswer.objects.count() == 0


def test_who_hangs_up_while_asked_has_hung_up(talk):
    talk.led_out()
    talk.network.status("completed", "9")

    contact = talk.contact
    assert (contact.state, contact.outcome, contact.is_missed) == ("wrap_up", "answered", False)
    assert Command.objects.filter(kind="hang_up", leg__role="operator").count() == 1


@pytest.mark.both
def test_an_operator_lost_while_asking_is_looked_for_anew(talk, person, liberia, at):
    talk.led_out()
    talk.network.room("participant-leave", 6, talk.contact, OPERATOR_SID, "op-1")
    lost = talk.contact
    told = talk.key("1")

    contact = talk.contact
    assert (lost.state, lost.claimed_by, lost.priority) == ("returned", None, 2)
    assert (contact.state, contact.step) == ("returned", "waiting")
    assert "The call was cut." in told.said()
    assert KeyAnswer.objects.get().answer == "no"
    assert OperatorState.objects.get(user=talk.operator).state == "ready"


@pytest.mark.both
def test_another_operator_who_takes_it_meanwhile_is_waited_for(talk):
    talk.led_out()
    talk.network.room("participant-leave", 6, talk.contact, OPERATOR_SID, "op-1")
    actions.take_call(contact=talk.contact, by=talk.operator, at=talk.at)
    leg = talk.contact.legs.get(label="op-2")
    sid = "CA" + "e" * 32
    fields = {"CallSid": sid, "To": f"client:{talk.operator.operator_state.token}", "CallStatus": "in-progress"}
    talk.network.post(f"/hotline/twilio/status/?t={leg.token}", fields | {"SequenceNumber": "1"})
    offered = talk.contact
    talk.network.post(f"/hotline/twilio/voice/softphone/?t={leg.token}", fields)
    talk.network.room("participant-join", 7, talk.contact, sid, "op-2", room="CF" + "2" * 32)
    back = talk.key("1")

    assert (offered.state, offered.claimed_by) == ("offered", talk.operator)
    assert (talk.contact.state, back.verbs()) == ("connected", ["Dial"])


def test_the_end_leads_the_caller_who_is_asked_to_the_goodbye(talk):
    talk.led_out()
    actions.end_call(contact=talk.contact, by=talk.operator, at=talk.at)
    talk.network.room("participant-leave", 6, talk.contact, OPERATOR_SID, "op-1")

    assert talk.orders()[-1][1] == {"step": "queue", "turn": 3}
    assert talk.contact.state == "wrap_up"
    assert talk.network.step("queue", 3).verbs()[-1] == "Hangup"


def test_an_end_by_a_page_from_before_the_question_leads_her_to_the_goodbye_too(talk):
    seen = talk.contact
    talk.led_out()

    actions.end_call(contact=seen, by=talk.operator, at=talk.at)

    assert talk.orders()[-1] == (f"end_question:{seen.pk}:3", {"step": "queue", "turn": 3})


def test_back_to_voice_leaves_the_question_open(talk):
    talk.led_out()
    actions.back_to_voice(contact=talk.contact, by=talk.operator, at=talk.at)
    actions.back_to_voice(contact=talk.contact, by=talk.operator, at=talk.at)
    back = talk.network.step("queue", 3)

    assert [arguments["step"] for _key, arguments in talk.orders()] == ["asked", "queue"]
    assert (back.verbs(), talk.contact.state, KeyAnswer.objects.count()) == (["Dial"], "connected", 0)


def test_who_still_hears_what_is_said_before_the_room_is_asked_too(network, operator, at):
    contact = network.taken(operator, at)
    network.room("participant-join", 1, contact, OPERATOR_SID, "op-1")
    actions.ask_by_keys(contact=network.contact, question="hurt", by=operator, at=at)

    heard = network.step("asked", network.contact.turn)

    assert ("Are you hurt?" in heard.said(), network.contact.state) == (True, "asked")


@pytest.mark.both
def test_one_question_at_a_time_and_an_order_that_failed_is_given_anew(talk, clock):
    talk.ask()
    with pytest.raises(actions.StillAsked):
        talk.ask("danger")
    Command.objects.filter(kind="redirect").update(failed_at=talk.at)
    talk.ask("danger")

    assert [key.rpartition(":")[2] for key, _arguments in talk.orders()] == ["0", "1"]
    assert talk.contact.question == "danger"


@pytest.mark.parametrize("what", ["held", "ended", "waits", "foreign"])
def test_nothing_is_asked_where_nobody_is_in_conversation(talk, supervisor, what):
    if what == "held":
        Leg.objects.filter(role="caller").update(is_held=True)
    if what == "ended":
        talk.network.status("completed", "9")
    if what == "waits":
        talk.network.room("participant-leave", 6, talk.contact, OPERATOR_SID, "op-1")
    talk.operator = supervisor if what == "foreign" else talk.operator

    with pytest.raises(actions.NotInRoom):
        talk.ask()

    assert talk.orders() == []


def test_who_is_asked_cannot_be_put_on_hold_and_a_hold_ends_when_she_leaves_the_room(talk):
    talk.network.room("participant-hold", 3, talk.contact, talk.network.sid, "caller")
    talk.network.room("participant-unhold", 4, talk.contact, talk.network.sid, "caller")
    talk.ask()
    talk.network.room("participant-hold", 5, talk.contact, talk.network.sid, "caller")
    talk.network.room("participant-leave", 6, talk.contact, talk.network.sid, "caller")
    talk.network.step("asked", 2)
    with pytest.raises(actions.NotInRoom):
        actions.hold(contact=talk.contact, by=talk.operator, at=talk.at)
    talk.key("1")

    assert talk.contact.state == "connected"


def test_while_the_worker_is_silent_she_is_led_back_to_the_operator_who_is_there(talk, at):
    last_heard(at.replace(year=at.year - 1))

    talk.led_out()
    back = talk.key("2")

    assert (back.verbs(), talk.contact.state) == (["Dial"], "connected")


def test_a_fault_while_asked_rings_the_duty_phone(talk, monkeypatch):
    talk.led_out()
    monkeypatch.setattr("hotline.ivr.moves.YES_NO", None)

    reply = talk.key("1")

    assert (reply.status, reply.verbs()[-1]) == (200, "Dial")
    assert talk.contact.step == "duty"


@pytest.mark.both
def test_an_order_for_an_earlier_turn_leads_nobody(talk, clock):
    talk.ask()
    talk.network.step("left", 2, DialCallStatus="answered")
    (command,) = actions.claim_commands(at=clock.now)

    assert actions.run_command(command, at=clock.now)
    assert talk.contact.step == "asked"


@pytest.mark.both
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_any_order_and_repetition_of_callbacks_of_a_call_with_questions_ends_in_the_same_state(
    network, operator, clock, seed
):
    network.sid, OPERATOR = f"CA{seed:032x}", f"CA{seed + 2**40:032x}"  # noqa: N806 -- as in the story
    OperatorState.objects.filter(user=operator).update(state="ready", contact=None)
    contact, room = network.taken(operator, clock.now, OPERATOR), f"CF{seed:032x}"
    for number, sid, label in ((1, network.sid, "caller"), (2, OPERATOR, "op-1")):
        network.room("participant-join", number, contact, sid, label, room=room)
    events = [
        lambda: network.status("in-progress", "1"),
        lambda: network.room("conference-start", 3, contact, room=room),
        lambda: network.room("participant-leave", 4, contact, network.sid, "caller", room=room),
        lambda: network.room("participant-join", 5, contact, network.sid, "caller", room=room),
        lambda: network.room("participant-leave", 6, contact, network.sid, "caller", room=room),
        lambda: network.room("participant-join", 7, contact, network.sid, "caller", room=room),
    ]
    shuffled = events + random.Random(seed).sample(events, 3)  # noqa: S311 -- an order, no secret
    random.Random(seed).shuffle(shuffled)  # noqa: S311 -- an order, no secret
    seen = []
    for question, key in (("danger", "1"), ("hurt", "2")):
        actions.ask_by_keys(contact=network.contact, question=question, by=operator, at=clock.now)
        for digits in ({}, {"Digits": key}):
            network.step("asked", network.contact.turn, **digits)
            [event() for event in (shuffled.pop(), shuffled.pop())]
            seen.append(network.contact.state)
    [event() for event in shuffled]
    network.room("participant-leave", 8, contact, OPERATOR, "op-1", room=room)
    network.status("completed", "9")

    assert seen == ["asked", "connected", "asked", "connected"]
    ended = Contact.objects.get(pk=contact.pk)
    assert (ended.state, ended.outcome, ended.is_missed, ended.ended_at is not None) == (
        "wrap_up",
        "answered",
        False,
        True,
    )
    answers = ended.key_answers.values_list("question", "answer")
    assert sorted(answers) == [("danger", "no"), ("hurt", "yes")]
