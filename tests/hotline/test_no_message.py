"""Who was asked for a message and left none: a number is named before the end, and danger can still be told."""

import datetime as dt
from dataclasses import replace

import pytest

from hotline import ivr
from hotline.ivr.faults import Known, faults_of
from hotline.models import Line
from tests.hotline.test_ivr import following, line, prompts, told
from tests.hotline.test_plan import PLAN

EMPTY = [{}, {"recorded": True, "seconds": 1}]
ALONE = replace(line(is_open=False, other_number=""), police_number="911")


@pytest.mark.parametrize("facts", EMPTY)
def test_an_empty_message_names_the_other_number_where_the_line_has_one(facts):
    turn = ivr.advance("voicemail-done", ivr.Call(step="voicemail", language="fr", **facts), line(is_open=False))

    assert prompts(turn) == ["other_number", "goodbye"]
    assert (turn.changes["outcome"], told(turn)[-1]) == ("silent", "HangUp")


@pytest.mark.parametrize("facts", EMPTY)
def test_of_a_line_without_one_the_police_and_the_danger_key_are_said_and_a_key_counts(facts):
    call = ivr.Call(step="voicemail", language="fr", tries=2, **facts)

    turn = ivr.advance("voicemail-done", call, ALONE)

    assert prompts(turn) == ["police_number", "danger_offer"]
    assert turn.heard[0].says[0] == ivr.Say("police_number", "fr", (("number", "911"),))
    assert (told(turn), turn.changes["outcome"]) == (["Gather"], "silent")
    then = following(call, turn)
    ends = ivr.advance("goodbye", then, ALONE)
    assert (prompts(ends), told(ends)[-1]) == (["police_number", "goodbye"], "HangUp")
    danger = ivr.advance("goodbye", following(call, turn, digits="9"), ALONE)
    assert (danger.step, danger.changes["is_danger"], danger.changes["question"]) == ("duty", True, "danger")


def test_a_wrong_key_and_zero_hear_the_last_words_again():
    call = ivr.Call(step="goodbye", language="en")

    wrong = ivr.advance("goodbye", replace(call, digits="4"), ALONE)

    assert prompts(wrong) == ["not_a_choice", "police_number", "danger_offer"]
    assert prompts(ivr.advance("goodbye", replace(call, digits="0"), ALONE)) == ["police_number", "danger_offer"]
    late = ivr.advance("goodbye", replace(call, digits="4", tries=2), ALONE)
    assert told(late)[-1] == "HangUp"


def test_a_line_with_neither_number_still_offers_the_danger_key():
    turn = ivr.advance("voicemail-done", ivr.Call(step="voicemail"), replace(ALONE, police_number=""))

    assert prompts(turn) == ["danger_offer"]


def test_who_left_a_message_and_who_was_answered_hear_no_number_of_the_police():
    message = ivr.Call(step="voicemail", recorded=True, seconds=9)
    answered = ivr.Call(step="duty", question="danger", dial_status="completed")

    assert prompts(ivr.advance("voicemail-done", message, ALONE)) == ["saved", "goodbye"]
    assert prompts(ivr.advance("left", answered, ALONE)) == ["goodbye"]


def test_the_words_that_such_a_line_says_must_be_heard_in_its_languages():
    plan = replace(PLAN, other_number="")
    known = Known(can_say=lambda prompt, code: (prompt, code) != ("danger_offer", "fr"), is_practice=True)

    (fault,) = faults_of(plan, known)

    assert (fault.code, fault.values["prompts"]) == ("no_words", ["danger_offer"])


def test_a_caller_who_says_nothing_is_kept_as_silent_until_she_tells_of_danger(network, line):
    Line.objects.filter(pk=line.pk).update(other_number="")
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")
    network.step("nobody", 3, Digits="1")

    reply = network.step("voicemail-done", 4, RecordingSid="")

    assert "<Gather" in reply.text
    assert (network.contact.outcome, network.contact.step) == ("silent", "goodbye")
    network.step("goodbye", 5, Digits="9")
    assert (network.contact.is_danger, network.contact.step) == (True, "duty")


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", ["", "1", "9"])
def test_the_danger_key_counts_while_a_message_is_recorded_also_where_another_number_is_named(network, line, seconds):
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")
    recording = network.step("nobody", 3, Digits="1").document.find(".//Record")
    sound = {"RecordingSid": "RE" + "1" * 32, "RecordingDuration": seconds} if seconds else {}

    reply = network.step("voicemail-done", 4, Digits="9", **sound)

    assert recording.get("finishOnKey") == "#9"
    assert reply.document.find(".//Number").text == line.duty_phone
    network.status("completed", "9")
    contact = network.contact
    assert (contact.is_danger, contact.priority, contact.is_missed) == (True, 0, True)
    assert contact.due_at - contact.ended_at <= dt.timedelta(hours=1)
    kinds = [
        kind
        for kind in contact.events.order_by("pk").values_list("kind", flat=True)
        if "message" in kind or "key" in kind
    ]
    assert kinds == ["message_asked", *["message_left"] * (seconds == "9"), "danger_key"]


@pytest.mark.django_db
def test_keys_count_while_the_words_before_the_tone_are_said_and_silence_goes_on_to_it(network, line):
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")
    asked = network.step("nobody", 3, Digits="1")
    words, record = asked.document[0], asked.document[1]

    assert ("Leave your message after the tone." in words[0].text, record.tag) == (True, "Record")
    assert (words.get("numDigits"), words.get("actionOnEmptyResult"), words.get("timeout")) == ("1", None, "1")
    again = network.step("voicemail", 4, Digits="0")
    assert again.said() == asked.said()
    tone = network.step("voicemail", 5, Digits="4")
    assert (tone.verbs(), network.contact.step) == (["Record", "Redirect"], "voicemail")

    reply = network.step("voicemail", 6, Digits="9")

    assert reply.document.find(".//Number").text == line.duty_phone
    assert (network.contact.is_danger, network.contact.step) == (True, "duty")


@pytest.mark.django_db
def test_before_the_tone_the_key_of_who_cannot_speak_is_heard_and_the_words_said_again_are_no_second_asking(
    network, line
):
    network.call()
    network.step("language", 1, Digits="1")
    network.step("left", 2, DialCallStatus="no-answer")
    network.step("nobody", 3, Digits="1")
    network.step("voicemail", 4, Digits="0")
    assert network.contact.events.filter(kind="message_asked").count() == 1

    network.step("voicemail", 5, Digits="5")

    assert (network.contact.cannot_speak, network.contact.step) == (True, "silent")
