"""Who cannot speak and presses nothing: the line stays, says so once a minute, and brings people as soon as there are any."""

import pytest

from hotline import actions
from hotline.models import Contact, KeyAnswer

HERE = "We are still here. You do not have to speak."
pytestmark = pytest.mark.either


def pressed_nothing(network, turn=4):
    """Let the caller press 5, choose English, and leave the first question unanswered; return the reply."""
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    network.step("silent", 3)
    return network.step("silent", turn)


def test_silence_is_answered_once_a_minute_and_a_key_goes_on_with_the_question(network, operator, clock):
    reply = pressed_nothing(network)

    assert reply.said().startswith(HERE)
    assert reply.document.find("Gather").get("timeout") == "60"
    assert KeyAnswer.objects.get().answer == "unknown"
    assert network.contact.state == "silent"
    again = network.step("stay", 5, Digits="1")
    assert "Are you in danger now?" in again.said()
    clock.move(minutes=31)
    assert "Are you locked in?" in network.step("silent", 6, Digits="1").said(), "nobody who answers is cut off"
    assert KeyAnswer.objects.get(question="danger").answer == "no"


@pytest.mark.parametrize("needs", [1, 2])
def test_who_says_by_key_that_she_is_in_danger_or_locked_in_is_taken_at_once_and_asked_no_more(
    network, operator, clock, needs
):
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    for turn in range(needs):
        reply = network.step("silent", 3 + turn, Digits="2" if turn == needs - 1 else "1")

    assert reply.said() == "Thank you. Stay on the line. A person will read your answers."
    contact = network.contact
    assert (contact.step, contact.priority, contact.is_danger) == ("waiting", 0, needs == 1)
    assert actions.take_call(contact=contact, by=operator, at=clock.now).state == "offered"


def test_with_nobody_there_who_is_in_danger_is_asked_the_rest_before_the_duty_phone_rings(network, operator, clock):
    actions.set_presence(user=operator, state="off", by=operator, at=clock.now)
    operator.shifts.all().delete()
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")

    assert "Are you locked in?" in network.step("silent", 3, Digits="2").said()


def test_questions_that_people_ended_are_gone_on_with_by_a_key_once_nobody_is_there_any_more(network, operator, clock):
    """None that was answered is asked again; the last leads to the duty phone."""
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    network.step("silent", 3)
    network.step("silent", 4)  # no answer on danger, and she stays
    network.step("stay", 5, Digits="1")
    network.step("silent", 6, Digits="7")
    network.step("silent", 7, Digits="7")  # no answer again
    network.step("silent", 8, Digits="2")  # locked in
    assert network.contact.step == "waiting"
    actions.set_presence(user=operator, state="off", by=operator, at=clock.now)
    operator.shifts.all().delete()
    clock.move(minutes=11)

    assert network.step("left", 9, DialCallStatus="answered").document.find(".//Number") is not None
    assert network.step("left", 10, DialCallStatus="no-answer").said().startswith(HERE)
    asked = [network.step("stay", 11, Digits="1").said()]
    for turn in range(12, 18):
        asked.append(network.step("silent", turn, Digits="1").said())

    assert asked[:-1] == [
        "You do not have to speak. Press 1 for no. Press 2 for yes. Are you in danger now?", "Is someone listening?",
        "Are you hurt?", "Are you under 18 years old?", "Do you want the police to come?", "May we send you a text message?",
    ]  # fmt: skip
    contact = network.contact
    assert (contact.step, contact.priority) == ("duty", 0)
    assert KeyAnswer.objects.get(question="locked_in").answer == "yes"
    assert not KeyAnswer.objects.filter(answer="unknown").exists()


def test_with_people_there_a_key_leads_to_them_and_to_no_question_that_is_left(network, operator):
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    network.step("silent", 3, Digits="2")
    Contact.objects.update(step="stay", state="silent", question="")

    network.step("stay", 4, Digits="1")

    assert network.contact.step == "waiting"


def locked_in_with_nobody_there(network, operator, clock):
    """Let a silent caller say that she is locked in while nobody is there, and the operator come; return her next question."""
    actions.set_presence(user=operator, state="off", by=operator, at=clock.now)
    shift = operator.shifts.get()
    operator.shifts.all().delete()
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    network.step("silent", 3, Digits="1")
    asked = network.step("silent", 4, Digits="2")
    shift.save(force_insert=True)
    actions.set_presence(user=operator, state="ready", by=operator, at=clock.now)
    return asked


@pytest.mark.parametrize("answer", ["1", "2"])
def test_a_need_that_was_said_while_nobody_was_there_ends_the_questions_once_people_are(
    network, operator, clock, answer
):
    asked = locked_in_with_nobody_there(network, operator, clock)

    reply = network.step("silent", 5, Digits=answer)

    assert asked.said() == "Is someone listening?"
    assert reply.said() == "Thank you. Stay on the line. A person will read your answers."
    contact = network.contact
    assert (contact.step, contact.priority, contact.is_danger) == ("waiting", 0, False)


def test_who_told_a_need_is_asked_nothing_and_keeps_her_place_when_she_chooses_another_language(
    network, operator, clock
):
    locked_in_with_nobody_there(network, operator, clock)
    network.step("silent", 5, Digits="1")
    network.step("left", 6, DialCallStatus="answered")
    network.step("choices", 7, Digits="4")
    network.step("language", 8, Digits="2")
    assert (network.contact.step, network.contact.priority, network.contact.language) == ("waiting", 0, "fr")

    network.step("left", 9, DialCallStatus="answered")
    network.step("choices", 10, Digits="4")
    network.step("language", 11, Digits="5")
    assert (network.contact.step, network.contact.priority) == ("waiting", 0)


def test_who_told_danger_and_then_that_she_cannot_speak_keeps_her_place(network, operator):
    network.call()
    network.step("language", 1, Digits="9")
    network.step("left", 2)
    network.step("choices", 3, Digits="5")
    reply = network.step("language", 4, Digits="1")

    assert (network.contact.step, network.contact.priority, network.contact.cannot_speak) == ("waiting", 0, True)
    assert reply.address("Conference", "waitUrl")


def test_silence_leads_to_people_where_they_are_and_nine_at_once(network, operator):
    pressed_nothing(network)

    reply = network.step("stay", 5)

    assert (network.contact.step, network.contact.priority) == ("waiting", 1)
    assert reply.address("Conference", "waitUrl")
    network.sid = "CA" + "8" * 32
    pressed_nothing(network)
    network.step("stay", 5, Digits="9")
    assert network.contact.is_danger


def test_with_nobody_there_the_duty_phone_rings_again_and_again_and_after_thirty_minutes_the_closed_menu_is_said(
    network, line, operator, clock
):
    actions.set_presence(user=operator, state="off", by=operator, at=clock.now)
    operator.shifts.all().delete()
    pressed_nothing(network)
    assert network.step("stay", 5).document.find(".//Number").text == line.duty_phone
    turn, rang, said = 6, 0, []
    reply = network.step("left", turn, DialCallStatus="no-answer")
    for _minute in range(29):
        said.append(reply.said())
        turn, is_ringing = turn + 1, reply.document.find(".//Number") is not None
        rang += is_ringing
        clock.move(minutes=1)
        reply = network.step(
            "left" if is_ringing else "stay", turn, **({"DialCallStatus": "busy"} if is_ringing else {})
        )

    assert (rang, said.count(said[0])) == (4, 25)
    assert said[0].startswith(HERE)
    if reply.document.find(".//Number") is not None:
        turn += 1
        network.step("left", turn, DialCallStatus="busy")
    clock.move(minutes=2)
    menu = network.step("stay", turn + 1)
    assert "Nobody can answer the telephone now." in menu.said()
    assert "To leave a message, press 1." in menu.said()
    network.step("closed", turn + 2)
    end = network.step("closed", turn + 3)
    assert "You can also call this number: 2 3 1" in end.said()
    network.status("completed", "9")
    assert (Contact.objects.get().is_missed, Contact.objects.get().cannot_speak) == (True, True)


@pytest.mark.parametrize("way", ["questions", "choices", "stay"])
def test_who_cannot_speak_is_not_told_while_waiting_that_a_person_will_speak_with_her(network, operator, clock, way):
    network.call()
    network.step("language", 1, Digits="5")
    network.step("language", 2, Digits="1")
    last = network.step("silent", 3, Digits="2")
    turn = 4
    if way == "choices":
        network.step("left", 4, DialCallStatus="answered")
        last, turn = network.step("choices", 5, Digits="1"), 6
    if way == "stay":  # nobody was there when the last question was answered
        Contact.objects.update(step="stay", state="silent", question="")
        last, turn = network.step("stay", 4, Digits="1"), 5

    words = {"choices": "You keep your place in the line."}
    assert last.said() == words.get(way, "Thank you. Stay on the line. A person will read your answers.")
    room = network.step("wait", turn * 1000 + 1).said()
    assert "You are still in line." in room
    assert "speak with you" not in room
