"""The step at which an operator's question is answered by keys, in the middle of a call."""

from dataclasses import replace

import pytest

from hotline import ivr
from tests.hotline.test_ivr import LINES, line, prompts, told

IN_CALL = {"language": "fr", "was_answered": True}


def asked(key="", question="hurt", **facts):
    return ivr.Call(**({"step": "asked", "question": question, "digits": key} | IN_CALL | facts))


@pytest.mark.parametrize("question", ivr.QUESTIONS)
@pytest.mark.parametrize("where", LINES)
def test_the_order_asks_the_question_in_the_callers_language_and_the_answer_leads_back_into_the_room(where, question):
    call = ivr.Call(step="waiting", question=question, **IN_CALL)

    turn = ivr.advance("asked", call, where)
    back = ivr.advance("asked", replace(call, step=turn.step, digits="2"), where)

    (gather,) = turn.heard
    assert (turn.step, turn.changes["question"], gather.to) == ("asked", question, "asked")
    assert [(item.prompt, item.language) for item in gather.says] == [
        ("yes_no_rule", "fr"), (f"question_{question}", "fr")
    ]  # fmt: skip
    assert (back.step, told(back), back.changes["question"]) == ("waiting", ["Queue"], "")
    assert ("question_answered", {"question": question, "answer": "yes"}) in back.events
    assert back.changes.get("is_danger", False) == (question == "danger")


@pytest.mark.parametrize("key", ["", "3", "7", "#"])
def test_silence_or_a_wrong_key_asks_once_more_and_is_then_no_answer(key):
    once = ivr.advance("asked", asked(key), line())
    twice = ivr.advance("asked", asked(key, tries=once.changes["tries"]), line())

    assert (once.step, once.events, prompts(once)) == ("asked", (), ["yes_no_again", "question_hurt"])
    assert twice.events == (("question_answered", {"question": "hurt", "answer": "unknown"}),)
    assert (twice.step, told(twice)) == ("waiting", ["Queue"])


@pytest.mark.parametrize("where", LINES)
def test_star_and_danger_lead_straight_back_to_the_operator_and_answer_nothing(where):
    star, nine = (ivr.advance("asked", asked(key), where) for key in "*9")

    assert (star.step, told(star), star.events) == ("waiting", ["Queue"], ())
    assert (nine.step, told(nine)[-1], nine.changes["is_danger"]) == ("waiting", "Queue", True)
    assert nine.events == (("danger_key", {}),)
    assert prompts(nine) == ["police_number"]  # she is not told that somebody is sought: the operator is there


def test_danger_after_the_operator_was_lost_says_that_somebody_is_sought():
    lost = ivr.advance("asked", asked("9", operator_left=True), line())

    assert prompts(lost)[0] == "danger"


def test_zero_says_the_question_again():
    turn = ivr.advance("asked", asked("0", tries=1), line())

    assert (turn.step, turn.changes["tries"], prompts(turn)) == ("asked", 1, ["yes_no_rule", "question_hurt"])


@pytest.mark.parametrize("key", ["", "1", "*"])
def test_an_operator_lost_meanwhile_is_looked_for_anew_and_one_who_ended_is_not(key):
    lost = ivr.advance("asked", asked(key, operator_left=True), line())
    ended = ivr.advance("asked", asked(key, operator_left=True, end_asked=True), line())

    assert (lost.step, "cut_off" in prompts(lost)) == ("waiting", True)
    assert (("question_answered", {"question": "hurt", "answer": "no"}) in lost.events) == (key == "1")
    assert (ended.step, told(ended)[-1], ended.changes["outcome"]) == ("goodbye", "HangUp", "answered")


@pytest.mark.parametrize("key", ["", "0", "7"])
@pytest.mark.parametrize("step", ["waiting", "asked"])
def test_nothing_is_asked_once_the_operator_has_ended_the_call(step, key):
    turn = ivr.advance("asked", asked(key, step=step, end_asked=True), line())

    assert (turn.step, told(turn)[-1]) == ("goodbye", "HangUp")


def test_an_order_that_comes_when_nothing_is_to_be_asked_leads_back_into_the_room():
    turn = ivr.advance("asked", ivr.Call(step="waiting", **IN_CALL), line())
    voice = ivr.advance("queue", asked(), line())

    assert (told(turn), told(voice)) == (["Queue"], ["Queue"])


def test_a_star_in_the_room_that_overtakes_the_order_asks_the_question():
    turn = ivr.advance("left", ivr.Call(step="waiting", question="hurt", **IN_CALL), line())

    assert (turn.step, turn.changes["question"]) == ("asked", "hurt")


@pytest.mark.parametrize("key", ["", "*", "1"])
def test_a_question_asked_before_she_is_in_the_room_is_asked_instead_of_it(key):
    turn = ivr.advance("queue", ivr.Call(step="waiting", question="hurt", digits=key, **IN_CALL), line())

    assert (turn.step, turn.changes["question"]) == ("asked", "hurt")


@pytest.mark.parametrize(("key", "answer"), [("1", "no"), ("2", "yes")])
def test_may_we_text_is_the_safety_state(key, answer):
    silent = ivr.advance("silent", ivr.Call(step="silent", question="may_text", digits=key), line())
    later = ivr.advance("asked", asked(key, "may_text"), line())

    assert silent.changes["may_text"] == later.changes["may_text"] == answer
