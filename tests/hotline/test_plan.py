"""The plan of a call flow: written and read, and walked before it goes live."""

from dataclasses import replace

import pytest

from hotline.ivr import Plan, PlanFault, plan_from
from hotline.ivr.faults import Known, faults_of, heard_in
from hotline.ivr.plan import NAMES_DANGER, NAMES_SILENT, with_keys
from languages import table
from languages.voices import voices_of
from tests.hotline.said import words
from tests.hotline.test_heard import CODES, words_of

pytestmark = pytest.mark.either
PLAN = Plan(languages=(("1", "en"), ("2", "fr")), duty_phone="+231770009999", other_number="116", police_number="911")


def codes(plan, **known):
    return [(fault.code, fault.name) for fault in faults_of(plan, Known(**{"voices": voices_of} | known))]


def test_a_plan_is_read_as_it_was_written_and_what_is_missing_is_as_usual():
    assert plan_from(PLAN.body) == PLAN
    assert plan_from({"languages": [["1", "en"]]}) == Plan(languages=(("1", "en"),))
    assert codes(PLAN) == []


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ([], [("no_plan", "")]),
        ({"wait_minutes": "ten"}, [("odd_value", "wait_minutes")]),
        ({"wait_minutes": True, "wait_seconds": 99}, [("odd_value", "wait_minutes"), ("odd_value", "wait_seconds")]),
        ({"questions": ["danger", "age"], "nobody": "ring"}, [("odd_value", "nobody"), ("odd_value", "questions")]),
        ({"languages": [["1"]], "colour": "red"}, [("unknown_field", "colour"), ("odd_value", "languages")]),
        ({"duty_phone": "1" * 81, "voices": "en"}, [("odd_value", "duty_phone"), ("odd_value", "voices")]),
    ],
)
def test_what_is_no_plan_is_refused_with_each_field(body, faults):
    with pytest.raises(PlanFault) as refused:
        plan_from(body)

    assert [(fault.code, fault.name) for fault in refused.value.faults] == faults


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"languages": ()}, [("no_language", "languages")]),
        ({"languages": (("1", "en"), ("1", "en"))}, [("key_twice", "languages"), ("language_twice", "languages")]),
        ({"languages": (("1", "en"), ("9", "fr"))}, [("key_not_free", "languages"), ("key_of_language", "danger_key")]),
        ({"danger_key": "2"}, [("key_of_menu", "danger_key")]),
        ({"danger_key": "7", "languages": (("7", "en"),)}, [("key_of_language", "danger_key")]),
        ({"danger_key": "5"}, [("key_of_danger", "silent_key")]),
        ({"duty_phone": "", "other_number": ""}, [("no_duty_phone", "duty_phone"), ("no_other_number", "other_number")]),
        ({"police_number": ""}, [("no_police_number", "police_number")]),
        ({"after_hours": "forward"}, [("no_forward", "after_hours_number")]),
        ({"after_hours": "forward", "after_hours_number": "77"}, [("not_verified", "after_hours_number")]),
        ({"questions": ()}, [("no_question", "questions")]),
        ({"voices": (("en", "Polly.Celine"),)}, [("voice_of_other", "voices")]),
    ],
)  # fmt: skip
def test_what_keeps_a_plan_from_going_live_is_told_with_the_field_that_mends_it(change, faults):
    assert codes(replace(PLAN, **change)) == faults


@pytest.mark.parametrize(
    "change",
    [
        {"takes_messages": False}, {"calls_back": False}, {"takes_messages": False, "calls_back": False},
        {"silent_key": "", "questions": ()}, {"danger_key": "8", "silent_key": "9"}, {"questions": ("hurt",)},
        {"after_hours": "forward", "after_hours_number": "77", "nobody": "menu"},
        {"voices": (("en", "Polly.Brian"),), "expectation": "measured"},
    ],
)  # fmt: skip
def test_each_setting_leaves_every_path_with_a_number_or_a_message(change):
    assert codes(replace(PLAN, **change), verified=["77"]) == []


def test_a_practice_line_that_names_no_number_and_takes_no_message_ends_in_nothing_and_is_refused():
    plan = replace(PLAN, other_number="", takes_messages=False, calls_back=False, nobody="menu")

    (fault,) = faults_of(plan, Known(is_practice=True))

    assert (fault.code, fault.name) == ("dead_end", "other_number")
    assert {"closed", "nobody"} <= set(fault.values["steps"])


def test_a_language_in_which_a_prompt_of_this_plan_cannot_be_said_is_refused_and_says_which():
    known = Known(can_say=lambda prompt, code: (prompt, code) not in {("offer_callback", "fr"), ("choices", "fr")})

    (fault,) = faults_of(replace(PLAN, takes_messages=False), known)

    assert (fault.code, dict(fault.values)) == (
        "no_words", {"language": "fr", "prompts": ["offer_callback"], "count": 1},
    )  # fmt: skip
    assert [one.values["prompts"] for one in faults_of(PLAN, known)] == [["choices"]]


def test_what_is_off_is_in_no_menu():
    heard = heard_in(replace(PLAN, takes_messages=False, silent_key=""))

    assert not heard & {"voicemail", "choices", "closed_menu", "nobody_menu", "cannot_speak_offer", "choice_message"}
    assert {"offer_callback", "give_number", "danger_offer"} <= heard


@pytest.mark.parametrize("code", ["en", *CODES])
def test_the_words_of_each_language_name_the_usual_keys_once(code):
    texts = {key: said["en"] for key, said in words()} if code == table.SOURCE else words_of(code)

    assert {texts[key].count("9") for key in NAMES_DANGER} == {1}
    assert {texts[key].count("5") for key in NAMES_SILENT} == {1}
    assert with_keys("danger_offer", texts["danger_offer"], replace(PLAN, danger_key="8")).count("8") == 1
