"""What comes in at each step: a key, silence, the end of a dial or of a recording → the next step."""

from hotline.ivr.callback import callback
from hotline.ivr.entries import (
    PAGE_TWO,
    after_language,
    asked,
    choices,
    closed,
    danger,
    duty,
    enter,
    forward_to,
    goodbye,
    greeting,
    is_anybody_there,
    no_message,
    nobody,
    nobody_there,
    page_of,
    phones,
    questions_of,
    room,
    silent,
    stay,
    tone,
    voicemail,
    waiting,
)
from hotline.ivr.numbers import emergency, emergency_number
from hotline.ivr.plan import QUESTIONS
from hotline.ivr.values import (
    HEARD_SECONDS,
    TRIES,
    YES_NO,
    Call,
    Gather,
    Line,
    Say,
    Turn,
    changed,
    chosen_of,
)
from hotline.triage import PRESSING

STAY_ROUNDS = 5  # minutes between two times that the duty phone rings for somebody who stays on the line in silence


def same_everywhere(call: Call, line: Line) -> Turn | None:
    """Return the turn of the keys that mean the same everywhere."""
    return danger(call, line).after(*_message_of(call)) if call.digits == line.plan.danger_key else None


def on_language(call: Call, line: Line) -> Turn:
    """Read the language key; who presses none to the end hears the first language, and no choice is written down."""
    codes = dict(page_of(call, line))
    if call.digits in codes:
        chosen = changed(call, language=codes[call.digits], tries=0)
        event = ("language_chosen", {"language": chosen.language})
        calm = changed(chosen, question="") if line.has_more else chosen
        return after_language(calm, line).after(event, language=chosen.language, tries=0)
    if call.digits and call.digits == line.plan.silent_key:
        return _cannot_speak(call, line)
    if call.digits == "0":
        other = "" if call.question == PAGE_TWO else PAGE_TWO
        return greeting(changed(call, question=other) if line.has_more else call, line)
    call = changed(call, question="") if line.has_more else call
    tries = call.tries + 1
    limit = TRIES if len(line.languages) > 1 or call.digits else 1
    event = ("not_a_choice", {"key": call.digits[:1]}) if call.digits else ("nothing_pressed", {})
    if tries >= limit:
        language = chosen_of(call, line)
        return after_language(changed(call, language=language, tries=0), line).after(event, language=language, tries=0)
    again = changed(call, tries=tries)
    if call.digits:
        return greeting(again, line, "not_a_choice").after(event)
    also = ("cannot_speak_offer",) if line.plan.silent_key else ()
    return greeting(again, line, "nothing_heard", also=also).after(event)


def _cannot_speak(call: Call, line: Line) -> Turn:
    """Mark that the caller answers by keys; ask for the language once if the line has several."""
    marked = changed(call, cannot_speak=True, tries=TRIES - 2)
    event = ("cannot_speak", {})
    facts = {"cannot_speak": True, "priority": 0 if call.is_urgent else 1}
    if len(line.languages) > 1 and not call.cannot_speak:
        return greeting(marked, line, "silent_language").after(event, **facts)
    return after_language(changed(marked, tries=0), line).after(event, **facts, language=chosen_of(call, line))


def _key_of_silence(call: Call, line: Line) -> Turn | None:
    """Return the turn of the key of who cannot speak, in a menu after the language; None for another key."""
    if not call.digits or call.digits != line.plan.silent_key or call.cannot_speak:
        return None
    if not chosen_of(call, line):
        return _cannot_speak(call, line)
    facts = {"cannot_speak": True, "priority": 0 if call.is_urgent else 1}
    return after_language(changed(call, cannot_speak=True, tries=0), line).after(("cannot_speak", {}), **facts)


def on_closed(call: Call, line: Line) -> Turn:
    """Read the menu of a closed line, or of a line on which nobody is free."""
    again = nobody if call.step == "nobody" else closed
    if turn := _key_of_silence(call, line):
        return turn
    if call.digits == "1" and line.plan.takes_messages:
        return voicemail(call, line)
    if call.digits == "2" and line.plan.calls_back:
        return callback(changed(call, tries=0), line).after(("callback_asked", {}))
    if call.digits == "0":
        return again(call, line)
    tries = call.tries + 1
    if call.digits and tries < TRIES:
        return again(changed(call, tries=tries), line, "not_a_choice").after(
            ("not_a_choice", {"key": call.digits[:1]})
        )
    if not call.digits and tries < 2 and call.step == "closed":
        return again(changed(call, tries=tries), line, "nothing_heard").after(("nothing_pressed", {}))
    if call.step == "nobody":
        return voicemail(call, line).after(("nothing_pressed", {}))
    return goodbye(call, line).after(("nothing_pressed", {}))


def on_queue(call: Call, line: Line) -> Turn:
    """Go into the room after the words before it; the star that leads out of the room to the choices counts here too.

    At a question that the operator asks by keys this is the way back that she ordered: to voice, or to the end.
    """
    if call.step == "asked":
        return _out_of_question(call, line)
    if call.has_operator and call.question in QUESTIONS:  # who was quick to join and to ask
        return asked(changed(call, tries=0), line)
    is_alone = not call.has_operator  # as a star in conversation leads straight back to her
    return choices(changed(call, tries=0), line) if call.digits == "*" and is_alone else waiting(call, line)


def on_choices(call: Call, line: Line) -> Turn:
    """Read what a waiting caller wants; silence and wrong keys keep the place.

    Only who answers or lets them end has heard them for certain: who hangs up leaves the room as who presses the star does.
    """
    turn = _chosen(call, line)
    return turn if turn.step == "choices" else turn.after(("choices_heard", {}))


def _chosen(call: Call, line: Line) -> Turn:
    if turn := _key_of_silence(call, line):
        return turn
    if call.digits == "2" and line.plan.calls_back:
        return callback(changed(call, tries=0), line).after(("callback_asked", {}))
    if call.digits == "3" and line.plan.takes_messages:
        return voicemail(call, line)
    if call.digits == "4" and len(line.languages) > 1:
        return greeting(changed(call, language="", tries=0), line, "choose_language")
    if call.digits == "0":
        return choices(call, line)
    if who := line.plan.wishes.get(call.digits):
        return waiting(call, line, "wish_noted").after(("wish_told", {"who": who}), flags=(f"wants_{who}",))
    if call.digits and call.digits != "1" and call.tries + 1 < TRIES:
        event = ("not_a_choice", {"key": call.digits[:1]})
        return choices(changed(call, tries=call.tries + 1), line, "not_a_choice").after(event)
    return waiting(call, line, "kept_place").after(("kept_waiting", {}))


def on_silent(call: Call, line: Line) -> Turn:
    """Store the answer to a question by key and ask the next; after the last, go on to a person.

    Who is in danger or in need of now, told with this answer or before it, goes there at once while people of the line are
    there: they ask the rest by keys.
    """
    if call.digits == "0":
        return silent(call, line, call.question)
    answer = YES_NO.get(call.digits[:1])
    if answer is None and call.tries == 0:
        return silent(changed(call, tries=1), line, call.question, "yes_no_again")
    changes, events = answered(call, answer)
    if not call.digits:
        return stay(changed(call, tries=0), line).after(*events, **changes)
    following = _following(call, line)
    is_danger, has_need = call.is_danger or "is_danger" in changes, call.has_need or "priority" in changes
    calm = changed(call, tries=0, is_danger=is_danger, has_need=has_need)
    is_awaited = calm.is_urgent and is_anybody_there(calm, line)
    if following and not is_awaited:
        return silent(calm, line, following).after(*events, **changes)
    return enter(calm, line, "silent_thanks").after(*events, **changes)


def _following(call: Call, line: Line) -> str:
    """Return the question that comes after the one that stands open, or the first of all; of those not answered yet, or ""."""
    questions = questions_of(call, line)
    at = questions.index(call.question) + 1 if call.question in questions else 0
    return next((one for one in questions[at:] if one not in call.answered), "")


def on_stay(call: Call, line: Line) -> Turn:
    """Go on with the question that stands open when a key comes; in silence go to people once they are there.

    Questions that people ended are gone on with too while nobody is there. Where nobody is, the duty phone rings at once and then every few minutes; after thirty minutes the closed menu is said.
    """
    calm = changed(call, tries=0)
    if call.digits and call.question in QUESTIONS:
        return silent(calm, line, call.question)
    if not call.digits and call.stayed_too_long:
        return closed(calm, line) if line.other_number else nobody(calm, line)
    if call.digits:
        following = "" if is_anybody_there(call, line) else _following(call, line)
        is_first = following in questions_of(call, line)[:1]
        if following:
            return silent(calm, line, "" if is_first else following)
        return enter(calm, line, "silent_thanks")
    if call.tries % STAY_ROUNDS == 0 or is_anybody_there(call, line):
        return enter(calm, line)
    return stay(changed(call, tries=call.tries + 1), line)


def on_asked(call: Call, line: Line) -> Turn:
    """Ask what the operator chose, then store the answer and go back into the room with her.

    In the room this is her order that leads out of it. A wrong key or silence asks once more and is then no answer; the
    star goes back with the question open, the danger key tells of danger, both straight to the operator.
    """
    is_question = call.question in QUESTIONS
    can_ask = is_question and call.has_operator and not call.end_asked
    if call.step != "asked" or not is_question:
        return asked(changed(call, tries=0), line) if can_ask else _out_of_question(call, line)
    if call.digits == line.plan.danger_key:
        return _danger_in_call(call, line)
    if call.digits == "*":
        return _out_of_question(call, line)
    if call.digits == "0" and can_ask:
        return asked(call, line)
    answer = YES_NO.get(call.digits[:1])
    if answer is None and can_ask and call.tries == 0:
        return asked(changed(call, tries=1), line, "yes_no_again")
    changes, events = answered(call, answer)
    is_danger = call.is_danger or "is_danger" in changes
    return _out_of_question(changed(call, is_danger=is_danger), line).after(*events, **changes)


def answered(call: Call, answer: str | None) -> tuple[dict[str, object], list[tuple[str, dict]]]:
    """Return what an answer by key changes, and its line for the timeline; no answer is one too.

    Who is locked in, hurt or waits for the police comes first as who is in danger does, whatever was said of danger:
    somebody may be listening.
    """
    changes: dict[str, object] = {}
    if call.is_danger or (call.question == "danger" and answer == "yes"):
        changes = {"is_danger": True, "priority": 0}
    elif answer and PRESSING.get(call.question) == answer:
        changes = {"priority": 0}
    if call.question == "may_text":
        changes["may_text"] = answer or "unknown"
    return changes, [("question_answered", {"question": call.question, "answer": answer or "unknown"})]


def _out_of_question(call: Call, line: Line) -> Turn:
    """Go back to where the call was before a question by keys; with nobody in the room any more, to where that leads."""
    calm = changed(call, tries=0, question="")
    if call.end_asked and not call.is_handed:
        return goodbye(calm, line, outcome="answered")
    return room(calm, line) if call.has_operator or call.is_handed else waiting(calm, line, "cut_off")


def _danger_in_call(call: Call, line: Line) -> Turn:
    """Mark the danger; whoever speaks with an operator goes straight back to her, and is not told that anybody is sought."""
    if call.end_asked or not call.has_operator:
        return danger(call, line)
    turn = room(changed(call, is_danger=True), line)
    turn = changed(turn, heard=(*emergency(call, line), *turn.heard))
    return turn.after(("danger_key", {}), is_danger=True, priority=0)


def on_voicemail(call: Call, line: Line) -> Turn:
    """Read a key that came before the tone: 0 says the words again, that of who cannot speak is heard, others lead to the tone."""
    if turn := _key_of_silence(call, line):
        return turn
    if call.digits not in ("", "0"):
        return tone(call, line)
    again = voicemail(call, line)
    return changed(again, events=tuple(one for one in again.events if one[0] != "message_asked"))


def on_voicemail_done(call: Call, line: Line) -> Turn:
    """Thank for the message; a very short one is kept as a silent contact, and its caller hears a number."""
    if not (left := _message_of(call)):
        flags = ("short_message",) if call.recorded else ()
        return no_message(changed(call, tries=0), line).after(flags=flags)
    return goodbye(call, line, "saved", outcome="voicemail").after(*left)


def _message_of(call: Call) -> list[tuple[str, dict]]:
    """Return the line for the timeline of a message that this request brings; none of silence or of too short a one."""
    is_heard = call.recorded and call.seconds >= HEARD_SECONDS
    return [("message_left", {"seconds": call.seconds})] if is_heard else []


def on_goodbye(call: Call, line: Line) -> Turn:
    """End the call of who recorded nothing once she is silent; a wrong key, and 0, hear the last words again."""
    if call.digits == "0":
        return no_message(call, line)
    if call.digits and call.tries + 1 < TRIES:
        event = ("not_a_choice", {"key": call.digits[:1]})
        return no_message(changed(call, tries=call.tries + 1), line, "not_a_choice").after(event)
    return goodbye(call, line)


def on_left(call: Call, line: Line) -> Turn:
    """Go on when a Dial is over: the room, the duty phone, or a telephone of those on shift."""
    if call.step == "duty":
        return _after_duty(call, line)
    if (
        call.end_asked and call.is_handed
    ):  # her star, or a service's menu that asked for it: back to whom she talks with
        return room(call, line)
    if call.end_asked:
        return goodbye(call, line, outcome="answered")
    if call.step == "phones":
        return _after_phone(call, line)
    if call.has_operator:
        if call.question in QUESTIONS:  # her star came before the order to ask it
            return asked(changed(call, tries=0), line)
        return waiting(call, line)
    if call.is_offered:
        return waiting(call, line)
    if call.waited_too_long:
        return nobody_there(call, line)
    return waiting(call, line, "cut_off") if call.was_answered else choices(changed(call, tries=0), line)


def _after_phone(call: Call, line: Line) -> Turn:
    """Go on when nobody pressed 1 on a telephone: the queue if orders are carried out again, else the next telephone."""
    event = ("phone_unanswered", {})
    if line.can_ring():
        return enter(changed(call, tries=0), line).after(event)
    return phones(changed(call, tries=call.tries + 1), line, "trouble").after(event)


def _after_duty(call: Call, line: Line) -> Turn:
    """Say goodbye to whom a person answered; where none did, a mailbox say, go on with what the line offers then."""
    dialled = "forward" if forward_to(call.question, line) else "duty"
    if call.dial_status in {"completed", "answered"} and not call.nobody_took:
        return goodbye(call, line, outcome="by_phone").after((f"{dialled}_answered", {}))
    event = (f"{dialled}_unanswered", {})
    if call.question == "after_hours":
        return closed(changed(call, tries=0), line).after(event)
    if call.question == "trouble" or (line.is_off and line.other_number):
        return goodbye(call, line).after(event)
    if call.cannot_speak:
        return stay(changed(call, question="", tries=1), line).after(event)
    return _in_other_languages(nobody(changed(call, tries=0), line), call, line).after(event)


def _in_other_languages(turn: Turn, call: Call, line: Line) -> Turn:
    """Say the number for danger in the other languages too, after the menu, to one in danger who has chosen none."""
    menu = turn.heard[-1]
    if not call.is_danger or call.language or not isinstance(menu, Gather):
        return turn
    others = [code for code in line.codes if code != line.first]
    named = [(prompt, (("number", number),)) for prompt, number in emergency_number(line)]
    says = [Say(prompt, code, values) for code in others for prompt, values in named]
    return changed(turn, heard=(*turn.heard[:-1], changed(menu, says=(*menu.says, *says))))


def trouble(call: Call, line: Line) -> Turn:
    """Say "stay on the line" and ring the duty phone: the way out of every fault."""
    return duty(call, line, "trouble", "trouble").after(("trouble", {}), flags=("trouble",))
