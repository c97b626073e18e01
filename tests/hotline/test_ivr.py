"""The call flow, walked: from every step silence and every key lead to a person's number or a recorded message."""

from dataclasses import replace
from itertools import product

import pytest

from hotline import ivr
from hotline.ivr import table
from hotline.ivr.values import Call, changed

KEYS = ("", *"0123456789*#")
STEPS = {
    "greeting": "language", "closed": "closed", "nobody": "nobody", "choices": "choices",
    "silent": "silent", "voicemail": "voicemail-done", "callback": "callback", "callback_number": "callback",
    "callback_agree": "callback", "callback_other": "callback", "callback_check": "callback",
    "callback_hours": "callback", "callback_shared": "callback", "callback_voicemail": "callback",
    "waiting": "left", "duty": "duty", "phones": "phones", "asked": "asked", "stay": "stay",
    "goodbye": "goodbye",
}  # fmt: skip


def line(
    *,
    is_open=True,
    target="speaker",
    mode="normal",
    languages=(("1", "en"), ("2", "fr")),
    can_ring=True,
    is_off=False,
    other_number="116",
):
    return ivr.Line(
        languages=languages, is_open=is_open, target=lambda language: target, mode=mode,
        is_off=is_off, other_number=other_number, police_number="911", closed=lambda language: ivr.Say("closed", language),
        can_ring=lambda: can_ring, phones=lambda language: 2,
    )  # fmt: skip


LINES = [
    line(is_open=is_open, target=target, mode=mode, languages=languages, can_ring=can_ring)
    for is_open, target, mode, languages, can_ring in product(
        (True, False), ("speaker", "other", "nobody"), ("normal", "message", "forward"),
        ((("1", "en"),), (("1", "en"), ("2", "fr"))), (True, False),
    )
]  # fmt: skip
LINES += [
    line(is_off=True, is_open=is_open, mode=mode)
    for is_open, mode in product((True, False), ("normal", "message", "forward"))
]


def told(turn):
    return [type(item).__name__ for item in turn.heard]


def prompts(turn):
    says = [item for item in turn.heard if isinstance(item, ivr.Say)]
    return [say.prompt for item in turn.heard if isinstance(item, ivr.Gather) for say in item.says] + [
        say.prompt for say in says
    ]


def following(call, turn, **incoming):
    kept = {
        name: value for name, value in turn.changes.items()
        if name in {"language", "tries", "question", "is_danger", "cannot_speak"}
    }  # fmt: skip
    return ivr.Call(**({
        "step": turn.step, "language": call.language, "tries": call.tries, "question": call.question,
        "is_danger": call.is_danger, "cannot_speak": call.cannot_speak, "is_withheld": call.is_withheld,
    } | kept | incoming))  # fmt: skip


def walk(call, where, limit=60):
    """Go on with silence, which records nothing: return whether a number was rung or named before the end."""
    helped = False
    turn = ivr.present(call, where)
    for _turn in range(limit):
        kinds = told(turn)
        helped = helped or "Dial" in kinds or {"other_number", "police_number"} & {*prompts(turn)}
        if "HangUp" in kinds:
            return bool(helped)
        late = {"waited_too_long": turn.step == "waiting", "stayed_too_long": turn.step == "stay"}
        call = following(call, turn, dial_status="no-answer", **late)
        turn = ivr.advance(STEPS[turn.step], call, where)
    return False


@pytest.mark.parametrize("step", STEPS)
def test_every_step_ends_by_silence_at_a_number_or_a_message(step):
    for where in LINES:
        for reason in ("nobody", "danger", "trouble", "locked_in"):
            question = "danger" if step in {"silent", "asked"} else reason
            assert walk(ivr.Call(step=step, question=question), where), (step, where)


@pytest.mark.parametrize("step", STEPS)
def test_no_key_hangs_up_on_a_caller_who_still_chooses(step):
    if step in {"waiting", "duty", "phones", "voicemail", "callback_voicemail", "goodbye"}:
        return
    for where, key in product(LINES, KEYS):
        call = ivr.Call(step=step, question="danger", digits=key)

        turn = ivr.advance(STEPS[step], call, where)

        sent_on = where.is_off and "other_number" in prompts(turn)
        assert "HangUp" not in told(turn) or sent_on, (step, key)


def test_a_line_that_is_off_says_its_other_number_twice():
    turn = ivr.advance("language", ivr.Call(step="greeting", digits="2"), line(is_off=True))

    assert [(item.prompt, item.language) for item in turn.heard[:-1]] == [
        ("message_mode", "fr"), ("other_number", "fr"), ("other_number", "fr"), ("goodbye", "fr"),
    ]  # fmt: skip
    assert [name for name, _facts in turn.events].count("other_number_heard") == 1


@pytest.mark.parametrize("step", ["greeting", "silent", "duty", "nobody"])
def test_a_line_that_is_off_and_names_no_number_leads_by_silence_to_the_duty_phone_or_a_message(step):
    assert walk(ivr.Call(step=step, question="danger"), line(is_off=True, other_number=""))


@pytest.mark.parametrize("step", sorted({*STEPS} - {"waiting", "duty", "phones", "voicemail", "callback_number"}))
def test_danger_key_means_danger_in_every_menu(step):
    for where in LINES:
        turn = ivr.advance(STEPS[step], ivr.Call(step=step, question="danger", digits="9"), where)

        assert (turn.changes["is_danger"], turn.changes["priority"]) == (True, 0)
        assert turn.step in {"waiting", "duty", "phones"}
        assert "danger" in prompts(turn)


@pytest.mark.parametrize(("is_danger", "priority"), [(True, 0), (False, 1)])
@pytest.mark.parametrize("where", LINES)
def test_who_cannot_speak_keeps_the_first_place_of_danger(where, is_danger, priority):
    turn = ivr.advance("language", ivr.Call(step="greeting", is_danger=is_danger, digits="5"), where)

    assert (turn.changes["cannot_speak"], turn.changes["priority"]) == (True, priority)


def test_third_silence_in_the_greeting_is_answered_in_the_first_language_and_none_is_written_down():
    call = ivr.Call(step="greeting")
    for tries in (1, 2):
        turn = ivr.advance("language", call, line())
        assert (turn.step, turn.changes["tries"]) == ("greeting", tries)
        call = following(call, turn)

    turn = ivr.advance("language", call, line())

    assert (turn.step, turn.changes["language"]) == ("waiting", "")
    assert "language_chosen" not in [kind for kind, _detail in turn.events]


@pytest.mark.parametrize("keys", [["5", "", ""], ["5", "5"], ["", "5", "", ""]])
def test_who_cannot_speak_and_chooses_no_language_is_asked_in_the_first_and_none_is_written_down(keys):
    call = ivr.Call(step="greeting")
    for key in keys:
        turn = ivr.advance("language", replace(call, digits=key), line())
        call = following(call, turn)

    (gather,) = turn.heard
    assert (turn.step, call.language, {say.language for say in gather.says}) == ("silent", "", {"en"})


@pytest.mark.parametrize("key", ["", "5"])
def test_the_only_language_of_a_line_needs_no_choice(key):
    turn = ivr.advance("language", ivr.Call(step="greeting", digits=key), line(languages=(("1", "fr"),)))

    assert turn.changes["language"] == "fr"


def test_silence_in_the_menu_of_languages_keeps_the_one_that_was_chosen_before():
    turn = ivr.advance("language", ivr.Call(step="greeting", language="fr", tries=2), line())

    assert turn.changes["language"] == "fr"


def test_first_silence_offers_the_silent_way():
    turn = ivr.advance("language", ivr.Call(step="greeting"), line())

    assert prompts(turn)[0] == "nothing_heard"
    assert prompts(turn).count("cannot_speak_offer") == 2


def test_silent_caller_is_asked_each_question_and_then_waits():
    call, answers = ivr.Call(step="silent", language="en", question="danger", cannot_speak=True), []
    for _question in ivr.QUESTIONS:
        call = ivr.Call(**(call.__dict__ | {"digits": "1"}))
        turn = ivr.advance("silent", call, line())
        answers += [detail for kind, detail in turn.events if kind == "question_answered"]
        call = following(call, turn)

    assert [one["question"] for one in answers] == list(ivr.QUESTIONS)
    assert {one["answer"] for one in answers} == {"no"}
    assert turn.step == "waiting"
    assert "priority" not in turn.changes


@pytest.mark.parametrize("question", ["danger", "locked_in", "hurt", "send_police"])
@pytest.mark.parametrize("mode", ["normal", "no_queue", "message", "forward"])
def test_a_need_of_now_by_key_ends_the_questions_where_people_are_there(question, mode):
    call = ivr.Call(step="silent", language="en", question=question, cannot_speak=True, digits="2")
    turn = ivr.advance("silent", call, line(mode=mode))

    assert turn.changes["priority"] == 0
    assert turn.changes.get("is_danger", False) is (question == "danger")
    assert turn.step == ("waiting" if mode in ("normal", "no_queue") else "silent")


@pytest.mark.parametrize("answer", ["1", "2"])
def test_of_a_forwarded_line_the_duty_phone_is_rung_for_who_cannot_speak(answer):
    """Whoever answers elsewhere would take silence for nobody, and her answers by key would be read by no one."""
    where = replace(line(mode="forward"), forward_number="+231770007777")
    call = ivr.Call(step="silent", language="en", question="danger", cannot_speak=True, digits=answer)
    turn = ivr.advance("silent", call, where)
    while turn.step == "silent":
        call = following(call, turn, digits="1")
        turn = ivr.advance("silent", call, where)

    assert (turn.step, turn.changes["question"], turn.heard[-1].number) == ("duty", "danger", "")
    key = ivr.advance("language", ivr.Call(step="greeting", digits="9"), where)
    assert (key.step, key.changes["question"], key.heard[-1].number) == ("duty", "danger", "")


@pytest.mark.parametrize("where", [{"mode": "forward"}, {"mode": "message"}, {"is_open": False}, {"mode": "no_queue"}])
@pytest.mark.parametrize("fact", ["is_danger", "has_need"])
def test_who_chooses_another_language_in_danger_is_neither_forwarded_nor_left_in_a_menu(where, fact):
    """She told it in the queue; the line was closed, forwarded or set to messages since."""
    plan = ivr.Plan(after_hours="forward", after_hours_number="+231770008888", nobody="menu")
    later = replace(line(**where), forward_number="+231770007777", plan=plan)

    told, other = (
        ivr.advance("language", Call(step="greeting", digits="2", **{fact: is_told}), later)
        for is_told in (True, False)
    )

    steps = {"forward": ("duty", "duty"), "no_queue": ("waiting", "nobody"), "message": ("duty", "closed")}
    assert (told.step, other.step) == steps.get(where.get("mode"), ("duty", "duty"))
    dialled = [[one.number for one in turn.heard if isinstance(one, ivr.Dial)] for turn in (told, other)]
    number = later.forward_number if "mode" in where else plan.after_hours_number
    assert dialled == [[""] * (told.step == "duty"), [number] * (other.step == "duty")]


def test_silence_in_a_question_is_no_answer_after_one_repeat():
    call = ivr.Call(step="silent", question="hurt", language="en")

    once = ivr.advance("silent", call, line())
    twice = ivr.advance("silent", following(call, once), line())

    assert (once.step, once.changes["question"]) == ("silent", "hurt")
    assert ("question_answered", {"question": "hurt", "answer": "unknown"}) in twice.events


def test_closed_line_offers_message_callback_and_duty_phone():
    where = line(is_open=False)

    steps = {key: ivr.advance("closed", ivr.Call(step="closed", digits=key), where).step for key in "129"}

    assert steps == {"1": "voicemail", "2": "callback_agree", "9": "duty"}


def test_step_that_cannot_apply_repeats_what_the_call_stands_at():
    turn = ivr.advance("voicemail-done", ivr.Call(step="greeting"), line())

    assert (turn.step, turn.flags) == ("greeting", ("not_now",))


def test_unknown_step_is_trouble_and_rings_the_duty_phone():
    turn = ivr.advance("retired", ivr.Call(step="greeting"), line())

    assert (turn.step, turn.changes["question"], told(turn)[-1]) == ("duty", "trouble", "Dial")


@pytest.mark.parametrize(
    ("facts", "step", "prompt"),
    [
        ({"end_asked": True}, "goodbye", "goodbye"),
        ({"was_answered": True, "operator_left": True}, "waiting", "cut_off"),
        ({"was_answered": True}, "waiting", None),
        ({"waited_too_long": True}, "duty", "nobody"),
        ({}, "choices", "choices"),
    ],
)
def test_leaving_the_room_goes_on_by_what_happened_there(facts, step, prompt):
    turn = ivr.advance("left", ivr.Call(step="waiting", language="en", **facts), line())

    assert turn.step == step
    assert prompt is None or prompt in prompts(turn)


@pytest.mark.parametrize(
    ("key", "step"),
    [
        ("1", "waiting"),
        ("2", "callback_agree"),
        ("3", "voicemail"),
        ("4", "greeting"),
        ("0", "choices"),
        ("7", "choices"),
    ],
)
def test_each_key_of_the_choices_leads_where_its_words_say(key, step):
    turn = ivr.advance("choices", ivr.Call(step="choices", language="en", digits=key), line())

    assert turn.step == step


@pytest.mark.parametrize(("target", "is_told"), [("speaker", False), ("other", True), ("interpreter", False)])
def test_who_waits_for_somebody_of_another_language_is_told_so(target, is_told):
    turn = ivr.advance("language", ivr.Call(step="greeting", digits="2"), line(target=target))

    assert (turn.step, "other_operator" in prompts(turn)) == ("waiting", is_told)


@pytest.mark.parametrize(("key", "step", "is_danger"), [
    ("9", "waiting", True), ("*", "choices", False), ("", "waiting", False), ("3", "waiting", False)])  # fmt: skip
def test_keys_count_while_something_is_said_before_the_room(key, step, is_danger):
    call = ivr.Call(step="greeting", digits="2")
    before = ivr.advance("language", call, line(target="other"))

    turn = ivr.advance("queue", following(call, before, digits=key), line(target="other"))

    assert [item.to for item in before.heard] == ["queue"]
    assert (turn.step, turn.changes.get("is_danger", False)) == (step, is_danger)
    assert told(turn)[-1] == ("Gather" if key == "*" else "Queue")


@pytest.mark.parametrize("number", ["116", ""])
def test_goodbye_names_the_other_number_only_where_there_is_one(number):
    where = replace(line(is_open=False), other_number=number)

    turn = ivr.advance("closed", ivr.Call(step="closed", tries=1), where)

    assert prompts(turn)[-1] == "goodbye"
    assert ("other_number" in prompts(turn)) == bool(number)
    assert (("other_number_heard", {}) in turn.events) == bool(number)


def test_every_step_is_walked():
    places = {place for places, _handler in table.STEPS.values() for place in places}

    assert set(STEPS) == places


def test_a_value_of_the_flow_takes_no_field_that_it_lacks():
    with pytest.raises(TypeError, match="step_of"):
        changed(Call(step="greeting"), step_of="nobody")
    assert changed(Call(step="greeting"), tries=1) == Call(step="greeting", tries=1)
