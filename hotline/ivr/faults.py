"""What keeps a plan from going live: every path is walked, every key, number and word is asked for. Pure."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from hotline.ivr.entries import asked
from hotline.ivr.plan import LANGUAGE_KEYS, MORE, QUESTIONS, SPECIAL_KEYS, Fault, Plan, keeps_places
from hotline.ivr.table import STEPS, advance, present, start
from hotline.ivr.values import Call, Dial, Gather, HangUp, Line, Queue, Say, Turn, changed
from languages import table
from languages.table import SOURCE

KEYS = ("", *"01234*", "0770000000")
LONGEST_SILENCE = 60
PLACES = {"voicemail": "voicemail-done", "waiting": "left"}
ANY = "*"
NOWHERE = Call(step="")
KEPT = ("language", "tries", "question", "is_danger", "cannot_speak")


# What a waiting caller hears of how long it takes: nothing, plain words, or what was measured, plain words without it.
EXPECTED = {
    "": (),
    "plain": ("expect_plain",),
    "measured": ("expect_plain", "expect_soon", "expect_5", "expect_10", "expect_long"),
}


@dataclass(frozen=True)
class Known:
    """What a plan is judged against: what can be said, voices, numbers that were verified.

    `source` are the words of the house from which a prompt is translated.
    `beside` are the prompts that are heard beside the steps of the flow: in the room, or by whom the line rings.
    """

    can_say: Callable[[str, str], bool] = lambda _prompt, _language: True
    voices: Callable[[str], Collection[str]] = lambda _language: ()
    source: Callable[[str], str] = lambda _prompt: ""
    verified: Collection[str] = ()
    beside: frozenset[str] = frozenset()
    is_practice: bool = False


def faults_of(plan: Plan, known: Known) -> list[Fault]:
    """Return everything that keeps a plan from going live, what people choose first."""
    faults = [*_key_faults(plan), *_number_faults(plan, known), *_choice_faults(plan), *_voice_faults(plan, known)]
    faults += _own_word_faults(plan, known)
    if faults:
        return faults
    # A line to practise on that takes messages may name no other number: it is walked as one that people call, which must.
    is_named = known.is_practice and plan.takes_messages
    named = replace(plan, other_number=plan.other_number or "1") if is_named else plan
    dead_ends = _walked(_shape(named))[1]
    lost = [Fault("dead_end", "other_number", {"steps": sorted(dead_ends)})] if dead_ends else []
    return [*lost, *_word_faults(plan, heard_in(plan) | heard_in(named) | known.beside, known)]


def heard_in(plan: Plan) -> frozenset[str]:
    """Return every prompt that callers of a line with this plan can hear."""
    return _walked(_shape(plan))[0]


def _key_faults(plan: Plan) -> Iterator[Fault]:
    if not plan.languages:
        yield Fault("no_language", "languages")
    keys, codes = [key for key, _code in plan.languages], plan.codes
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault("key_twice", "languages", {"key": key})
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Fault("language_twice", "languages", {"language": code})
    for key in sorted(set(keys) - {*LANGUAGE_KEYS}):
        yield Fault("key_not_free", "languages", {"key": key})
    special = [("danger_key", plan.danger_key), *([("silent_key", plan.silent_key)] if plan.silent_key else [])]
    for name, key in special:
        if key not in SPECIAL_KEYS:
            yield Fault("key_of_menu", name, {"key": key})
        elif {key, f"{MORE}{key}"} & {*keys}:
            yield Fault("key_of_language", name, {"key": key})
    if plan.silent_key and plan.silent_key == plan.danger_key:
        yield Fault("key_of_danger", "silent_key", {"key": plan.silent_key})


def _number_faults(plan: Plan, known: Known) -> Iterator[Fault]:
    if not plan.duty_phone:
        yield Fault("no_duty_phone", "duty_phone")
    if not plan.other_number and not known.is_practice:
        yield Fault("no_other_number", "other_number")
    if not plan.police_number:
        yield Fault("no_police_number", "police_number")
    if plan.after_hours == "forward":
        if not plan.after_hours_number:
            yield Fault("no_forward", "after_hours_number")
        elif plan.after_hours_number not in known.verified:
            yield Fault("not_verified", "after_hours_number", {"number": plan.after_hours_number})


def _choice_faults(plan: Plan) -> Iterator[Fault]:
    if plan.silent_key and not plan.questions:
        yield Fault("no_question", "questions")
    for question in sorted({one for one in plan.questions if plan.questions.count(one) > 1}):
        yield Fault("question_twice", "questions", {"question": question})


def _voice_faults(plan: Plan, known: Known) -> Iterator[Fault]:
    for code, name in plan.voices:
        if name not in known.voices(code):
            yield Fault("voice_of_other", "voices", {"language": code, "voice": name})


def _word_faults(plan: Plan, heard: Collection[str], known: Known) -> Iterator[Fault]:
    for code in plan.codes:
        missing = sorted(prompt for prompt in heard if not known.can_say(prompt, code))
        if missing:
            yield Fault("no_words", "languages", {"language": code, "prompts": missing, "count": len(missing)})
        behind = sorted(prompt for prompt in heard if _is_behind(plan, prompt, code))
        if behind:
            yield Fault("words_behind", "words", {"language": code, "prompts": behind})


def _is_behind(plan: Plan, prompt: str, code: str) -> bool:
    """Tell whether a language says the translation of words that the line says otherwise in the source."""
    return (prompt, SOURCE) in plan.own_words and (prompt, code) not in plan.own_words


def _own_word_faults(plan: Plan, known: Known) -> Iterator[Fault]:
    losing: dict[str, list[str]] = {}
    for prompt, code, text in plan.words:
        if not text or not keeps_places(known.source(prompt) or text, text):
            losing.setdefault(code, []).append(prompt)
    for code, prompts in sorted(losing.items()):
        yield Fault("words_places", "words", {"language": code, "prompts": sorted(prompts)})


def _lines(plan: Plan) -> list[Line]:
    """Return the line in every state that makes a difference, whatever the roster holds."""
    usual = Line(
        languages=plan.languages, is_open=True, target=lambda _language: "speaker", plan=plan,
        other_number=plan.other_number, police_number=plan.police_number, phones=lambda _language: 1,
    )  # fmt: skip
    people = [("normal", "other", True), ("normal", "nobody", True), ("no_queue", "speaker", True)]
    people += [("normal", "speaker", True), ("normal", "speaker", False), ("no_queue", "speaker", False)]
    staffed = [
        replace(usual, mode=mode, target=lambda _language, kind=kind: kind, can_ring=lambda ring=ring: ring)
        for mode, kind, ring in people
    ]
    away = [replace(usual, is_open=False), replace(usual, mode="message"), replace(usual, mode="forward")]
    return [*staffed, *away]


def _shape(plan: Plan) -> Plan:
    """Return a plan that is walked as this one is: the same keys and choices, whatever its words, voices and numbers are.

    Of its languages two stand for all, with one of the second page where it has one, and which they are is no matter.
    """
    more = [one for one in plan.languages[2:] if len(one[0]) > 1]
    stand = (*plan.languages[:2], *more[:1])
    codes = list(dict.fromkeys(code for _key, code in stand))
    numbers = ("duty_phone", "other_number", "police_number", "after_hours_number")
    return replace(
        plan, languages=tuple((key, table.CODES[codes.index(code)]) for key, code in stand), words=(), voices=(), wait_seconds=Plan.wait_seconds, wait_minutes=Plan.wait_minutes,
        **{name: "1" if getattr(plan, name) else "" for name in numbers},
    )  # fmt: skip


@lru_cache(maxsize=64)
def _walked(plan: Plan) -> tuple[frozenset[str], frozenset[str]]:
    """Return every prompt that can be heard, and each step from which silence ends without a number."""
    heard: set[str] = set(EXPECTED[plan.expectation])
    lost: set[str] = set()
    for line in _lines(plan):
        calls = _reached(line, heard)
        known: dict[Call, bool] = {}
        lost |= {call.step for call in calls if not _is_helped(call, line, known)}
    return frozenset(heard), frozenset(lost)


def _reached(line: Line, heard: set[str]) -> set[Call]:
    """Return every place that a call can come to, noting what it hears on the way."""
    first = start(Call(step="greeting"), line)
    _note(first, heard)
    found: set[Call] = set()
    waiting = [_stands(Call(step="greeting", is_withheld=is_withheld), first) for is_withheld in (False, True)]
    while waiting:
        call = waiting.pop()
        if call in found or call.step == "goodbye":
            continue
        found.add(call)
        for turn in _answers(call, line):
            _note(turn, heard)
            waiting.append(_stands(call, turn))
    return found


def _answers(call: Call, line: Line) -> Iterator[Turn]:
    """Yield what each key, silence, and each end of a dial or a recording lead to."""
    address = _address(call)
    own = (line.plan.danger_key, line.plan.silent_key, *line.plan.wishes, *(key for key, _code in line.languages))
    for key in {*KEYS, *own}:
        yield advance(address, changed(call, digits=key, number_is_valid=len(key) > 2), line)
    if call.step == "voicemail":
        yield advance(address, changed(call, recorded=True, seconds=9), line)
    if call.step == "waiting":
        yield advance(address, changed(call, waited_too_long=True), line)
        yield advance(address, changed(call, was_answered=True, operator_left=True), line)
        yield asked(changed(call, question=QUESTIONS[0]), line)
    if call.step == "stay":
        yield advance(address, changed(call, stayed_too_long=True), line)
    if call.step in ("duty", "phones"):
        yield advance(address, changed(call, dial_status="no-answer"), line)
        yield advance(address, changed(call, dial_status="completed"), line)
        yield advance(address, changed(call, dial_status="completed", nobody_took=True), line)


def _address(call: Call) -> str:
    if call.step in PLACES:
        return PLACES[call.step]
    return next(name for name, (places, _handler) in STEPS.items() if call.step in places)


def _stands(call: Call, turn: Turn) -> Call:
    """Return where a call stands after a turn, without what this request brought; each language counts as the same one."""
    changes = turn.changes
    told = {name: changes[name] if name in changes else getattr(call, name) for name in KEPT}
    told["language"] = ANY if told["language"] else ""
    kept = {"is_withheld": call.is_withheld, "number_is_kept": turn.step == "callback_check"}
    return changed(NOWHERE, step=turn.step, **kept, **told)


def _is_helped(call: Call, line: Line, known: dict[Call, bool]) -> bool:
    """Tell whether silence from here leads to a number that is rung or named: who says nothing records no message."""
    turn, passed, is_helped = present(call, line), [], False
    for _turn in range(LONGEST_SILENCE):
        is_helped = any(_helps(item, line) for item in turn.heard)
        if is_helped or any(isinstance(item, HangUp) for item in turn.heard):
            break
        call = changed(
            _stands(call, turn),
            dial_status="no-answer",
            waited_too_long=turn.step == "waiting",
            stayed_too_long=turn.step == "stay",
        )
        if call in known:
            is_helped = known[call]
            break
        passed.append(call)
        turn = advance(_address(call), call, line)
    known.update(dict.fromkeys(passed, is_helped))
    return is_helped


def _helps(item: object, line: Line) -> bool:
    is_named = isinstance(item, Say) and item.prompt == "other_number"
    is_rung = isinstance(item, Dial) and bool(item.nth is not None or item.number or line.plan.duty_phone)
    return is_named or is_rung


def _note(turn: Turn, heard: set[str]) -> None:
    for item in turn.heard:
        says = item.says if isinstance(item, Gather) else (item,) if isinstance(item, Say) else ()
        heard.update(say.prompt for say in says)
        if isinstance(item, Queue):
            heard.update(("wait", "still_waiting", "danger_waiting", "cut_off", "hold"))
