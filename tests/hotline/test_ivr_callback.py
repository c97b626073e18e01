"""The call-back dialogue, pure: its keys, what silence does, and a number that counts once it was said to be right."""

import re
from dataclasses import replace

import pytest

from hotline import ivr
from hotline.ivr.callback import REFUSED
from hotline.telephony import twiml
from tests.hotline.said import words
from tests.hotline.test_ivr import KEYS, following, line, prompts

ENGLISH = {key: texts["en"] for key, texts in words()}
YES_NO = ("callback_agree", "callback_right", "callback_shared", "callback_voicemail")


def said_to(step, digits="", **facts):
    """Answer a step of the dialogue; return the turn."""
    return ivr.advance("callback", ivr.Call(step=step, language="en", digits=digits, **facts), line())


def values(turn):
    (gather,) = turn.heard
    return {say.prompt: dict(say.values) for say in gather.says}


@pytest.mark.parametrize("key", YES_NO)
def test_every_question_of_yes_and_no_names_the_same_keys(key):
    assert ENGLISH[key].endswith("? Press 1 for no. Press 2 for yes.")


@pytest.mark.parametrize(("key", "step", "may_call"), [
    ("1", "callback_other", "no"), ("2", "callback_hours", "yes"), ("3", "callback_agree", None), ("", "callback_agree", None),
])  # fmt: skip
def test_only_a_yes_by_key_lets_us_call_back(key, step, may_call):
    turn = said_to("callback_agree", key)

    assert (turn.step, turn.changes.get("may_call")) == (step, may_call)


@pytest.mark.parametrize(("key", "step"), [("2", "callback_number"), ("3", "voicemail"), ("0", "callback_other")])
def test_after_a_no_another_number_or_a_message_is_offered(key, step):
    assert said_to("callback_other", key).step == step


def test_who_gives_no_number_at_all_hears_that_nobody_can_call():
    turn = said_to("callback_other", tries=2)

    assert prompts(turn) == ["callback_none", "other_number", "goodbye"]


@pytest.mark.parametrize("step", ["callback_agree", "callback_other"])
def test_a_hidden_number_is_never_agreed_to(step):
    for key in KEYS:
        turn = said_to(step, key, is_withheld=True)

        assert turn.changes.get("may_call") != "yes"
    assert "callback_withheld" in prompts(said_to("callback_other", "1", is_withheld=True))


@pytest.mark.parametrize("key", KEYS)
def test_whoever_stands_at_the_first_question_of_an_earlier_version_is_asked_anew(key):
    turn = said_to("callback", key)

    assert "may_call" not in turn.changes
    assert turn.step == ("waiting" if key == "9" else "callback_agree")


def test_silence_and_a_wrong_key_at_the_time_are_told_apart():
    silence, wrong = said_to("callback_hours"), said_to("callback_hours", "7")

    assert prompts(silence) == ["nothing_heard", "callback_hours"]
    assert prompts(wrong) == ["not_a_choice", "callback_hours"]


@pytest.mark.parametrize("digits", ["", "7"])
def test_who_chooses_no_time_has_none_written_down_and_hears_so(digits):
    turn = said_to("callback_hours", digits, tries=2)

    assert (turn.step, turn.changes["callback_time"]) == ("callback_shared", "")
    assert prompts(turn) == ["callback_no_time", "callback_shared"]
    assert ("callback_no_time", {}) in turn.events


@pytest.mark.parametrize(("key", "time"), [("1", "morning"), ("2", "afternoon"), ("3", "evening"), ("4", "any")])
def test_a_time_that_was_chosen_is_written_down(key, time):
    assert said_to("callback_hours", key).changes["callback_time"] == time


def test_a_typed_number_is_read_back_as_it_was_typed_and_agrees_to_nothing_yet():
    turn = said_to("callback_number", "0770000007#", number_is_valid=True)

    assert (turn.step, turn.changes["may_call"]) == ("callback_check", "no")
    assert values(turn) == {"callback_typed": {"number": "0770000007"}, "callback_right": {}}


def test_a_recorded_language_plays_the_digits_of_the_number_one_by_one():
    turn = said_to("callback_number", "0770000007", number_is_valid=True)
    place = twiml.Place(base="https://line.test", turn=6)

    document = twiml.render(turn.heard, place, lambda key, code: twiml.Cell("", code, recording=key))

    played = re.findall("<Play>(.*?)</Play>", document)
    assert played == ["callback_typed", *(f"digit_{digit}" for digit in "0770000007"), "callback_right"]


def test_a_number_counts_once_it_is_said_to_be_right():
    turn = said_to("callback_check", "2", number_is_kept=True)

    assert (turn.step, turn.changes["may_call"]) == ("callback_hours", "yes")
    assert ("callback_number", {}) in turn.events


def test_a_yes_to_a_number_that_is_not_kept_counts_for_nothing():
    assert said_to("callback_check", "2").step == "callback_number"


@pytest.mark.parametrize(("key", "before"), [("1", []), ("", ["nothing_heard"]), ("5", ["not_a_choice"])])
def test_anything_but_yes_leads_back_to_typing(key, before):
    turn = said_to("callback_check", key, number_is_kept=True)

    assert (turn.step, prompts(turn)) == ("callback_number", [*before, "callback_number"])
    assert REFUSED.items() <= turn.changes.items()


@pytest.mark.parametrize(("digits", "said"), [("12", ["not_a_number"]), ("", ["nothing_heard", "callback_number"])])
def test_a_bad_number_and_silence_are_told_apart(digits, said):
    assert prompts(said_to("callback_number", digits)) == said


@pytest.mark.parametrize("answers", [
    [{"digits": "12"}, {"digits": "12"}],
    [{"digits": ""}, {"digits": "12"}],
    [{"digits": "0770000007", "number_is_valid": True}, {"digits": "1"}, {"digits": "12"}],
    [{"digits": "12"}, {"digits": "0770000007", "number_is_valid": True}, {"digits": ""}],
    [{"digits": ""}, {"digits": ""}],
    [{"digits": "12"}, {"digits": ""}],
])  # fmt: skip
def test_after_the_last_try_it_is_said_plainly_that_no_number_was_kept_and_a_message_is_taken(answers):
    call, said = ivr.Call(step="callback_number", language="en"), {}
    for answer in answers:
        turn = ivr.advance("callback", replace(call, **answer), line())
        call, said = following(call, turn), said | turn.changes

    assert (turn.step, prompts(turn)) == ("voicemail", ["callback_none", "voicemail"])
    assert (turn.changes["question"], turn.flags) == ("no_number", ("no_number",))
    if any(answer["digits"] for answer in answers):
        assert REFUSED.items() <= said.items()
    else:
        assert REFUSED.keys().isdisjoint(said)


def test_without_its_digits_in_hand_a_number_is_asked_for_and_not_read_back():
    turn = ivr.present(ivr.Call(step="callback_check", language="en", digits="2"), line())

    assert (turn.step, prompts(turn)) == ("callback_number", ["callback_number"])


def test_a_number_that_is_kept_is_read_back_again_and_not_asked_for():
    turn = ivr.present(ivr.Call(step="callback_check", language="en", number_is_kept=True), line())

    assert (turn.step, prompts(turn)) == ("callback_check", ["callback_typed", "callback_right"])


@pytest.mark.parametrize("step", ["callback_check", "callback_shared", "callback_voicemail"])
def test_0_asks_the_same_again_and_answers_nothing(step):
    turn = said_to(step, "0", number_is_kept=True, tries=1)

    assert (turn.step, turn.changes, turn.events) == (step, {"tries": 1}, ())


@pytest.mark.parametrize("step", ["callback_agree", "callback_other", "callback_number"])
@pytest.mark.parametrize("tries", [0, 2])
@pytest.mark.parametrize("is_agreed", [True, False])
def test_silence_takes_back_nothing_that_was_said_before(step, tries, is_agreed):
    turn = said_to(step, tries=tries, is_agreed=is_agreed)

    assert REFUSED.keys().isdisjoint(turn.changes)
    assert ("callback_none" in prompts(turn)) is (tries == 2 and not is_agreed)


@pytest.mark.parametrize("step", ["callback_agree", "callback_other"])
def test_a_last_key_that_is_no_choice_answers_nothing(step):
    turn = said_to(step, "7", tries=2)

    assert REFUSED.keys().isdisjoint(turn.changes)
    assert (turn.step, turn.changes["outcome"]) == ("goodbye", "no_number")


@pytest.mark.parametrize(("step", "facts"), [
    ("callback_agree", {"digits": "1"}), ("callback_number", {"digits": "12"}),
    ("callback_number", {"digits": "12", "tries": 1, "is_agreed": True}),
    ("callback_number", {"digits": "0770000007", "number_is_valid": True}),
])  # fmt: skip
def test_a_no_and_a_number_that_was_typed_take_back_what_was_agreed(step, facts):
    assert REFUSED.items() <= said_to(step, **facts).changes.items()


def test_a_yes_to_her_own_number_empties_the_other_one_and_what_was_said_of_that():
    changes = said_to("callback_agree", "2", number_is_kept=True).changes

    assert (changes["may_call"], changes["callback_number"], changes["callback_time"]) == ("yes", None, "")
    assert (changes["shared_phone"], changes["may_voicemail"]) == ("not_asked", "not_asked")


def test_a_number_typed_where_the_read_number_stood_is_read_back():
    turn = said_to("callback_check", "0880000008", number_is_kept=True)

    assert (turn.step, values(turn)["callback_typed"]) == ("callback_check", {"number": "0880000008"})
    assert ("callback_typed", {}) in turn.events
